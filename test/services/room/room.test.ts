import { describe, expect, test } from "vitest";
import { restingRoom } from "../../../services/room/levels.ts";
import { tokenAt } from "../access/at-the-door.ts";
import { RoomBench, roomConfig } from "./room-bench.ts";

describe("the door of a room", () => {
  test("opens for a good code, after its record is on disk, and says welcome", () => {
    const bench = new RoomBench();
    bench.show("outside", tokenAt(bench.wallMs));
    expect(bench.levels().doors.front?.strike).toBe(true);
    expect(bench.disk.at(-1)?.record.kind).toBe("door-granted");
    expect(bench.says).toEqual(["door-welcome"]);
    bench.pass(6_000);
    expect(bench.levels().doors.front?.strike).toBe(false);
  });

  test("stays shut while the disk hangs, and the waiting person hears why", () => {
    const bench = new RoomBench();
    bench.diskDoes = "hangs";
    bench.show("outside", tokenAt(bench.wallMs));
    expect(bench.levels().doors.front?.strike).toBe(false);
    bench.pass(6_000);
    expect(bench.levels().doors.front?.strike).toBe(false);
    expect(bench.says).toEqual(["not-written"]);
  });

  test("opens from memory when the disk takes nothing: nobody is left in the cold for a record", () => {
    const bench = new RoomBench();
    bench.diskDoes = "fails";
    bench.show("outside", tokenAt(bench.wallMs));
    expect(bench.levels().doors.front?.strike).toBe(true);
    expect(bench.says).toEqual(["door-welcome"]);
    bench.pass(6_000);
    expect(bench.levels().doors.front?.strike).toBe(false);
  });

  test("lets one code in once, also over a power cut between the two", () => {
    const bench = new RoomBench();
    const token = tokenAt(bench.wallMs);
    bench.show("outside", token);
    bench.restart();
    bench.show("outside", token);
    expect(bench.levels().doors.front?.strike).toBe(false);
    expect(bench.says).toEqual(["door-welcome", "already-used"]);
  });

  test("lets out at once, whatever else is going on", () => {
    const bench = new RoomBench();
    bench.diskDoes = "fails";
    bench.emergency = true;
    bench.powered = false;
    bench.senses.exit = true;
    bench.pass(250);
    expect(bench.levels().doors.front?.strike).toBe(true);
  });

  test("is free in a fire", () => {
    const bench = new RoomBench();
    bench.fire = true;
    bench.pass(250);
    expect(bench.levels().doors.front?.strike).toBe(true);
  });
});

describe("hot water", () => {
  test("needs the child lock, then runs while the button is held, and is counted", () => {
    const bench = new RoomBench();
    bench.press("tea", "button");
    expect(bench.says).toEqual(["water-child-lock"]);
    bench.press("tea", "unlock");
    const contacts = bench.senses.contacts.tea ?? {};
    contacts.button = true;
    bench.pass(1_000);
    expect(bench.levels().amenities.tea?.tap).toBe(true);
    contacts.button = false;
    bench.pass(500);
    expect(bench.levels().amenities.tea?.tap).toBe(false);
    expect(bench.disk.at(-1)?.record).toEqual({ kind: "amenity-used", id: "tea", use: "hot-water" });
  });

  test.each([
    ["without water", (bench: RoomBench) => (contactsOf(bench).filled = false)],
    ["with a level that is not heard", (bench: RoomBench) => (contactsOf(bench).filled = undefined)],
    ["with a leak", (bench: RoomBench) => (contactsOf(bench).leaking = true)],
    ["with a leak sensor that is not heard", (bench: RoomBench) => (contactsOf(bench).leaking = undefined)],
    ["with a temperature that is not heard", (bench: RoomBench) => (bench.senses.boilerC = undefined)],
    ["without the master enable", (bench: RoomBench) => (bench.powered = false)],
    ["in an emergency stop", (bench: RoomBench) => (bench.emergency = true)],
  ])("is not heated %s, at the very next look", (_, break_) => {
    const bench = new RoomBench();
    bench.pass(2_000);
    expect(bench.levels().amenities.tea?.element).toBe(true);
    break_(bench);
    // The interlock asks the readings themselves: it needs no step of the rules.
    expect(bench.levels().amenities.tea?.element).toBe(false);
  });

  test("that leaked stays off over a restart until a technician has been there", () => {
    const bench = new RoomBench();
    contactsOf(bench).leaking = true;
    bench.pass(2_000);
    contactsOf(bench).leaking = false;
    bench.restart();
    bench.pass(5_000);
    expect(bench.levels().amenities.tea).toEqual({ element: false, feed: false, tap: false });
    expect(bench.faults()).toContain("hot-water-latched/tea");
    bench.show("phones-reader", "tech");
    bench.pass(5_000);
    expect(bench.says.at(-1)).toBe("reset-done");
    expect(bench.levels().amenities.tea?.element).toBe(true);
  });
});

const contactsOf = (bench: RoomBench) => bench.senses.contacts.tea ?? {};

