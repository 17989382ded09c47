/**
 * `yizhan token`: makes the keys that sign operators' requests, and signs one. It talks to no station and no broker, and never
 * prints a private key; what it prints goes into a configuration, or through a pipe into `mosquitto_pub`.
 */
import { randomBytes, sign } from "node:crypto";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import type { z } from "zod";
import { KEY_ID_PATTERN } from "../../services/contract/request-envelope.ts";
import { isVerb, type Verb, verbs } from "../../services/contract/request-payloads.ts";
import { ID_PATTERN } from "../../services/contract/state-payloads.ts";
import { schemaProblem } from "../../services/contract/topics.ts";
import { signedText } from "../../services/requests/asker.ts";
import { openJson } from "../../services/requests/open-json.ts";
import { type AskerRole, askerRoles } from "../../services/requests/roles.ts";
import type { Language } from "../config/problem.ts";
import { languageOf, printable } from "../config/report.ts";
import { nodeClock } from "../platform/node-clock.ts";
import { makeKey, readKey } from "./token-files.ts";
import { tokenUsage } from "./token-usage.ts";

export interface TokenIo {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Wall time, for expiries and numbers. */
  readonly wallMs?: () => number;
}

const OK = 0;
const FAILURE = 1;
const USAGE = 2;

/** Less than what opens doors may hold, so that clocks need not agree to the second. */
const holdsDefaultS = "50";

const text = { type: "string" } as const;
const options = {
  id: text,
  role: text,
  output: { ...text, short: "o" },
  key: text,
  "key-id": text,
  station: text,
  verb: text,
  "json-payload": text,
  seq: text,
  "holds-s": text,
  lang: text,
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Said with exit code 2: the command itself is wrong. */
class UsageError extends Error {}

type Values = ReturnType<typeof valuesOf>["values"];

function valuesOf(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}

function needed<K extends keyof Values>(values: Values, name: K): string {
  const value = values[name];
  if (typeof value !== "string" || value === "") throw new UsageError(`--${name} …`);
  return value;
}

function matched(name: string, value: string, pattern: RegExp): string {
  if (!pattern.test(value)) throw new UsageError(`--${name}: ${value}`);
  return value;
}

function roleOf(word: string): AskerRole {
  const role = askerRoles.find((known) => known === word);
  if (role === undefined) throw new UsageError(`--role ${askerRoles.join("|")}`);
  return role;
}

function keyCommand(values: Values, io: TokenIo): number {
  const id = matched("id", needed(values, "id"), KEY_ID_PATTERN);
  const role = roleOf(needed(values, "role"));
  const made = makeKey(needed(values, "output"), id);
  const { publicKey, privateFile, publicFile } = made;
  if (values.json) io.out(`${JSON.stringify({ id, role, ...made })}\n`);
  else {
    const lines = ["requests:", "  keys:", `    - { id: ${id}, role: ${role}, publicKey: "${publicKey}" }`];
    io.out(`# ${privateFile} (0600), ${publicFile}\n${lines.join("\n")}\n`);
  }
  return OK;
}

function whole(name: string, word: string, [min, max]: readonly [number, number]): number {
  const value = Number(word);
  if (!/^\d+$/.test(word) || value < min || value > max) throw new UsageError(`--${name} ${min}..${max}`);
  return value;
}

/** What the asker wrote, with whatever a request must carry and he did not write. */
function payloadOf(values: Values, verb: Verb, wallMs: number): Record<string, unknown> {
  const opened = openJson(new TextEncoder().encode(values["json-payload"] ?? "{}"));
  if (opened.is === "refused") throw new UsageError(`--json-payload: ${opened.reason}`);
  const holdsS = whole("holds-s", values["holds-s"] ?? holdsDefaultS, [1, verbs[verb].lifeMaxMs / 1_000]);
  const word = values.seq ?? "auto";
  const seq = word === "auto" ? wallMs : whole("seq", word, [0, Number.MAX_SAFE_INTEGER]);
  const keyId = values["key-id"] ?? basename(needed(values, "key")).replace(/\.key$/, "");
  return {
    id: randomBytes(12).toString("base64url"),
    expiresAt: wallMs + holdsS * 1_000,
    ...opened.value,
    key: matched("key-id", keyId, KEY_ID_PATTERN),
    ...(verbs[verb].actuates || values.seq !== undefined ? { seq } : {}),
  };
}

function signCommand(values: Values, io: TokenIo, language: Language): number {
  const station = matched("station", needed(values, "station"), ID_PATTERN);
  const verb = needed(values, "verb");
  if (!isVerb(verb)) throw new UsageError(`--verb ${Object.keys(verbs).join("|")}`);
  const path = needed(values, "key");
  const payload = payloadOf(values, verb, io.wallMs?.() ?? nodeClock().wallMs());
  const wrong = schemaProblem(verbs[verb].request as z.ZodType, payload);
  if (wrong !== undefined) throw new UsageError(`--json-payload: ${wrong}`);
  const read = readKey(path);
  if (read.is === "not-a-key") {
    io.err(
      `E_TOKEN ${printable(`${path}: ${language === "zh" ? "不是 Ed25519 私钥" : "holds no private Ed25519 key"}`)}\n`,
    );
    return FAILURE;
  }
  if (read.openToOthers)
    io.err(
      `W_TOKEN ${printable(`${path}: ${language === "zh" ? "其他用户也能读取，请 chmod 600" : "others may read it: chmod 600"}`)}\n`,
    );
  const said = signedText(station, verb, payload);
  if (said === undefined) throw new UsageError("--json-payload: UTF-16");
  const signature = sign(null, Buffer.from(said, "utf8"), read.key).toString("base64url");
  const request = { ...payload, signature };
  const topic = `yizhan/1/${station}/request/${verb}`;
  io.out(`${JSON.stringify(values.json ? { topic, request } : request)}\n`);
  return OK;
}

function languageIn({ lang }: Values, env: TokenIo["env"]): Language {
  if (lang === undefined) return languageOf(env);
  if (lang !== "zh" && lang !== "en") throw new UsageError("--lang zh|en");
  return lang;
}

function obey(args: readonly string[], io: TokenIo): number {
  const { values, positionals } = valuesOf(args);
  const language = languageIn(values, io.env);
  if (values.help) {
    io.out(tokenUsage[language]);
    return OK;
  }
  const [what, ...more] = positionals;
  if (more.length > 0) throw new UsageError(more.join(" "));
  if (what === "key") return keyCommand(values, io);
  if (what === "sign") return signCommand(values, io, language);
  throw new UsageError("token key | token sign");
}

/** A file that is there, or cannot be read or written; anything else is about the arguments. */
function isAboutFiles(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

export async function tokenCommand(args: readonly string[], io: TokenIo): Promise<number> {
  try {
    return obey(args, io);
  } catch (error) {
    const why = printable(error instanceof Error ? error.message : String(error));
    if (isAboutFiles(error)) {
      io.err(`E_TOKEN ${why}\n`);
      return FAILURE;
    }
    io.err(`E_USAGE ${why}\n\n${tokenUsage[languageOf(io.env)]}`);
    return USAGE;
  }
}
