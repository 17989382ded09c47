/** What is offered of the room: a topic for each thing that is there, and nothing where there is no room. */
import { expect, test } from "vitest";
import { createRoomTelemetry } from "../../../firmware/runner/room-telemetry.ts";
import { AmenitiesConfig } from "../../../services/amenities/config.ts";
import { contract, payloadProblem, type TopicName } from "../../../services/contract/topics.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { noLevels } from "../../../services/levels.ts";
import type { RoomConfig } from "../../../services/room/config.ts";
import { restingRoom } from "../../../services/room/levels.ts";
import { emptyRoomReadings } from "../../../services/room/readings.ts";
import { bootState } from "../../../services/station/state.ts";
import { roomConfig } from "../../services/room/room-bench.ts";
import { benchConfig, benchContext } from "../../support/bench-config.ts";

function offered(room: RoomConfig | undefined): Map<string, [string, unknown]> {
  const context = benchContext({ ...benchConfig(), ...(room === undefined ? {} : { room }) });
  const topics = new Map<string, [string, unknown]>();
  const session = {
    offer: (name: string, topic: string, payload: unknown) => void topics.set(topic, [name, payload]),
  };
  const state = bootState(context, emptyDurable, 1_000);
  const readings = {
    bays: [],
    cabinets: {},
    station: { emergencyStop: undefined },
    ...(room === undefined ? {} : { room: emptyRoomReadings(room) }),
  };
  const granted = room === undefined ? noLevels : { ...noLevels, room: restingRoom };
  const moment = { synchronised: true, civil: undefined, powered: true };
  createRoomTelemetry(context, session).offer(
    { state, readings, granted, nowMs: 1_000, wallMs: 1_769_800_000_000 },
    moment,
  );
  return topics;
}

test("every part of a room has its topic, and what stands there is as the contract says", () => {
  const topics = offered(roomConfig());
  const amenities = ["tea", "wave", "dryer", "phones", "gifts", "aid", "lamp", "air", "toilet", "help"];
  const tails = ["door", "climate", "fridge", ...amenities.map((id) => `amenity/${id}`)];
  expect([...topics.keys()]).toEqual(tails.map((tail) => `yizhan/1/bench/${tail}`));
  for (const [topic, [name, payload]] of topics)
    expect(payloadProblem(contract[name as TopicName], payload), topic).toBeUndefined();
});

test("what a room does not have is not offered", () => {
  const bare = roomConfig({ climate: undefined, fridge: undefined, amenities: AmenitiesConfig.parse([]) });
  expect([...offered(bare).keys()]).toEqual(["yizhan/1/bench/door"]);
});

test("a station without a room offers nothing of one", () => {
  expect(offered(undefined).size).toBe(0);
});
