/**
 * The keys that may sign operators' requests, from the configuration and the files it names: all of them, or everything that is
 * wrong with them. Only public keys are read; a private one that stands where a public one belongs is refused and not repeated.
 */
import type { AskerKey, RequestPolicy } from "../../services/requests/asker.ts";
import { readPublicPem } from "./ed25519.ts";
import { type ConfigFiles, failureWords } from "./files.ts";
import { type Bilingual, type Detail, type Located, type Locator, locate, type Path } from "./problem.ts";
import { type ConfigFile, RequestKey, type RequestKeyEntry } from "./schema.ts";
import { child } from "./schema-node.ts";
import { repeated } from "./wiring-checks.ts";

/** A public key in PEM is 113 bytes; room for a comment above it. */
const keyBytesMax = 4_096;
const KEYS_MAX = 64;

export interface KeysRead {
  readonly keys: readonly AskerKey[];
  readonly problems: readonly Located[];
}

interface Found {
  readonly path: Path;
  readonly entry: RequestKeyEntry;
}

/** Entries that are right by themselves, wherever else the file is broken. */
function entriesIn(root: unknown): Found[] {
  const list = child(child(root, "requests"), "keys");
  if (!Array.isArray(list)) return [];
  return list.slice(0, KEYS_MAX).flatMap((value, at) => {
    const parsed = RequestKey.safeParse(value);
    return parsed.success ? [{ path: ["requests", "keys", at], entry: parsed.data }] : [];
  });
}

const problem = (code: Detail["code"], message: Bilingual): Detail => ({
  code,
  message,
  expected: { zh: "Ed25519 公钥", en: "a public Ed25519 key" },
});

const both = problem("E_CFG_KEY", {
  zh: "publicKey 与 publicKeyFile 只能有一个，且必须有一个",
  en: "needs either publicKey or publicKeyFile, and not both",
});
const isPrivate = problem("E_CFG_KEY", {
  zh: "这是私钥；站点只需要公钥，请立即更换这把密钥",
  en: "is a private key; the station needs only the public one, so replace this key now",
});
const isOther = problem("E_CFG_KEY", { zh: "不是 Ed25519 公钥", en: "holds no public Ed25519 key" });

function fromFile(path: string, files: ConfigFiles): { publicKey: string } | { wrong: Detail } {
  const content = files.read(path, keyBytesMax);
  if (content.is === "too-large") return { wrong: isOther };
  if (content.is === "failed") return { wrong: problem("E_CFG_KEY", failureWords(content.code)) };
  const read = readPublicPem(new TextDecoder().decode(content.bytes));
  if (read.is === "public") return { publicKey: read.publicKey };
  return { wrong: read.is === "private" ? isPrivate : isOther };
}

interface Sources {
  readonly files: ConfigFiles;
  readonly locator: Locator;
  /** Where a path of the file leads to. */
  readonly resolve: (path: string) => string;
}

type Judged = { readonly key: AskerKey; readonly path: Path } | { readonly wrong: Located };

function judged({ path, entry }: Found, { files, locator, resolve }: Sources): Judged {
  const { id, role, publicKey, publicKeyFile } = entry;
  if ((publicKey === undefined) === (publicKeyFile === undefined))
    return { wrong: locate(locator, path, "value", both) };
  if (publicKey !== undefined) return { key: { id, role, publicKey }, path: [...path, "publicKey"] };
  const at = [...path, "publicKeyFile"];
  const read = fromFile(resolve(publicKeyFile ?? ""), files);
  return "wrong" in read
    ? { wrong: locate(locator, at, "value", read.wrong) }
    : { key: { id, role, ...read }, path: at };
}

function idsTwice(found: readonly Found[], locator: Locator): Located[] {
  const ids = found.map(({ path, entry }) => ({ path: [...path, "id"], value: entry.id }));
  return repeated(ids, (id) => id).map(({ second }) =>
    locate(locator, second.path, "value", {
      code: "E_CFG_DUPLICATE_ID",
      message: { zh: `密钥编号 ${second.value} 已经用过`, en: `the key ${second.value} stands already above` },
      expected: { zh: "每把密钥一个编号", en: "each key under one id" },
    }),
  );
}

/** One person under two ids would be two persons. */
function keysTwice(keys: readonly Extract<Judged, { key: unknown }>[], locator: Locator): Located[] {
  const bytes = keys.map(({ path, key }) => ({ path, value: key }));
  return repeated(bytes, ({ publicKey }) => publicKey).map(({ first, second }) =>
    locate(locator, second.path, "value", {
      code: "E_CFG_DUPLICATE_KEY",
      message: { zh: `与 ${first.value.id} 是同一把密钥`, en: `is the same key as ${first.value.id}` },
      expected: { zh: "每人一把密钥", en: "a key of its own for each person" },
    }),
  );
}

export function readRequestKeys(root: unknown, sources: Sources): KeysRead {
  const found = entriesIn(root);
  const all = found.map((entry) => judged(entry, sources));
  const good = all.flatMap((one) => ("key" in one ? [one] : []));
  const wrong = all.flatMap((one) => ("wrong" in one ? [one.wrong] : []));
  const { locator } = sources;
  return {
    keys: good.map(({ key }) => key),
    problems: [...wrong, ...idsTwice(found, locator), ...keysTwice(good, locator)],
  };
}

/** Signatures are required as soon as there is a key that could sign, unless the file says otherwise. */
export const signaturesIn = ({ signatures, keys }: ConfigFile["requests"]): RequestPolicy["signatures"] =>
  signatures ?? (keys.length > 0 ? "required" : "optional");

export function requestPolicy(section: ConfigFile["requests"], keys: readonly AskerKey[]): RequestPolicy {
  return { signatures: signaturesIn(section), keys: new Map(keys.map((key) => [key.id, key])) };
}

/** Whoever reaches the broker may ask: true, and worth saying. */
export function unsignedAllowed(root: unknown, locator: Locator): Located[] {
  if (child(root, "mqtt") === undefined) return [];
  const section = child(root, "requests");
  const keys = child(section, "keys");
  const hasKeys = Array.isArray(keys) && keys.length > 0;
  const signatures = child(section, "signatures");
  if (signatures === "required" || (signatures === undefined && hasKeys)) return [];
  const path = signatures === undefined ? ["requests"] : ["requests", "signatures"];
  return [
    locate(locator, path, signatures === undefined ? "key" : "value", {
      code: "W_CFG_UNSIGNED_REQUESTS",
      message: {
        zh: "请求不需签名：凡能在平台上发布的都能开门",
        en: "lets unsigned requests through: whoever may publish at the broker can open doors",
      },
      expected: { zh: "requests.keys 与必需的签名", en: "keys under requests, and signatures required" },
    }),
  ];
}
