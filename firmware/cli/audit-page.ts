/** An audit as a page for people, in two languages, or as one JSON object for programs. It reads nothing by itself. */
import { isoFromMs } from "../../services/contract/iso-time.ts";
import type { Language } from "../config/problem.ts";
import { printable } from "../config/report.ts";
import type { ChainFlaw, ChainReport } from "../log/verify.ts";
import { type AuditLine, auditTopics } from "./audit-lines.ts";

export interface AuditPage {
  readonly station: string | undefined;
  readonly timeZone: string;
  readonly chain: ChainReport;
  readonly lines: readonly AuditLine[];
}

/** A tail that a power cut tore was never acknowledged; it proves nothing against anybody. */
export const isBroken = ({ kind }: ChainFlaw): boolean => kind !== "torn-tail";
export const isWhole = ({ flaws }: ChainReport): boolean => !flaws.some(isBroken);

const flawWords = {
  corrupt: { zh: "链断开", en: "the chain is broken" },
  "torn-tail": {
    zh: "末尾未写完（断电所致，未曾确认）",
    en: "an unfinished end (a power cut; it was never acknowledged)",
  },
  anchor: { zh: "与留存的链头不符", en: "not the log that the kept head belongs to" },
} as const;

function flawLine({ kind, file, offset, afterN, bytes, why }: ChainFlaw, language: Language): string {
  const place =
    language === "zh"
      ? `${file}，第 ${afterN} 条记录之后，字节 ${offset}（${bytes} 字节）`
      : `${file}, behind record ${afterN}, byte ${offset} (${bytes} bytes)`;
  return printable(`${isBroken({ kind } as ChainFlaw) ? "✗" : "·"} ${flawWords[kind][language]}: ${place}: ${why}`);
}

function verdict({ chain }: AuditPage, language: Language): string[] {
  const { records, segments, bytes, firstN, head, logId } = chain;
  const size =
    language === "zh"
      ? `${segments} 段，${records} 条，${bytes} 字节`
      : `${segments} segments, ${records} records, ${bytes} bytes`;
  const whole = isWhole(chain);
  const word =
    language === "zh" ? (whole ? "链完整" : "链不完整") : whole ? "the chain is whole" : "THE CHAIN IS NOT WHOLE";
  // The first checkpoint bears the number 0, because nothing stands before it.
  const range = `${Math.max(1, firstN)}–${head?.n ?? "?"}`;
  const kept = head === undefined ? [] : [`${language === "zh" ? "链头" : "head"} ${head.n}:${head.hash}`];
  return [
    `${word}: ${logId ?? "–"}, ${range}, ${size}`,
    ...kept,
    ...chain.flaws.map((flaw) => flawLine(flaw, language)),
  ];
}

function stampIn(timeZone: string): (atMs: number) => string {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  return (atMs) => format.format(atMs);
}

function lineText(line: AuditLine, stamp: string, language: Language): string {
  const { n, clock, topic, words, request, by, key, role } = line;
  const asked = [
    key === undefined ? undefined : `${key}${role === undefined ? "" : `/${role}`}`,
    by === undefined ? undefined : `“${by}”`,
  ];
  const who = asked.filter((part) => part !== undefined).join(" ");
  const parts = [
    String(n).padStart(8),
    `${stamp}${clock === "ntp" ? " " : "?"}`,
    auditTopics[topic][language],
    words[language],
    ...(who === "" ? [] : [`[${who}]`]),
    ...(request === undefined ? [] : [`(${request})`]),
  ];
  return printable(parts.join("  "));
}

export function auditText(page: AuditPage, language: Language): string {
  const stamp = stampIn(page.timeZone);
  const lines = page.lines.map((line) => lineText(line, stamp(line.at), language));
  return `${[...lines, "", ...verdict(page, language)].join("\n")}\n`;
}

export function auditJson({ station, timeZone, chain, lines }: AuditPage): string {
  const entries = lines.map(({ at, ...line }) => ({ ...line, at: isoFromMs(at) }));
  return `${JSON.stringify({ station, timeZone, whole: isWhole(chain), chain, entries })}\n`;
}