describe("help", () => {
  test("sounds and shines at the first look, is called once, and the number is shown", () => {
    const bench = new RoomBench();
    (bench.senses.contacts.help ?? {}).button = true;
    bench.pass(250);
    expect(bench.levels().amenities.help).toEqual({ siren: true, lamp: true });
    expect(bench.disk.at(-1)?.record).toEqual({ kind: "help-called", id: "help" });
    expect(bench.says).toEqual(["help-shown"]);
  });

  test("sounds in a fire, in an emergency stop and with a dead disk", () => {
    const bench = new RoomBench();
    bench.fire = true;
    bench.emergency = true;
    bench.diskDoes = "fails";
    (bench.senses.contacts.help ?? {}).button = true;
    bench.pass(250);
    expect(bench.levels().amenities.help).toEqual({ siren: true, lamp: true });
  });
});

describe("warmth", () => {
  test("comes to a cold room and stops with the emergency stop", () => {
    const bench = new RoomBench();
    bench.senses.airC = [8, 8.1];
    bench.pass(5_000);
    expect(bench.levels().climate).toMatchObject({ heaterFeed: true });
    expect(bench.levels().climate.heaterPct).toBeGreaterThan(0);
    bench.emergency = true;
    expect(bench.levels().climate).toEqual({ heaterPct: 0, heaterFeed: false, cooler: false });
  });

  test("that is latched is given back by a technician on site, when it is cold", () => {
    const bench = new RoomBench();
    bench.senses.airC = [60, 60.1];
    bench.pass(30_000);
    expect(bench.durable.climate.latch?.why).toBe("hard-limit");
    bench.show("fridge-reader", "tech");
    expect(bench.says.at(-1)).toBe("still-too-hot");
    bench.senses.airC = [8, 8.1];
    bench.pass(60_000);
    expect(bench.levels().climate.heaterPct).toBe(0);
    bench.show("fridge-reader", "code-1");
    expect(bench.durable.climate.latch).toBeDefined();
    bench.pass(30_000);
    bench.show("fridge-reader", "tech");
    expect(bench.says.at(-1)).toBe("reset-done");
    bench.pass(30_000);
    expect(bench.levels().climate.heaterPct).toBeGreaterThan(0);
  });
});

describe("appliances and followers", () => {
  test("a microwave runs for the code that started it, stops for the same one, and is in use for anybody else", () => {
    const bench = new RoomBench();
    bench.pass(20_000);
    bench.show("wave-reader", "code-1");
    expect(bench.levels().amenities.wave).toEqual({ power: true });
    bench.show("wave-reader", "code-2");
    bench.show("wave-reader", "code-1");
    expect(bench.levels().amenities.wave).toEqual({ power: false });
    expect(bench.says).toEqual(["outlet-on", "outlet-running", "outlet-ended"]);
    const noted = bench.disk.flatMap(({ record }) => ("at" in record || "use" in record ? [record] : []));
    expect(noted, "how often it was used and refused, and by nobody's name").toEqual([
      { kind: "amenity-used", id: "wave", use: "outlet" },
      { kind: "service-refused", at: "wave", reason: "outlet-running" },
    ]);
  });

  test("its own buttons start and stop it, and it goes off when everybody left", () => {
    const bench = new RoomBench();
    bench.pass(20_000);
    bench.press("wave", "button");
    expect(bench.levels().amenities.wave).toEqual({ power: true });
    bench.press("wave", "stop");
    expect(bench.levels().amenities.wave).toEqual({ power: false });
    bench.pass(20_000);
    bench.press("wave", "button");
    bench.senses.present = false;
    bench.pass(2_000);
    expect(bench.levels().amenities.wave).toEqual({ power: false });
  });

  test("the AED that is taken sounds, is told, and stays a fault until it hangs there again", () => {
    const bench = new RoomBench();
    const aid = bench.senses.contacts.aid ?? {};
    aid.shut = false;
    aid.inPlace = false;
    bench.pass(2_000);
    expect(bench.levels().amenities.aid).toEqual({ siren: true });
    expect(bench.faults()).toContain("aed-missing/aid");
    aid.shut = true;
    aid.inPlace = true;
    bench.pass(30_000);
    expect(bench.levels().amenities.aid).toEqual({ siren: false });
    expect(bench.faults()).not.toContain("aed-missing/aid");
    expect(bench.disk.map(({ record }) => record.kind)).toEqual(
      expect.arrayContaining(["rescue-opened", "aed-taken", "aed-returned"]),
    );
  });

  test("light stays on in a fire, ventilation does not", () => {
    const bench = new RoomBench();
    expect(bench.levels().amenities).toMatchObject({ lamp: { lamp: true }, air: { power: true } });
    bench.fire = true;
    expect(bench.levels().amenities).toMatchObject({ lamp: { lamp: true }, air: { power: false } });
  });
});

test("a room that is looked at for the first time holds nothing on but light", () => {
  const bench = new RoomBench(roomConfig({ climate: undefined, fridge: undefined, amenities: [] }));
  expect(bench.levels()).toEqual({ ...restingRoom, doors: { front: { strike: false, magnet: false } } });
});

test("between two looks nothing changes, so that a quiet room costs nothing", () => {
  const bench = new RoomBench();
  const before = bench.state;
  bench.state = { ...before, lookMs: bench.nowMs + 10_000 };
  const still = bench.state;
  bench.send({ type: "tick" });
  expect(bench.state).toBe(still);
});
