/** What must be so after every step of every history, each rule with its own derivation from what the wires said. */
import type { Effect } from "../../../services/effects.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import type { Reading } from "../../../services/reading.ts";
import { breachOf } from "../../../services/safety/assertions.ts";
import { pulseBreachOf } from "../../../services/safety/pulse-assertions.ts";
import { outcomes } from "../../../services/swap/outcomes.ts";
import { hotBeside, whyNotPowered } from "../../support/charge-rules.ts";
import type { SeenStep, StationBench } from "../../support/station-bench.ts";

type Rule = (bench: StationBench, seen: SeenStep) => string | undefined;

const holdsOf = (swap: { inBay: number | undefined; outBay: number; spares: readonly number[] }): number[] => [
  ...new Set([swap.inBay, swap.outBay, ...swap.spares].filter((bay) => bay !== undefined)),
];

const oneOwner: Rule = ({ state }) => {
  const running = Object.values(state.swaps);
  const owners = [...running, ...state.recovering.map(({ swap }) => swap)].map((swap) => swap.id);
  const held = [...running, ...state.recovering.map(({ swap }) => swap)].flatMap(holdsOf);
  if (new Set(owners).size !== owners.length) return `a swap stands twice: ${owners.join()}`;
  return new Set(held).size === held.length ? undefined : `a bay has two owners: ${held.join()}`;
};

/** A swap that runs stands in the log as open, and none stands open there that does not run. */
const runningIsWritten: Rule = ({ state }) => {
  const running = [...Object.values(state.swaps), ...state.recovering.map(({ swap }) => swap)].map(({ id }) => id);
  const open = Object.keys(state.durable.swaps);
  return running.sort().join() === open.sort().join() ? undefined : `running ${running.join()}, open ${open.join()}`;
};

const unlocksOf = (effects: readonly Effect[]) => effects.filter((effect) => effect.do === "unlock");

const unlocksOnlyOwned: Rule = ({ state }, { effects }) => {
  for (const { bay, swap, request } of unlocksOf(effects)) {
    if (swap === undefined) {
      const opening = Object.values(state.openings).find((one) => one.request === request);
      if (opening?.bay !== bay) return `bay ${bay} unlocked for ${request}, which does not open it`;
      if (state.durable.operators.opened[String(bay)]?.request !== request)
        return `bay ${bay} opened, not written down`;
      continue;
    }
    const owner = Object.values(state.swaps).find(({ id }) => id === swap);
    if (owner === undefined) return `bay ${bay} unlocked for ${swap}, which does not run`;
    if (owner.inBay !== bay && owner.outBay !== bay) return `bay ${bay} unlocked, not a bay of ${swap}`;
  }
  return undefined;
};

const noUnlockInSmoke: Rule = ({ config }, { effects, readings }) => {
  for (const { bay } of unlocksOf(effects)) {
    const cabinet = config.bays[bay]?.cabinet ?? "";
    if (readings.cabinets[cabinet]?.smoke?.value === true) return `bay ${bay} unlocked in smoke`;
  }
  return undefined;
};

const heardWithin = <T>(reading: Reading<T> | undefined, nowMs: number, maxMs: number): T | undefined =>
  reading?.quality === "good" && nowMs - reading.atMs <= maxMs ? reading.value : undefined;

/** No lock moves for an operator on a connector that may carry current, nor on a hot pack. */
const operatorOpensDeadBays: Rule = ({ nowMs }, { effects, readings }) => {
  for (const { bay, swap } of unlocksOf(effects)) {
    if (swap !== undefined) continue;
    const { pack, charger, present } = readings.bays[bay] ?? {};
    const packMa = heardWithin(pack, nowMs, 2_000)?.packMa;
    const live = Math.max(Math.abs(packMa ?? 0), packMa === undefined ? (charger?.value.outMa ?? 0) : 0);
    if (live >= 100) return `bay ${bay} opened at ${live} mA`;
    if (packMa === undefined && heardWithin(charger, nowMs, 30_000) === undefined && present?.value !== false)
      return `bay ${bay} opened, and nobody said that it is dead`;
    if (pack?.value?.cellTempsC.some((tempC) => tempC >= 60) === true) return `bay ${bay} opened on a hot pack`;
  }
  return undefined;
};

