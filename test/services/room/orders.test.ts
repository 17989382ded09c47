/** What operators ask of the room: done once it is written, or refused in words, and never against somebody who wants to leave. */
import { describe, expect, test } from "vitest";
import { AmenitiesConfig } from "../../../services/amenities/config.ts";
import { wordsOf } from "../../../services/requests/reasons.ts";
import type { RoomRequest } from "../../../services/room/orders.ts";
import { RoomBench, roomConfig } from "./room-bench.ts";

type Asked<R = RoomRequest> = R extends RoomRequest ? Omit<R, "id" | "expiresAt"> : never;

let asked = 0;
const minute = 60_000;

function ask(bench: RoomBench, request: Asked, expiresAt = bench.wallMs + 30_000): ReturnType<RoomBench["order"]> {
  asked++;
  return bench.order({ id: `op-${asked}`, expiresAt, by: "desk", ...request } as RoomRequest);
}

const recorded = (bench: RoomBench): string[] => bench.disk.map(({ record }) => record.kind);
const ok = { status: "ok" };
const refused = (reason: string) => ({ status: "refused", reason });

describe("opening a door", () => {
  test("lets somebody in once it is written, and is answered then", () => {
    const bench = new RoomBench();
    expect(ask(bench, { verb: "open-door", door: "front" })).toEqual(ok);
    expect(recorded(bench).at(-1)).toBe("door-granted");
    expect(bench.levels().doors.front?.strike).toBe(true);
  });

  test("waits for the disk: nothing moves and nothing is answered before", () => {
    const bench = new RoomBench();
    bench.diskDoes = "hangs";
    expect(ask(bench, { verb: "open-door", door: "front" })).toBeUndefined();
    expect(bench.levels().doors.front?.strike).toBe(false);
    expect(ask(bench, { verb: "open-door", door: "front" })).toEqual(refused("door-busy"));
  });

  test("that cannot be written is no opening, and says why", () => {
    const bench = new RoomBench();
    bench.diskDoes = "fails";
    expect(ask(bench, { verb: "open-door", door: "front" })).toEqual(refused("cannot-record"));
    expect(bench.levels().doors.front?.strike).toBe(false);
  });

  test("is refused where nobody is let in, whoever asks", () => {
    const bench = new RoomBench();
    expect(ask(bench, { verb: "open-door", door: "back" })).toEqual(refused("no-such-door"));
    bench.fire = true;
    expect(ask(bench, { verb: "open-door", door: "front" })).toEqual(refused("fire"));
    bench.fire = false;
    ask(bench, { verb: "door-mode", door: "front", mode: "lockdown" });
    expect(ask(bench, { verb: "open-door", door: "front" })).toEqual(refused("lockdown"));
    expect(recorded(bench)).not.toContain("door-granted");
  });
});

describe("the mode of a door", () => {
  test("holds for the minutes asked for, over a restart, and then the hours hold again", () => {
    const bench = new RoomBench();
    expect(ask(bench, { verb: "door-mode", door: "front", mode: "closed", minutes: 60 })).toEqual(ok);
    const until = bench.wallMs + 60 * minute;
    expect(bench.durable.access.orders.front).toEqual({ mode: "closed", until });
    bench.restart();
    expect(bench.durable.access.orders.front).toEqual({ mode: "closed", until });
    expect(ask(bench, { verb: "door-mode", door: "front", mode: "schedule" })).toEqual(ok);
    expect(bench.durable.access.orders.front).toBeUndefined();
  });

  test("lockdown keeps nobody in: the handle opens as before", () => {
    const bench = new RoomBench();
    ask(bench, { verb: "door-mode", door: "front", mode: "lockdown" });
    bench.senses.exit = true;
    bench.pass(250);
    expect(bench.levels().doors.front).toEqual({ strike: true, magnet: false });
  });

  test("of no such door is refused", () => {
    const bench = new RoomBench();
    expect(ask(bench, { verb: "door-mode", door: "back", mode: "open" })).toEqual(refused("no-such-door"));
    expect(ask(bench, { verb: "clear-door", door: "back" })).toEqual(refused("no-such-door"));
  });
});

