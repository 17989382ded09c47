/**
 * `yizhan audit`: who asked for what and when, what was answered, which doors opened, what concerned security; and whether the log
 * that says so is whole: every checksum, every link of the chain, every segment. Beside the running controller or on a copied
 * directory; it claims, writes and cuts nothing.
 */
import { Buffer } from "node:buffer";
import type { ReadableDisk } from "../../hal/ports/disk.ts";
import { msFromIso } from "../../services/contract/iso-time.ts";
import type { Language } from "../config/problem.ts";
import { printable } from "../config/report.ts";
import { type PlacedEntry, readAll } from "../log/read-all.ts";
import type { Head } from "../log/segment-writer.ts";
import { type ChainReport, verifyChain } from "../log/verify.ts";
import { readableDisk } from "../platform/node-disk.ts";
import { dateInZone } from "../runner/dates.ts";
import { type AuditLine, auditLines } from "./audit-lines.ts";
import { auditJson, auditText, isWhole } from "./audit-page.ts";
import { exitCodes, type LogCommandIo, noLog, placeOf, understandQuestion } from "./log-question.ts";

const usage: Readonly<Record<Language, string>> = {
  zh: `用法：yizhan audit -c config.yaml [--since T] [--by 名] [--key 钥] [--head N:HASH] [--json] [--lang zh|en]
      yizhan audit --log 目录 [--zone 时区] …
谁在何时要求了什么、得到什么答复、哪些门被打开、安防事件；并逐条核验日志的校验和与哈希链。只读，控制器运行时也可使用。
  -c, --config F   配置文件；日志目录与时区取自其中
  --log DIR        直接给出日志目录
  --zone Z         显示时间所用的时区（无配置时默认 UTC）
  --since T        只显示此后的记录（站点当地日期如 2026-01-31，或时刻如 2026-01-31T08:00:00Z）；核验始终覆盖全部
  --by 名          只显示自称此名者的请求与答复
  --key 钥         只显示以此密钥签名的请求与答复
  --head N:HASH    另处留存的链头；与之不符即为篡改
  --json           输出一个 JSON 对象
  --lang           输出语言；默认取自 LC_ALL、LC_MESSAGES 或 LANG
退出码：0 链完整，1 链断开、缺段、记录被改或日志缺失，2 用法错误，78 配置无效
`,
  en: `Usage: yizhan audit -c config.yaml [--since T] [--by NAME] [--key KEY] [--head N:HASH] [--json] [--lang zh|en]
       yizhan audit --log DIRECTORY [--zone ZONE] …
Who asked for what and when, what was answered, which doors opened, what concerned security; and whether every checksum and
every link of the log's chain holds. Read only; the controller may run.
  -c, --config F   configuration; names the log's directory and the time zone
  --log DIR        the log's directory itself
  --zone Z         time zone of the stamps when there is no configuration (default UTC)
  --since T        show what came later only (a day at the station, 2026-01-31, or a moment, 2026-01-31T08:00:00Z); all of the
                   log is checked anyway
  --by NAME        show only what somebody of this name asked for
  --key KEY        show only what was signed with this key
  --head N:HASH    a head of the chain that was kept elsewhere; a log that does not hold it was tampered with
  --json           print one JSON object
  --lang           language of the output; taken from LC_ALL, LC_MESSAGES or LANG otherwise
Exit codes: 0 the chain is whole, 1 it is broken, a segment or the log is missing, a record was changed, 2 usage, 78 configuration
not valid
`,
};

/** A day counts from its midnight at the station, as the stamps that are printed do. */
type Since = { readonly is: "moment"; readonly ms: number } | { readonly is: "day"; readonly date: string };

interface Filter {
  readonly since: Since;
  readonly by: string | undefined;
  readonly key: string | undefined;
  readonly head: Head | undefined;
}

function sinceOf(given: string | undefined): Since {
  if (given === undefined) return { is: "moment", ms: Number.NEGATIVE_INFINITY };
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(given);
  const ms = msFromIso(isDay ? `${given}T00:00:00.000Z` : given);
  if (ms === undefined) throw new Error("--since 2026-01-31 / 2026-01-31T08:00:00Z");
  return isDay ? { is: "day", date: given } : { is: "moment", ms };
}

