/** Midnight at a bench: the date that was is over, and the next one begins. */
import { isoFromMs, msFromIso } from "../../services/contract/iso-time.ts";
import type { StationBench } from "./station-bench.ts";

export const dayAfter = (date: string): string =>
  isoFromMs((msFromIso(`${date}T00:00:00Z`) ?? 0) + 86_400_000).slice(0, 10);

export function midnight(bench: StationBench, firstDate = "2026-01-31"): void {
  if (bench.state.durable.today.date === "") bench.step({ type: "date", date: firstDate, known: true });
  bench.step({ type: "date", date: dayAfter(bench.state.durable.today.date), known: true });
}