test("a forced door is cleared by an operator, and by nothing else", () => {
  const bench = new RoomBench();
  bench.senses.doorShut = false;
  bench.pass(1_000);
  bench.senses.doorShut = true;
  bench.pass(5_000);
  expect(bench.faults()).toContain("door-forced/front");
  expect(ask(bench, { verb: "clear-door", door: "front" })).toEqual(ok);
  bench.pass(1_000);
  expect(bench.faults()).not.toContain("door-forced/front");
});

test("the count of people is what the operator says, and goes on from there", () => {
  const bench = new RoomBench();
  expect(ask(bench, { verb: "occupancy", count: 4 })).toEqual(ok);
  expect(bench.durable.access.inside).toBe(4);
});

describe("the mode of the climate", () => {
  test("frost-only leaves the frost floor, auto goes back to the schedule", () => {
    const bench = new RoomBench();
    expect(ask(bench, { verb: "climate-mode", mode: "frost-only" })).toEqual({ ...ok, data: { mode: "frost-only" } });
    bench.pass(2_000);
    expect(bench.state.climate?.targets?.why).toBe("frost");
    expect(ask(bench, { verb: "climate-mode", mode: "frost-only" })).toEqual(refused("mode-unchanged"));
    ask(bench, { verb: "climate-mode", mode: "auto" });
    bench.pass(2_000);
    expect(bench.state.climate?.targets?.why).toBe("occupied");
  });

  test("is written down under the key that signed, not under the name that was said", () => {
    const bench = new RoomBench();
    ask(bench, { verb: "climate-mode", mode: "frost-only", key: "ling", role: "operator" });
    expect(bench.disk.at(-1)?.record).toEqual({ kind: "climate-mode", mode: "frost-only", by: "ling" });
  });
});

describe("a restock", () => {
  test("counts what is inside and lets blocked contents go", () => {
    const bench = new RoomBench();
    bench.disk.push({ record: { kind: "fridge-blocked", aboveMs: 15_000_000 }, at: bench.wallMs });
    bench.restart();
    bench.show("fridge-reader", "code-1");
    expect(bench.says.at(-1)).toBe("fridge-blocked");
    expect(ask(bench, { verb: "restock", count: 48 })).toEqual({ ...ok, data: { left: 48 } });
    bench.pass(1_000);
    bench.show("fridge-reader", "code-1");
    expect(bench.says.at(-1)).toBe("drink-taken");
    expect(bench.durable.fridge).toMatchObject({ left: 47, blocked: false });
  });

  test("of more than fits in is refused", () => {
    expect(ask(new RoomBench(), { verb: "restock", count: 61 })).toEqual(refused("fridge-too-many"));
  });
});

