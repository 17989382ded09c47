/**
 * The files a station proves itself with, read and judged: its certificate, its own key, the authorities it trusts. The common
 * name of the certificate is the station's id, so that a broker can tell which topics are its own. It refuses a key that
 * others can read or that needs a passphrase, and never repeats a byte of a key.
 */
import { Buffer } from "node:buffer";
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { ProblemCode } from "./codes.ts";
import { type ConfigFiles, failureWords } from "./files.ts";
import { type Bilingual, same } from "./problem.ts";

export type CredentialField = "caFile" | "certFile" | "keyFile";
export type CredentialPaths = { readonly [field in CredentialField]?: string };

export interface CredentialFinding {
  readonly field: CredentialField;
  readonly code: ProblemCode;
  readonly message: Bilingual;
  readonly expected: Bilingual;
}

export interface Credentials {
  /** As read, for the TLS library; undefined where not asked for or not readable. */
  readonly pem: { readonly [field in CredentialField]?: Buffer };
  readonly findings: readonly CredentialFinding[];
}

export interface CredentialQuestion {
  readonly files: ConfigFiles;
  readonly paths: CredentialPaths;
  readonly stationId: string;
  readonly wallMs: number;
}

const bytesMax = 200_000;
/** Time enough for somebody to notice, to issue and to carry it there. */
const expiresSoonMs = 30 * 86_400_000;
/** Bits of stat(2) by which anybody at all may read or write; a group is somebody's decision. */
const openToOthers = 0o006;

function readOne(question: CredentialQuestion, field: CredentialField, found: CredentialFinding[]): Buffer | undefined {
  const path = question.paths[field];
  if (path === undefined) return undefined;
  const content = question.files.read(path, bytesMax);
  if (content.is !== "bytes") {
    const why = content.is === "failed" ? failureWords(content.code) : { zh: "文件过大", en: "it is too large" };
    found.push({
      field,
      code: "E_CFG_TLS_UNREADABLE",
      message: { zh: `${path}：${why.zh}`, en: `${path}: ${why.en}` },
      expected: { zh: "控制器可读取的 PEM 文件", en: "a PEM file that the controller may read" },
    });
    return undefined;
  }
  if (field === "keyFile" && content.mode !== undefined && (content.mode & openToOthers) !== 0) {
    found.push({
      field,
      code: "E_CFG_TLS_KEY_OPEN",
      message: { zh: `任何用户都能读取 ${path}`, en: `${path} can be read by everybody on this computer` },
      expected: same(`chmod 600 ${path}`),
    });
  }
  return Buffer.from(content.bytes);
}

function notPem(field: CredentialField, what: Bilingual): CredentialFinding {
  return {
    field,
    code: "E_CFG_TLS_NOT_PEM",
    message: { zh: `其中没有可用的${what.zh}`, en: `holds no ${what.en} that can be used` },
    expected: { zh: `PEM 格式的${what.zh}`, en: `a ${what.en} in PEM form` },
  };
}

/** Every certificate of a bundle must be one: what stands behind a broken one would silently not be trusted. */
function readAuthorities(pem: Buffer | undefined, found: CredentialFinding[]): readonly X509Certificate[] {
  if (pem === undefined) return [];
  const blocks = pem.toString("latin1").match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const what = { zh: "证书", en: "certificate" };
  try {
    const certificates = blocks.map((block) => new X509Certificate(block));
    if (certificates.length === 0) found.push(notPem("caFile", what));
    return certificates;
  } catch {
    found.push(notPem("caFile", what));
    return [];
  }
}

function readCertificate(pem: Buffer | undefined, found: CredentialFinding[]): X509Certificate | undefined {
  if (pem === undefined) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    found.push(notPem("certFile", { zh: "证书", en: "certificate" }));
    return undefined;
  }
}

function readKey(pem: Buffer | undefined, found: CredentialFinding[]): KeyObject | undefined {
  if (pem === undefined) return undefined;
  try {
    return createPrivateKey(pem);
  } catch {
    found.push(notPem("keyFile", { zh: "无口令私钥", en: "private key without a passphrase" }));
    return undefined;
  }
}

/** The one common name; undefined when there is none or more than one. */
export function commonName(certificate: X509Certificate): string | undefined {
  const names = certificate.subject.split("\n").flatMap((part) => /^CN=(.*)$/.exec(part)?.[1] ?? []);
  return names.length === 1 ? names[0] : undefined;
}

function judgeDates(field: CredentialField, certificate: X509Certificate, wallMs: number): CredentialFinding[] {
  const fromMs = Date.parse(certificate.validFrom);
  const toMs = Date.parse(certificate.validTo);
  if (wallMs > toMs) {
    return [
      {
        field,
        code: "E_CFG_TLS_EXPIRED",
        message: { zh: `已于 ${certificate.validTo} 过期`, en: `expired on ${certificate.validTo}` },
        expected: { zh: "重新签发的证书", en: "a certificate that was issued anew" },
      },
    ];
  }
  if (wallMs < fromMs) {
    return [
      {
        field,
        code: "W_CFG_TLS_NOT_YET",
        message: { zh: `自 ${certificate.validFrom} 起有效`, en: `is valid from ${certificate.validFrom} only` },
        expected: {
          zh: "准确的时钟（timedatectl），或另一张证书",
          en: "a clock that is right (timedatectl), or another certificate",
        },
      },
    ];
  }
  if (wallMs <= toMs - expiresSoonMs) return [];
  return [
    {
      field,
      code: "W_CFG_TLS_EXPIRES",
      message: { zh: `将于 ${certificate.validTo} 过期`, en: `expires on ${certificate.validTo}` },
      expected: { zh: "及时重新签发", en: "to be issued anew in time" },
    },
  ];
}

function judgeName(certificate: X509Certificate, stationId: string): CredentialFinding[] {
  const name = commonName(certificate);
  if (name === stationId) return [];
  const shown = name === undefined ? "–" : JSON.stringify(name.slice(0, 64));
  return [
    {
      field: "certFile",
      code: "E_CFG_TLS_WRONG_NAME",
      message: { zh: `证书的通用名是 ${shown}`, en: `has the common name ${shown}` },
      expected: { zh: `站点 ${stationId} 的证书（CN=${stationId}）`, en: `the station's own: CN=${stationId}` },
    },
  ];
}

function judgePair(certificate: X509Certificate, key: KeyObject | undefined): CredentialFinding[] {
  if (key === undefined || certificate.checkPrivateKey(key)) return [];
  return [
    {
      field: "keyFile",
      code: "E_CFG_TLS_KEY_MISMATCH",
      message: { zh: "不是 certFile 中证书的私钥", en: "is not the key of the certificate in certFile" },
      expected: { zh: "申请该证书时所用的私钥", en: "the key that the certificate was requested with" },
    },
  ];
}

/** Reads the files anew each time: a certificate that was renewed needs no restart. */
export function readCredentials(question: CredentialQuestion): Credentials {
  const { stationId, wallMs } = question;
  const findings: CredentialFinding[] = [];
  const caFile = readOne(question, "caFile", findings);
  const certFile = readOne(question, "certFile", findings);
  const keyFile = readOne(question, "keyFile", findings);
  for (const authority of readAuthorities(caFile, findings)) findings.push(...judgeDates("caFile", authority, wallMs));
  const certificate = readCertificate(certFile, findings);
  const key = readKey(keyFile, findings);
  if (certificate !== undefined) {
    findings.push(...judgeName(certificate, stationId), ...judgePair(certificate, key));
    findings.push(...judgeDates("certFile", certificate, wallMs));
  }
  const pem = {
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
  };
  return { pem, findings };
}
