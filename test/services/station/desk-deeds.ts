/** What an operator's desk, far away, may ask of the small station at any moment. */
import fc from "fast-check";
import { memberName } from "../../support/bench-config.ts";
import { answersTo, order } from "../../support/operator.ts";
import type { StationBench } from "../../support/station-bench.ts";

const cabinets = ["c-1", "c-2"] as const;

export type DeskDeed =
  /** An operator's request to open a bay; a small number of ids, so that some come twice. */
  | { readonly do: "remote-open"; readonly bay: number; readonly id: number }
  /** Both steps; the second with the word of the first, or with another one. */
  | { readonly do: "open-all"; readonly cabinet: number; readonly honest: boolean }
  | { readonly do: "reserve"; readonly bay: number; readonly who: number; readonly minutes: number }
  | { readonly do: "parameter"; readonly name: string; readonly value: number | null }
  | { readonly do: "update"; readonly on: boolean }
  | { readonly do: "bind"; readonly which: number; readonly who: number }
  | { readonly do: "cabinet-out"; readonly cabinet: number; readonly on: boolean };

/** Beyond the bays of the station: those that running swaps use. */
const bay = fc.integer({ min: 1, max: 10 });
const who = fc.integer({ min: 1, max: 5 });
const which = fc.integer({ min: 1, max: 6 });
const cabinet = fc.integer({ min: 0, max: 1 });
const some = <const T>(...values: readonly T[]) => fc.constantFrom(...values);

export const deskDeeds: readonly fc.WeightedArbitrary<DeskDeed>[] = [
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("remote-open"), bay, id: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("open-all"), cabinet, honest: some(true, true, false) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("reserve"), bay, who, minutes: some(0, 1, 30) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("parameter"),
      name: some(
        "charging.targetSocPct",
        "safety.hotPackC",
        "packs.chargeMa",
        "station.siteLimitW",
        "swap.takeWindowMs",
      ),
      value: some(null, null, 46, 60, 95, 400, 6_000, 12_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("update"), on: some(true, false, false) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("bind"), which, who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cabinet-out"), cabinet, on: some(true, false, false) }) },
];

const deeds: ReadonlySet<string> = new Set([
  "remote-open",
  "open-all",
  "reserve",
  "parameter",
  "update",
  "bind",
  "cabinet-out",
] satisfies DeskDeed["do"][]);

export const isDeskDeed = <D extends { readonly do: string }>(deed: D | DeskDeed): deed is DeskDeed =>
  deeds.has(deed.do);

export function desk(bench: StationBench, deed: DeskDeed): void {
  switch (deed.do) {
    case "remote-open":
      order(bench, { verb: "open", bay: deed.bay, id: `remote-${deed.id}` });
      return;
    case "open-all": {
      const cabinet = cabinets[deed.cabinet] ?? "c-1";
      const [given] = answersTo(bench, order(bench, { verb: "open-all", cabinet }));
      const confirm = deed.honest ? String(given?.data?.confirm) : "bcdfgh";
      order(bench, { verb: "open-all", cabinet, confirm });
      return;
    }
    case "reserve":
      order(bench, { verb: "reserve", bay: deed.bay, member: memberName(deed.who), minutes: deed.minutes });
      return;
    case "parameter":
      order(bench, { verb: "parameters", set: { [deed.name]: deed.value } });
      return;
    case "update":
      order(bench, { verb: "update-mode", on: deed.on });
      return;
    case "bind": {
      order(bench, { verb: "bind", packId: `yz-own-${deed.which}`, member: memberName(deed.who) });
      return;
    }
    case "cabinet-out": {
      const cabinet = cabinets[deed.cabinet] ?? "c-1";
      const lockOut = deed.on ? "operator" : "none";
      order(bench, { verb: "cabinet-lock-out", cabinet, lockOut, reason: "door-open" });
      return;
    }
  }
}
