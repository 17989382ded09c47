/** Random histories of a small station: what people, packs, locks, wires, smoke, the disk and the mains may do to it. */
import fc from "fast-check";
import type { PackReading } from "../../../services/readings.ts";
import type { BenchBay } from "../../support/bench-bay.ts";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { midnight } from "../../support/midnight.ts";
import { order } from "../../support/operator.ts";
import { type Manner, PatientRider } from "../../support/patient-rider.ts";
import { StationBench } from "../../support/station-bench.ts";
import { type DeskDeed, desk, deskDeeds, isDeskDeed } from "./desk-deeds.ts";

export const propertyRuns = Number(process.env.YIZHAN_PROPERTY_RUNS ?? 25);

const cabinets = ["c-1", "c-2"] as const;
export const bayCount = 6;

/** What the cells of a pack may tell. */
const cellsOf = {
  even: new Array<number>(13).fill(3_700),
  apart: [3_700, ...new Array<number>(12).fill(3_900)],
  over: [4_260, ...new Array<number>(12).fill(4_190)],
  under: [1_900, ...new Array<number>(12).fill(3_600)],
} as const;

export type Deed =
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "scan"; readonly who: number; readonly cabinet: number }
  /** A rider scans and then does what is asked, for a while. */
  | {
      readonly do: "visit";
      readonly who: number;
      readonly cabinet: number;
      readonly which: number;
      readonly manner: Manner;
      readonly ms: number;
    }
  | { readonly do: "put"; readonly bay: number; readonly which: number }
  | { readonly do: "take" | "shut" | "open"; readonly bay: number }
  /** What stands in a bay is exchanged behind everybody's back, or is gone. */
  | { readonly do: "thief"; readonly bay: number; readonly which: number }
  /** Whatever stands open is shut: people do that. */
  | { readonly do: "shut-all" }
  | { readonly do: "lock"; readonly bay: number; readonly lock: BenchBay["lock"] }
  | { readonly do: "silence"; readonly bay: number; readonly silent: boolean }
  | { readonly do: "contacts"; readonly bay: number; readonly contacts: BenchBay["contacts"] }
  | { readonly do: "presence"; readonly bay: number; readonly says: BenchBay["presenceSays"] }
  | { readonly do: "door-switch"; readonly bay: number; readonly says: boolean | undefined }
  | { readonly do: "stuck-current"; readonly bay: number; readonly ma: number | undefined }
  | {
      readonly do: "pack";
      readonly bay: number;
      readonly tempC: number;
      readonly socPct: number;
      readonly bits: number;
      readonly cells: keyof typeof cellsOf;
    }
  | { readonly do: "smoke"; readonly cabinet: number; readonly smoke: boolean | "lost" }
  | { readonly do: "disk"; readonly works: boolean }
  | { readonly do: "operator"; readonly bay: number; readonly wanted: "operator" | "none" }
  | DeskDeed
  | { readonly do: "fault"; readonly present: boolean }
  | { readonly do: "midnight" }
  | { readonly do: "power-cut" };

/** A bay by its number, or, beyond them, the bay that the swap of a cabinet uses just now: trouble loves company. */
const bay = fc.integer({ min: 1, max: bayCount + 4 });
const who = fc.integer({ min: 1, max: 5 });
/** Mostly a rider brings an own pack. */
const which = fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 4, 5, 6);
const cabinet = fc.integer({ min: 0, max: 1 });
const some = <const T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Things that every day brings. */
const daily: readonly fc.WeightedArbitrary<Deed>[] = [
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("pass"), ms: some(250, 500, 1_000, 2_000, 5_000, 15_000, 65_000) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("scan"), who, cabinet }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant("visit"),
      who,
      cabinet,
      which,
      manner: some<Manner>("proper", "proper", "takes-nothing", "brings-nothing"),
      ms: some(1_000, 2_500, 4_000, 6_000, 12_000, 40_000),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("put"), bay, which }) },
  { weight: 4, arbitrary: fc.record({ do: some("take", "take", "shut", "shut", "open"), bay }) },
  { weight: 5, arbitrary: fc.constant({ do: "shut-all" }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("pack"),
      bay,
      tempC: some(-20, -1, 0.4, 1, 3, 5, 20, 20, 44, 46, 61),
      socPct: some(0, 50, 89, 90, 99, 100),
      bits: some(0, 0, 0, 0, 1, 1 << 5, 1 << 9, 1 << 10),
      cells: some("even", "even", "even", "even", "apart", "over", "under"),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "midnight" }) },
];