/** A pack that is kept for a member is promised to nobody else: no swap of another member reserves it or turns to it. */
const keptPacksStayKept: Rule = ({ state }, { effects }) => {
  for (const effect of effects) {
    if (effect.do !== "record") continue;
    const { record } = effect;
    if (record.kind !== "swap-reserved" && record.kind !== "swap-bay-chosen") continue;
    const chosen = record.kind === "swap-reserved" ? record.swap : record;
    const member = record.kind === "swap-reserved" ? record.swap.member : state.durable.swaps[record.swap]?.member;
    for (const bay of [chosen.outBay, ...chosen.spares]) {
      const kept = bay === undefined ? undefined : state.durable.operators.reservations[String(bay)];
      if (kept !== undefined && member !== undefined && kept.member !== member)
        return `bay ${bay} is kept for ${kept.member}, and ${member} gets it`;
    }
  }
  return undefined;
};

const powerOnlyWhereSafe: Rule = (bench, { readings }) => {
  const { config, granted, nowMs } = bench;
  let totalW = 0;
  for (const layout of config.bays) {
    const levels = layout === undefined ? undefined : granted.bays[layout.bay];
    if (layout === undefined || levels === undefined || (levels.chargeMa === 0 && !levels.heater)) continue;
    const where = `bay ${layout.bay} powered`;
    const bay = readings.bays[layout.bay];
    const unsafe = whyNotPowered(levels, bay, nowMs);
    if (unsafe !== undefined) return `${where}: ${unsafe}`;
    const row = config.cabinets.find(({ id }) => id === layout.cabinet)?.bays ?? [];
    const beside = row.filter((other) => Math.abs(row.indexOf(other) - row.indexOf(layout.bay)) === 1);
    if (hotBeside(readings.bays, beside, nowMs)) return `${where} beside a hot one`;
    const smoke = readings.cabinets[layout.cabinet]?.smoke;
    if (smoke?.value !== false) return `${where}: smoke ${String(smoke?.value)}`;
    const { lockTurn } = bench.state;
    if (lockTurn?.bay === layout.bay && nowMs < (lockTurn.freeMs ?? lockTurn.sinceMs + 3_000))
      return `${where} under a coil that may be on`;
    totalW += (levels.chargeMa * (bay?.pack?.value?.packMv ?? 0)) / 1e6 / config.charging.chargerEfficiency;
    totalW += levels.heater ? config.charging.heaterW : 0;
  }
  return totalW <= config.siteLimitW ? undefined : `${totalW} W granted`;
};

const levelsOnlyTaken: Rule = ({ state, granted }) => {
  for (const swap of [...Object.values(state.swaps), ...state.recovering.map((waiting) => waiting.swap)]) {
    for (const bay of holdsOf(swap)) {
      if ((granted.bays[bay]?.chargeMa ?? 0) > 0 || granted.bays[bay]?.heater === true)
        return `bay ${bay} powered while ${swap.id} holds it`;
    }
  }
  return undefined;
};

/** What was stopped draws nothing and is not offered, live and log agree on it, and a hot bay's neighbours stand still. */
const stoppedStaysStopped: Rule = ({ state, granted, config }) => {
  const { stops, heaterStops, latches } = state.durable.safety.bays;
  for (const { bays } of config.cabinets) {
    for (const [at, bay] of bays.entries()) {
      const live = state.bays[bay];
      const key = String(bay);
      if (live?.stop !== stops[key]?.why || live?.heaterStop !== heaterStops[key]?.why)
        return `bay ${bay}: live ${live?.stop}, ${live?.heaterStop}; log ${stops[key]?.why}, ${heaterStops[key]?.why}`;
      const dead = stops[key] !== undefined || latches[key] !== undefined;
      const drawn = granted.bays[bay];
      if (dead && (drawn?.chargeMa !== 0 || drawn.heater)) return `bay ${bay} powered although it is stopped`;
      if (heaterStops[key] !== undefined && drawn?.heater === true) return `bay ${bay} heated although that is stopped`;
      if (stops[key]?.why !== "hot" && latches[key] === undefined) continue;
      for (const beside of [bays[at - 1], bays[at + 1]]) {
        const near = beside === undefined ? undefined : granted.bays[beside];
        if (near !== undefined && (near.chargeMa > 0 || near.heater)) return `bay ${beside} powered beside hot ${bay}`;
      }
    }
  }
  return undefined;
};

