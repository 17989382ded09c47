/** The lines a person watches while the simulated station lives: one line a thing that happened, in station time. */

import { faultCatalogue, isFaultCode } from "../../services/faults.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { prompts } from "../../services/prompts.ts";
import { isRoomRecord, type RoomRecord } from "../../services/room/records.ts";
import { outcomes } from "../../services/swap/outcomes.ts";
import type { Language } from "../report.ts";
import { roomLine } from "./room-ticker.ts";

export interface TickerOptions {
  readonly language: Language;
  readonly timeZone: string;
  readonly colour: boolean;
  readonly out: (text: string) => void;
  readonly wallMs: () => number;
}

const paints = { green: 32, yellow: 33, red: 31, grey: 90 } as const;

const said = {
  started: { zh: "开始换电", en: "swap started" },
  opened: { zh: "仓已打开", en: "opened" },
  accepted: { zh: "收到电池", en: "pack accepted" },
  taken: { zh: "电池已取走", en: "pack taken" },
} as const;

export function createTicker(options: TickerOptions): (record: JournalRecord) => void {
  const { language, out } = options;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: options.timeZone,
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const paint = (colour: keyof typeof paints, text: string) =>
    options.colour ? `\u001b[${paints[colour]}m${text}\u001b[0m` : text;
  const line = (subject: string, text: string) =>
    out(`${paint("grey", clock.format(options.wallMs()))}  ${subject.padEnd(9)} ${text}`);

  function stage(record: Extract<JournalRecord, { kind: "swap-stage" }>): void {
    const { stage: reached, bay, packId, socPct } = record;
    if (reached === "in-open" || reached === "out-open") line(record.swap, `${bay} ${said.opened[language]}`);
    if (reached === "in-accepted" && socPct !== undefined)
      line(record.swap, `${said.accepted[language]} ${packId ?? ""} ${socPct} % → ${bay}`);
    if (reached === "taken") line(record.swap, `${said.taken[language]} ${packId ?? ""} ← ${bay}`);
  }

  function ended(record: Extract<JournalRecord, { kind: "swap-ended" }>): void {
    const outcome = outcomes[record.outcome];
    const sentence = prompts[outcome.prompt][language].replace("{bay}", String(record.bay ?? ""));
    const seconds = record.durationMs === undefined ? "" : ` (${(record.durationMs / 1_000).toFixed(1)} s)`;
    line(record.swap, paint(outcome.class === "completed" ? "green" : "yellow", `${sentence}${seconds}`));
  }

  function room(record: RoomRecord): void {
    const told = roomLine(record);
    if (told === undefined) return;
    const text = told.words[language];
    line(told.subject, told.colour === undefined ? text : paint(told.colour, text));
  }

  return (record) => {
    switch (record.kind) {
      case "swap-reserved":
        line(
          record.swap.id,
          `${said.started[language]}: ${record.swap.cabinet}, ${record.swap.inBay ?? "–"} → ${record.swap.outBay}`,
        );
        return;
      case "swap-stage":
        stage(record);
        return;
      case "swap-ended":
        ended(record);
        return;
      case "scan-refused": {
        const reason = outcomes[record.reason as keyof typeof outcomes];
        line(record.cabinet, paint("yellow", prompts[reason.prompt][language].replace("{minutes}", "…")));
        return;
      }
      case "fault-raised":
      case "fault-cleared": {
        const words = isFaultCode(record.code) ? faultCatalogue[record.code][language] : record.code;
        const sign = record.kind === "fault-raised" ? "⚠" : "✓";
        line(record.subject, paint(record.kind === "fault-raised" ? "red" : "grey", `${sign} ${words}`));
        return;
      }
      default:
        if (isRoomRecord(record)) room(record);
        return;
    }
  };
}
