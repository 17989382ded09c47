/** Which source this program was built from, as the build wrote it down; outside a build it says that it does not know. */
import { readFileSync } from "node:fs";

export interface BuildIdentity {
  readonly version: string;
  readonly commit: string;
  readonly sourceMs?: number;
}

export function buildIdentity(): BuildIdentity {
  try {
    const text = readFileSync(new URL("../../build.json", import.meta.url), "utf8");
    const { version, commit, sourceMs } = JSON.parse(text) as BuildIdentity;
    return { version, commit, ...(sourceMs === undefined ? {} : { sourceMs }) };
  } catch {
    return { version: "0.0.0", commit: "unknown" };
  }
}
