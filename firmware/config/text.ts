/** Bytes of a file → text, or the one reason why not. Refuses everything but UTF-8; a byte order mark is dropped. */
import { type Located, same } from "./problem.ts";

export type OpenedText =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "refused"; readonly problem: Located };

const LINE_FEED = 0x0a;

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first line that is not UTF-8, and where in it; looked for only once decoding the whole has failed. */
function firstBadPlace(bytes: Uint8Array): { line: number; column: number } {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    const part = bytes.subarray(start, end);
    if (decode(part) === undefined) {
      const column = new TextDecoder("utf-8").decode(part).indexOf("\uFFFD");
      return { line, column: Math.max(0, column) + 1 };
    }
    start = end + 1;
  }
  return { line: 1, column: 1 };
}

export function openText(bytes: Uint8Array): OpenedText {
  const text = decode(bytes);
  if (text !== undefined) return { is: "text", text };
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const place = isUtf16 ? { line: 1, column: 1 } : firstBadPlace(bytes);
  const problem: Located = {
    ...place,
    path: ".",
    code: "E_CFG_NOT_UTF8",
    message: isUtf16
      ? { zh: "文件是 UTF-16 编码", en: "the file is UTF-16 text" }
      : { zh: "此处的字节不是 UTF-8（可能是 GBK）", en: "the bytes here are not UTF-8 (GBK perhaps)" },
    expected: { zh: "保存为 UTF-8 的文本", en: "text saved as UTF-8" },
    nearest: "UTF-8",
  };
  return { is: "refused", problem };
}

export function tooLarge(bytes: number, maxBytes: number): Located {
  return {
    line: 1,
    column: 1,
    path: ".",
    code: "E_CFG_TOO_LARGE",
    message: { zh: `文件有 ${bytes} 字节`, en: `the file has ${bytes} bytes` },
    expected: { zh: `不超过 ${maxBytes} 字节`, en: `at most ${maxBytes} bytes` },
    nearest: same(String(maxBytes)).en,
  };
}
