/**
 * `yizhan ledger`: reads the one log of a station, beside the running controller or after it, folds it as the controller does, and
 * prints where every pack is, who is owed one, and what a person should look at. It claims, writes and cuts nothing.
 */
import type { Language } from "../config/problem.ts";
import { printable } from "../config/report.ts";
import { type ReadLog, readSegments } from "../log/recover.ts";
import { nodeClock } from "../platform/node-clock.ts";
import { readableDisk } from "../platform/node-disk.ts";
import { foldEntries } from "../runner/journal-desk.ts";
import { type LedgerPage, ledgerJson, ledgerText } from "./ledger-page.ts";
import { exitCodes, type LogCommandIo, type LogPlace, noLog, placeOf, understandQuestion } from "./log-question.ts";

export interface LedgerIo extends LogCommandIo {
  /** Wall time, to tell ages. */
  readonly wallMs?: () => number;
}

const usage: Readonly<Record<Language, string>> = {
  zh: `用法：yizhan ledger -c config.yaml [--json] [--lang zh|en]
      yizhan ledger --log 目录 [--zone 时区] [--json] [--lang zh|en]
从日志读出台账：每块电池在哪里、欠谁电池、哪些要查。只读，控制器运行时也可使用。
  -c, --config F   配置文件；日志目录与时区取自其中
  --log DIR        直接给出日志目录
  --zone Z         显示时间所用的时区（无配置时默认 UTC）
  --json           输出一个 JSON 对象
  --lang           输出语言；默认取自 LC_ALL、LC_MESSAGES 或 LANG
退出码：0 正常，1 日志缺失或损坏（已知部分照常输出），2 用法错误，78 配置无效
`,
  en: `Usage: yizhan ledger -c config.yaml [--json] [--lang zh|en]
       yizhan ledger --log DIRECTORY [--zone ZONE] [--json] [--lang zh|en]
Reads the ledger from the log: where every pack is, who is owed one, what to look at. Read only; the controller may run.
  -c, --config F   configuration; names the log's directory and the time zone
  --log DIR        the log's directory itself
  --zone Z         time zone of the stamps when there is no configuration (default UTC)
  --json           print one JSON object
  --lang           language of the output; taken from LC_ALL, LC_MESSAGES or LANG otherwise
Exit codes: 0 ok, 1 the log is missing or damaged (what is known is printed), 2 usage, 78 configuration not valid
`,
};

/** Of a log without a configuration. */
const overdueMsDefault = 86_400_000;

const isCorrupt = ({ damage, complete }: ReadLog): boolean => damage.kind === "corrupt" || !complete;

/** A segment may be dropped by the controller between two looks; that is no damage, so a second look decides. */
function readTwice(directory: string): ReadLog {
  const disk = readableDisk(directory);
  const first = readSegments(disk);
  return isCorrupt(first) ? readSegments(disk) : first;
}

const damaged: Readonly<Record<Language, (where: string) => string>> = {
  zh: (where) => `日志已损坏（${where}）：以下内容可能不完整，请到现场核对`,
  en: (where) => `The log is damaged (${where}): what is shown may be incomplete; compare it with the bays`,
};

function whereDamaged({ damage }: ReadLog): string {
  return damage.kind === "corrupt" ? `${damage.file}, ${damage.offset}: ${damage.why}` : "entries are missing";
}

function readAll({ directory }: LogPlace, language: Language, io: LedgerIo): ReadLog | undefined {
  let log: ReadLog | undefined;
  let why = directory;
  try {
    log = readTwice(directory);
  } catch (error) {
    why = `${directory}: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (log !== undefined && (log.lastN > 0 || isCorrupt(log))) return log;
  io.err(`E_LEDGER ${printable(noLog[language](why))}\n`);
  return undefined;
}

export async function ledgerCommand(args: readonly string[], io: LedgerIo): Promise<number> {
  const asked = understandQuestion(args, io, { usage, ownOptions: [], own: () => undefined });
  if (typeof asked === "number") return asked;
  const place = placeOf(asked, io);
  if (typeof place === "number") return place;
  const { language } = asked;
  const log = readAll(place, language, io);
  if (log === undefined) return exitCodes.failure;
  const entries = [...log.entries, ...log.afterDamage];
  const page: LedgerPage = {
    timeZone: place.timeZone,
    station: place.station?.stationId,
    overdueMs: place.station?.swap.debtOverdueMs ?? overdueMsDefault,
    durable: foldEntries(entries),
    logId: log.logId,
    lastN: log.lastN,
    lastAt: entries.at(-1)?.at,
    damage: isCorrupt(log) ? whereDamaged(log) : undefined,
    wallMs: io.wallMs?.() ?? nodeClock().wallMs(),
  };
  if (page.damage !== undefined) io.err(`E_LEDGER ${printable(damaged[language](page.damage))}\n`);
  io.out(asked.json ? ledgerJson(page) : ledgerText(page, language));
  return page.damage === undefined ? exitCodes.ok : exitCodes.failure;
}
