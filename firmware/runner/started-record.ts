/** The first thing a run writes down: which version and configuration, what it found in the log, and whether the run before ended well. */
import type { ToldRecord } from "../../services/events.ts";
import type { Recovered } from "../log/entry.ts";
import { endedByCrash } from "./journal-desk.ts";

/** `config`: hash of the configuration; `open`: swaps from before the start. */
export function startedRecord(
  recovered: Recovered,
  { version }: { readonly version: string },
  config: string,
  open: number,
): ToldRecord {
  const torn = recovered.tornBytes > 0 ? `, ${recovered.tornBytes} torn bytes cut off the log` : "";
  const whole = recovered.damage.kind === "corrupt" ? "damaged" : "whole";
  const detail = `log ${whole}${torn}, ${open} swap(s) to look after`;
  return { kind: "started", version, detail, config, crashed: endedByCrash(recovered.entries) };
}
