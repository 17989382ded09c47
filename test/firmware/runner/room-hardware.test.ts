/** The room of the example on simulated boards: what is sensed and shown there reaches the image and the events. */
import { describe, expect, test } from "vitest";
import { emptyImage } from "../../../firmware/runner/image.ts";
import { attachRoom } from "../../../firmware/runner/room-hardware.ts";
import type { RoomParts } from "../../../firmware/runner/room-parts.ts";
import type { DigitalInput } from "../../../hal/ports/digital-input.ts";
import type { SwitchedOutput } from "../../../hal/ports/switched-output.ts";
import type { Thermometer } from "../../../hal/ports/thermometer.ts";
import { restingRoom } from "../../../services/room/levels.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { example, roomRig, wiresOf } from "../../support/room-rig.ts";

describe("what is sensed", () => {
  test("is heard of every contact, sensor and thermometer that is wired", () => {
    const { room } = roomRig();
    const door = room.doors[example.front.id];
    for (const reading of [door?.shut, door?.exitRequest, door?.tamper, room.present, room.fridge.doorShut])
      expect(reading?.quality).toBe("good");
    expect(door?.lockPower).toBeUndefined();
    for (const reading of [...room.air, room.outsideC, room.fridge.airC, room.fridge.evaporatorC])
      expect(reading?.quality).toBe("good");
    const contacts = (id: string) => Object.keys(room.amenities[id]?.contacts ?? {}).sort();
    expect(contacts("hot-water")).toEqual(["button", "filled", "leaking", "unlock"]);
    expect(contacts("microwave")).toEqual(["button", "stop"]);
    expect(contacts("first-aid")).toEqual(["inPlace", "shut"]);
    expect(contacts("toilet")).toEqual(["present"]);
    expect(contacts("help")).toEqual(["button"]);
    expect(room.amenities["hot-water"]?.tempC?.quality).toBe("good");
  });

  test("of the air is temperature and humidity of one moment, and is lost as one", () => {
    const { lines, room } = roomRig();
    lines.tempC.set("air-north", -3.4);
    lines.pass(4_000);
    expect(room.air[0]).toMatchObject({ value: { tempC: -3.4, humidityPct: 40 }, quality: "good" });
    expect(room.air[1]?.value.tempC).toBe(20);
    const sensor = lines.sensors.get("air-north");
    if (sensor !== undefined) sensor.fault = "gone";
    lines.pass(8_000);
    expect(room.air[0]).toMatchObject({ value: { tempC: -3.4 }, quality: "stale" });
    expect(room.air[1]?.quality).toBe("good");
  });

  test("of what heats and cools is never older than its services allow", () => {
    const { clock, lines, room } = roomRig();
    for (let passed = 0; passed < 60_000; passed += 500) {
      lines.pass(500);
      for (const reading of [
        ...room.air,
        room.fridge.airC,
        room.fridge.evaporatorC,
        room.amenities["hot-water"]?.tempC,
      ])
        expect(clock.nowMs - (reading?.atMs ?? 0)).toBeLessThan(8_000);
    }
  });

  test.each([
    ["the door", () => example.front.wires.shut],
    ["the exit button", () => example.front.wires.exitRequest],
    ["the help button", () => wiresOf("help").button],
    ["the leak sensor", () => wiresOf("hot-water").leaking],
    ["the button that stops the oven", () => wiresOf("microwave").stop],
    ["the button at the tap", () => wiresOf("hot-water").button],
  ])("%s is noticed within a fifth of a second", (_, pointOf) => {
    const { clock, lines, noticed } = roomRig();
    const point = pointOf();
    if (point === undefined) throw new Error("not wired");
    for (const holds of [true, false, true]) {
      noticed.length = 0;
      const sinceMs = clock.nowMs;
      lines.set(point, holds);
      lines.pass(200);
      expect(noticed).toHaveLength(1);
      expect((noticed[0] ?? 0) - sinceMs).toBeLessThanOrEqual(200);
      lines.pass(1_037);
    }
  });

  test("is told once for a change, and never for the same again", () => {
    const { lines, noticed } = roomRig();
    noticed.length = 0;
    lines.pass(30_000);
    expect(noticed).toEqual([]);
  });
});

