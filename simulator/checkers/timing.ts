/**
 * I22 and I28: the loop is on time, and the wall clock moves no decision. The second is judged by asking the same decision twice, with
 * two wall clocks: a decision is a pure function, so that every difference between the two is the wall clock's doing.
 */
import type { StationInput } from "../../services/station/draft.ts";
import { grantLevels } from "../../services/station/grant.ts";
import type { Moment } from "../../services/station/moment.ts";
import type { StationState } from "../../services/station/state.ts";
import { stepStation } from "../../services/station/step.ts";
import type { BookCheckerSetup, Checker } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";

const scanMs = 250;
const lateMsMax = 100;
/** p99.9 of a run; a short one may have three. */
const lateShareMax = 0.001;
const lateFewest = 3;

export function loopIsOnTime(setup: BookCheckerSetup): Checker {
  const { report, looked } = setup;
  let lastMs: number | undefined;
  let scans = 0;
  let late = 0;
  let worstMs = 0;
  return {
    invariant: "I22",
    says: "all but one scan in a thousand start less than 100 ms late, whatever disk and network do",
    looksAt: "when each scan starts",
    excuses: "a process that was stopped or blocked on purpose",
    onTruth(event) {
      // Dead, or stopped on purpose: it begins anew.
      if (event.type === "computer") lastMs = undefined;
    },
    onScan(nowMs) {
      const lateMs = lastMs === undefined ? 0 : nowMs - lastMs - scanMs;
      lastMs = nowMs;
      scans++;
      looked();
      if (lateMs <= lateMsMax) return;
      late++;
      worstMs = Math.max(worstMs, lateMs);
    },
    onFinish() {
      if (late > Math.max(lateFewest, scans * lateShareMax))
        report("I22", `${late} of ${scans} scans were late, by up to ${Math.round(worstMs)} ms`);
    },
  };
}

/** Six hours ahead, two weeks back. */
const jumpsMs = [6 * 3_600_000, -14 * 86_400_000] as const;

/** Everything of a decision that time may move, as text: what is granted, who is served, what is under way. */
function decision(state: StationState, wallMs: number, nowMs: number, setup: BookCheckerSetup): string {
  const { controller } = setup;
  const { context, readings } = controller;
  const moment: Moment | undefined =
    state.room === undefined ? undefined : { synchronised: false, civil: undefined, powered: true };
  const input: StationInput = {
    event: { type: "tick" },
    readings,
    nowMs,
    wallMs,
    ...(moment === undefined ? {} : { moment }),
  };
  const next = stepStation(state, input, context).state;
  const { levels } = grantLevels(next, { nowMs, readings, masterEnabled: true }, context);
  const { swaps, alerts, lockTurn, openings, reservationEnds, confirmations } = next;
  return JSON.stringify({ levels, swaps, alerts, lockTurn, openings, reservationEnds, confirmations });
}

export function wallClockMovesNothing(setup: BookCheckerSetup): Checker {
  const { clock, controller, report, looked } = setup;
  const era = controllerEra(setup);
  let before: StationState | undefined;
  let offsetMs = controller.wallMs() - clock.nowMs;
  function compare(state: StationState, wallMs: number, othersMs: readonly number[]): void {
    const { nowMs } = clock;
    const right = decision(state, wallMs, nowMs, setup);
    for (const otherMs of othersMs) {
      looked();
      if (decision(state, otherMs, nowMs, setup) !== right)
        report("I28", `a wall clock moved by ${Math.round((otherMs - wallMs) / 1_000)} s moves a decision`);
    }
  }
  return {
    invariant: "I28",
    says: "no jump of the wall clock moves a lease, a timer or an interlock",
    looksAt: "each decision, made twice under two wall clocks",
    everyMs: 300_000,
    onScan(nowMs) {
      const wallMs = controller.wallMs();
      const jumpMs = wallMs - nowMs - offsetMs;
      offsetMs = wallMs - nowMs;
      // A clock that merely drifts moves by fractions of a second.
      if (Math.abs(jumpMs) > 1_500 && before !== undefined) compare(before, wallMs, [wallMs - jumpMs]);
      before = controller.state();
    },
    onTruth(event) {
      if (event.type === "computer") before = undefined;
    },
    onLook() {
      if (!era.runs) return;
      const wallMs = controller.wallMs();
      const others = jumpsMs.map((jumpMs) => wallMs + jumpMs);
      compare(controller.state(), wallMs, others);
    },
  };
}
