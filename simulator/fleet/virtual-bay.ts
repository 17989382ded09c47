/**
 * A bay as a telemetry station knows it: no wires and no physics, only the phases a real bay goes through and the payload that
 * belongs to each. The rates were taken from a day of the whole simulated reference station.
 */
import type { BayPayload } from "../../services/contract/state-payloads.ts";
import type { SplitRandom } from "../random.ts";

export type BayPhase = "empty" | "inserting" | "waiting" | "warming" | "charging" | "ready" | "reserved" | "taking";

export interface VirtualBay {
  readonly bay: number;
  readonly cabinet: string;
  readonly topic: string;
  phase: BayPhase;
  doorOpen: boolean;
  pack: VirtualPack | undefined;
  /** Warming packs count their minutes. */
  minutes: number;
}

export interface VirtualPack {
  readonly id: string;
  socPct: number;
}

/** 0.5 C: half of the capacity in an hour. */
const CHARGE_PCT_PER_MINUTE = 50 / 60;
const READY_PCT = 90;
const WARMING_MINUTES = 4;
const CHARGER_W = 650;
const HEATER_W = 60;
const FULL_MA = 12_000;

const empty: BayPayload = {
  door: "shut",
  lock: "latched",
  state: "empty",
  lockOut: "none",
  pack: null,
  charger: { setMa: 0, actualMa: 0 },
  heater: false,
};

/** As contacts tell it: while a door stands open for a deposit or is shut again nobody knows what is inside. */
const stateOf = {
  empty: "empty",
  inserting: "occupied-unknown",
  waiting: "waiting",
  warming: "warming",
  charging: "charging",
  ready: "ready",
  reserved: "reserved",
  taking: "occupied-unknown",
} as const satisfies Record<BayPhase, BayPayload["state"]>;

const round1 = (value: number): number => Math.round(value * 10) / 10;

function chargeMa({ phase, pack }: VirtualBay): number {
  if (pack === undefined || pack.socPct >= 100) return 0;
  if (phase === "charging") return FULL_MA;
  return phase === "ready" ? Math.round((FULL_MA * (100 - pack.socPct)) / (100 - READY_PCT + 1)) : 0;
}

export function bayPayload(bay: VirtualBay): BayPayload {
  const { phase, doorOpen, pack } = bay;
  if (phase === "empty" && !doorOpen) return empty;
  const ma = chargeMa(bay);
  const cellTempC = phase === "waiting" || phase === "warming" ? -4 + bay.minutes : 8 + ((pack?.socPct ?? 0) - 40) / 6;
  return {
    door: doorOpen ? "open" : "shut",
    lock: doorOpen ? "released" : "latched",
    state: stateOf[phase],
    lockOut: "none",
    pack:
      pack === undefined
        ? null
        : {
            id: pack.id,
            socPct: Math.round(pack.socPct),
            cellTempMinC: round1(cellTempC),
            cellTempMaxC: round1(cellTempC + 0.8),
            packV: round1(45 + pack.socPct / 10.5),
            packA: round1(ma / 1_000),
            faults: [],
          },
    charger: { setMa: ma, actualMa: ma },
    heater: phase === "warming",
  };
}

/** A minute goes by, or more of them where swaps come faster than on a real street. True when something changed. */
export function ageBay(bay: VirtualBay, minutes: number): boolean {
  const { pack } = bay;
  if (pack === undefined) return false;
  if (bay.phase === "waiting") {
    bay.phase = "warming";
    bay.minutes = 0;
    return true;
  }
  if (bay.phase === "warming") {
    bay.minutes += minutes;
    if (bay.minutes >= WARMING_MINUTES) bay.phase = "charging";
    return true;
  }
  if (bay.phase !== "charging" && bay.phase !== "ready") return false;
  if (pack.socPct >= 100) return false;
  pack.socPct = Math.min(100, pack.socPct + CHARGE_PCT_PER_MINUTE * minutes);
  if (pack.socPct >= READY_PCT) bay.phase = "ready";
  return true;
}

/** Mains power of a bay. */
export function bayPowerW(bay: VirtualBay): { readonly chargeW: number; readonly heatW: number } {
  const chargeW = (chargeMa(bay) / FULL_MA) * CHARGER_W;
  return { chargeW, heatW: bay.phase === "warming" ? HEATER_W : 0 };
}

/** A pack as a rider brings it. */
export function broughtPack(random: SplitRandom): VirtualPack {
  return { id: `yz-4824-${String(random.int(1_000_000)).padStart(6, "0")}`, socPct: 30 + random.int(20) };
}

/** What stands in a bay when a station comes into being: mostly packs, at all charges. */
export function firstPack(random: SplitRandom): Pick<VirtualBay, "phase" | "pack"> {
  if (random.chance(1 / 6)) return { phase: "empty", pack: undefined };
  const pack = { ...broughtPack(random), socPct: 35 + random.int(66) };
  return { phase: pack.socPct >= READY_PCT ? "ready" : "charging", pack };
}
