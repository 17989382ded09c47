/** A station in which everything is granted as it should be, and ways to spoil one thing of it. */
import { AccessConfig } from "../../../services/access/config.ts";
import type { StationConfig } from "../../../services/config.ts";
import { type BayLevels, type Levels, restingBay, restingSafety } from "../../../services/levels.ts";
import type { Reading } from "../../../services/reading.ts";
import type { BayReadings, StationReadings } from "../../../services/readings.ts";
import { type RoomLevels, restingRoom } from "../../../services/room/levels.ts";
import { emptyRoomReadings, type RoomReadings } from "../../../services/room/readings.ts";
import type { Granted } from "../../../services/safety/assertion.ts";
import { calmZone } from "../../../services/safety/zones.ts";
import type { StationState } from "../../../services/station/state.ts";
import { fullPack, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";
import { configOf } from "../access/at-the-door.ts";
import { roomConfig } from "../room/room-bench.ts";

export const bench = new StationBench({
  stock: { 1: pack("yz-1"), 2: pack("yz-2"), 3: fullPack("yz-3") },
  allSafety: true,
});
export const nowMs = bench.nowMs;
export const good = <T>(value: T, agoMs = 0): Reading<T> => ({ value, atMs: nowMs - agoMs, quality: "good" });

const magnet = { id: "front", lock: "magnet", exitBreaksPower: true, hasExitRequest: true } as const;
export const room = roomConfig({ access: AccessConfig.parse(configOf({ doors: [magnet] })) });
export const config: StationConfig = { ...bench.config, room };

export const heard = (): RoomReadings => {
  const readings = emptyRoomReadings(room);
  readings.air[0] = good({ tempC: 17 });
  const door = readings.doors.front;
  if (door !== undefined) door.exitRequest = good(false);
  return readings;
};

export const on = (levels: Partial<BayLevels>): BayLevels => ({ ...restingBay(), chargeMv: 54_600, ...levels });
/** Bay 1 charges and bay 2 is heated, a heater warms the room, a magnet holds the door: all of it well. */
export const roomLevels: RoomLevels = {
  ...restingRoom,
  climate: { heaterPct: 100, heaterFeed: true, cooler: false },
  doors: { front: { strike: false, magnet: true } },
  amenities: { tea: { element: true } },
};
export const levels: Levels = {
  bays: [undefined, on({ chargeMa: 12_000 }), on({ heater: true }), on({}), on({})],
  fans: {},
  safety: restingSafety,
  room: roomLevels,
};
export const readings: StationReadings = { ...bench.readings(), room: heard() };
export const sound: Granted = { levels, state: bench.state, readings, config, nowMs, untilMs: nowMs + 1_900 };

export const withBay = (bay: number, more: Partial<BayReadings>): StationReadings => ({
  ...readings,
  bays: readings.bays.map((one, at) => (at === bay && one !== undefined ? { ...one, ...more } : one)),
});
export const withRoom = (more: Partial<RoomReadings>): StationReadings => ({
  ...readings,
  room: { ...heard(), ...more },
});
export const withState = (more: Partial<StationState>): StationState => ({ ...bench.state, ...more });
export const smoking = { "c-1": { ...calmZone, alert: true, dangerMs: nowMs } };
export const durable = bench.state.durable;
export const latches = { "c-1": { cabinet: "c-1", why: "runaway", since: 0 } } as const;
const swap = { inBay: 4, outBay: 3, cabinet: "c-1" } as const;
export const swapping = (more: { inBay?: number; outBay?: number; pays?: string }): StationState => {
  const running = { ...swap, ...more } as unknown as StationState["swaps"][string];
  return withState({ swaps: { "c-1": running } });
};
export const quietLevels: Levels = { bays: [], fans: {}, safety: restingSafety };

export function doorsThatSay(exitRequest: Reading<boolean>): RoomReadings["doors"] {
  return { front: { shut: good(true), exitRequest, tamper: undefined, lockPower: undefined } };
}

export function withDoor(more: Partial<(typeof room.access.doors)[number]>): StationConfig {
  const doors = room.access.doors.map((door) => ({ ...door, ...more }));
  return { ...config, room: { ...room, access: { ...room.access, doors } } };
}
