/**
 * What a station owes its packs: no more current than their class and their cold allow, no heat that they do not need, and, as long
 * as nothing has happened to it, current and heat for those that lack them. Judged by cells, currents and relays. It refuses to ask
 * anything of a station that somebody has touched: then it may have its reasons.
 */
import type { JournalRecord } from "../../services/journal/records.ts";
import type { BayTruth, TruthEvent } from "../truth-types.ts";
import type { Checker, CheckerSetup } from "./checker.ts";
import { answersForAnother, isDeceived, liesAboutItself } from "./excuses.ts";

/** A BMS tells tenths of a degree and half its packs' cells: what is this close to a limit may be on either side of it. */
const marginC = 1.5;
/** A sample, a scan, the line of the chargers, and a lease. */
const followsMs = 20_000;

/** How long something has been so without a break, bay by bay. */
class Lasting {
  private readonly sinceMs = new Map<number, number>();

  /** True once it has lasted `forMs`; then it counts from anew. */
  lasts(bay: number, isSo: boolean, { nowMs, forMs }: { readonly nowMs: number; readonly forMs: number }): boolean {
    if (!isSo) {
      this.sinceMs.delete(bay);
      return false;
    }
    const sinceMs = this.sinceMs.get(bay) ?? nowMs;
    const isOver = nowMs - sinceMs >= forMs;
    this.sinceMs.set(bay, isOver ? nowMs : sinceMs);
    return isOver;
  }
}

/** What the pack says of itself may be another's, or wrong. */
const isMisheard = (bay: number, setup: CheckerSetup): boolean =>
  isDeceived(bay, setup) || liesAboutItself(setup) || answersForAnother(setup);

export function currentFitsThePack(setup: CheckerSetup): Checker {
  const { world, config, clock, report, looked } = setup;
  const { packs, charging, safety } = config;
  const tooMuch = new Lasting();
  /** A charger that ignores its stop is found, and its contactor opened; one that follows is off by 1 % at most (DPM86xx). */
  const mostMa = (ma: number): number => ma * 1.02 + 50;
  function look({ bay, chargeMa, pack }: BayTruth): void {
    const isCold = pack !== undefined && pack.cellTempC < safety.fullCurrentMinC - marginC;
    const allowedMa = isCold ? Math.min(charging.deratedMa, packs.chargeMa) : packs.chargeMa;
    if (chargeMa > 0) looked();
    const isSo = chargeMa > mostMa(allowedMa) && !isMisheard(bay, setup) && !world.bayFaults(bay).chargerStuck;
    if (tooMuch.lasts(bay, isSo, { nowMs: clock.nowMs, forMs: followsMs }))
      report("I8-rate", `${Math.round(chargeMa)} mA into bay ${bay}, whose pack may have ${allowedMa} mA`);
  }
  return {
    invariant: "I8-rate",
    says: "no pack gets more than its class's current, nor more than the small one while its cells are cold",
    looksAt: "the current into each pack, and its coldest cell",
    excuses: "a charger that ignores what it is told; packs that are misheard or whose probes lie",
    onLook() {
      for (const bay of world.truth.bays) look(bay);
    },
  };
}

export function heatersStopWhenWarm(setup: CheckerSetup): Checker {
  const { world, config, clock, report, looked } = setup;
  const warm = new Lasting();
  const enoughC = config.charging.warmToC + marginC;
  function look({ bay, heaterRelayOn, pack }: BayTruth): void {
    if (heaterRelayOn) looked();
    const isSo = heaterRelayOn && pack !== undefined && pack.cellTempC > enoughC && !isMisheard(bay, setup);
    if (warm.lasts(bay, isSo, { nowMs: clock.nowMs, forMs: 2 * followsMs }))
      report("I7-warm", `the heater of bay ${bay} is on over cells of ${pack?.cellTempC.toFixed(1)} °C`);
  }
  return {
    invariant: "I7-warm",
    says: "no heater of a bay is on over a pack that is warm enough",
    looksAt: "heater relays, and the coldest cell above them",
    excuses: "packs that are misheard or whose probes lie",
    onLook() {
      for (const bay of world.truth.bays) look(bay);
    },
  };
}

