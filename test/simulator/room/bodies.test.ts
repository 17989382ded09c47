import { describe, expect, test } from "vitest";
import { roomBench } from "./room-bench.ts";

describe("the door", () => {
  test("holds out whoever pulls while its strike is off, and lets in while it is on", () => {
    const { room, load } = roomBench();
    const door = room.doors.get("front");
    expect(door?.pull()).toBe(false);
    load("door/front/strike", true);
    expect(door?.pull()).toBe(true);
    expect(door?.isOpen).toBe(true);
  });

  test("opens from inside by its handle with mains off and nobody driving anything", () => {
    const { room, world, pass } = roomBench();
    const door = room.doors.get("front");
    world.setMains(false);
    expect(door?.turnHandle()).toBe(true);
    pass(1);
    expect(door?.isOpen).toBe(true);
  });

  test("is shut by its closer, unless something is wedged under it", () => {
    const { room, pass, load } = roomBench();
    const door = room.doors.get("front");
    load("door/front/strike", true);
    door?.pull();
    door?.letGo();
    pass(5);
    expect(door?.isOpen).toBe(false);
    door?.pull();
    if (door !== undefined) door.wedged = true;
    door?.letGo();
    pass(60);
    expect(door?.isOpen).toBe(true);
    door?.shutByHand();
    expect(door?.isOpen).toBe(false);
  });
});

describe("the air", () => {
  test("falls in an unheated room at -32 °C and rises under the heater, whose energy is counted", () => {
    const { room, pass, load } = roomBench(-32);
    pass(3_600);
    expect(room.shell.airC).toBeLessThan(16);
    load("climate/heater", true);
    pass(600);
    expect(room.energyKwh().heater).toBe(0);
    const { airC } = room.shell;
    load("climate/heaterFeed", true);
    pass(1_800);
    expect(room.shell.airC).toBeGreaterThan(airC + 2);
    expect(room.energyKwh().heater).toBeCloseTo(9, 3);
  });

  test("does not heat without mains, whatever the relays say", () => {
    const { room, world, load } = roomBench(-32);
    load("climate/heaterFeed", true);
    load("climate/heater", true);
    expect(room.heats).toBe(true);
    world.setMains(false);
    expect(room.heats).toBe(false);
    expect(room.circuits.isClosed("climate/heater")).toBe(true);
  });

  test("is colder for every door that stands open", () => {
    const shut = roomBench(-20);
    const open = roomBench(-20);
    open.load("door/front/strike", true);
    open.room.doors.get("front")?.pull();
    for (const bench of [shut, open]) bench.pass(300);
    expect(open.room.shell.airC).toBeLessThan(shut.room.shell.airC - 2);
  });
});

describe("the fridge", () => {
  test("opens with its lock released or with a key, and gives nothing through a shut door", () => {
    const { room, load, events } = roomBench();
    const { fridge } = room;
    expect(fridge?.open()).toBe(false);
    expect(fridge?.take("m-0001")).toBe(false);
    expect(fridge?.open(true)).toBe(true);
    fridge?.shut();
    load("fridge/lock", true);
    expect(fridge?.open()).toBe(true);
    expect(fridge?.take("m-0001")).toBe(true);
    expect(fridge?.cans).toBe(59);
    expect(events.at(-1)).toMatchObject({ type: "room-drink", member: "m-0001", warmMs: 0 });
  });

  test("knows how long its cans were too warm, and forgets it only when they are replaced", () => {
    const { room, pass } = roomBench(30);
    pass(60 * 3_600);
    expect(room.fridge?.cansC).toBeGreaterThan(10);
    room.fridge?.look();
    expect(room.fridge?.warmMs).toBeGreaterThan(3_600_000);
    room.fridge?.fill(60, true);
    expect(room.fridge?.warmMs).toBe(0);
    expect(room.fridge?.cansC).toBeLessThan(9.5);
  });

  test("stalls when its compressor is started against pressure", () => {
    const { room, load, pass } = roomBench();
    load("fridge/compressor", true);
    pass(300);
    load("fridge/compressor", false);
    pass(60);
    load("fridge/compressor", true);
    pass(10);
    room.fridge?.look();
    expect(room.fridge?.stalls).toBe(1);
  });
});

describe("the boiler", () => {
  test("says that it is not filled before its element is bare, when the town's water is off", () => {
    const { room, load, pass } = roomBench();
    const boiler = room.boilers.get("hot-water");
    if (boiler === undefined) throw new Error("there is no boiler");
    load("amenity/hot-water/feed", true);
    boiler.townWater = false;
    load("amenity/hot-water/tap", true);
    while (boiler.filled) pass(5);
    expect(boiler.waterKg).toBeGreaterThan(0.8);
    load("amenity/hot-water/element", true);
    pass(60);
    boiler.look();
    expect(boiler.dryS).toBeGreaterThan(0);
  });

  test("refills itself as long as its inlet is fed", () => {
    const { room, load, pass } = roomBench();
    const boiler = room.boilers.get("hot-water");
    load("amenity/hot-water/feed", true);
    load("amenity/hot-water/tap", true);
    pass(60);
    load("amenity/hot-water/tap", false);
    pass(300);
    expect(boiler?.waterKg).toBeGreaterThan(9.4);
  });
});

test("a locker springs open when its lock is driven, and only with mains", () => {
  const { room, load, world, events } = roomBench();
  const phones = room.lockers.get("phones");
  phones?.put(2, "m-0007");
  load("amenity/phones/lock-2", true);
  expect(phones?.cell(2).isOpen).toBe(true);
  expect(events.at(-1)).toMatchObject({ type: "room-locker", locker: 2, owner: "m-0007" });
  phones?.shut(2);
  load("amenity/phones/lock-2", false);
  world.setMains(false);
  load("amenity/phones/lock-2", true);
  expect(phones?.cell(2).isOpen).toBe(false);
});