/** Which contacts are asked as often as the line allows, and which as if somebody stood there, on fakes that write it down. */
function paced() {
  const guarded: string[] = [];
  const attended: string[] = [];
  const left: string[] = [];
  const thermometer: Thermometer = {
    reading: () => ({ value: Number.NaN, atMs: 0, quality: "stale" }),
    watch: () => undefined,
  };
  const output: SwitchedOutput = { hold: () => undefined, state: () => "off" };
  const input = (name: string): DigitalInput => ({
    reading: () => ({ value: false, atMs: 0, quality: "stale" }),
    watch: () => undefined,
    attend: (on) => void (on ? attended : left).push(name),
    guard: () => void guarded.push(name),
  });
  const kinds = { boiler: "hot-water", oven: "microwave", aid: "rescue-cabinet", help: "help" } as const;
  const names = ["filled", "leaking", "unlock", "button", "stop", "shut", "inPlace", "present"] as const;
  const parts: RoomParts = {
    doors: [
      {
        id: "front",
        strike: undefined,
        magnet: undefined,
        shut: input("door shut"),
        exitRequest: input("door exit"),
        tamper: input("door tamper"),
        lockPower: input("door power"),
      },
    ],
    climate: undefined,
    fridge: {
      air: thermometer,
      evaporator: undefined,
      door: input("fridge door"),
      lock: output,
      compressor: output,
      defrostHeater: undefined,
    },
    amenities: Object.entries(kinds).map(([id, kind]) => ({
      id,
      kind,
      contacts: new Map(names.map((name) => [name, input(`${id} ${name}`)])),
      outputs: new Map(),
      thermometer: undefined,
    })),
    readers: [],
    presence: input("presence"),
    outside: undefined,
    clock: createVirtualClock({ wallStartMs: 0 }),
  };
  const readings = emptyImage(example.station).room;
  if (readings === undefined) throw new Error("no room");
  const amenityReadings = Object.fromEntries(
    Object.keys(kinds).map((id) => [id, { contacts: {}, tempC: undefined, pulled: undefined }]),
  );
  const events = { noticed: () => undefined, roomCode: () => undefined, roomCard: () => undefined };
  const hardware = attachRoom(parts, { ...readings, amenities: amenityReadings }, events);
  return { guarded, attended, left, hardware };
}

describe("how closely a contact is looked at", () => {
  test("as often as the line allows: the door and its exit, every leak, every stop, and all of the help button", () => {
    expect(paced().guarded.filter((name) => !name.startsWith("help "))).toEqual([
      "door shut",
      "door exit",
      "boiler leaking",
      "boiler stop",
      "oven leaking",
      "oven stop",
      "aid leaking",
      "aid stop",
    ]);
    expect(paced().guarded).toContain("help button");
  });

  test("as if somebody stood there: buttons, because a press is short", () => {
    expect(paced().attended).toEqual([
      "boiler unlock",
      "boiler button",
      "oven unlock",
      "oven button",
      "aid unlock",
      "aid button",
    ]);
  });

  test("the fridge's door is watched while its lock is released, and no longer", () => {
    const { attended, left, hardware } = paced();
    attended.length = 0;
    const fridge = { ...restingRoom.fridge, lock: true };
    for (let scans = 0; scans < 3; scans++) hardware.apply({ ...restingRoom, fridge }, 1_000);
    expect([attended, left]).toEqual([["fridge door"], []]);
    for (let scans = 0; scans < 3; scans++) hardware.apply(restingRoom, 2_000);
    expect([attended, left]).toEqual([["fridge door"], ["fridge door"]]);
  });
});

describe("what is shown", () => {
  test("a code comes with the reader that read it", () => {
    const { lines, codes } = roomRig();
    lines.show("door-codes", "eyJ.a.b");
    lines.pass(200);
    lines.show("gift-codes", "a gift");
    lines.pass(200);
    expect(codes).toEqual(["front-codes eyJ.a.b", "gifts a gift"]);
  });

  test("a card comes once while it stays, and again when it comes back", () => {
    const { lines, cards } = roomRig();
    const card = { atqa: 0x44, sak: 0, uid: "04416D412B0289", ats: undefined };
    lines.hold("door-cards", card);
    lines.pass(5_000);
    expect(cards).toMatchObject([{ reader: "front-cards", card: { uid: "04416D412B0289", uidFixed: true } }]);
    lines.hold("door-cards", undefined);
    lines.pass(3_000);
    lines.hold("door-cards", card);
    lines.pass(1_000);
    expect(cards).toHaveLength(2);
  });
});