/** Somebody did something, or something befell the station: from then on it may have its reasons. */
const disturbing: ReadonlySet<TruthEvent["type"]> = new Set([
  "smoke",
  "conductor",
  "water",
  "fire",
  "emergency-stop",
  "mains",
]);
const isDisturbing = (event: TruthEvent): boolean =>
  disturbing.has(event.type) || (event.type === "computer" && !event.on);
const reasons: ReadonlySet<JournalRecord["kind"]> = new Set([
  "request-taken",
  "lock-out",
  "bay-stopped",
  "bay-latched",
  "runaway-latched",
]);

const owedMs = 15 * 60_000;
/** Below the smallest charge that is handed out by so much: no swap has its eye on such a pack. */
const lackingPct = 5;

type Owed = "current" | "heat";

export function untouchedStationCharges(setup: CheckerSetup): Checker {
  const { world, config, clock, troubles, report, looked } = setup;
  const { safety, charging } = config;
  const layouts = config.bays.filter((one) => one !== undefined);
  const heaters = layouts.filter(({ hasHeater }) => hasHeater);
  // Heaters that came first may leave nothing for a charger: such a station owes nobody current.
  const besideW = heaters.length * charging.heaterW + config.cabinets.length * charging.fanW;
  const chargerW = (1.05 * config.packs.chargeMa * config.packs.chargeMv) / 1e6 / charging.chargerEfficiency;
  const isRoomy = config.siteLimitW - besideW - layouts.length * charging.restingW >= chargerW;
  const ours = new RegExp(config.packs.idPattern);
  const lacks: Readonly<Record<Owed, Lasting>> = { current: new Lasting(), heat: new Lasting() };
  let isTouched = false;
  const isGiven: Readonly<Record<Owed, (bay: BayTruth) => boolean>> = {
    current: ({ chargeMa }) => chargeMa > 0,
    // Chargers may have left nothing for a heater.
    heat: ({ heaterRelayOn, chargeMa }) => heaterRelayOn || chargeMa > 0,
  };
  function owes({ bay, pack, plugged, doorOpen, doorChangedMs }: BayTruth, what: Owed): boolean {
    if (pack === undefined || !plugged || doorOpen || clock.nowMs - doorChangedMs < owedMs / 3) return false;
    if (!ours.test(pack.id) || pack.socPct > charging.targetSocPct - lackingPct) return false;
    const { cellTempC, hottestCellC } = pack;
    if (what === "heat")
      return heaters.some((one) => one.bay === bay) && cellTempC < safety.fullCurrentMinC - marginC && isRoomy;
    const isFit = cellTempC > charging.warmToC + marginC && hottestCellC < safety.chargeMaxC - 10;
    return isFit && pack.protectionBits === 0 && isRoomy;
  }
  function look(what: Owed): void {
    const { bays } = world.truth;
    const isAnybodyGiven = bays.some(isGiven[what]);
    const lacking = bays.filter((bay) => owes(bay, what));
    for (const { bay } of bays) {
      const isSo = !isAnybodyGiven && lacking.some((one) => one.bay === bay);
      if (isSo) looked();
      if (lacks[what].lasts(bay, isSo, { nowMs: clock.nowMs, forMs: owedMs }))
        report(
          "I30-charge",
          `nothing gets ${what}, and the pack in bay ${bay} has lacked it for ${owedMs / 60_000} min`,
        );
    }
  }
  return {
    invariant: "I30-charge",
    says: "a station that nothing has happened to charges a pack that is empty, and warms one that is cold",
    looksAt: "charge, warmth, currents and heater relays",
    excuses: "whatever has been broken or asked for since the beginning, and every stop and lock-out in the log",
    everyMs: 30_000,
    onTruth(event) {
      isTouched ||= isDisturbing(event);
    },
    onRecord(record) {
      isTouched ||= reasons.has(record.kind);
    },
    onLook() {
      isTouched ||= troubles?.isUntouched === false;
      if (isTouched) return;
      look("current");
      look("heat");
    },
  };
}