describe("a locker", () => {
  const held = (bench: RoomBench) => Object.keys(bench.durable.lockers.phones?.held ?? {});

  test("opens for a technician once it is written, and counts as empty once its latch was pulled", () => {
    const bench = new RoomBench();
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    expect(held(bench)).toEqual(["1"]);
    expect(ask(bench, { verb: "open-locker", amenity: "phones", locker: 1 })).toEqual({
      ...ok,
      data: { amenity: "phones", locker: 1 },
    });
    expect(bench.levels().amenities.phones?.["lock-1"]).toBe(true);
    expect(held(bench)).toEqual(["1"]);
    bench.pass(3_000);
    expect(held(bench)).toEqual([]);
    expect(bench.levels().amenities.phones?.["lock-1"] ?? false).toBe(false);
  });

  test("whose board does not answer a technician stays its holder's, with the phone in it", () => {
    const bench = new RoomBench();
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    bench.senses.latchesAnswer = false;
    ask(bench, { verb: "open-locker", amenity: "phones", locker: 1 });
    bench.pass(3_000);
    expect(held(bench)).toEqual(["1"]);
    bench.senses.latchesAnswer = true;
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    expect([bench.says.at(-1), held(bench)]).toEqual(["locker-take", []]);
  });

  test("that never opened for its holder, nor for a technician, is still to be put into", () => {
    const bench = new RoomBench();
    bench.senses.latchesAnswer = false;
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    ask(bench, { verb: "open-locker", amenity: "phones", locker: 1 });
    bench.pass(3_000);
    bench.senses.latchesAnswer = true;
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    expect([bench.says.at(-1), held(bench)]).toEqual(["locker-put", ["1"]]);
  });

  test("stays shut while the disk hangs, and while another one is opened", () => {
    const bench = new RoomBench();
    bench.diskDoes = "hangs";
    ask(bench, { verb: "open-locker", amenity: "phones", locker: 1 });
    expect(bench.levels().amenities.phones?.["lock-1"] ?? false).toBe(false);
    expect(ask(bench, { verb: "open-locker", amenity: "phones", locker: 2 })).toEqual(refused("lockers-busy"));
  });

  test("with a gift is filled by word of an operator, and no longer counted once it was opened by order", () => {
    const bench = new RoomBench();
    expect(ask(bench, { verb: "fill-locker", amenity: "gifts", locker: 2 })).toEqual({ ...ok, data: { filled: 1 } });
    expect(bench.durable.lockers.gifts?.filled).toEqual([2]);
    ask(bench, { verb: "open-locker", amenity: "gifts", locker: 2 });
    expect(bench.durable.lockers.gifts?.filled).toEqual([]);
  });

  test.each([
    [{ verb: "open-locker", amenity: "nothing", locker: 1 }, "no-such-amenity"],
    [{ verb: "open-locker", amenity: "tea", locker: 1 }, "no-such-amenity"],
    [{ verb: "open-locker", amenity: "phones", locker: 3 }, "no-such-locker"],
    [{ verb: "fill-locker", amenity: "phones", locker: 1 }, "no-such-amenity"],
    [{ verb: "fill-locker", amenity: "gifts", locker: 9 }, "no-such-locker"],
  ] as const)("that is not there is refused: %j", (request, reason) => {
    const bench = new RoomBench();
    const before = bench.disk.length;
    expect(ask(bench, request)).toEqual(refused(reason));
    expect(bench.disk).toHaveLength(before);
  });
});

describe("a call for help", () => {
  test("is answered once: the siren ends, the lamp shows the way on", () => {
    const bench = new RoomBench();
    bench.press("help", "button");
    expect(bench.levels().amenities.help).toEqual({ siren: true, lamp: true });
    expect(ask(bench, { verb: "answer-help", amenity: "help" })).toEqual({ ...ok, data: { amenity: "help" } });
    expect(bench.levels().amenities.help).toEqual({ siren: false, lamp: true });
    expect(bench.disk.at(-1)?.record).toEqual({ kind: "help-answered", id: "help", by: "desk" });
    expect(ask(bench, { verb: "answer-help", amenity: "help" })).toEqual(refused("help-not-called"));
  });

  test("cannot be answered at anything else", () => {
    expect(ask(new RoomBench(), { verb: "answer-help", amenity: "tea" })).toEqual(refused("no-such-amenity"));
  });
});

test("a room without climate, fridge or lockers refuses what is about them", () => {
  const bare = roomConfig({ climate: undefined, fridge: undefined, amenities: AmenitiesConfig.parse([]) });
  const bench = new RoomBench(bare);
  expect(ask(bench, { verb: "climate-mode", mode: "frost-only" })).toEqual(refused("no-room"));
  expect(ask(bench, { verb: "restock", count: 3 })).toEqual(refused("no-room"));
  expect(ask(bench, { verb: "open-locker", amenity: "phones", locker: 1 })).toEqual(refused("no-such-amenity"));
});

test("every reason given here has its words in both languages", () => {
  const reasons = ["no-room", "no-such-door", "no-such-amenity", "no-such-locker", "lockers-busy", "door-busy", "fire"];
  for (const reason of [...reasons, "lockdown", "mode-unchanged", "fridge-too-many", "help-not-called"]) {
    expect(wordsOf(reason)?.zh, reason).toMatch(/[\u4e00-\u9fff]/);
    expect(wordsOf(reason)?.en, reason).toMatch(/^[A-Z].*\.$/);
  }
});
