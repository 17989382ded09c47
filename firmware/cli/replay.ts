/**
 * `yizhan replay FILE`: a flight recording from a real station, run again on a desk, bit for bit; or with the code of another
 * checkout beside it, to see the first decision that comes out otherwise. It reads the file and the other build, and touches
 * nothing else: no wire, no broker, no log.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { grantLevels } from "../../services/station/grant.ts";
import { stepStation } from "../../services/station/step.ts";
import type { Language } from "../config/problem.ts";
import { languageOf, printable } from "../config/report.ts";
import type { Build, Played } from "../recorder/deck.ts";
import type { StepLine } from "../recorder/lines.ts";
import { type Recording, readRecording } from "../recorder/read.ts";
import { compareBuilds, type Replayed, replay, type Visit } from "../recorder/replay.ts";
import { exitCodes, type LogCommandIo } from "./log-question.ts";
import {
  changesOf,
  decisionJson,
  decisionText,
  headText,
  type Names,
  noteText,
  stampIn,
  timeZoneOf,
  verdictJson,
  verdictText,
} from "./replay-page.ts";

const usage: Readonly<Record<Language, string>> = {
  zh: `用法：yizhan replay FILE [--from N] [--to N] [--step] [--against DIR] [--quiet] [--json] [--lang zh|en]
把真实站点的飞行记录在桌面上逐位重放，打印每个决定（状态变化、事件、效果），并指出第一个与记录不同的决定。
  --from N, --to N  只打印这些步（重放始终从头到尾）
  --step            逐步打印每一步；在终端上每步等待回车
  --against DIR     用另一份代码（含 dist/ 的目录）在同样的输入上并排运行，指出第一个不同的决定
  --quiet           只打印结论
  --json            每个决定一行 JSON，最后一行是结论
  --lang            输出语言；默认取自 LC_ALL、LC_MESSAGES 或 LANG
退出码：0 一致，1 有不同的决定，或文件无法读取，2 用法错误
`,
  en: `Usage: yizhan replay FILE [--from N] [--to N] [--step] [--against DIR] [--quiet] [--json] [--lang zh|en]
Runs a flight recording of a real station again on a desk, bit for bit. Prints the decisions (what changed in the state, the
event, the effects), and the first one that comes out otherwise than it was recorded.
  --from N, --to N  print these steps only (all of them are run)
  --step            print every step, idle ones as well; on a terminal, wait for Enter after each
  --against DIR     run the code of another checkout (DIR holds dist/) beside this one on the same inputs, and name the first
                    decision that differs
  --quiet           print the verdict only
  --json            one line of JSON a decision, the verdict on the last one
  --lang            language of the output; taken from LC_ALL, LC_MESSAGES or LANG otherwise
Exit codes: 0 identical, 1 a decision differs or the file cannot be read, 2 usage
`,
};

interface Asked {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly step: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
  readonly against: string | undefined;
  readonly language: Language;
}

function stepNumber(name: string, given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(given)) throw new Error(`--${name} N`);
  return Number(given);
}

function understand(args: readonly string[], io: LogCommandIo): Asked | number {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const fallback = languageOf(io.env);
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        from: text,
        to: text,
        against: text,
        lang: text,
        step: flag,
        quiet: flag,
        json: flag,
        help: { ...flag, short: "h" },
      },
    });
    const language = values.lang === "zh" || values.lang === "en" ? values.lang : fallback;
    if (values.help) {
      io.out(usage[language]);
      return exitCodes.ok;
    }
    if (values.lang !== undefined && values.lang !== language) throw new Error("--lang zh|en");
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new Error("yizhan replay FILE");
    const { step, quiet, json, against } = values;
    const from = stepNumber("from", values.from, 1);
    const to = stepNumber("to", values.to, Number.POSITIVE_INFINITY);
    return { file, from, to, step, quiet, json, against, language };
  } catch (error) {
    io.err(`E_USAGE ${printable(error instanceof Error ? error.message : String(error))}\n\n${usage[fallback]}`);
    return exitCodes.usage;
  }
}

const cannotRead: Readonly<Record<Language, (file: string, why: string) => string>> = {
  zh: (file, why) => `无法读取录像 ${file}：${why}`,
  en: (file, why) => `cannot read the recording ${file}: ${why}`,
};

function readFile({ file, language }: Asked, io: LogCommandIo): Recording | undefined {
  let why: string;
  try {
    const read = readRecording(readFileSync(file));
    if (read.is === "recording") return read.recording;
    why = read.why;
  } catch (error) {
    why = error instanceof Error ? error.message : String(error);
  }
  io.err(`E_RECORDING ${printable(cannotRead[language](file, why))}\n`);
  return undefined;
}

/** What a build is called: its version and commit, as far as they are known. */
function buildName(directory: string): string {
  try {
    const { version, commit } = JSON.parse(readFileSync(join(directory, "dist", "build.json"), "utf8")) as {
      readonly version: string;
      readonly commit: string;
    };
    return `${version} (${commit})`;
  } catch {
    return directory;
  }
}

