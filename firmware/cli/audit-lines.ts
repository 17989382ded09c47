/**
 * What an auditor is told of each entry of the log, in two languages: who asked for what and how it was answered, doors, what
 * concerns security and safety, settings, starts and stops. Swaps and telemetry are left to other tools. Members stand here as
 * marks only.
 */
import { memberMark } from "../../services/contract/publication.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { Bilingual } from "../config/problem.ts";
import { same } from "../config/problem.ts";
import type { PlacedEntry } from "../log/read-all.ts";

export const auditTopics = {
  request: { zh: "请求", en: "request" },
  answer: { zh: "答复", en: "answer" },
  refusal: { zh: "拒绝", en: "refusal" },
  opening: { zh: "开门", en: "opening" },
  security: { zh: "安防", en: "security" },
  safety: { zh: "安全", en: "safety" },
  settings: { zh: "设置", en: "settings" },
  run: { zh: "运行", en: "run" },
} as const satisfies Record<string, Bilingual>;
export type AuditTopic = keyof typeof auditTopics;

export interface AuditLine {
  readonly n: number;
  readonly at: number;
  readonly clock: "ntp" | "unsynced";
  readonly file: string;
  readonly offset: number;
  readonly topic: AuditTopic;
  readonly words: Bilingual;
  readonly request?: string;
  readonly by?: string;
  /** Proved by a signature. */
  readonly key?: string;
  readonly role?: string;
}

type Told = Pick<AuditLine, "topic" | "words" | "request" | "by" | "key" | "role">;
type Kind<K extends JournalRecord["kind"]> = Extract<JournalRecord, { kind: K }>;

const told = (topic: AuditTopic, zh: string, en: string): Told => ({ topic, words: { zh, en } });

function place({ bay, cabinet }: { readonly bay?: number; readonly cabinet?: string }): Bilingual {
  if (bay !== undefined) return { zh: ` ${bay} 号仓`, en: ` bay ${bay}` };
  return cabinet === undefined ? same("") : { zh: ` ${cabinet} 柜`, en: ` cabinet ${cabinet}` };
}

function who(record: Kind<"request-taken" | "request-answered" | "request-refused">): Omit<Told, "topic" | "words"> {
  const { id, by, key, role } = record;
  return {
    ...(id === undefined ? {} : { request: id }),
    ...(by === undefined ? {} : { by }),
    ...(key === undefined ? {} : { key }),
    ...(role === undefined ? {} : { role }),
  };
}

const because = (reason: string | undefined): Bilingual =>
  reason === undefined ? same("") : { zh: `，原因 ${reason}`, en: `, because ${reason}` };

function requestTold(record: Kind<"request-taken" | "request-answered" | "request-refused">): Told {
  if (record.kind === "request-taken") {
    const where = place(record);
    return { ...told("request", `${record.verb}${where.zh}`, `${record.verb}${where.en}`), ...who(record) };
  }
  const why = because(record.reason);
  if (record.kind === "request-answered") {
    const answer = `${record.verb}: ${record.status}`;
    return { ...told("answer", `${answer}${why.zh}`, `${answer}${why.en}`), ...who(record) };
  }
  const verb = record.verb ?? "–";
  const more =
    record.suppressed > 0
      ? { zh: `（另有 ${record.suppressed} 次）`, en: ` (and ${record.suppressed} more)` }
      : same("");
  return { ...told("refusal", `${verb}${why.zh}${more.zh}`, `${verb}${why.en}${more.en}`), ...who(record) };
}

function openingTold(record: Kind<"operator-opening" | "operator-opened" | "operator-settled">): Told {
  const { bay, request } = record;
  const words = {
    "operator-opening": { zh: "将开", en: "is about to be opened" },
    "operator-opened":
      record.kind === "operator-opened" && !record.seen
        ? { zh: "未见打开", en: "was not seen to open" }
        : { zh: "已打开", en: "opened" },
    "operator-settled": { zh: "已关上并核对", en: "is shut and was looked at" },
  }[record.kind];
  return { ...told("opening", `${bay} 号仓${words.zh}`, `bay ${bay} ${words.en}`), request };
}

function stageTold({ stage, bay, swap }: Kind<"swap-stage">): Told | undefined {
  if (stage !== "in-open" && stage !== "out-open") return undefined;
  return told("opening", `${bay} 号仓为换电 ${swap} 打开`, `bay ${bay} opened for swap ${swap}`);
}

