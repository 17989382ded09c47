/** A station of two cabinets, a pack that burns in the first, and what the outputs, the log and the people make of it. */
import { type BenchOptions, fullPack, pack } from "./bench-config.ts";
import { StationBench } from "./station-bench.ts";

const hot = pack("yz-hot", { cellTempsC: [30, 96] });
const fullStock = { 2: fullPack("yz-full-2", 100), 3: fullPack("yz-full-3", 100) };

/** Two cabinets of four; in the first a pack charges in bay 4. */
export function station(options: BenchOptions = {}): StationBench {
  const stock = { ...fullStock, 4: pack("yz-low-4"), 6: fullPack("yz-full-6", 100), 7: pack("yz-low-7") };
  const bench = new StationBench({ cabinets: 2, allSafety: true, stock, ...options });
  bench.pass(5_000);
  return bench;
}

export function smoke(bench: StationBench, says = true): void {
  bench.smoke["c-1"] = says;
  bench.step({ type: "noticed" });
}

export const charging = (bench: StationBench): number[] =>
  bench.granted.bays.flatMap((levels, bay) => ((levels?.chargeMa ?? 0) > 0 || levels?.heater === true ? [bay] : []));

export const outputs = ({ granted: { safety, fans } }: StationBench) => ({
  fan: fans["c-1"],
  aerosol: safety.aerosols["c-1"] ?? false,
  alarm: safety.alarms["c-1"] ?? false,
  otherAlarm: safety.alarms["c-2"] ?? false,
  stationAlarm: safety.stationAlarm,
  exit: safety.exitRelease,
});

export const rest = { aerosol: false, alarm: false, otherAlarm: false, stationAlarm: false, exit: false };
export const called = { aerosol: false, alarm: true, otherAlarm: false, stationAlarm: true, exit: true };
export const latches = (bench: StationBench) => Object.keys(bench.state.durable.safety.latches);
export const kinds = (bench: StationBench) => bench.records.map(({ kind }) => kind);
export const releases = (bench: StationBench) => bench.told.filter(({ effect }) => effect.do === "release").length;

/** Smoke, and a pack in bay 4 that burns. */
export function burn(bench: StationBench): void {
  bench.bay(4).pack = hot;
  smoke(bench);
}

/** How long the release output was on, in scans of 250 ms. */
export function releasedMs(bench: StationBench, ms: number): number {
  let onMs = 0;
  for (let at = 0; at < ms; at += 250) {
    bench.pass(250);
    if (outputs(bench).aerosol) onMs += 250;
  }
  return onMs;
}
