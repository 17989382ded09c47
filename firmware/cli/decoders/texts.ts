/** What `decode` says to people, in Chinese and English. JSON keys and reasons stay English. */
import type { ErrorCode } from "./result.ts";

export type DecodeLanguage = "zh" | "en";

type Said = Readonly<Record<DecodeLanguage, string>>;

export const HINTS: Readonly<Record<ErrorCode | "E_USAGE", Said>> = {
  E_CHECKSUM: {
    en: "A byte is wrong or missing; capture the frame again, and check wiring and baud rate.",
    zh: "有字节错误或缺失；请重新抓取，并检查接线和波特率。",
  },
  E_SHORT: { en: "Give all bytes of the frame.", zh: "请给出完整的一帧。" },
  E_JUNK: { en: "Check the protocol name; no frame of it begins here.", zh: "请检查协议名；此处没有该协议的帧。" },
  E_VALUE: { en: "The bytes arrived well, but the value must not be used.", zh: "字节无误，但该数值不可采用。" },
  E_MISMATCH: { en: "Check --request: the answer belongs to another one.", zh: "请检查 --request：应答不属于该请求。" },
  E_DEVICE: { en: "Check --device and --request.", zh: "请检查 --device 和 --request。" },
  E_USAGE: { en: "See the usage below.", zh: "用法见下。" },
};

/** `--lang zh|en`, otherwise the environment's; English when it says neither. */
export function languageOf(args: readonly string[]): DecodeLanguage {
  const at = args.findIndex((arg) => arg === "--lang" || arg.startsWith("--lang="));
  const option = at < 0 ? undefined : (args[at]?.split("=")[1] ?? args[at + 1]);
  const called = option ?? process.env.LC_ALL ?? process.env.LANG ?? "en";
  return called.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function usageText(language: DecodeLanguage, protocols: readonly string[], devices: readonly string[]): string {
  const lines =
    language === "zh"
      ? [
          "用法：yizhan decode 协议 十六进制 [选项]",
          "  把一帧（或一个传感器文件的文本）解码成 JSON。退出码：0 成功，1 无效，2 用法错误。",
          `  协议：${protocols.join("、")}`,
          `  --device D       Modbus 设备：${devices.join("、")}`,
          "  --request HEX    该应答所对应的请求",
          "  --direction D    req、resp、event、read",
          "  --json           单行 JSON",
          "  --lang zh|en     提示语言",
        ]
      : [
          "Usage: yizhan decode PROTOCOL HEX [options]",
          "  Decodes one frame (or one sensor file's text) to JSON. Exit code: 0 decoded, 1 not valid, 2 asked wrongly.",
          `  protocols: ${protocols.join(", ")}`,
          `  --device D       Modbus device: ${devices.join(", ")}`,
          "  --request HEX    the request that the bytes answer",
          "  --direction D    req, resp, event, read",
          "  --json           JSON in one line",
          "  --lang zh|en     language of hints",
        ];
  return `${lines.join("\n")}\n`;
}
