/** An operator at a bay of the bench: opened by a request, changed, shut again. What changes so is no finding. */
import { applyEntry } from "../../services/publication.ts";
import type { PackReading } from "../../services/readings.ts";
import type { StationBench } from "./station-bench.ts";

export function restock(bench: StationBench, bay: number, brought: PackReading | undefined): void {
  const record = { kind: "operator-opening", bay, request: `restock-${bench.steps}`, all: false } as const;
  const entry = { record, at: bench.wallMs };
  bench.disk.push(entry);
  bench.state = { ...bench.state, durable: applyEntry(bench.state.durable, entry) };
  bench.bay(bay).pack = brought;
  bench.step({ type: "noticed" });
}
