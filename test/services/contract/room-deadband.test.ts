/** What of the room is worth a message: what people act upon at once, what cycles by itself later, what wanders never. */
import { describe, expect, test } from "vitest";
import { amenityChange, climateChange, doorChange, fridgeChange } from "../../../services/contract/room-deadband.ts";
import {
  amenityExamples,
  climateExamples,
  doorExamples,
  fridgeExamples,
} from "../../../services/contract/room-examples.ts";
import type { AmenityPayload, DoorPayload, DoorView } from "../../../services/contract/room-payloads.ts";

const [door] = doorExamples;
const [climate] = climateExamples;
const [fridge] = fridgeExamples;

const front = (part: Partial<DoorView>) => ({
  ...door,
  doors: { front: { ...(door.doors.front as DoorView), ...part } },
});

describe("the doors", () => {
  const cases: readonly (readonly [string, DoorPayload, string])[] = [
    ["nothing changed", { ...door, doors: { ...door.doors } }, "none"],
    ["it opened", front({ position: "open" }), "step"],
    ["it is held", front({ position: "held" }), "step"],
    ["somebody may come in now", front({ position: "granted", lock: "released" }), "none"],
    ["its lock moved and nothing else", front({ lock: "released" }), "none"],
    ["its mode follows the hours", front({ mode: "closed" }), "step"],
    ["an operator ordered a mode", front({ mode: "closed", ordered: "closed" }), "order"],
    ["a fault was raised", front({ faults: ["door-tamper"] }), "step"],
    ["somebody came in", { ...door, inside: 4 }, "step"],
    ["another list is in force", { ...door, listVersion: 42 }, "step"],
    ["the list grew too old", { ...door, faults: ["access-list-old"] }, "step"],
    ["a door was added", { ...door, doors: { ...door.doors, back: door.doors.front as DoorView } }, "step"],
    ["a door is gone", { ...door, doors: {} }, "step"],
  ];
  test.each(cases)("%s", (_what, now, change) => {
    expect(doorChange(door, now)).toBe(change);
  });
});

describe("the climate", () => {
  const [first, second] = climate.sensors;
  test.each([
    ["nothing changed", { ...climate }, "none"],
    ["0.1 °C warmer", { ...climate, roomC: 17.7 }, "none"],
    ["0.2 °C warmer", { ...climate, roomC: 17.8 }, "drift"],
    ["its temperature is lost", { ...climate, roomC: null }, "step"],
    ["a sensor drifts from the other", { ...climate, sensors: [first, { ...second, tempC: 18.3 }] }, "drift"],
    ["a degree colder outside", { ...climate, outsideC: -28.5 }, "drift"],
    ["damper", { ...climate, humidityPct: 36 }, "drift"],
    ["a little more heat", { ...climate, heaterPct: 75 }, "none"],
    ["much more heat", { ...climate, heaterPct: 90 }, "drift"],
    ["another setpoint", { ...climate, heatToC: 12, why: "empty" }, "drift"],
    ["the heater went off", { ...climate, state: "rest" }, "step"],
    ["the heater may not heat", { ...climate, stop: "no-rise" }, "step"],
    ["a latch", { ...climate, latch: { why: "welded", since: "2026-01-31T05:06:07.890Z" } }, "step"],
    ["an operator chose frost-only", { ...climate, mode: "frost-only" }, "order"],
  ] as const)("%s", (_what, now, change) => {
    expect(climateChange(climate, now as typeof climate)).toBe(change);
  });
});

describe("the fridge", () => {
  test.each([
    ["nothing changed", { ...fridge }, "none"],
    ["0.4 °C warmer", { ...fridge, airC: 4.6 }, "none"],
    ["0.5 °C warmer", { ...fridge, airC: 4.7 }, "drift"],
    ["the compressor rests", { ...fridge, state: "rest", compressor: false }, "drift"],
    ["more energy", { ...fridge, energyWh: 9_000 }, "none"],
    ["its lock is released", { ...fridge, lock: "released" }, "none"],
    ["its door opened", { ...fridge, door: "open" }, "step"],
    ["a drink less", { ...fridge, left: 36 }, "step"],
    ["few are left", { ...fridge, restockWanted: true }, "step"],
    ["the contents are blocked", { ...fridge, blocked: true }, "step"],
    ["its temperature is lost", { ...fridge, airC: null }, "step"],
    ["a fault was raised", { ...fridge, faults: ["fridge-door-ajar"] }, "step"],
  ] as const)("%s", (_what, now, change) => {
    expect(fridgeChange(fridge, now as typeof fridge)).toBe(change);
  });
});

describe("an amenity", () => {
  const of = (kind: AmenityPayload["kind"], at = 0) => amenityExamples.filter((one) => one.kind === kind)[at] as object;
  const cases: readonly (readonly [string, object, object, string])[] = [
    ["hot water heats", of("hot-water"), { heating: false }, "drift"],
    ["hot water pours", of("hot-water"), { pouring: true }, "drift"],
    ["hot water is 4 °C warmer", of("hot-water"), { boilerC: 90.4 }, "none"],
    ["hot water is 5 °C warmer", of("hot-water"), { boilerC: 91.5 }, "drift"],
    ["hot water is stopped", of("hot-water"), { stop: "no-water" }, "step"],
    ["hot water is latched", of("hot-water"), { latch: { why: "leak", since: "2026-01-31T05:06:07.890Z" } }, "step"],
    ["the microwave went off", of("microwave"), { on: false }, "step"],
    ["the end of the microwave is reckoned anew", of("microwave"), { endsAt: "2026-01-31T05:11:08.000Z" }, "none"],
    ["a locker was taken", of("phone-lockers"), { free: 3, held: [2, 3, 5] }, "step"],
    ["a gift was fetched", of("gift-lockers"), { free: 2, filled: [1, 4] }, "step"],
    ["the AED is back", of("rescue-cabinet"), { aed: "in-place" }, "step"],
    ["the toilet is free", of("toilet-light"), { on: false }, "step"],
    ["the light went out", { kind: "light", on: true }, { on: false }, "drift"],
    ["somebody calls for help", of("help", 1), { call: "waiting" }, "order"],
    ["the siren ended", of("help"), { siren: false }, "step"],
    ["the moment of the call is reckoned anew", of("help"), { calledAt: "2026-01-31T05:06:07.891Z" }, "none"],
  ];
  test.each(cases)("%s", (_what, sent, part, change) => {
    expect(amenityChange(sent as AmenityPayload, { ...sent, ...part } as AmenityPayload)).toBe(change);
    expect(amenityChange(sent as AmenityPayload, { ...sent } as AmenityPayload)).toBe("none");
  });

  test("that became one of another kind is told", () => {
    expect(amenityChange({ kind: "light", on: true }, { kind: "toilet-light", on: true })).toBe("step");
  });
});
