/** What is granted at one instant: what the state wants, less what the interlocks take away, and the room's own levels beside it. */
import { describe, expect, test } from "vitest";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { emptyRoomReadings } from "../../../services/room/readings.ts";
import { grantLevels } from "../../../services/station/grant.ts";
import { lockTurnMsMax } from "../../../services/station/lock-turn.ts";
import { bootState, type LockTurn, type StationState } from "../../../services/station/state.ts";
import { benchConfig, benchContext, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";
import { roomConfig } from "../room/room-bench.ts";

const bench = new StationBench({ stock: { 1: pack("yz-1"), 3: pack("yz-3") } });
const { nowMs, context } = bench;

/** Bays 1 and 3 charge, and the lock of bay 1 has its turn. */
function charging(lockTurn: LockTurn | undefined): StationState {
  const bays = bench.state.bays.map((bay) => (bay === undefined ? undefined : { ...bay, chargeMa: 2_000 }));
  return { ...bench.state, bays, lockTurn };
}

function granted(lockTurn: LockTurn | undefined, masterEnabled = true): number[] {
  const { levels } = grantLevels(charging(lockTurn), { nowMs, readings: bench.readings(), masterEnabled }, context);
  return levels.bays.flatMap((bay, number) => (bay !== undefined && bay.chargeMa > 0 ? [number] : []));
}

describe("a bay whose lock has its turn", () => {
  const turn = (more: Partial<LockTurn>): LockTurn =>
    ({ bay: 1, sinceMs: nowMs, freeMs: undefined, ...more }) as LockTurn;

  test("does not charge while its coil may be on; the others do", () => {
    expect(granted(undefined)).toEqual([1, 3]);
    expect(granted(turn({}))).toEqual([3]);
    expect(granted(turn({ sinceMs: nowMs - lockTurnMsMax + 1 }))).toEqual([3]);
    expect(granted(turn({ freeMs: nowMs + 1 }))).toEqual([3]);
  });

  test("charges again once the board said that the coil is off, or the longest turn is over", () => {
    expect(granted(turn({ freeMs: nowMs }))).toEqual([1, 3]);
    expect(granted(turn({ sinceMs: nowMs - lockTurnMsMax }))).toEqual([1, 3]);
  });
});

test("without the master enable nothing charges, and the reason is told", () => {
  expect(granted(undefined, false)).toEqual([]);
  const { removed } = grantLevels(
    charging(undefined),
    { nowMs, readings: bench.readings(), masterEnabled: false },
    context,
  );
  expect(removed).toContainEqual({ bay: 1, what: "charge", reason: "master-enable-off" });
});

test("levels that a caller kept are taken as they are, and still pass the interlocks", () => {
  const wanted = grantLevels(charging(undefined), { nowMs, readings: bench.readings(), masterEnabled: true }, context);
  const input = { nowMs, readings: bench.readings(), masterEnabled: false };
  const { levels } = grantLevels(bench.state, input, context, wanted.levels);
  expect(levels.bays[1]?.chargeMa).toBe(0);
});

describe("a room's levels", () => {
  const config = { ...benchConfig(), room: roomConfig() };
  const withRoom = benchContext(config);
  const state = bootState(withRoom, emptyDurable, nowMs);
  const readings = { ...bench.readings(), room: emptyRoomReadings(config.room) };
  const moment = { synchronised: true, civil: undefined, powered: true };
  const input = { nowMs, readings, masterEnabled: true };

  test("are granted beside those of the cabinets when the time of day is told", () => {
    const { levels } = grantLevels(state, { ...input, room: { wallMs: 1_769_800_000_000, moment } }, withRoom);
    expect(Object.keys(levels.room?.doors ?? {})).toEqual(["front"]);
    expect(levels.bays).toHaveLength(5);
  });

  test("are not spoken of without the time of day, nor at a station without a room", () => {
    expect(grantLevels(state, input, withRoom).levels).not.toHaveProperty("room");
    const asked = { ...input, room: { wallMs: 1_769_800_000_000, moment } };
    expect(grantLevels(bench.state, asked, context).levels).not.toHaveProperty("room");
  });
});
