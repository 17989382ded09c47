/** An operator's request for the room on its way through the station: taken, carried out, answered once, each in the one log. */
import { describe, expect, test } from "vitest";
import type { Effect } from "../../../services/effects.ts";
import type { StationEvent } from "../../../services/events.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import type { OperatorRequest } from "../../../services/operators/requests.ts";
import { emptyRoomReadings } from "../../../services/room/readings.ts";
import { bootState, type StationState } from "../../../services/station/state.ts";
import { stepStation } from "../../../services/station/step.ts";
import { benchConfig, benchContext } from "../../support/bench-config.ts";
import { roomConfig } from "../room/room-bench.ts";

const wallMs = 1_769_800_000_000;
const nowMs = 1_000_000;

class Desk {
  readonly config = { ...benchConfig(), room: roomConfig() };
  readonly context = benchContext(this.config);
  state: StationState;

  constructor(hasRoom = true) {
    if (!hasRoom) this.context = benchContext(benchConfig());
    this.state = bootState(this.context, emptyDurable, nowMs);
  }

  send(event: StationEvent): readonly Effect[] {
    const room = emptyRoomReadings(this.config.room);
    const front = room.doors.front;
    if (front !== undefined) front.shut = { value: true, atMs: nowMs, quality: "good" };
    const readings = { bays: [], cabinets: {}, station: { emergencyStop: undefined }, room };
    const moment = { synchronised: true, civil: undefined, powered: true };
    const step = stepStation(this.state, { event, readings, nowMs, wallMs, moment }, this.context);
    this.state = step.state;
    return step.effects;
  }

  ask(request: OperatorRequest): readonly Effect[] {
    return this.send({ type: "request", request });
  }
}

/** The records and answers of a step, in order. */
const shown = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) => {
    if (effect.do === "record") return [effect.record.kind];
    return effect.do === "respond" ? [[effect.status, effect.reason].filter(Boolean).join(" ")] : [effect.do];
  });

const expiresAt = wallMs + 30_000;
const openFront = { id: "op-1", expiresAt, verb: "open-door", door: "front", by: "desk" } as const;

describe("a door opened by request", () => {
  test("is taken, decided and then waits for the disk; the answer follows, and the same id does nothing more", () => {
    const desk = new Desk();
    const asked = desk.ask(openFront);
    expect(shown(asked)).toEqual(["request-taken", "door-granted", "room-written"]);
    expect(asked[0]).toMatchObject({
      publish: { kind: "request", type: "accepted", data: { request: "op-1", verb: "open-door", door: "front" } },
    });
    expect(asked[1]).toMatchObject({ publish: { kind: "door", data: { way: "operator", request: "op-1" } } });
    const token = asked.find((effect) => effect.do === "room-written")?.token ?? "";
    expect(shown(desk.send({ type: "room-written", token }))).toEqual(["request-answered", "ok"]);
    expect(desk.ask(openFront)).toEqual([]);
  });

  test("that the disk does not take is an error, not a refusal: somebody should look", () => {
    const desk = new Desk();
    desk.ask(openFront);
    const failed = desk.send({ type: "journal-failed", swap: undefined, why: "ENOSPC" });
    expect(shown(failed)).toContain("error cannot-record");
  });

  test("is refused where a station has no room at all", () => {
    expect(shown(new Desk(false).ask(openFront))).toEqual(["request-taken", "request-answered", "refused no-room"]);
  });
});

test("a locker's opening names itself in the log and on the wire", () => {
  const desk = new Desk();
  const effects = desk.ask({ id: "op-2", expiresAt, verb: "open-locker", amenity: "phones", locker: 2 });
  expect(shown(effects)).toEqual(["request-taken", "room-written", "request-answered", "ok"]);
  expect(effects[0]).toMatchObject({
    record: { amenity: "phones", locker: 2 },
    publish: { data: { amenity: "phones", locker: 2 } },
  });
});
