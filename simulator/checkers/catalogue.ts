/**
 * Every judge there is: number, file, what it looks at and what it excuses. A judge is made only where what it looks at is there (a
 * room, a controller, a broker in memory, a disk). Invariants that one run cannot judge are named below, with who does.
 */
import { answersBelong } from "./answers.ts";
import { timedThingsEnd } from "./appliances.ts";
import { brokerShowsTheLog, nobodyIsNamed, ownTopicsOnly } from "./broker-words.ts";
import { chargeOnlyWhatIsHeard, chargeOnlyWhereSafe, neverColdCharge, withinSiteLimit } from "./charging.ts";
import type { Checker, WholeSetup } from "./checker.ts";
import { everyEventArrives } from "./delivery.ts";
import { currentFitsThePack, heatersStopWhenWarm, untouchedStationCharges } from "./duty.ts";
import { aerosolByTwoSignals, exitFreeInFire, hotPackStaysOff, zoneAnswersSmoke } from "./fire.ts";
import { forcedIsTold, roomDoorsAreTold } from "./forced.ts";
import { heatersMustWarm, noBlindBayHeat } from "./heaters.ts";
import { chainHolds, recoversTheSame, sizesAreBounded } from "./journal.ts";
import { outputsNeedLeases, relaysAreLeased } from "./leases.ts";
import { bookMatchesBays, noFalseFinds } from "./ledger.ts";
import { fewPulses, oneCoilAtATime } from "./locks.ts";
import { decidedBeforeOpened, strikesWaitForTheDisk } from "./openings.ts";
import { oneDoorACabinet, onlyGoodPacksLeave, packsConserved } from "./packs.ts";
import { onlyStricter, ordersOnce } from "./requests.ts";
import { blindAfterStart, nobodyIsServedUnasked } from "./restart.ts";
import { nobodyIsStranded, refusalsAreSaid } from "./riders.ts";
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
import { lostIsNotNormal, onlyPossibleValues } from "./sensors.ts";
import { oneSwapACabinet } from "./sessions.ts";
import { loopIsOnTime, wallClockMovesNothing } from "./timing.ts";
import { debtsEnd, packForPack } from "./trade.ts";

/** What must be there for a judge to look at, beside the world. */
export type Need = "room" | "controller" | "broker" | "disk" | "wires";

export interface Judges {
  /** In `simulator/checkers/`. */
  readonly file: string;
  readonly needs: readonly Need[];
  readonly make: readonly ((setup: WholeSetup) => Checker)[];
}

export const judges: readonly Judges[] = [
  { file: "locks.ts", needs: [], make: [oneCoilAtATime, fewPulses] },
  { file: "leases.ts", needs: ["controller"], make: [outputsNeedLeases] },
  { file: "leases.ts", needs: ["wires"], make: [relaysAreLeased] },
  { file: "sessions.ts", needs: ["controller", "wires"], make: [oneSwapACabinet] },
  { file: "ledger.ts", needs: ["controller"], make: [bookMatchesBays, noFalseFinds] },
  { file: "heaters.ts", needs: ["wires"], make: [noBlindBayHeat] },
  { file: "heaters.ts", needs: [], make: [heatersMustWarm] },
  { file: "charging.ts", needs: [], make: [chargeOnlyWhereSafe, neverColdCharge, withinSiteLimit] },
  { file: "charging.ts", needs: ["wires"], make: [chargeOnlyWhatIsHeard] },
  { file: "duty.ts", needs: [], make: [currentFitsThePack, heatersStopWhenWarm, untouchedStationCharges] },
  { file: "fire.ts", needs: [], make: [hotPackStaysOff, zoneAnswersSmoke, aerosolByTwoSignals, exitFreeInFire] },
  { file: "appliances.ts", needs: ["wires"], make: [timedThingsEnd] },
  { file: "sensors.ts", needs: ["wires"], make: [lostIsNotNormal] },
  { file: "openings.ts", needs: ["disk", "wires"], make: [decidedBeforeOpened] },
  { file: "requests.ts", needs: ["broker", "controller"], make: [ordersOnce] },
  { file: "requests.ts", needs: ["controller"], make: [onlyStricter] },
  { file: "forced.ts", needs: ["controller"], make: [forcedIsTold] },
  { file: "restart.ts", needs: ["controller", "wires"], make: [blindAfterStart] },
  { file: "restart.ts", needs: ["controller"], make: [nobodyIsServedUnasked] },
  { file: "journal.ts", needs: ["disk"], make: [recoversTheSame, sizesAreBounded, chainHolds] },
  { file: "delivery.ts", needs: ["disk", "broker"], make: [everyEventArrives] },
  { file: "timing.ts", needs: ["controller"], make: [loopIsOnTime, wallClockMovesNothing] },
  { file: "sensors.ts", needs: ["controller"], make: [onlyPossibleValues] },
  { file: "answers.ts", needs: ["controller"], make: [answersBelong] },
  { file: "riders.ts", needs: ["controller"], make: [nobodyIsStranded, refusalsAreSaid] },
  { file: "trade.ts", needs: [], make: [packForPack] },
  { file: "trade.ts", needs: ["controller"], make: [debtsEnd] },
  { file: "packs.ts", needs: [], make: [packsConserved, onlyGoodPacksLeave, oneDoorACabinet] },
  { file: "broker-words.ts", needs: ["broker", "controller"], make: [brokerShowsTheLog] },
  { file: "broker-words.ts", needs: ["broker", "wires"], make: [nobodyIsNamed, ownTopicsOnly] },
  { file: "room-doors.ts", needs: ["room"], make: [exitNeverHeld, letsInTheEntitled] },
  { file: "openings.ts", needs: ["room", "disk"], make: [strikesWaitForTheDisk] },
  { file: "forced.ts", needs: ["room", "controller"], make: [roomDoorsAreTold] },
  { file: "room-warmth.ts", needs: ["room"], make: [frostFloorHolds, neverBlindHeat, neverBothWays, boilerNeverDry] },
  { file: "room-service.ts", needs: ["room", "wires"], make: [compressorRests] },
  {
    file: "room-service.ts",
    needs: ["room"],
    make: [drinksAreGood, drinksAreShared, lockersKeep, packagesGoOnce, helpIsHeard, nothingOutlivesTheController],
  },
];

/** Invariants that no single run can judge: they count as looked at where they are judged, never here. */
export const judgedElsewhere = [
  {
    id: "I29",
    says: "the same seed gives the same history",
    where: "`simulator/digest.ts` digests every decision and every happening; who runs a seed twice compares the two.",
  },
  {
    id: "I30",
    says: "once faults stop, every cabinet offers swaps again within 120 s, unless fire or heat latched it",
    where:
      "`simulator/checkers/serves-again.ts` lets a rider ask at every cabinet, after a run has stopped its faults.",
  },
  {
    id: "I35",
    says: "software moves only to a signed image that is not older, and back when it is not healthy",
    where: "Not built: there are no updates yet, so nothing is checked.",
  },
] as const;
