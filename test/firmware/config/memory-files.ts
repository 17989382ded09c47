/** Files in memory for the configuration reader, and the example every mistake is made in. */
import { readFileSync } from "node:fs";
import type { ConfigFiles } from "../../../firmware/config/files.ts";
import { type ConfigLoad, loadConfig } from "../../../firmware/config/load.ts";

/** The starter is for trying out and lets unsigned requests through, which is worth a warning; here nothing is. */
export const starter = `${readFileSync("examples/starter-cabinet.yaml", "utf8")}requests: { signatures: required }\n`;
/** The whole room, with a key that signs codes for its door. */
export const room = patched(
  `${readFileSync("examples/room-station.yaml", "utf8")}requests: { signatures: required }\n`,
  '  # issuers: [{ kid: codes-2026, publicKey: "43 characters of base64url" }]',
  `  issuers: [{ kid: codes-2026, publicKey: ${"A".repeat(43)} }]`,
);
export const members = readFileSync("examples/members.yaml", "utf8");

export function memoryFiles(files: Readonly<Record<string, string | Uint8Array>>): ConfigFiles {
  return {
    read(path, maxBytes) {
      const found = files[path];
      if (found === undefined) return { is: "failed", code: "ENOENT" };
      const bytes = typeof found === "string" ? new TextEncoder().encode(found) : found;
      return bytes.length > maxBytes ? { is: "too-large", bytes: bytes.length } : { is: "bytes", bytes };
    },
  };
}

export function loadText(text: string | Uint8Array, membersText: string = members): ConfigLoad {
  return loadConfig(
    "station/config.yaml",
    memoryFiles({ "station/config.yaml": text, "station/members.yaml": membersText }),
  );
}

export const MARK = "«";

/** Takes the mark out of a text and says where it stood. */
export function unmark(text: string): { text: string; line: number; column: number } {
  const at = text.indexOf(MARK);
  if (at === -1) throw new Error("the text has no mark");
  const before = text.slice(0, at).split("\n");
  return { text: text.replace(MARK, ""), line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** Replaces the one place where `from` stands. */
export function patched(base: string, from: string, to: string): string {
  if (base.split(from).length !== 2) throw new Error(`stands ${base.split(from).length - 1} times: ${from}`);
  return base.replace(from, () => to);
}
