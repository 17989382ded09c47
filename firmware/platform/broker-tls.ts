/**
 * TLS to the broker: what is offered, and what a failure means. The broker is always verified, and nothing here or in the
 * environment can switch that off; a certificate that only the clock speaks against is told apart, because the clock of a
 * computer without one is wrong after every start.
 */
import type { LinkTrouble } from "../../hal/ports/broker-link.ts";
import { type CredentialPaths, readCredentials } from "../config/credentials.ts";
import { nodeConfigFiles } from "../config/files.ts";

export interface BrokerTls extends CredentialPaths {
  /** Whose certificate it must be. */
  readonly stationId: string;
  /** Name the broker must prove; the host of the address otherwise. */
  readonly serverName?: string;
}

export type TlsReady =
  | { readonly is: "ready"; readonly options: Readonly<Record<string, unknown>> }
  | { readonly is: "unfit"; readonly trouble: LinkTrouble; readonly why: string };

/** The files are read anew for every connection, so that a renewed certificate needs no restart. */
export function readTls(tls: BrokerTls | undefined, wallMs: number): TlsReady {
  const always = { rejectUnauthorized: true, minVersion: "TLSv1.2" } as const;
  if (tls === undefined) return { is: "ready", options: always };
  const { pem, findings } = readCredentials({ files: nodeConfigFiles(), paths: tls, stationId: tls.stationId, wallMs });
  // An authority that expired is for the verification to judge: another one of the file may vouch for the broker.
  const unfit = findings.find(({ code, field }) => {
    return code.startsWith("E_") && !(field === "caFile" && code === "E_CFG_TLS_EXPIRED");
  });
  if (unfit !== undefined) {
    const trouble = unfit.code === "E_CFG_TLS_EXPIRED" ? "station-certificate-dates" : "station-certificate";
    return { is: "unfit", trouble, why: `${unfit.field}: ${unfit.message.en}; expected ${unfit.expected.en}` };
  }
  const { caFile: ca, certFile: cert, keyFile: key } = pem;
  return {
    is: "ready",
    options: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
      ...always,
    },
  };
}

/** What OpenSSL's verification (X509_V_ERR_…, openssl-verification-options(1)) and Node.js call it. */
const verification: readonly (readonly [RegExp, LinkTrouble])[] = [
  [/^(CERT_NOT_YET_VALID|CERT_HAS_EXPIRED)$/, "broker-certificate-dates"],
  [
    /^(ERR_TLS_CERT_ALTNAME|(DEPTH_ZERO_)?SELF_SIGNED_CERT|UNABLE_TO_|CERT_|CRL_|ERROR_IN_CERT|INVALID_(CA|PURPOSE)|PATH_LENGTH)/,
    "broker-certificate",
  ],
  [/^ERR_SSL_(UNSUPPORTED_PROTOCOL|WRONG_VERSION_NUMBER|VERSION_TOO_LOW)$/, "tls-version"],
  [/^ERR_SSL_(NO_SHARED_CIPHER|DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL)$/, "tls-cipher-suite"],
];

/** Alerts of the other side (RFC 8446, 6.2), by the name in an error's code and by the number in its text. */
const alerts: readonly (readonly [string, number, LinkTrouble])[] = [
  ["HANDSHAKE_FAILURE", 40, "tls-cipher-suite"],
  ["BAD_CERTIFICATE", 42, "refused"],
  ["UNSUPPORTED_CERTIFICATE", 43, "refused"],
  ["CERTIFICATE_REVOKED", 44, "refused"],
  ["CERTIFICATE_EXPIRED", 45, "refused"],
  ["CERTIFICATE_UNKNOWN", 46, "refused"],
  ["UNKNOWN_CA", 48, "refused"],
  ["ACCESS_DENIED", 49, "refused"],
  ["DECRYPT_ERROR", 51, "refused"],
  ["PROTOCOL_VERSION", 70, "tls-version"],
  ["INSUFFICIENT_SECURITY", 71, "tls-cipher-suite"],
  ["CERTIFICATE_REQUIRED", 116, "refused"],
];

function alertOf(code: string, message: string): LinkTrouble | undefined {
  const number = Number(/SSL alert number (\d+)/.exec(message)?.[1] ?? -1);
  return alerts.find(([name, known]) => known === number || code.endsWith(`_ALERT_${name}`))?.[2];
}

/** A broker that demands a certificate and gets none ends a handshake of TLS 1.2 like one that found no cipher. */
export function troubleOf(error: unknown, hasCertificate: boolean): LinkTrouble {
  if (!(error instanceof Error) || !("code" in error)) return "unreachable";
  const { code, message } = error;
  // CONNACK: bad user name or password, not authorised (MQTT 3.1.1, 3.2.2.3).
  if (code === 4 || code === 5) return "refused";
  if (typeof code !== "string") return "unreachable";
  const trouble = verification.find(([pattern]) => pattern.test(code))?.[1] ?? alertOf(code, message) ?? "unreachable";
  return trouble === "tls-cipher-suite" && !hasCertificate ? "refused" : trouble;
}