/** No lock is pulsed where a pack was found hot, or while current flows through its connector (E13, E19). */
const noUnlockOnDanger: Rule = ({ state, nowMs }, { effects, readings }) => {
  for (const { bay } of unlocksOf(effects)) {
    if (state.bays[bay]?.stop === "hot" || state.bays[bay]?.latch !== undefined) return `hot bay ${bay} unlocked`;
    const pack = readings.bays[bay]?.pack;
    const heard = pack?.quality === "good" && nowMs - pack.atMs <= 2_000;
    if (heard && (pack.value?.packMa ?? 0) >= 100) return `bay ${bay} unlocked under ${pack.value?.packMa} mA`;
  }
  return undefined;
};

/** What stops a real process never speaks up against a grant of the real rules. */
const nothingIsAsserted: Rule = ({ state, granted: levels, config, nowMs }, { readings }) => {
  const breach = breachOf({ levels, state, readings, config, nowMs, untilMs: nowMs + 1_900 });
  return breach === undefined ? undefined : `${breach.invariant} asserted: ${breach.what}`;
};

/** Nor against a decision. */
function watchPulses(bench: StationBench): (seen: SeenStep) => string | undefined {
  let { state } = bench;
  return ({ effects }) => {
    const was = state;
    state = bench.state;
    if (was.startedMs !== state.startedMs) return undefined;
    const breach = pulseBreachOf({ was, state, effects, config: bench.config, nowMs: bench.nowMs });
    return breach === undefined ? undefined : `${breach.invariant} asserted: ${breach.what}`;
  };
}

const rules: readonly Rule[] = [
  nothingIsAsserted,
  stoppedStaysStopped,
  noUnlockOnDanger,
  oneOwner,
  runningIsWritten,
  unlocksOnlyOwned,
  noUnlockInSmoke,
  operatorOpensDeadBays,
  keptPacksStayKept,
  powerOnlyWhereSafe,
  levelsOnlyTaken,
];

/**
 * One coil at a time: the next pulse waits for the answer to the last, and 0.4 s more, or 3 s. A start forgets that: no coil
 * stays on that long. It does not forget how often a lock was pulsed.
 */
function watchCoils(bench: StationBench): (seen: SeenStep) => string | undefined {
  let last: { readonly bay: number; readonly atMs: number; freeMs: number } | undefined;
  const pulses = new Map<number, number[]>();
  let { startedMs } = bench.state;
  return ({ event, effects }) => {
    const { nowMs } = bench;
    if (bench.state.startedMs !== startedMs) {
      startedMs = bench.state.startedMs;
      last = undefined;
    }
    if (last !== undefined && (event.type === "lock-driven" || event.type === "lock-failed") && event.bay === last.bay)
      last.freeMs = nowMs + 400;
    for (const { bay } of unlocksOf(effects)) {
      if (last !== undefined && nowMs < last.freeMs) return `bay ${bay} pulsed under the coil of bay ${last.bay}`;
      last = { bay, atMs: nowMs, freeMs: nowMs + 3_000 };
      const recent = [...(pulses.get(bay) ?? []).filter((atMs) => nowMs - atMs < 30_000), nowMs];
      pulses.set(bay, recent);
      if (recent.length > 3) return `bay ${bay} pulsed ${recent.length} times in 30 s`;
    }
    return undefined;
  };
}

type Ended = Extract<JournalRecord, { kind: "swap-ended" }>;