/** Things that should not happen, and do. */
const troubles: readonly fc.WeightedArbitrary<Deed>[] = [
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("lock"), bay, lock: some("works", "works", "stuck", "dead", "mute") }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("silence"), bay, silent: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("contacts"), bay, contacts: some("heard", "lost") }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("presence"),
      bay,
      says: some<BenchBay["presenceSays"]>(undefined, undefined, true, false, "nothing"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("door-switch"),
      bay,
      says: some<boolean | undefined>(undefined, undefined, true, false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("stuck-current"), bay, ma: some(undefined, undefined, 90, 5_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("smoke"),
      cabinet,
      smoke: some<boolean | "lost">(false, false, true, "lost"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("disk"), works: some<boolean>(true, true, false) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("thief"), bay, which: some(-1, -1, 1, 5, 6) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("operator"), bay, wanted: some("operator", "none") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fault"), present: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: "power-cut" }) },
];

export const history = fc.array(fc.oneof(...daily, ...deskDeeds, ...troubles), {
  minLength: 5,
  maxLength: 40,
  size: "max",
});
/** The same without a failing disk, whose log then tells everything. */
export const writtenHistory = history.map((deeds) => deeds.filter((deed) => deed.do !== "disk"));

/** What may be carried here: own packs, another's, a full one, a foreign one, a brick. */
const carried: readonly PackReading[] = [
  pack("yz-own-1"),
  pack("yz-own-2"),
  pack("yz-own-3", { cellTempsC: [-15, -14] }),
  fullPack("yz-own-4", 100),
  pack("yz-own-5", { cellTempsC: [30, 64] }),
  pack("acme-77"),
  pack(undefined),
];

export function newBench(): StationBench {
  const stock = {
    2: fullPack("yz-full-2", 97),
    3: fullPack("yz-full-3", 93),
    5: fullPack("yz-full-5"),
    6: pack("yz-low-6"),
  };
  return new StationBench({ cabinets: 2, baysEach: 3, siteLimitW: 1_500, stock });
}

function visit(bench: StationBench, deed: Extract<Deed, { do: "visit" }>): void {
  const person = new PatientRider(bench, memberName(deed.who), carried[deed.which], {
    cabinet: cabinets[deed.cabinet] ?? "c-1",
    manner: deed.manner,
  });
  person.scan();
  person.stay(deed.ms);
}

function putIn(bench: StationBench, deed: Extract<Deed, { do: "put" }>): void {
  const { open, pack: inside } = bench.bay(deed.bay);
  const brought = carried[deed.which];
  if (open && inside === undefined && brought !== undefined) bench.put(deed.bay, brought);
}

function changePack(world: BenchBay, deed: Extract<Deed, { do: "pack" }>): void {
  if (world.pack === undefined) return;
  const { tempC, socPct, bits, cells } = deed;
  const cellsMv = cellsOf[cells];
  world.pack = { ...world.pack, cellTempsC: [tempC, tempC + 1], socPct, protectionBits: bits, cellsMv };
}

function operate(bench: StationBench, deed: Extract<Deed, { do: "operator" }>): void {
  // Words that look like the station's own codes must mean nothing.
  order(bench, { verb: "lock-out", bay: deed.bay, lockOut: deed.wanted, reason: "door-open" });
}

function meddle(bench: StationBench, deed: Deed): void {
  switch (deed.do) {
    case "lock":
      bench.bay(deed.bay).lock = deed.lock;
      return;
    case "thief":
      bench.bay(deed.bay).pack = carried[deed.which];
      bench.step({ type: "noticed" });
      return;
    case "silence":
      bench.bay(deed.bay).silent = deed.silent;
      return;
    case "contacts":
      bench.bay(deed.bay).contacts = deed.contacts;
      return;
    case "presence":
      bench.bay(deed.bay).presenceSays = deed.says;
      return;
    case "door-switch":
      bench.bay(deed.bay).doorSwitchSays = deed.says;
      return;
    case "stuck-current":
      bench.bay(deed.bay).stuckMa = deed.ma;
      return;
    case "pack":
      changePack(bench.bay(deed.bay), deed);
      return;
    case "smoke":
      bench.smoke[cabinets[deed.cabinet] ?? "c-1"] = deed.smoke;
      bench.step({ type: "noticed" });
      return;
    case "disk":
      if (deed.works) bench.mendDisk();
      else bench.diskFails = true;
      return;
    case "fault":
      bench.step({ type: "condition", code: "bus-lost", subject: "bus-1", present: deed.present });
      return;
    default:
      return;
  }
}

/** The bay a deed is about, when it names one by its part in a running swap. */
function resolved(bench: StationBench, deed: Deed): Deed {
  if (!("bay" in deed) || deed.bay <= bayCount) return deed;
  const part = deed.bay - bayCount - 1;
  const swap = bench.state.swaps[cabinets[part % 2] ?? "c-1"];
  const inUse = part < 2 ? swap?.inBay : swap?.outBay;
  return { ...deed, bay: inUse ?? part + 1 };
}

export function doOne(bench: StationBench, named: Deed): void {
  const deed = resolved(bench, named);
  switch (deed.do) {
    case "pass":
      bench.pass(deed.ms, deed.ms > 10_000 ? 1_000 : 250);
      return;
    case "scan":
      bench.scan(memberName(deed.who), cabinets[deed.cabinet]);
      return;
    case "visit":
      visit(bench, deed);
      return;
    case "put":
      putIn(bench, deed);
      return;
    case "take":
      if (bench.bay(deed.bay).open) bench.take(deed.bay);
      return;
    case "shut":
      bench.shut(deed.bay);
      return;
    case "open":
      bench.open(deed.bay);
      return;
    case "shut-all":
      for (const number of bench.openBays()) bench.shut(number);
      return;
    case "operator":
      operate(bench, deed);
      return;
    case "midnight":
      midnight(bench);
      return;
    case "power-cut":
      bench.mendDisk();
      bench.restart();
      return;
    default:
      if (isDeskDeed(deed)) desk(bench, deed);
      else meddle(bench, deed);
  }
}

/** Everything works again, and everybody went home. */
export function mend(bench: StationBench): void {
  bench.mendDisk();
  for (const world of bench.bays.slice(1)) {
    Object.assign(world, { lock: "works", contacts: "heard", silent: false });
    Object.assign(world, { presenceSays: undefined, doorSwitchSays: undefined, stuckMa: undefined });
  }
  for (const id of cabinets) bench.smoke[id] = false;
  bench.step({ type: "noticed" });
}