function headOf(given: string | undefined): Head | undefined {
  if (given === undefined) return undefined;
  const [, n, hash] = /^(\d{1,15}):([0-9a-f]{32})$/.exec(given) ?? [];
  if (n === undefined || hash === undefined) throw new Error("--head N:HASH");
  return { n: Number(n), hash };
}

const command = {
  usage,
  ownOptions: ["since", "by", "key", "head"],
  own: (word: (name: string) => string | undefined): Filter => ({
    since: sinceOf(word("since")),
    by: word("by"),
    key: word("key"),
    head: headOf(word("head")),
  }),
};

interface Mark extends Head {
  readonly logId: string;
}

/** What the controller last wrote down beside its log about it. It is no proof: whoever can write one file can write both. */
function markOf(disk: ReadableDisk): Mark | undefined {
  try {
    const value = JSON.parse(Buffer.from(disk.read("security.json")).toString("utf8")) as Record<string, unknown>;
    const { logId, lastN, hash } = value;
    return typeof logId === "string" && typeof lastN === "number" && typeof hash === "string"
      ? { logId, n: lastN, hash }
      : undefined;
  } catch {
    return undefined;
  }
}

/** The mark, checked like a head that was kept, with words of its own. */
function withMark(chain: ChainReport, disk: ReadableDisk, mark: Mark | undefined): ChainReport {
  if (mark === undefined) return chain;
  const at = { file: "security.json", offset: 0, bytes: 0, afterN: chain.head?.n ?? 0 };
  if (chain.logId !== mark.logId) {
    const why = `the controller last wrote to the log ${mark.logId}; this is another one`;
    return { ...chain, ok: false, flaws: [...chain.flaws, { kind: "anchor", ...at, why }] };
  }
  if (verifyChain(disk, mark).flaws.every(({ kind }) => kind !== "anchor")) return chain;
  const why = `the controller had written entry ${mark.n} with the hash ${mark.hash}, and the log does not hold it`;
  return { ...chain, ok: false, flaws: [...chain.flaws, { kind: "anchor", ...at, why }] };
}

interface Reading {
  readonly chain: ChainReport;
  readonly entries: readonly PlacedEntry[];
}

function readOnce(directory: string, head: Head | undefined): Reading {
  const disk = readableDisk(directory);
  const mark = markOf(disk);
  return { chain: withMark(verifyChain(disk, head), disk, mark), entries: readAll(disk) };
}

/** A segment may be dropped or begun by the controller between two looks; that is no damage, so a second look decides. */
function readTwice(directory: string, head: Head | undefined): Reading | string {
  try {
    const first = readOnce(directory, head);
    return isWhole(first.chain) ? first : readOnce(directory, head);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Only lines that bear who asked can be filtered by it; with a filter, the others are left out. */
function isWanted(line: AuditLine, { since, by, key }: Filter, timeZone: string): boolean {
  if (since.is === "moment" ? line.at < since.ms : dateInZone(line.at, timeZone) < since.date) return false;
  return (by === undefined || line.by === by) && (key === undefined || line.key === key);
}

export async function auditCommand(args: readonly string[], io: LogCommandIo): Promise<number> {
  const asked = understandQuestion(args, io, command);
  if (typeof asked === "number") return asked;
  const place = placeOf(asked, io);
  if (typeof place === "number") return place;
  const { language, own } = asked;
  const { directory, timeZone } = place;
  const read = readTwice(directory, own.head);
  if (typeof read === "string" || (read.chain.segments === 0 && read.chain.flaws.length === 0)) {
    const why = typeof read === "string" ? `${directory}: ${read}` : directory;
    io.err(`E_AUDIT ${printable(noLog[language](why))}\n`);
    return exitCodes.failure;
  }
  const lines = auditLines(read.entries).filter((line) => isWanted(line, own, timeZone));
  const page = { timeZone, station: place.station?.stationId, chain: read.chain, lines };
  io.out(asked.json ? auditJson(page) : auditText(page, language));
  return isWhole(read.chain) ? exitCodes.ok : exitCodes.failure;
}