function securityTold({ type, reason, detail, bay }: Kind<"security-noticed">): Told {
  const where = place(bay === undefined ? {} : { bay });
  const rest = [reason, detail].filter((text) => text !== undefined).join(", ");
  const tail = rest === "" ? "" : `: ${rest}`;
  return told("security", `${type}${where.zh}${tail}`, `${type}${where.en}${tail}`);
}

function lockOutTold({ bay, lockOut, reason, by }: Kind<"lock-out">): Told {
  const zh = lockOut === "none" ? "恢复使用" : "停用";
  const en = lockOut === "none" ? "is given back" : "is taken out of service";
  return { ...told("safety", `${bay} 号仓${zh}（${reason}）`, `bay ${bay} ${en} (${reason})`), by };
}

function startTold({ version, detail, config, crashed }: Kind<"started">): Told {
  const hash = config?.slice(0, 12) ?? "–";
  const how =
    crashed === true ? { zh: "意外中断后启动", en: "started after an unexpected end" } : { zh: "启动", en: "started" };
  return told(
    "run",
    `${how.zh}，版本 ${version}，配置 ${hash}：${detail}`,
    `${how.en}, version ${version}, config ${hash}: ${detail}`,
  );
}

function cabinetTold({ cabinet, on, reason }: Kind<"cabinet-lock-out">): Told {
  const zh = on ? "停用" : "恢复使用";
  const en = on ? "is taken out of service" : "is given back";
  return told("safety", `${cabinet} 柜${zh}（${reason}）`, `cabinet ${cabinet} ${en} (${reason})`);
}

function safetyTold(record: JournalRecord): Told | undefined {
  switch (record.kind) {
    case "lock-out":
      return lockOutTold(record);
    case "cabinet-lock-out":
      return cabinetTold(record);
    case "runaway-latched":
      return told("safety", `${record.cabinet} 柜热失控锁定`, `thermal runaway latched in cabinet ${record.cabinet}`);
    case "latch-reset": {
      const words = told(
        "safety",
        `${record.cabinet} 柜锁定已在现场解除`,
        `the latch of cabinet ${record.cabinet} was reset on site`,
      );
      return { ...words, by: memberMark(record.by) };
    }
    case "update-mode":
      return told(
        "settings",
        `更新模式${record.on ? "开" : "关"}`,
        `update mode ${record.on ? "on" : "off"}, ${record.why}`,
      );
    case "parameters-set": {
      const values = JSON.stringify(record.parameters).slice(0, 200);
      return told("settings", `参数改为 ${values}`, `parameters set to ${values}`);
    }
    case "pack-bound": {
      const member = record.member === undefined ? "–" : memberMark(record.member);
      return told("settings", `电池 ${record.packId} 归属 ${member}`, `pack ${record.packId} is bound to ${member}`);
    }
    default:
      return undefined;
  }
}

function toldOf(record: JournalRecord): Told | undefined {
  switch (record.kind) {
    case "request-taken":
    case "request-answered":
    case "request-refused":
      return requestTold(record);
    case "operator-opening":
    case "operator-opened":
    case "operator-settled":
      return openingTold(record);
    case "swap-stage":
      return stageTold(record);
    case "security-noticed":
      return securityTold(record);
    case "started":
      return startTold(record);
    case "stopping":
      return told("run", `停止（${record.detail}）`, `stopped (${record.detail})`);
    default:
      return safetyTold(record);
  }
}

/** A configuration that is another one than at the start before is a line of its own. */
export function auditLines(entries: readonly PlacedEntry[]): AuditLine[] {
  const lines: AuditLine[] = [];
  let config: string | undefined;
  for (const { entry, file, offset } of entries) {
    const { n, at, clock } = entry;
    // The log's own schema is the journal's; kinds of another version say nothing here.
    const record = entry.record as unknown as JournalRecord;
    const where = { n, at, clock, file, offset };
    const words = toldOf(record);
    if (words !== undefined) lines.push({ ...where, ...words });
    if (record.kind !== "started" || record.config === undefined) continue;
    if (config !== undefined && config !== record.config) {
      const [was, now] = [config.slice(0, 12), record.config.slice(0, 12)];
      lines.push({
        ...where,
        ...told("settings", `配置由 ${was} 改为 ${now}`, `the configuration changed from ${was} to ${now}`),
      });
    }
    config = record.config;
  }
  return lines;
}