/** Every accepted deposit ends in a pack handed out, its own pack given back, or a debt that stays until it is settled. */
function watchDeposits(bench: StationBench): (seen: SeenStep) => string | undefined {
  const accepted = new Map<string, string | undefined>();
  const owed = new Set<string>();
  const endsWell = ({ swap, outcome }: Ended): string | undefined => {
    const { class: kind } = outcomes[outcome];
    const paid = accepted.get(swap);
    if (kind === "completed") owed.delete(paid ?? "");
    else if (kind === "owed" && paid === undefined) owed.add(swap);
    else if (kind === "cancelled" && outcome !== "full-door-failed" && paid === undefined)
      return `the deposit of ${swap} was accepted, and then ${outcome}`;
    return undefined;
  };
  return ({ effects }) => {
    for (const effect of effects) {
      if (effect.do !== "record") continue;
      const { record } = effect;
      // Taken through a door that was left open after its window: that pays, although no swap runs any more (E23).
      if (record.kind === "pack-gone" && record.how === "late-take") owed.delete(record.swap ?? "");
      // A rider who is owed a pack brings none: the swap that pays counts from its first record.
      if (record.kind === "swap-reserved" && record.swap.pays !== undefined)
        accepted.set(record.swap.id, record.swap.pays);
      if (record.kind === "swap-stage" && record.stage === "in-accepted")
        accepted.set(record.swap, bench.state.durable.swaps[record.swap]?.pays);
      if (record.kind === "swap-ended" && accepted.has(record.swap)) {
        const wrong = endsWell(record);
        if (wrong !== undefined) return wrong;
      }
    }
    const missing = [...owed].find((swap) => bench.state.durable.debts[swap] === undefined);
    return missing === undefined ? undefined : `the debt of ${missing} vanished`;
  };
}

/** Every request that was taken is answered once, and each id moves a lock for one taking only. */
function watchOrders(bench: StationBench): (seen: SeenStep) => string | undefined {
  const taken = new Set<string>();
  const answered = new Map<string, string>();
  return ({ effects }) => {
    for (const effect of effects) {
      if (effect.do === "respond") {
        const answer = JSON.stringify(effect);
        const before = answered.get(effect.id);
        if (before !== undefined && before !== answer && taken.has(effect.id))
          return `${effect.id} was answered ${before}, and then ${answer}`;
        answered.set(effect.id, answer);
      }
      if (effect.do === "unlock" && effect.request !== undefined && answered.has(effect.request))
        return `bay ${effect.bay} unlocked for ${effect.request}, which was answered`;
      if (effect.do !== "record" || effect.record.kind !== "request-taken") continue;
      if (taken.has(effect.record.id)) return `${effect.record.id} was taken twice`;
      taken.add(effect.record.id);
      // What could not be written down was refused without a trace; asked again on a disk that works, it is asked anew.
      answered.delete(effect.record.id);
    }
    const waiting = Object.values(bench.state.openings).map(({ request }) => request);
    const lost = waiting.find((id) => !Object.hasOwn(bench.state.durable.operators.taken, id));
    return lost === undefined ? undefined : `${lost} opens a bay and is not written down as taken`;
  };
}

/** Scans and their ends are counted, and the sums hold. */
function watchCounts(bench: StationBench): () => string | undefined {
  return () => {
    const { today, swaps } = bench.state.durable;
    const sum = today.completed + today.refused + today.cancelled + today.owed + Object.keys(swaps).length;
    return sum >= today.scans ? undefined : `${today.scans} scans, ${sum} accounted for`;
  };
}

/** Throws at the first step after which something is not as it must always be. */
export function watchAlways(bench: StationBench): void {
  const watchers = [
    watchPulses(bench),
    watchCoils(bench),
    watchDeposits(bench),
    watchOrders(bench),
    watchCounts(bench),
  ];
  bench.watch = (seen) => {
    for (const rule of rules) complain(rule(bench, seen), bench, seen);
    for (const watcher of watchers) complain(watcher(seen), bench, seen);
  };
}

function complain(problem: string | undefined, bench: StationBench, seen: SeenStep): void {
  if (problem !== undefined) throw new Error(`${problem} (${seen.event.type} at ${bench.nowMs})`);
}
