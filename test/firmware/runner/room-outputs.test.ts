/** The room of the example on simulated boards: what is wanted reaches the relays, and dies when nobody renews it. */
import { describe, expect, test } from "vitest";
import type { OutputPoint } from "../../../firmware/config/schema-wiring.ts";
import { isInShare } from "../../../firmware/runner/room-hardware.ts";
import { noLevels } from "../../../services/levels.ts";
import { amenityOutputs, type RoomLevels, restingRoom } from "../../../services/room/levels.ts";
import { example, roomRig, wiresOf } from "../../support/room-rig.ts";

/** Every output of the room with the level that switches it on. */
function outputs(): [string, OutputPoint, Partial<RoomLevels>][] {
  const door = { strike: true, magnet: false };
  const all: [string, OutputPoint | undefined, Partial<RoomLevels>][] = [
    ["the strike", example.front.wires.strike, { doors: { front: door } }],
    ["the heater", example.climate.wires.heater, { climate: { heaterPct: 100, heaterFeed: false, cooler: false } }],
    [
      "the heater's feed",
      example.climate.wires.heaterFeed,
      { climate: { heaterPct: 0, heaterFeed: true, cooler: false } },
    ],
    ["the cooler", example.climate.wires.cooler, { climate: { heaterPct: 0, heaterFeed: false, cooler: true } }],
    ["the compressor", example.fridge.wires.compressor, { fridge: { ...restingRoom.fridge, compressor: true } }],
    [
      "the defrost heater",
      example.fridge.wires.defrostHeater,
      { fridge: { ...restingRoom.fridge, defrostHeater: true } },
    ],
    ["the fridge's lock", example.fridge.wires.lock, { fridge: { ...restingRoom.fridge, lock: true } }],
  ];
  for (const rules of example.rules.amenities) {
    const wires = wiresOf(rules.id) as Readonly<Record<string, OutputPoint | undefined>> & {
      readonly lockers?: readonly Readonly<Record<string, OutputPoint>>[];
    };
    for (const name of amenityOutputs(rules)) {
      const [part = "", locker] = name.split("-");
      const point = locker === undefined ? wires[name] : wires.lockers?.[Number(locker) - 1]?.[part];
      all.push([`${rules.id} ${name}`, point, { amenities: { [rules.id]: { [name]: true } } }]);
    }
  }
  return all.map(([name, point, levels]) => {
    if (point === undefined) throw new Error(`${name} is not wired`);
    return [name, point, levels];
  });
}

describe("what is wanted", () => {
  const all = outputs();

  test("each output has a relay of its own", () => {
    expect(new Set(all.map(([, point]) => JSON.stringify(point))).size).toBe(all.length);
    expect(all).toHaveLength(34);
  });

  test.each(all)("%s alone is on while it is wanted, and off when it no longer is", (_, point, levels) => {
    const { lines, hold } = roomRig();
    hold(levels, 3_000);
    expect(lines.isOn(point)).toBe(true);
    expect(lines.allOn()).toHaveLength(1);
    hold({}, 500);
    expect(lines.allOn()).toEqual([]);
  });

  test("all of it dies within two seconds when nobody renews it", () => {
    const { lines, hold } = roomRig();
    const doors = { front: { strike: true, magnet: false } };
    const wanted: Partial<RoomLevels> = {
      doors,
      climate: { heaterPct: 100, heaterFeed: true, cooler: false },
      fridge: { compressor: true, defrostHeater: false, lock: true },
      amenities: { help: { siren: true, lamp: true }, phones: { "power-3": true } },
    };
    hold(wanted, 5_000);
    expect(lines.allOn()).toHaveLength(8);
    lines.pass(2_000);
    expect(lines.allOn()).toEqual([]);
  });

  test("all of it dies when the line is cut, by the boards themselves", () => {
    const { lines, hold } = roomRig();
    hold({ climate: { heaterPct: 100, heaterFeed: true, cooler: false } }, 3_000);
    expect(lines.allOn()).toHaveLength(2);
    for (const line of lines.lines.values()) line.faults.silent = true;
    hold({ climate: { heaterPct: 100, heaterFeed: true, cooler: false } }, 2_250);
    expect(lines.allOn()).toEqual([]);
  });

  test("a latch is known to be pulled while its board says so, and at no time that nobody answered", () => {
    const { clock, lines, room, hold } = roomRig();
    const pulls = (locker: 1 | 2) => {
      hold({ amenities: { phones: { [`lock-${locker}`]: true } } }, 1_000);
      hold({}, 2_000);
      return room.amenities.phones?.pulled;
    };
    expect(room.amenities.phones?.pulled).toBeUndefined();
    const first = pulls(1);
    expect(first).toMatchObject({ value: 1, quality: "good" });
    expect(clock.nowMs - (first?.atMs ?? 0)).toBeLessThan(3_000);
    expect(clock.nowMs - (first?.atMs ?? 0)).toBeGreaterThan(1_000);
    for (const line of lines.lines.values()) line.faults.silent = true;
    expect(pulls(1), "nobody knows of the second time").toBe(first);
    for (const line of lines.lines.values()) line.faults.silent = false;
    hold({}, 5_000);
    expect(pulls(2)?.value).toBe(2);
    expect(pulls(1)?.value).toBe(1);
  });

  test("levels that speak of no room leave it off, and after `allOff` nothing is switched on", () => {
    const { clock, lines, hardware, hold } = roomRig();
    hold({ doors: { front: { strike: true, magnet: false } } }, 1_000);
    hardware.apply(noLevels, clock.nowMs + 1_900);
    lines.pass(200);
    expect(lines.allOn()).toEqual([]);
    hold({ doors: { front: { strike: true, magnet: false } } }, 1_000);
    hardware.allOff();
    lines.pass(200);
    expect(lines.allOn()).toEqual([]);
    hold({ doors: { front: { strike: true, magnet: false } } }, 1_000);
    expect(lines.allOn()).toEqual([]);
  });

  test("all of it at once keeps its leases, and the door is heard all the same", () => {
    const { clock, lines, room, hardware, hold } = roomRig();
    const amenityLevels = Object.fromEntries(
      example.rules.amenities.map((rules) => [
        rules.id,
        Object.fromEntries(amenityOutputs(rules).map((name) => [name, true])),
      ]),
    );
    const everything: RoomLevels = {
      doors: { front: { strike: true, magnet: false } },
      climate: { heaterPct: 100, heaterFeed: true, cooler: true },
      fridge: { compressor: true, defrostHeater: true, lock: true },
      amenities: amenityLevels,
    };
    hold(everything, 5_000);
    for (let scans = 0; scans < 80; scans++) {
      hardware.apply({ ...noLevels, room: everything }, clock.nowMs + 1_900);
      for (let part = 0; part < 5; part++) {
        lines.pass(50);
        expect(lines.allOn()).toHaveLength(34);
        expect(clock.nowMs - (room.doors.front?.exitRequest?.atMs ?? 0)).toBeLessThan(500);
      }
    }
  });

  test("a proportional heater is on for its share of each cycle, and an on/off one for all or nothing of it", () => {
    const share = (sharePct: number): number => {
      let on = 0;
      for (let nowMs = 0; nowMs < 600_000; nowMs += 250) if (isInShare(sharePct, nowMs, 60_000)) on++;
      return on / 2_400;
    };
    expect([0, 100].map(share)).toEqual([0, 1]);
    for (const sharePct of [5, 25, 50, 75]) expect(share(sharePct)).toBeCloseTo(sharePct / 100, 2);
  });
});
