/**
 * Whole small files, as the configuration reader needs them: bounded, never a device or a pipe (which could block the start
 * for ever), and with a failure as a value instead of an exception.
 */
import { readFileSync, statSync } from "node:fs";

export type FileContent =
  /** `mode`: who may read it, as in stat(2), where the system tells. */
  | { readonly is: "bytes"; readonly bytes: Uint8Array; readonly mode?: number }
  | { readonly is: "too-large"; readonly bytes: number }
  | { readonly is: "failed"; readonly code: string };

export interface ConfigFiles {
  read(path: string, maxBytes: number): FileContent;
}

export function nodeConfigFiles(): ConfigFiles {
  return {
    read(path, maxBytes) {
      try {
        const found = statSync(path);
        if (found.isDirectory()) return { is: "failed", code: "EISDIR" };
        if (!found.isFile()) return { is: "failed", code: "not-a-file" };
        if (found.size > maxBytes) return { is: "too-large", bytes: found.size };
        const bytes = readFileSync(path);
        return bytes.length > maxBytes
          ? { is: "too-large", bytes: bytes.length }
          : { is: "bytes", bytes, mode: found.mode };
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
        return { is: "failed", code };
      }
    },
  };
}

const reasons: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  ENOENT: { zh: "文件不存在", en: "there is no such file" },
  ENOTDIR: { zh: "路径中有一段不是目录", en: "a part of the path is not a directory" },
  EACCES: { zh: "没有读取权限", en: "reading it is not permitted" },
  EPERM: { zh: "没有读取权限", en: "reading it is not permitted" },
  EISDIR: { zh: "这是目录，不是文件", en: "it is a directory, not a file" },
  ELOOP: { zh: "符号链接成环", en: "its symbolic links lead in a circle" },
  ENAMETOOLONG: { zh: "文件名过长", en: "its name is too long" },
  EIO: { zh: "读取时发生输入输出错误", en: "the disk failed while reading it" },
  "not-a-file": { zh: "这不是普通文件", en: "it is not a regular file" },
  ERR_INVALID_ARG_VALUE: { zh: "文件名含有不允许的字符", en: "its name holds a character that is not allowed" },
};

export function failureWords(code: string): { readonly zh: string; readonly en: string } {
  return reasons[code] ?? { zh: `读取失败（${code}）`, en: `reading it failed (${code})` };
}