const thisBuild: Build = { name: "this build", stepStation, grantLevels };

async function otherBuild(given: string): Promise<Build | string> {
  const directory = resolve(given);
  const from = (name: string) => join(directory, "dist", "services", "station", name);
  const [stepFile, grantFile] = [from("step.js"), from("grant.js")];
  const missing = [stepFile, grantFile].find((file) => !existsSync(file));
  if (missing !== undefined) return `${missing} is missing: build it there first`;
  const step = (await import(pathToFileURL(stepFile).href)) as Partial<Build>;
  const grant = (await import(pathToFileURL(grantFile).href)) as Partial<Build>;
  if (typeof step.stepStation !== "function" || typeof grant.grantLevels !== "function")
    return `${directory} holds another program`;
  return { name: buildName(directory), stepStation: step.stepStation, grantLevels: grant.grantLevels };
}

/** Most scans find nothing to decide. */
const decides = (line: StepLine, { effects, failed }: Played): boolean =>
  effects.length > 0 || failed !== undefined || (line.event !== "tick" && line.event !== "noticed");

/** Printed after the run, because a run does not wait for anybody. */
function printed(asked: Asked, recording: Recording): { readonly visit: Visit; readonly pages: string[] } {
  const stamp = stampIn(timeZoneOf(recording.header));
  const pages: string[] = [];
  const isWanted = (step: number) => !asked.quiet && step >= asked.from && step <= asked.to;
  return {
    pages,
    visit: {
      step(step, line, played) {
        if (!isWanted(step)) return;
        const isShown = asked.step || decides(line, played) || changesOf(played.was, played.now).length > 0;
        if (!isShown) return;
        pages.push(asked.json ? decisionJson(step, line, played) : decisionText(step, line, played, stamp));
      },
      note(step, line) {
        if (!isWanted(step)) return;
        pages.push(asked.json ? JSON.stringify(line) : noteText(line.note, line.detail, asked.language));
      },
    },
  };
}

async function show(pages: readonly string[], asked: Asked, io: LogCommandIo): Promise<void> {
  const waits = asked.step && !asked.json && process.stdin.isTTY === true;
  if (!waits) {
    for (const page of pages) io.out(page);
    return;
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  for (const page of pages) {
    io.out(page);
    await lines.question("");
  }
  lines.close();
}

export async function replayCommand(args: readonly string[], io: LogCommandIo): Promise<number> {
  const asked = understand(args, io);
  if (typeof asked === "number") return asked;
  const recording = readFile(asked, io);
  if (recording === undefined) return exitCodes.failure;
  const other = asked.against === undefined ? undefined : await otherBuild(asked.against);
  if (typeof other === "string") {
    io.err(`E_BUILD ${printable(other)}\n`);
    return exitCodes.failure;
  }
  const { visit, pages } = printed(asked, recording);
  let replayed: Replayed;
  try {
    replayed =
      other === undefined ? replay(recording, thisBuild, visit) : compareBuilds(recording, thisBuild, other, visit);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    io.err(`E_RECORDING ${printable(cannotRead[asked.language](asked.file, why))}\n`);
    return exitCodes.failure;
  }
  const names: Names = { one: thisBuild.name, other: other?.name };
  if (!asked.json && !asked.quiet) io.out(headText(recording, asked.language));
  await show(pages, asked, io);
  const stamp = stampIn(timeZoneOf(recording.header));
  io.out(asked.json ? verdictJson(replayed, names) : verdictText(replayed, names, stamp, asked.language));
  return replayed.difference === undefined ? exitCodes.ok : exitCodes.failure;
}
