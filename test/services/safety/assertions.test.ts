/** Each safety assertion is red when it is handed what must not be, and says nothing over a station at its work. */
import { describe, expect, test } from "vitest";
import { restingSafety } from "../../../services/levels.ts";
import type { Granted } from "../../../services/safety/assertion.ts";
import { breachOf, safetyAssertions } from "../../../services/safety/assertions.ts";
import type { StationState } from "../../../services/station/state.ts";
import { pack } from "../../support/bench-config.ts";
import {
  bench,
  config,
  doorsThatSay,
  durable,
  good,
  latches,
  nowMs,
  quietLevels,
  readings,
  roomLevels,
  smoking,
  sound,
  swapping,
  withBay,
  withDoor,
  withRoom,
  withState,
} from "./granted.ts";

const bad: readonly [invariant: string, what: string, granted: Partial<Granted>][] = [
  ["I3", "a lease that never ends", { untilMs: Number.POSITIVE_INFINITY }],
  ["I3", "a lease of three seconds", { untilMs: nowMs + 3_000 }],
  ["I3", "a lease that is over", { untilMs: nowMs }],
  ["I4", "a swap with one bay for both packs", { state: swapping({ inBay: 3 }) }],
  ["I4", "a swap that charges the bay it puts in", { state: swapping({ inBay: 1 }) }],
  ["I4", "a swap that heats the bay it takes from", { state: swapping({ outBay: 2 }) }],
  ["I4", "a swap with a bay of nobody's", { state: swapping({ inBay: 9 }) }],
  ["I6", "heat without a pack", { readings: withBay(2, { pack: undefined }) }],
  ["I6", "heat eleven seconds after the last sample", { readings: withBay(2, { pack: good(pack("yz-2"), 11_000) }) }],
  ["I6", "heat by a stale sample", { readings: withBay(2, { pack: { ...good(pack("yz-2")), quality: "stale" } }) }],
  ["I6", "heat without a temperature", { readings: withBay(2, { pack: good(pack("yz-2", { cellTempsC: [] })) }) }],
  ["I6", "a room that is heated blindly", { readings: withRoom({ air: [undefined, good({ tempC: 17 }, 11_000)] }) }],
  ["I8", "a charge into an empty bay", { readings: withBay(1, { present: good(false) }) }],
  ["I8", "a charge into a pack that fell silent", { readings: withBay(1, { pack: good(pack("yz-1"), 6_000) }) }],
  ["I8", "a charge without a temperature", { readings: withBay(1, { pack: good(pack("yz-1", { cellTempsC: [] })) }) }],
  ["I8", "a charge below 0 °C", { readings: withBay(1, { pack: good(pack("yz-1", { cellTempsC: [9, -0.1] })) }) }],
  ["I8", "a charge above 45 °C", { readings: withBay(1, { pack: good(pack("yz-1", { cellTempsC: [45.1] })) }) }],
  ["I8", "a charge at no number", { readings: withBay(1, { pack: good(pack("yz-1", { cellTempsC: [Number.NaN] })) }) }],
  ["I8", "a charge behind a door that is open", { readings: withBay(1, { doorShut: good(false) }) }],
  ["I8", "a charge behind a latch that is not heard", { readings: withBay(1, { latched: good(true, 6_000) }) }],
  [
    "I8",
    "a charge under a coil",
    { state: withState({ lockTurn: { bay: 1, sinceMs: nowMs - 500, freeMs: undefined } }) },
  ],
  ["I9", "heat into a pack of 71 °C", { readings: withBay(2, { pack: good(pack("yz-2", { cellTempsC: [71] })) }) }],
  [
    "I9",
    "power for a latched bay",
    {
      state: withState({
        durable: {
          ...durable,
          safety: {
            ...durable.safety,
            bays: { ...durable.safety.bays, latches: { "2": { cabinet: "c-1", why: "over-temperature", since: 0 } } },
          },
        } as StationState["durable"],
      }),
    },
  ],
  [
    "I9",
    "power in a latched cabinet",
    { state: withState({ durable: { ...durable, safety: { ...durable.safety, latches } } }) },
  ],
  ["I9", "a hot room that is heated on", { readings: withRoom({ air: [good({ tempC: 46 }), good({ tempC: 17 })] }) }],
  [
    "I9",
    "a latched heater that is fed",
    {
      state: withState({
        durable: {
          ...durable,
          room: { ...durable.room, climate: { ...durable.room.climate, latch: { why: "welded", since: 0 } } },
        },
      }),
    },
  ],
  [
    "I9",
    "a latched boiler that is fed",
    {
      state: withState({
        durable: {
          ...durable,
          room: { ...durable.room, latches: { tea: { why: "too-hot", since: 0 } } },
        } as StationState["durable"],
      }),
    },
  ],
  ["I10", "more power than the site has", { config: { ...config, siteLimitW: 600 } }],
  [
    "I13",
    "a charge in smoke",
    {
      readings: {
        ...readings,
        cabinets: { "c-1": { smoke: good(true), conductor: undefined, water: undefined, airTempC: undefined } },
      },
    },
  ],
  ["I13", "a charge a moment after smoke", { state: withState({ alerts: { ...bench.state.alerts, zones: smoking } }) }],
  [
    "I13",
    "a silent alarm",
    { levels: quietLevels, state: withState({ alerts: { ...bench.state.alerts, zones: smoking } }) },
  ],
  [
    "I13",
    "an exit that is not freed",
    {
      levels: { ...quietLevels, safety: { ...restingSafety, alarms: { "c-1": true }, stationAlarm: true } },
      state: withState({ alerts: { ...bench.state.alerts, zones: smoking } }),
    },
  ],
  [
    "I13",
    "a room that is heated in a fire",
    {
      levels: {
        ...quietLevels,
        safety: { ...restingSafety, alarms: { "c-1": true }, stationAlarm: true, exitRelease: true },
        room: roomLevels,
      },
      state: withState({ alerts: { ...bench.state.alerts, zones: smoking } }),
    },
  ],
  ["I14", "a magnet against whoever turns the handle", { readings: withRoom({ doors: doorsThatSay(good(true)) }) }],
  [
    "I14",
    "a magnet beside a button that is not heard",
    { readings: withRoom({ doors: doorsThatSay(good(false, 6_000)) }) },
  ],
  ["I14", "a magnet that nobody inside can break", { config: withDoor({ exitBreaksPower: false }) }],
  ["I14", "a magnet on a door with a strike", { config: withDoor({ lock: "strike" }) }],
];

describe("what is granted", () => {
  test("says nothing over a station that charges, heats and holds its door as it should", () => {
    expect(breachOf(sound)).toBeUndefined();
  });

  test.each(bad)("%s is asserted: %s", (invariant, _what, granted) => {
    expect(breachOf({ ...sound, ...granted })?.invariant).toBe(invariant);
  });

  test("has a bad example of every assertion, and every assertion finds one that no other finds", () => {
    expect(new Set(bad.map(([invariant]) => invariant))).toEqual(
      new Set(safetyAssertions.map(({ invariant }) => invariant)),
    );
    for (const assertion of safetyAssertions) {
      const found = bad.filter(
        ([invariant, , granted]) =>
          invariant === assertion.invariant && assertion.breach({ ...sound, ...granted }) !== undefined,
      );
      expect(found.length, assertion.says).toBeGreaterThan(0);
    }
  });
});
