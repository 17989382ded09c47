/**
 * A configuration that is only believed with a signature: `config.yaml` and, beside it, `config.yaml.sig` (Ed25519 over the bytes
 * of the file, base64). Where a trust anchor is given, nothing unsigned, badly signed or older than what ran before is accepted.
 * The last good one is kept and can be started from; it is verified again before that, so where it is kept needs no trust. The
 * anchor cannot stand in the file it vouches for. Members are not covered: they change every day.
 */
import { Buffer } from "node:buffer";
import { readPublicPem, verifyEd25519 } from "./ed25519.ts";
import { type ConfigFiles, type FileContent, failureWords } from "./files.ts";
import { type ConfigLoad, loadConfig } from "./load.ts";
import type { Detail, Problem } from "./problem.ts";

export interface Trust {
  /** Public key, PEM. */
  readonly keyFile: string;
  /** Where the last good configuration is kept. */
  readonly keptFile: string;
}

/** What is kept: the file and its signature in one, so that no power cut can part them. */
export interface Kept {
  readonly bytes: Uint8Array;
  readonly signature: string;
}

type Loaded = Extract<ConfigLoad, { ok: true }>;
export type TrustedLoad =
  /** `keep` is to be kept as the last good one; undefined when it is kept already. */
  | { readonly is: "good"; readonly load: Loaded; readonly keep: Kept | undefined }
  /** `kept` is the last good one, when there is one. */
  | { readonly is: "refused"; readonly load: Extract<ConfigLoad, { ok: false }>; readonly kept: Loaded | undefined };

export const signatureFile = (path: string): string => `${path}.sig`;

const bytesMax = 1_000_000;
const signatureBytesMax = 200;
const keptBytesMax = 2 * bytesMax;

function problem(file: string, detail: Pick<Detail, "code" | "message" | "expected">): Problem {
  return { file, line: 1, column: 1, path: ".", ...detail };
}

const refused = (...problems: Problem[]): Extract<ConfigLoad, { ok: false }> => ({ ok: false, problems, warnings: [] });

const textOf = (content: FileContent): string | undefined =>
  content.is === "bytes" ? Buffer.from(content.bytes).toString("utf8") : undefined;

function readKey(files: ConfigFiles, keyFile: string): string | Problem {
  const content = files.read(keyFile, 10_000);
  const read = readPublicPem(textOf(content) ?? "");
  if (read.is === "public") return read.publicKey;
  const why =
    content.is === "failed"
      ? failureWords(content.code)
      : read.is === "private"
        ? { zh: "这是私钥，不应放在站上", en: "it is a private key, which does not belong on a station" }
        : { zh: "不是 Ed25519 公钥", en: "it is no Ed25519 public key" };
  return problem(keyFile, {
    code: "E_CFG_SIGN_KEY",
    message: why,
    expected: { zh: "PEM 格式的 Ed25519 公钥", en: "an Ed25519 public key in PEM form" },
  });
}

function unsigned(path: string, why: { readonly zh: string; readonly en: string }): Problem {
  return problem(signatureFile(path), {
    code: "E_CFG_UNSIGNED",
    message: why,
    expected: {
      zh: `签名：openssl pkeyutl -sign -rawin -inkey config.key -in ${path}`,
      en: `a signature: openssl pkeyutl -sign -rawin -inkey config.key -in ${path} | base64 -w0 > ${signatureFile(path)}`,
    },
  });
}

function notOfThisFile(path: string): Problem {
  return problem(signatureFile(path), {
    code: "E_CFG_SIGNATURE",
    message: { zh: "签名与文件内容或公钥不符", en: "is not the signature of this file by the key that is trusted" },
    expected: {
      zh: "对现有内容重新签名，或还原文件",
      en: "the file signed anew as it is, or put back as it was signed",
    },
  });
}

/** Undefined when it is no 64 bytes in base64. */
function signatureOf(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^[A-Za-z0-9+/]{86}==$/.test(trimmed)) return undefined;
  return Buffer.from(trimmed, "base64").toString("base64url");
}

