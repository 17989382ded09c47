/**
 * `yizhan report`: one file for whoever is to help, with the newest recordings, the configuration, versions, health, metrics and the
 * end of the log. Beside the running controller or after it. It sends nothing anywhere; what names people or opens doors is not in it.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { isoFromMs } from "../../services/contract/iso-time.ts";
import { loadConfig } from "../config/load.ts";
import type { Language } from "../config/problem.ts";
import { languageOf, printable, problemLine } from "../config/report.ts";
import { nodeClock } from "../platform/node-clock.ts";
import { createPseudonyms } from "../recorder/pseudonyms.ts";
import { exitCodes, type LogCommandIo } from "./log-question.ts";
import { reportParts } from "./report-parts.ts";
import { type TarFile, tarOf } from "./tar.ts";

const usage: Readonly<Record<Language, string>> = {
  zh: `用法：yizhan report -c config.yaml [-o FILE] [--recordings N] [--json] [--lang zh|en]
把求助所需的一切打成一个 .tar.gz：最新的飞行记录、配置、版本、健康状态、指标、日志末尾。不含会员、代码与密钥，不发送到任何地方。
  -c, --config F    配置文件
  -o, --output F    写到哪里（默认当前目录下 yizhan-report-站点-时刻.tar.gz）
  --recordings N    最多放入几份飞行记录（默认 2）
  --json            输出一个 JSON 对象：文件与其中各部分
  --lang            输出语言；默认取自 LC_ALL、LC_MESSAGES 或 LANG
退出码：0 正常，1 无法写入，2 用法错误，78 配置无效
`,
  en: `Usage: yizhan report -c config.yaml [-o FILE] [--recordings N] [--json] [--lang zh|en]
Puts what somebody needs who is to help into one .tar.gz: the newest recordings, configuration, versions, health, metrics, the end
of the log. No members, codes or keys are in it, and it is sent nowhere.
  -c, --config F    configuration
  -o, --output F    where to write it (yizhan-report-STATION-TIME.tar.gz in this directory otherwise)
  --recordings N    so many recordings at most (default 2)
  --json            print one JSON object: the file and its parts
  --lang            language of the output; taken from LC_ALL, LC_MESSAGES or LANG otherwise
Exit codes: 0 ok, 1 it cannot be written, 2 usage, 78 configuration not valid
`,
};

interface Asked {
  readonly config: string;
  readonly output: string | undefined;
  readonly recordings: number;
  readonly json: boolean;
  readonly language: Language;
}

function understand(args: readonly string[], io: LogCommandIo): Asked | number {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const fallback = languageOf(io.env);
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { ...text, short: "c" },
        output: { ...text, short: "o" },
        recordings: text,
        lang: text,
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
    const { config, output, json, recordings = "2" } = values;
    if (config === undefined) throw new Error("-c config.yaml");
    if (!/^\d{1,3}$/.test(recordings)) throw new Error("--recordings N");
    return { config, output, recordings: Number(recordings), json, language };
  } catch (error) {
    io.err(`E_USAGE ${printable(error instanceof Error ? error.message : String(error))}\n\n${usage[fallback]}`);
    return exitCodes.usage;
  }
}

function told(file: string, parts: readonly TarFile[], { json }: Asked): string {
  const sizes = parts.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
  if (json) return JSON.stringify({ file, parts: sizes });
  return [printable(file), ...sizes.map(({ name, bytes }) => `  ${printable(name)}  ${bytes} B`)].join("\n");
}

export async function reportCommand(args: readonly string[], io: LogCommandIo): Promise<number> {
  const asked = understand(args, io);
  if (typeof asked === "number") return asked;
  const load = loadConfig(asked.config);
  if (!load.ok) {
    for (const problem of load.problems) io.err(`${problemLine(problem, asked.language)}\n`);
    return exitCodes.config;
  }
  const wallMs = nodeClock().wallMs();
  const parts = await reportParts({ load, names: createPseudonyms(), recordings: asked.recordings, wallMs });
  const stamp = isoFromMs(wallMs).slice(0, 19).replace(/[-:]/g, "");
  const file = asked.output ?? `yizhan-report-${load.config.station.stationId}-${stamp}.tar.gz`;
  try {
    writeFileSync(file, gzipSync(tarOf(parts, wallMs)), { mode: 0o600 });
  } catch (error) {
    io.err(`E_REPORT ${printable(error instanceof Error ? error.message : String(error))}\n`);
    return exitCodes.failure;
  }
  io.out(told(file, parts, asked));
  return exitCodes.ok;
}
