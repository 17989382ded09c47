/**
 * I9, I13, I14 and the two signals of the extinguisher, judged by what really is: smoke in the air, heat in the cells, relays
 * that conduct. A station without mains can do nothing and is not judged.
 */
import type { CabinetLayout } from "../../services/config.ts";
import type { CabinetTruth, TruthEvent } from "../truth-types.ts";
import type { Checker, CheckerSetup, WiredCheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";
import { hasTwin, isDeafToSmoke, isNotOurs, isOutOfReach, isUnstoppable, isUnwritable } from "./excuses.ts";
import { boardsOfHeaters, hearsForeignWords } from "./twins.ts";

const answerMs = 1_000;
const flowingMa = 50;
const wakesMs = 5_000;
/** What somebody was told last goes off with its lease. */
const leaseMs = 2_500;
/** A pulse on its way when the smoke came cannot be called back from the board. */
const onItsWayMs = 300;
/** What burnt a moment ago still counts, because what it burnt says nothing any more. */
const signalMs = 600_000;

type Cabinet = { readonly layout: CabinetLayout; readonly truth: CabinetTruth };

/** Where nobody says what is wired where, no heater is excused. */
type FireSetup = CheckerSetup & Partial<WiredCheckerSetup>;

const pair = ({ config, world }: CheckerSetup): Cabinet[] =>
  config.cabinets.flatMap((layout) => {
    const truth = world.truth.cabinets.find(({ id }) => id === layout.id);
    return truth === undefined ? [] : [{ layout, truth }];
  });

/** Everything that must be so one second after smoke reached the head of this cabinet. */
function unanswered({ layout, truth }: Cabinet, setup: FireSetup): string | undefined {
  const { config, world } = setup;
  for (const bay of truth.bays) {
    if (Math.abs(bay.chargeMa) >= flowingMa && !isUnstoppable(setup, bay.bay)) return `bay ${bay.bay} charges`;
    // Whoever renews the alarm renews a heater whose board took the address of the one that sounds it.
    if (bay.heaterRelayOn && !isHeatedByAnother(bay.bay, setup)) return `bay ${bay.bay} is heated`;
  }
  // What charges and heats goes off by itself where nobody is heard; an alarm needs somebody who says so.
  if (isOutOfReach(setup)) return undefined;
  if (layout.hasAlarm && !truth.alarmOn) return "its alarm is silent";
  if (config.hasAlarm && !world.truth.alarmOn) return "the room's alarm is silent";
  return config.hasExitRelease && !world.truth.exitFreed ? "the exit is not freed" : undefined;
}

function isHeatedByAnother(bay: number, { file, troubles }: FireSetup): boolean {
  return file !== undefined && hearsForeignWords(boardsOfHeaters(file).get(bay), { file, troubles }, leaseMs);
}

export function zoneAnswersSmoke(setup: FireSetup): Checker {
  const { world, clock, report, looked } = setup;
  const cabinets = pair(setup).filter(({ layout }) => layout.hasSmoke);
  const sinceMs = new Map<string, number>();
  const era = controllerEra(setup);
  const look = (cabinet: Cabinet): void => {
    const smokeMs = sinceMs.get(cabinet.layout.id);
    if (smokeMs === undefined || clock.nowMs - smokeMs < answerMs || !era.isUp) return;
    looked();
    const why = unanswered(cabinet, setup);
    if (why !== undefined) report("I13", `smoke in ${cabinet.layout.id} for ${clock.nowMs - smokeMs} ms, and ${why}`);
  };
  const coil = (event: Extract<TruthEvent, { type: "coil" }>): void => {
    const { cabinet } = world.truth.bay(event.bay);
    const smokeMs = sinceMs.get(cabinet);
    const isKnown = smokeMs !== undefined && event.atMs - smokeMs > onItsWayMs && !isDeafToSmoke(cabinet, setup);
    if (event.on && isKnown && !isNotOurs(event.bay, setup)) report("I13", `bay ${event.bay} unlocked in smoke`);
  };
  const wakeUp = (atMs: number): void => {
    for (const id of sinceMs.keys()) sinceMs.set(id, atMs);
  };
  const smoke = (event: Extract<TruthEvent, { type: "smoke" }>): void => {
    if (!event.on) {
      sinceMs.delete(event.cabinet);
      return;
    }
    const awakeMs = era.diedMs === undefined ? 0 : era.bornMs + wakesMs;
    sinceMs.set(event.cabinet, Math.max(event.atMs, awakeMs));
    const cabinet = cabinets.find(({ layout }) => layout.id === event.cabinet);
    if (cabinet !== undefined) clock.after(answerMs, () => look(cabinet));
  };
  return {
    invariant: "I13",
    says: "smoke: zone off, alarm on and exit freed within 1 s, and no bay of it unlocked",
    looksAt: "smoke, currents, heaters, alarms, the exit, lock coils",
    excuses:
      "a station without mains, a controller that is dead or only just started, alarms behind a broken line or board, locks where no smoke head is heard, and heaters on a board that took the address of another one on its line",
    onTruth(event) {
      if (event.type === "coil") coil(event);
      // Mains that come back start the time anew, and so does a controller: boards, inputs and smoke heads come first.
      else if (event.type === "mains") wakeUp(event.atMs + 2 * answerMs);
      else if (event.type === "computer") wakeUp(event.atMs + wakesMs);
      else if (event.type === "smoke") smoke(event);
    },
    onLook() {
      for (const cabinet of cabinets) look(cabinet);
    },
  };
}

/** Never by one signal: whenever a release begins, there was smoke, and there was heat or a closed conductor. */
export function aerosolByTwoSignals(setup: CheckerSetup): Checker {
  const { clock, config, report, looked } = setup;
  const smokeMs = new Map<string, number>();
  const heatMs = new Map<string, number>();
  const cabinets = pair(setup);
  /** Releases before this fire: whoever looked after the last one has put a new extinguisher there. */
  const before = new Map<string, number>();
  /** Released while the disk took nothing: as long as that lasts, only the process knows of it. */
  const unwritten = new Set<string>();
  const releasedMs = new Map<string, number>();
  /** A board that fell silent in the midst of it is switched off first when it is heard again, and then told the rest. */
  const isTheSameStill = (id: string): boolean =>
    isOutOfReach(setup) &&
    clock.nowMs - (releasedMs.get(id) ?? Number.NEGATIVE_INFINITY) <= config.safety.aerosolMs + leaseMs;
  function note(): void {
    for (const { truth } of cabinets) {
      if (truth.smoke) {
        if (!recent(smokeMs, truth.id)) before.set(truth.id, truth.aerosolReleases);
        smokeMs.set(truth.id, clock.nowMs);
      }
      const hot = truth.bays.some(({ pack }) => (pack?.hottestCellC ?? 0) >= config.safety.runawayC - 1);
      if (hot || truth.conductor || truth.airTempC >= config.safety.runawayC - 1) heatMs.set(truth.id, clock.nowMs);
    }
  }
  function forget(): void {
    if (!isUnwritable(setup)) unwritten.clear();
    for (const { truth } of cabinets) if (unwritten.delete(truth.id)) before.set(truth.id, truth.aerosolReleases);
  }
  const recent = (times: Map<string, number>, id: string) =>
    clock.nowMs - (times.get(id) ?? Number.NEGATIVE_INFINITY) <= signalMs;
  function judge(id: string): void {
    looked();
    if (isTheSameStill(id)) before.set(id, (before.get(id) ?? 0) + 1);
    else releasedMs.set(id, clock.nowMs);
    if (!recent(smokeMs, id)) report("two-signals", `${id} released without smoke`);
    if (!recent(heatMs, id)) report("two-signals", `${id} released without heat`);
    const all = cabinets.find(({ truth }) => truth.id === id)?.truth.aerosolReleases ?? 0;
    const releases = all - (before.get(id) ?? 0);
    if (releases > 1) report("two-signals", `${id} released ${releases} times`);
    if (isUnwritable(setup)) unwritten.add(id);
  }
  return {
    invariant: "two-signals",
    says: "the extinguisher is released only by smoke together with heat, and once a fire",
    looksAt: "smoke, heat, and the release of the extinguisher",
    excuses:
      "two boards on one address, a release that a board which was not heard broke off and took up again in its own ten seconds, and a process that died while the disk took nothing: a fire waits for no disk, and whoever follows cannot know of a release that could be written nowhere",
    /** Whoever resets the latch has put a new extinguisher there: what burns afterwards is another fire. */
    onRecord(record) {
      if (record.kind !== "latch-reset") return;
      const released = cabinets.find(({ truth }) => truth.id === record.cabinet)?.truth.aerosolReleases;
      if (released !== undefined) before.set(record.cabinet, released);
    },
    onTruth(event) {
      if (event.type === "smoke" || event.type === "conductor" || event.type === "aerosol") note();
      if (event.type === "computer" && !event.on) forget();
      // Of two boards with one address each does what the other is told: a heater's relay is the extinguisher's as well.
      if (event.type === "aerosol" && event.on && !hasTwin(setup)) judge(event.cabinet);
    },
    onLook() {
      note();
      if (!isUnwritable(setup)) unwritten.clear();
    },
  };
}

/** Above the hard limit a pack's feed is cut and stays cut for as long as that pack stands there hot. */
export function hotPackStaysOff({ world, clock, report, looked }: CheckerSetup): Checker {
  const hardC = 70;
  /** The pack is asked once a second while it is fed; the contactor falls within another second. */
  const noticeMs = 3_000;
  const hotSinceMs = new Map<number, number>();
  return {
    invariant: "I9",
    says: "above 70 °C the feed of a pack is off within 3 s of its becoming so hot, and stays off while it is",
    looksAt: "cells above 70 °C and the relay of their contactor",
    onLook() {
      for (const bay of world.truth.bays) {
        if ((bay.pack?.hottestCellC ?? 0) <= hardC) {
          hotSinceMs.delete(bay.bay);
          continue;
        }
        looked();
        const sinceMs = hotSinceMs.get(bay.bay) ?? clock.nowMs;
        hotSinceMs.set(bay.bay, sinceMs);
        if (clock.nowMs - sinceMs > noticeMs && bay.contactorRelayOn)
          report("I9", `bay ${bay.bay} fed at ${Math.round(bay.pack?.hottestCellC ?? 0)} °C`);
      }
    },
    onTruth(event) {
      if (event.type === "contactor" && event.closed && hotSinceMs.has(event.bay))
        report("I9", `the contactor of bay ${event.bay} closed on a pack above ${hardC} °C`);
    },
  };
}

/** I14 as far as this station's outputs go: while anything burns the exit is free, whatever else happens. */
/** A loop that scanned within this renews its leases; a relay may be a second from the end of its own when the loop stops. */
const aliveMs = 600;

/** An orderly stop takes all outputs off before its process is gone. */
const stoppingMs = 8_000;

export function exitFreeInFire(setup: CheckerSetup): Checker {
  const { world, config, clock, report, looked } = setup;
  const cabinets = pair(setup).filter(({ layout }) => layout.hasSmoke);
  const era = controllerEra(setup);
  let freedMs = 0;
  let scannedMs = Number.POSITIVE_INFINITY;
  /** Of a controller that goes on; one that was told to stop lets go of everything, and its door opens by hand. */
  function takenBack(forMs: number): void {
    const { bornMs } = era;
    clock.after(stoppingMs, () => {
      if (era.isUp && era.bornMs === bornMs)
        report("I14", `the exit was taken back in smoke, ${forMs} ms after it was freed`);
    });
  }
  return {
    invariant: "I14",
    says: "the exit is not taken back while there is smoke anywhere",
    looksAt: "the exit's release while there is smoke",
    excuses:
      "a station without mains, a board or a line that is dead, a controller that stood still or was told to stop: their leases end, and the door opens by hand",
    onScan(nowMs) {
      scannedMs = nowMs;
    },
    onTruth(event) {
      if (event.type !== "exit" || !config.hasExitRelease) return;
      looked();
      // The release of a board that hears nobody ends by itself.
      if (event.free) freedMs = event.atMs;
      else if (isOutOfReach(setup)) return;
      else if (world.truth.mainsOn && event.atMs - scannedMs < aliveMs && cabinets.some(({ truth }) => truth.smoke))
        takenBack(clock.nowMs - freedMs);
    },
  };
}
