/** Each safety assertion at the edge of its own number: what it still lets pass, and the first thing that it does not. */
import { describe, expect, test } from "vitest";
import { ClimateConfig } from "../../../services/climate/config.ts";
import type { StationConfig } from "../../../services/config.ts";
import { type Levels, restingSafety } from "../../../services/levels.ts";
import { restingRoom } from "../../../services/room/levels.ts";
import type { Granted } from "../../../services/safety/assertion.ts";
import { breachOf, safetyAssertions } from "../../../services/safety/assertions.ts";
import { calmZone } from "../../../services/safety/zones.ts";
import type { StationState } from "../../../services/station/state.ts";
import { pack } from "../../support/bench-config.ts";
import {
  bench,
  config,
  doorsThatSay,
  durable,
  good,
  latches,
  levels,
  nowMs,
  on,
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

/** The invariants of everything that is found, the same one as often as it is found. */
const broken = (granted: Partial<Granted>): string[] =>
  safetyAssertions
    .filter((assertion) => assertion.breach({ ...sound, ...granted }) !== undefined)
    .map(({ invariant }) => invariant);

type Row = readonly [what: string, granted: Partial<Granted>, invariants?: readonly string[]];

function table(about: string, rows: readonly Row[]): void {
  describe(about, () => {
    for (const [what, granted, invariants = []] of rows) {
      test(what, () => {
        expect(broken(granted)).toEqual(invariants);
      });
    }
  });
}

const cells = (...cellTempsC: number[]) => good(pack("yz-1", { cellTempsC }));
const stale = <T>(value: T) => ({ ...good(value), quality: "stale" as const });
const turned = (bay: number, agoMs: number, freeMs?: number): StationState =>
  withState({ lockTurn: { bay, sinceMs: nowMs - agoMs, freeMs } });
const latchedBay = (bay: number): StationState =>
  withState({
    durable: {
      ...durable,
      safety: {
        ...durable.safety,
        bays: { ...durable.safety.bays, latches: { [bay]: { cabinet: "c-1", why: "over-temperature", since: 0 } } },
      },
    } as StationState["durable"],
  });
const latchedCabinet = (latched: object = latches): StationState =>
  withState({ durable: { ...durable, safety: { ...durable.safety, latches: latched } } as StationState["durable"] });
const alerted = withState({ alerts: { ...bench.state.alerts, zones: smoking } });
const calm = withState({ alerts: { ...bench.state.alerts, zones: { "c-1": calmZone } } });
const noSwitch: StationConfig = {
  ...config,
  bays: config.bays.map((one) => (one === undefined ? one : { ...one, hasDoorSwitch: false })),
};
const unknown: StationConfig = { ...config, bays: [] };

table("a lease", [
  ["of one millisecond is one", { untilMs: nowMs + 1 }],
  ["of two seconds is one", { untilMs: nowMs + 2_000 }],
  ["of a millisecond more is none", { untilMs: nowMs + 2_001 }, ["I3"]],
  ["that ends now is none", { untilMs: nowMs }, ["I3"]],
  ["that ends at no number is none", { untilMs: Number.NaN }, ["I3"]],
]);

table("a swap", [
  ["may hold two dead bays of its cabinet", { state: swapping({}) }],
  ["may put in nowhere when it pays a debt", { state: swapping({ inBay: undefined as never, pays: "s-0" }) }],
  ["may give back where it took in when it pays one", { state: swapping({ inBay: 3, pays: "s-0" }) }],
  ["may be over", { state: withState({ swaps: { "c-1": undefined as never } }) }],
  ["may not hold a bay of another cabinet", { state: withState({ swaps: { "c-2": { inBay: 4 } as never } }) }, ["I4"]],
  ["may not take from a bay of another cabinet", { state: swapping({ outBay: 9 }) }, ["I4"]],
]);

table("heat", [
  ["lives ten seconds on its last sample", { readings: withBay(2, { pack: good(pack("yz-2"), 10_000) }) }],
  ["lives no longer", { readings: withBay(2, { pack: good(pack("yz-2"), 10_001) }) }, ["I6"]],
  ["is blind with a pack that says nothing", { readings: withBay(2, { pack: good(undefined) }) }, ["I6"]],
  ["is blind by nonsense", { readings: withBay(2, { pack: { ...cells(20), quality: "invalid" } }) }, ["I6"]],
  ["is blind in a bay without readings", { readings: { ...readings, bays: [] } }, ["I6", "I8"]],
  ["ends above 70 °C, not at it", { readings: withBay(2, { pack: cells(70) }) }],
  ["ends when the last of the cells is above it", { readings: withBay(2, { pack: cells(20, 70.1) }) }, ["I9"]],
  ["ends though what is too hot fell silent", { readings: withBay(2, { pack: stale(cells(71).value) }) }, ["I6", "I9"]],
  ["needs no shut door", { readings: withBay(2, { doorShut: good(false), latched: good(false) }) }],
  ["ends beside a driven lock", { state: turned(2, 0) }, ["I8"]],
]);

table("a charge", [
  ["is right at 0 °C and at 45 °C", { readings: withBay(1, { pack: cells(0, 45) }) }],
  ["is wrong with its first cell too cold", { readings: withBay(1, { pack: cells(-0.1, 20) }) }, ["I8"]],
  ["is wrong with its last cell too warm", { readings: withBay(1, { pack: cells(20, 45.1) }) }, ["I8"]],
  ["is right five seconds after the pack was heard", { readings: withBay(1, { pack: good(pack("yz-1"), 5_000) }) }],
  ["is wrong a millisecond later", { readings: withBay(1, { pack: good(pack("yz-1"), 5_001) }) }, ["I8"]],
  ["is wrong with a pack that says nothing", { readings: withBay(1, { pack: good(undefined) }) }, ["I8"]],
  ["is wrong with a pack that is stale", { readings: withBay(1, { pack: stale(pack("yz-1")) }) }, ["I8"]],
  ["is right five seconds after the pack was seen", { readings: withBay(1, { present: good(true, 5_000) }) }],
  ["is wrong a millisecond after that", { readings: withBay(1, { present: good(true, 5_001) }) }, ["I8"]],
  ["is wrong where no contact sees the pack", { readings: withBay(1, { present: undefined }) }, ["I8"]],
  ["is wrong behind an open latch", { readings: withBay(1, { latched: good(false) }) }, ["I8"]],
  ["is wrong behind a latch nobody hears", { readings: withBay(1, { latched: undefined }) }, ["I8"]],
  ["is wrong behind a door switch nobody hears", { readings: withBay(1, { doorShut: undefined }) }, ["I8"]],
  ["needs no door switch where none is", { config: noSwitch, readings: withBay(1, { doorShut: undefined }) }],
  ["needs the latch there too", { config: noSwitch, readings: withBay(1, { latched: good(false) }) }, ["I8"]],
  ["is right in a bay that no layout knows", { config: { ...unknown, cabinets: [] } }],
]);

table("a lock's coil", [
  ["of another bay harms no charge", { state: turned(3, 0) }],
  ["may be on for a second", { state: turned(1, 999) }, ["I8"]],
  ["is off after it", { state: turned(1, 1_000) }],
  ["is off when it was told to be free", { state: turned(1, 0, nowMs) }],
  ["is on until then", { state: turned(1, 5_000, nowMs + 1) }, ["I8"]],
]);

table("a latch", [
  ["of a bay at rest asks for nothing", { state: latchedBay(3) }],
  ["of a charging bay is found", { state: latchedBay(1) }, ["I9"]],
  ["of another cabinet leaves these bays alone", { state: latchedCabinet({ "c-2": latches["c-1"] }) }, ["I13", "I14"]],
  ["leaves a hot pack at rest alone", { readings: withBay(3, { pack: cells(90) }) }],
  [
    "and silence leave a bay alone that has no pack",
    { levels: { ...levels, bays: [undefined] }, readings: withBay(1, { pack: undefined }) },
  ],
]);

describe("the power of the site", () => {
  const { chargerEfficiency, heaterW } = config.charging;
  const limited = (siteLimitW: number): StationConfig => ({ ...config, siteLimitW });
  /** Bay 1 charges 12 A at 48 V, bay 2 is heated. */
  const drawnW = (12 * 48) / chargerEfficiency + heaterW;

  test("is summed over chargers and heaters, and one watt is a matter of rounding", () => {
    expect(broken({ config: limited(drawnW) })).toEqual([]);
    expect(broken({ config: limited(drawnW - 0.999) })).toEqual([]);
    expect(broken({ config: limited(drawnW - 1.001) })).toEqual(["I10"]);
  });

  test("is summed with the highest voltage where the pack is not heard, and without what rests", () => {
    const silent = { readings: withBay(1, { pack: undefined }) };
    const highestW = (12 * config.packs.chargeMv) / 1_000 / chargerEfficiency + heaterW;
    expect(broken({ ...silent, config: limited(highestW) })).toEqual(["I8"]);
    expect(broken({ ...silent, config: limited(highestW - 1.001) })).toEqual(["I8", "I10"]);
    expect(broken({ levels: { ...levels, bays: [undefined, on({}), undefined] }, config: limited(-1) })).toEqual([]);
    const both: Levels = { ...levels, bays: [undefined, on({ chargeMa: 12_000, heater: true })] };
    expect(broken({ levels: both, config: limited(drawnW - 0.5) })).toEqual([]);
    expect(broken({ levels: both, config: limited(drawnW - 1.001) })).toEqual(["I10"]);
  });
});

const told = (smoke: Granted["readings"]["cabinets"][string]["smoke"]): Granted["readings"] => ({
  ...readings,
  cabinets: { "c-1": { smoke, conductor: undefined, water: undefined, airTempC: undefined } },
});
const answered: Levels = {
  ...quietLevels,
  safety: { ...restingSafety, alarms: { "c-1": true }, stationAlarm: true, exitRelease: true },
};
const answeredBut = (more: Partial<Levels["safety"]>): Levels => ({
  ...answered,
  safety: { ...answered.safety, ...more },
});
const without = (more: Partial<StationConfig>): StationConfig => ({ ...config, ...more });

table("smoke", [
  ["that is old is smoke", { readings: told(stale(true)) }, ["I13"]],
  ["that is nonsense is none", { readings: told({ ...good(true), quality: "invalid" }) }],
  ["that is heard to be none is none", { readings: told(good(false)) }],
  ["that nobody hears is none here", { readings: { ...readings, cabinets: {} } }],
  ["heard a moment ago leaves the alarms until the next look", { readings: told(good(true)), levels: quietLevels }],
  ["that stands is answered by alarms and a free exit", { state: alerted, levels: answered }],
  ["that stands and no alarm of the cabinet", { state: alerted, levels: answeredBut({ alarms: {} }) }, ["I13"]],
  [
    "that stands and no alarm of the station",
    { state: alerted, levels: answeredBut({ stationAlarm: false }) },
    ["I13"],
  ],
  ["that stands and no free exit", { state: alerted, levels: answeredBut({ exitRelease: false }) }, ["I13"]],
  [
    "needs no alarm where the cabinet has none",
    {
      state: alerted,
      levels: answeredBut({ alarms: {} }),
      config: without({ cabinets: config.cabinets.map((one) => ({ ...one, hasAlarm: false })) }),
    },
  ],
  [
    "needs no alarm where the station has none",
    { state: alerted, levels: answeredBut({ stationAlarm: false }), config: without({ hasAlarm: false }) },
  ],
  [
    "needs no exit release where there is none",
    { state: alerted, levels: answeredBut({ exitRelease: false }), config: without({ hasExitRelease: false }) },
  ],
  ["that latched the cabinet is answered for ever", { state: latchedCabinet(), levels: quietLevels }, ["I13"]],
  ["that was and is over is none", { state: calm }],
]);

const climate = (more: Partial<typeof roomLevels.climate>): Levels => ({
  ...levels,
  room: { ...roomLevels, climate: { ...roomLevels.climate, ...more } },
});
const noRoom = { bays: levels.bays, fans: {}, safety: restingSafety } as Levels;
const { room: _absent, ...roomless } = config;
const air = (tempC: number, agoMs = 0) => withRoom({ air: [good({ tempC }, agoMs), good({ tempC: 17 })] });
const { hardLimitC, rangeMaxC } = ClimateConfig.parse({});
const roomLatched = (latched: object): StationState =>
  withState({ durable: { ...durable, room: { ...durable.room, ...latched } } as StationState["durable"] });
const welded = roomLatched({ climate: { ...durable.room.climate, latch: { why: "welded", since: 0 } } });
const { room: _unheard, ...unheard } = readings;

table("the room's heater", [
  ["lives ten seconds on any sample", { readings: withRoom({ air: [undefined, good({ tempC: 17 }, 10_000)] }) }],
  ["lives no longer", { readings: withRoom({ air: [good({ tempC: 17 }, 10_001)] }) }, ["I6"]],
  ["is blind by a stale sample", { readings: withRoom({ air: [stale({ tempC: 17 })] }) }, ["I6"]],
  ["is blind in a room without readings", { readings: unheard }, ["I6", "I14"]],
  ["at no power needs no sample", { levels: climate({ heaterPct: 0 }), readings: withRoom({ air: [] }) }],
  ["is fed at its hard limit", { readings: air(hardLimitC) }],
  ["is not fed above it", { readings: air(hardLimitC + 0.1) }, ["I9"]],
  ["is not fed above it though it gives no power", { levels: climate({ heaterPct: 0 }), readings: air(46) }, ["I9"]],
  [
    "is not driven above it though it is not fed",
    { levels: climate({ heaterFeed: false }), readings: air(46) },
    ["I9"],
  ],
  ["may be hot at rest", { levels: climate({ heaterPct: 0, heaterFeed: false }), readings: air(46) }],
  ["is judged to the end of the sensor's range", { readings: air(rangeMaxC) }, ["I9"]],
  ["is not judged by what is no temperature", { readings: air(rangeMaxC + 0.1) }],
  ["is judged by what is surely heard", { readings: air(46, 2_999) }, ["I9"]],
  ["is not judged by what a strict configuration may call old", { readings: air(46, 3_000) }],
  ["is judged by any of its sensors", { readings: withRoom({ air: [undefined, good({ tempC: 46 })] }) }, ["I9"]],
  ["may be latched at rest", { levels: climate({ heaterPct: 0, heaterFeed: false }), state: welded }],
  ["is not driven behind a latch", { levels: climate({ heaterFeed: false }), state: welded }, ["I9"]],
  ["is nothing in a station without a room", { levels: noRoom, config: roomless, readings: unheard, state: welded }],
  ["is not judged where no room is configured", { config: roomless, readings: air(46) }],
]);

const tea = { tea: { why: "too-hot", since: 0 } };
table("a boiler", [
  [
    "that is latched may rest",
    { levels: { ...levels, room: { ...roomLevels, amenities: {} } }, state: roomLatched({ latches: tea }) },
  ],
  [
    "that is latched may have its tap",
    {
      levels: { ...levels, room: { ...roomLevels, amenities: { tea: { tap: true } } } },
      state: roomLatched({ latches: tea }),
    },
  ],
  ["is fed though another one is latched", { state: roomLatched({ latches: { soup: tea.tea } }) }],
  ["is fed after its latch is gone", { state: roomLatched({ latches: { tea: undefined } }) }],
  ["that is latched is not fed", { state: roomLatched({ latches: tea }) }, ["I9"]],
  ["is nothing in a station without a room", { levels: noRoom, state: roomLatched({ latches: tea }) }],
]);

const inFire = (more: Partial<typeof roomLevels>): Partial<Granted> => ({
  state: alerted,
  levels: { ...answered, room: { ...restingRoom, ...more } },
});
table("a fire", [
  ["leaves a room at rest alone", inFire({})],
  ["takes the heater", inFire({ climate: { heaterPct: 1, heaterFeed: false, cooler: false } }), ["I13"]],
  ["takes the heater's feed", inFire({ climate: { heaterPct: 0, heaterFeed: true, cooler: false } }), ["I13"]],
  ["takes the boilers", inFire({ amenities: { lamp: { lamp: true }, tea: { element: true } } }), ["I13"]],
  ["leaves the lamps", inFire({ amenities: { lamp: { lamp: true }, tea: { element: false } } })],
  ["frees the exit", inFire({ doors: { front: { strike: false, magnet: true } } }), ["I14"]],
  [
    "is what a latched cabinet had",
    { state: latchedCabinet(), levels: { ...answered, room: roomLevels } },
    ["I13", "I14"],
  ],
  ["is nothing to a station without a room", { state: alerted, levels: answered, config: roomless }],
]);

table("a magnet", [
  ["holds five seconds on what the button said", { readings: withRoom({ doors: doorsThatSay(good(false, 5_000)) }) }],
  ["holds no longer", { readings: withRoom({ doors: doorsThatSay(good(false, 5_001)) }) }, ["I14"]],
  ["does not hold by a stale button", { readings: withRoom({ doors: doorsThatSay(stale(false)) }) }, ["I14"]],
  ["does not hold at a door that is not read", { readings: withRoom({ doors: {} }) }, ["I14"]],
  [
    "is nothing at a door whose levels are not there",
    { levels: { ...levels, room: { ...roomLevels, doors: {} } }, config: withDoor({ lock: "strike" }) },
  ],
  [
    "lets go of whoever wants out",
    {
      levels: { ...levels, room: { ...roomLevels, doors: { front: { strike: true, magnet: false } } } },
      readings: withRoom({ doors: doorsThatSay(good(true)) }),
    },
  ],
  ["is not judged where no room is configured", { config: roomless }],
]);

describe("what is told of a breach", () => {
  test.each<[string, Partial<Granted>]>([
    ["bay 1 charges at 45.1 °C", { readings: withBay(1, { pack: cells(45.1) }) }],
    ["bay 2 is heated at 71 °C", { readings: withBay(2, { pack: cells(71) }) }],
    ["bay 2 is heated without a temperature of the last ten seconds", { readings: withBay(2, { pack: undefined }) }],
    ["a lease of 0 ms", { untilMs: nowMs }],
    ["door front is held by a magnet that it does not have", { config: withDoor({ lock: "strike" }) }],
  ])("is %s", (what, granted) => {
    expect(breachOf({ ...sound, ...granted })?.what).toBe(what);
  });
});
