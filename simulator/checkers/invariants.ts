/** All checkers of a run together: counts what they looked at, keeps what they found, bounded, each with its moment. */
import type { StationConfig } from "../../services/config.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { VirtualClock } from "../clock.ts";
import type { Troubles } from "../faults/troubles.ts";
import type { World } from "../world-types.ts";
import { chargeOnlyWhereSafe, neverColdCharge, withinSiteLimit } from "./charging.ts";
import type { BookCheckerSetup, Checker, CheckerSetup, ControllerView, Violation } from "./checker.ts";
import { aerosolByTwoSignals, exitFreeInFire, hotPackStaysOff, zoneAnswersSmoke } from "./fire.ts";
import { bookMatchesBays, noFalseFinds } from "./ledger.ts";
import { fewPulses, oneCoilAtATime } from "./locks.ts";
import { oneDoorACabinet, onlyGoodPacksLeave, packsConserved } from "./packs.ts";
import { exitNeverHeld, letsInTheEntitled } from "./room-doors.ts";
import {
  compressorRests,
  drinksAreGood,
  drinksAreShared,
  helpIsHeard,
  lockersKeep,
  nothingOutlivesTheController,
  packagesGoOnce,
} from "./room-service.ts";
import { boilerNeverDry, frostFloorHolds, neverBlindHeat, neverBothWays } from "./room-warmth.ts";

/** Only where the station has a room of its own. */
const roomMakers: readonly ((setup: CheckerSetup) => Checker)[] = [
  exitNeverHeld,
  letsInTheEntitled,
  frostFloorHolds,
  neverBlindHeat,
  neverBothWays,
  boilerNeverDry,
  compressorRests,
  drinksAreGood,
  drinksAreShared,
  lockersKeep,
  packagesGoOnce,
  helpIsHeard,
  nothingOutlivesTheController,
];

const lookMs = 10_000;
const violationsMax = 100;

const makers: readonly ((setup: CheckerSetup) => Checker)[] = [
  oneCoilAtATime,
  fewPulses,
  packsConserved,
  onlyGoodPacksLeave,
  oneDoorACabinet,
  chargeOnlyWhereSafe,
  neverColdCharge,
  withinSiteLimit,
  zoneAnswersSmoke,
  aerosolByTwoSignals,
  hotPackStaysOff,
  exitFreeInFire,
];

const bookMakers: readonly ((setup: BookCheckerSetup) => Checker)[] = [bookMatchesBays, noFalseFinds];

export interface Invariants {
  /** Looks taken, over all checkers. */
  checked(): number;
  violations(): readonly Violation[];
  names(): readonly string[];
  /** The controller journals this now. */
  recorded(record: JournalRecord): void;
  /** The last look of a run. */
  finish(): void;
}

export interface InvariantsSetup {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly config: StationConfig;
  /** Whose ledger is held against the truth; none where somebody else plays the controller. */
  readonly controller?: ControllerView;
  readonly troubles?: Troubles | undefined;
}

export function createInvariants({ world, clock, config, controller, troubles }: InvariantsSetup): Invariants {
  const found: Violation[] = [];
  let checked = 0;
  const report = (invariant: string, what: string): void => {
    if (found.length < violationsMax) found.push({ invariant, atMs: clock.nowMs, what });
  };
  const setup = { world, clock, config, troubles, report };
  const checkers = makers.map((make) => make(setup));
  if (config.room !== undefined) checkers.push(...roomMakers.map((make) => make(setup)));
  if (controller !== undefined) checkers.push(...bookMakers.map((make) => make({ ...setup, controller })));
  world.onTruth((event) => {
    for (const checker of checkers) {
      if (checker.onTruth === undefined) continue;
      checked++;
      checker.onTruth(event);
    }
  });
  function look(): void {
    for (const checker of checkers) {
      if (checker.onLook === undefined) continue;
      checked++;
      checker.onLook();
    }
  }
  function lookAgain(): void {
    look();
    clock.after(lookMs, lookAgain);
  }
  clock.after(lookMs, lookAgain);
  return {
    checked: () => checked,
    violations: () => found,
    recorded(record) {
      for (const checker of checkers) {
        if (checker.onRecord === undefined) continue;
        checked++;
        checker.onRecord(record);
      }
    },
    names: () => checkers.map((checker) => `${checker.invariant}: ${checker.says}`),
    finish: look,
  };
}
