/** The platform of a station that is recorded: what it notes and what it verifies is heard by the recorder, and comes out the same. */
import type { LoadedConfig } from "../config/load.ts";
import type { Platform } from "./platform.ts";
import type { Recorder } from "./recording.ts";

/** The platform as its station is to use it while it is recorded. */
export function recordedPlatform(
  config: LoadedConfig,
  platform: Platform,
): { readonly platform: Platform; readonly recorder: Recorder | undefined } {
  const recorder = platform.record?.(config, platform);
  if (recorder === undefined) return { platform, recorder };
  const note: Platform["note"] = (level, what, detail) => {
    platform.note(level, what, detail);
    recorder.noted(level, what, detail);
  };
  return { platform: { ...platform, note, verify: recorder.verify(platform.verify) }, recorder };
}
