/** Who the station trusts, who trusts the station, and what it says when one of them does not. Certificates are made by openssl. */
import { chmodSync, copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type BrokerTls, troubleOf } from "../../../firmware/platform/broker-tls.ts";
import { nodeClock } from "../../../firmware/platform/node-clock.ts";
import { nodeMqtt } from "../../../firmware/platform/node-mqtt.ts";
import { type Authority, hasOpenssl, type Issued, makeAuthority } from "../../support/certificates.ts";
import { startTlsBroker, type TlsBroker, type TlsBrokerOptions } from "../../support/tls-broker.ts";
import { until } from "../../support/until.ts";

const made = hasOpenssl();
let authority: Authority;
let other: Authority;
let server: Issued;
let station: Issued;

beforeAll(() => {
  if (!made) return;
  authority = makeAuthority();
  other = makeAuthority("another authority");
  server = authority.issue({ commonName: "broker", subjectAltName: "DNS:localhost" });
  station = authority.issue({ commonName: "liaoyuan-1" });
});
afterAll(() => {
  authority?.remove();
  other?.remove();
});

interface Opened {
  readonly broker: TlsBroker;
  readonly told: string[];
}

const HOUR = 3_600_000;

async function connect(options: TlsBrokerOptions, tls: Partial<BrokerTls> = {}): Promise<Opened> {
  const broker = await startTlsBroker(options);
  onTestFinished(() => broker.close());
  const told: string[] = [];
  const link = nodeMqtt(
    {
      url: `mqtts://localhost:${broker.port}`,
      tls: { stationId: "liaoyuan-1", caFile: authority.caFile, ...station, ...tls },
      backOffMinMs: 20,
      backOffMaxMs: 100,
    },
    { clock: nodeClock(), random: { next: () => 0.5 } },
  )(
    { clientId: "yizhan-liaoyuan-1", will: { topic: "t/availability", payload: "offline" } },
    {
      connected: () => told.push("connected"),
      disconnected: () => {},
      message: () => {},
      attemptFailed: (trouble, why) => told.push(`${trouble}: ${why}`),
    },
  );
  onTestFinished(() => new Promise<void>((resolve) => link.close(resolve)));
  await until(() => told.length > 0, { what: "a connection or a failure" });
  return { broker, told };
}

/** A broker that demands a certificate of its own authority. */
const demanding = (): TlsBrokerOptions["more"] => ({
  requestCert: true,
  rejectUnauthorized: true,
  ca: caOf(authority),
});
const caOf = ({ caFile }: Authority): string => readFileSync(caFile, "utf8");