function isSigned(publicKey: string, { bytes, signature }: Kept): boolean {
  const own = signatureOf(signature);
  const text = Buffer.from(bytes).toString("utf8");
  // What is no UTF-8 would be verified as another text than the one that is read.
  return own !== undefined && Buffer.from(text, "utf8").equals(bytes) && verifyEd25519(publicKey, text, own);
}

/** The same files, but for one that is what was verified, whatever becomes of it on the disk meanwhile. */
function withBytes(files: ConfigFiles, path: string, bytes: Uint8Array): ConfigFiles {
  return { read: (asked, most) => (asked === path ? { is: "bytes", bytes } : files.read(asked, most)) };
}

function readKept(files: ConfigFiles, { keptFile }: Trust, publicKey: string): Kept | undefined {
  try {
    const value = JSON.parse(textOf(files.read(keptFile, keptBytesMax)) ?? "") as Record<string, unknown>;
    const { config, signature } = value;
    if (typeof config !== "string" || typeof signature !== "string") return undefined;
    const kept = { bytes: Buffer.from(config, "base64"), signature };
    return isSigned(publicKey, kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** How it is written. */
export const keptText = ({ bytes, signature }: Kept): string =>
  `${JSON.stringify({ config: Buffer.from(bytes).toString("base64"), signature })}\n`;

function revisionProblem(path: string, message: { readonly zh: string; readonly en: string }, least: number): Problem {
  return problem(path, {
    code: "E_CFG_REVISION",
    message,
    expected: { zh: `revision: ${least} 或更大，然后重新签名`, en: `revision: ${least} or more, then signed anew` },
  });
}

function judgeRevision(
  path: string,
  now: Loaded,
  bytes: Uint8Array,
  kept: (Kept & { load: Loaded }) | undefined,
): Problem | undefined {
  const { revision } = now.config.file;
  const before = kept?.load.config.file.revision ?? 0;
  if (revision === undefined)
    return revisionProblem(path, { zh: "签名的配置缺少 revision", en: "is signed, but has no revision" }, before + 1);
  if (revision < before) {
    const words = {
      zh: `revision ${revision} 低于已用过的 ${before}`,
      en: `has revision ${revision}; ${before} ran already`,
    };
    return revisionProblem(path, words, before + 1);
  }
  if (revision > before || kept === undefined || Buffer.from(kept.bytes).equals(bytes)) return undefined;
  const words = {
    zh: `revision ${revision} 已用于另一份内容`,
    en: `has revision ${revision} of another content that ran already`,
  };
  return revisionProblem(path, words, before + 1);
}

export function loadTrusted(path: string, trust: Trust, files: ConfigFiles): TrustedLoad {
  const key = readKey(files, trust.keyFile);
  if (typeof key !== "string") return { is: "refused", load: refused(key), kept: undefined };
  const found = readKept(files, trust, key);
  const keptLoad = found === undefined ? undefined : loadConfig(path, withBytes(files, path, found.bytes));
  const kept = found !== undefined && keptLoad?.ok === true ? { ...found, load: keptLoad } : undefined;
  const no = (load: Extract<ConfigLoad, { ok: false }>): TrustedLoad => ({ is: "refused", load, kept: kept?.load });
  const content = files.read(path, bytesMax);
  if (content.is !== "bytes") {
    const load = loadConfig(path, files);
    return no(load.ok ? refused(notOfThisFile(path)) : load);
  }
  const sign = files.read(signatureFile(path), signatureBytesMax);
  if (sign.is === "failed") return no(refused(unsigned(path, failureWords(sign.code))));
  const now = { bytes: content.bytes, signature: (textOf(sign) ?? "").trim() };
  if (!isSigned(key, now)) return no(refused(notOfThisFile(path)));
  const load = loadConfig(path, withBytes(files, path, now.bytes));
  if (!load.ok) return no(load);
  const back = judgeRevision(path, load, now.bytes, kept);
  if (back !== undefined) return no(refused(back));
  const same = kept !== undefined && Buffer.from(kept.bytes).equals(now.bytes);
  return { is: "good", load, keep: same ? undefined : now };
}
