/** What a bench shows of the ledger, and the hands that nobody sees. */
import type { LedgerRecord } from "../../../services/ledger/records.ts";
import type { PackReading } from "../../../services/readings.ts";
import { order } from "../../support/operator.ts";
import type { StationBench } from "../../support/station-bench.ts";

/** Whatever is to be found is found this soon after it happened. */
export const foundWithinMs = 10_000;

const ledgerKinds: ReadonlySet<string> = new Set(["bay-counted", "pack-seen", "pack-gone", "pack-changed"]);
export const findings = (bench: StationBench): LedgerRecord[] =>
  bench.records.filter((record): record is LedgerRecord => ledgerKinds.has(record.kind));
export const placeOf = (bench: StationBench, packId: string) => bench.state.durable.ledger.packs[packId];
export const holds = (bench: StationBench, bay: number) => bench.state.durable.ledger.bays[String(bay)]?.holds;
export const events = (bench: StationBench): string[] =>
  bench.told.flatMap(({ effect }) =>
    effect.do === "record" && effect.publish !== undefined ? [effect.publish.type] : [],
  );

/** What stands in a bay is exchanged behind the station's back. */
export function exchange(bench: StationBench, bay: number, brought: PackReading | undefined): void {
  bench.bay(bay).pack = brought;
  bench.step({ type: "noticed" });
}

/** An operator looked and gives the bay back to the rules. */
export function lift(bench: StationBench, bay: number): void {
  order(bench, { verb: "lock-out", bay, lockOut: "none", reason: "looked at" });
}