describe.runIf(made)("a broker is verified, always", () => {
  test("one whose certificate the right authority signed, for the right host, is connected to", async () => {
    const { told, broker } = await connect({ certificate: server, more: demanding() });
    expect(told).toEqual(["connected"]);
    expect(broker.clients).toEqual(["liaoyuan-1"]);
  });

  test.each<[string, () => TlsBrokerOptions, RegExp]>([
    [
      "a certificate that is not valid yet",
      () => ({ certificate: issue({ fromMs: Date.now() + 30 * HOUR }) }),
      /^broker-certificate-dates: .*not yet valid/,
    ],
    [
      "a certificate that has expired",
      () => ({ certificate: issue({ fromMs: Date.now() - 30 * HOUR, toMs: Date.now() - HOUR }) }),
      /^broker-certificate-dates: .*expired/,
    ],
    [
      "the certificate of another authority",
      () => ({ certificate: other.issue({ commonName: "broker", subjectAltName: "DNS:localhost" }) }),
      /^broker-certificate: .*(unable to|self-signed)/,
    ],
    [
      "the certificate of another host",
      () => ({ certificate: authority.issue({ commonName: "localhost", subjectAltName: "DNS:elsewhere.example" }) }),
      /^broker-certificate: .*does not match certificate's altnames/,
    ],
    [
      "a station's certificate in the place of a broker's",
      () => ({ certificate: authority.issue({ commonName: "localhost" }) }),
      /^broker-certificate: /,
    ],
    [
      "a broker that speaks TLS 1.1 only",
      () => ({ certificate: server, more: { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" } }),
      /^tls-version: /,
    ],
    [
      "a broker that has only ciphers nobody should use",
      () => ({ certificate: server, more: { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0" } }),
      /^tls-cipher-suite: /,
    ],
  ])("%s ends the attempt, and no word of MQTT is said", async (_, options, expected) => {
    const { told, broker } = await connect(options());
    await until(() => told.length >= 2, { what: "the next attempt" });
    for (const line of told) expect(line).toMatch(expected);
    expect(broker.clients).toEqual([]);
  });

  test("nothing in the environment switches the verification off", async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    onTestFinished(() => {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    });
    const certificate = other.issue({ commonName: "broker", subjectAltName: "DNS:localhost" });
    const { told, broker } = await connect({ certificate });
    expect(told[0]).toMatch(/^broker-certificate: /);
    expect(broker.clients).toEqual([]);
  });

  test("another name than the host's can be asked for", async () => {
    const certificate = authority.issue({ commonName: "broker", subjectAltName: "DNS:mqtt.example.com" });
    const { told } = await connect({ certificate }, { serverName: "mqtt.example.com" });
    expect(told).toEqual(["connected"]);
  });

  const issue = (dates: { fromMs?: number; toMs?: number }): Issued =>
    authority.issue({ commonName: "broker", subjectAltName: "DNS:localhost", ...dates });
});

describe.runIf(made)("a certificate that comes of age while the station tries", () => {
  test("is connected to by itself, in seconds, without a restart", async () => {
    const fromMs = Date.now() + 3_000;
    const certificate = authority.issue({ commonName: "broker", subjectAltName: "DNS:localhost", fromMs });
    const { told } = await connect({ certificate });
    expect(told[0]).toMatch(/^broker-certificate-dates: /);
    await until(() => told.includes("connected"), { timeoutMs: 10_000, what: "the connection" });
    expect(Date.now()).toBeGreaterThanOrEqual(fromMs - 1_000);
  });
});

describe.runIf(made)("the station proves itself", () => {
  test.each<[string, () => TlsBrokerOptions, () => Partial<BrokerTls>, RegExp]>([
    ["without a certificate", () => ({ certificate: server, more: demanding() }), () => bare, /^refused: /],
    [
      "without a certificate, where TLS ends at 1.2",
      () => ({ certificate: server, more: { ...demanding(), maxVersion: "TLSv1.2" } }),
      () => bare,
      /^refused: /,
    ],
    ["to a broker that says: not authorised", () => ({ certificate: server, answer: 5 }), () => ({}), /^refused: /],
    ["to a broker that says: bad password", () => ({ certificate: server, answer: 4 }), () => ({}), /^refused: /],
    [
      "to a broker that is not there yet",
      () => ({ certificate: server, answer: 3 }),
      () => ({}),
      /^unreachable: .*Server unavailable/,
    ],
  ])("%s: it says that it was refused", async (_, options, tls, expected) => {
    const { told } = await connect(options(), tls());
    expect(told[0]).toMatch(expected);
  });

  const bare = { certFile: undefined, keyFile: undefined } as unknown as Partial<BrokerTls>;

  test.each<[string, () => Partial<BrokerTls>, RegExp]>([
    [
      "the certificate of another station",
      () => authority.issue({ commonName: "liaoyuan-2" }),
      /^station-certificate: certFile: .*"liaoyuan-2".*CN=liaoyuan-1/,
    ],
    [
      "a key that belongs to another certificate",
      () => ({ keyFile: authority.issue({ commonName: "liaoyuan-1" }).keyFile }),
      /^station-certificate: keyFile: .*not the key/,
    ],
    [
      "a key that everybody can read",
      () => {
        const keyFile = join(authority.directory, "open.key");
        copyFileSync(station.keyFile, keyFile);
        chmodSync(keyFile, 0o644);
        return { keyFile };
      },
      /^station-certificate: keyFile: .*chmod 600/,
    ],
    [
      "a certificate that is not there",
      () => ({ certFile: "/nowhere/station.crt" }),
      /^station-certificate: certFile: .*no such file/,
    ],
    [
      "a certificate that has expired",
      () => authority.issue({ commonName: "liaoyuan-1", fromMs: Date.now() - 30 * HOUR, toMs: Date.now() - HOUR }),
      /^station-certificate-dates: certFile: expired/,
    ],
  ])("with %s it does not even try", async (_, tls, expected) => {
    const { told, broker } = await connect({ certificate: server }, tls());
    expect(told[0]).toMatch(expected);
    expect(broker.clients).toEqual([]);
  });

  test("a certificate that is renewed on disk is used at the next attempt", async () => {
    const expired = authority.issue({
      commonName: "liaoyuan-1",
      fromMs: Date.now() - 30 * HOUR,
      toMs: Date.now() - HOUR,
    });
    const { told, broker } = await connect({ certificate: server, more: demanding() }, expired);
    expect(told[0]).toMatch(/^station-certificate-dates/);
    copyFileSync(station.keyFile, expired.keyFile);
    copyFileSync(station.certFile, expired.certFile);
    await until(() => told.includes("connected"), { what: "the connection with the new certificate" });
    expect(broker.clients).toEqual(["liaoyuan-1"]);
  });
});

describe("what went wrong", () => {
  test.each<[string | number | undefined, string]>([
    ["CERT_NOT_YET_VALID", "broker-certificate-dates"],
    ["CERT_HAS_EXPIRED", "broker-certificate-dates"],
    ["CERT_REVOKED", "broker-certificate"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "broker-certificate"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "broker-certificate"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "broker-certificate"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "broker-certificate"],
    ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "refused"],
    ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", "refused"],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "refused"],
    ["ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE", "refused"],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "tls-version"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls-version"],
    ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "tls-cipher-suite"],
    [4, "refused"],
    [5, "refused"],
    [3, "unreachable"],
    ["ECONNREFUSED", "unreachable"],
    ["ENOTFOUND", "unreachable"],
    [undefined, "unreachable"],
  ])("%s is told as %s", (code, trouble) => {
    expect(troubleOf(Object.assign(new Error("x"), { code }), true)).toBe(trouble);
  });

  test("an alert is known by its number too, because some errors bear nothing else", () => {
    const withAlert = (number: number) =>
      Object.assign(new Error(`write EPROTO …:SSL alert number ${number}`), { code: "EPROTO" });
    expect(troubleOf(withAlert(48), true)).toBe("refused");
    expect(troubleOf(withAlert(70), true)).toBe("tls-version");
    expect(troubleOf(withAlert(40), true)).toBe("tls-cipher-suite");
    expect(troubleOf(withAlert(40), false)).toBe("refused");
    expect(troubleOf(withAlert(22), true)).toBe("unreachable");
  });

  test("and what is no error at all does not confuse it", () => {
    expect(troubleOf(undefined, true)).toBe("unreachable");
    expect(troubleOf("x", true)).toBe("unreachable");
  });
});
