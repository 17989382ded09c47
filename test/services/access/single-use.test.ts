import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AccessDurable, emptyAccess, foldAccess } from "../../../services/access/durable.ts";
import { usedMax } from "../../../services/access/used.ts";
import { atTheDoor, configOf, listOf, NOW, sha256, tokenAt, withList } from "./at-the-door.ts";

describe("single use", () => {
  test("outlives a power cut a second later", () => {
    const door = atTheDoor();
    const code = tokenAt(NOW);
    expect(door.show(code)).toBe("welcome");
    door.restart();
    expect(door.show(code)).toBe("already-used");
  });

  test("outlives a power cut after which the clock stands two weeks back", () => {
    const door = atTheDoor();
    const code = tokenAt(NOW);
    door.show(code);
    door.wait(60_000);
    expect(door.show(tokenAt(door.clock.wallMs))).toBe("welcome");
    door.restart({ wallMs: NOW - 14 * 86_400_000 });
    expect(door.show(code)).toBe("expired");
    door.restart({ wallMs: NOW, synchronised: false });
    door.wait(60_000);
    expect(door.show(code)).toBe("expired");
  });

  test("is not undone by a clock that jumps six hours on and back", () => {
    const door = atTheDoor();
    const code = tokenAt(NOW);
    door.show(code);
    door.clock.wallMs += 6 * 3_600_000;
    door.wait(10_000);
    expect(door.show(tokenAt(door.clock.wallMs))).toBe("welcome");
    door.clock.wallMs = NOW + 12_000;
    door.wait(10_000);
    expect(door.show(code)).toBe("expired");
  });

  test("holds at the readers of one door in one instant", () => {
    const config = configOf({
      readers: [
        { id: "outside", door: "front" },
        { id: "ramp", door: "front" },
      ],
    });
    const door = atTheDoor({ config });
    door.setDisk("hangs");
    const code = tokenAt(NOW);
    door.show(code);
    expect(door.show(code, "ramp")).toBe("busy");
    door.send({ type: "grant-unwritten", door: "front", decision: 1 });
    door.wait(4_000);
    expect(door.show(code, "ramp")).toBe("already-used");
  });

  test("lets nobody in by a code when nothing may be forgotten and there is no room", () => {
    const used = Object.fromEntries(
      Array.from({ length: usedMax }, (_, at) => [`token:issuer-1:${at}`, NOW + 20_000] as const),
    );
    const durable: AccessDurable = { ...emptyAccess, used };
    const door = atTheDoor({ durable });
    expect(door.show(tokenAt(NOW))).toBe("memory-full");
    expect(Object.keys(door.state().durable.used)).toHaveLength(usedMax);
  });

  test("forgets what the floor refuses, so that years of riders need no room", () => {
    const door = atTheDoor();
    for (let rider = 0; rider < 200; rider++) {
      door.wait(30_000);
      expect(door.show(tokenAt(door.clock.wallMs))).toBe("welcome");
    }
    expect(Object.keys(door.state().durable.used).length).toBeLessThan(4);
  });

  test("of a visitor code outlives a power cut, and a list that names it again", () => {
    const door = atTheDoor({ config: configOf(withList) });
    const visitor = { id: "v1", code: sha256("12345678"), door: "front", from: NOW - 1_000, until: NOW + 86_400_000 };
    door.list(listOf({ visitorCodes: [visitor] }));
    expect(door.show("12345678")).toBe("welcome");
    door.restart();
    door.list(listOf({ version: 2, visitorCodes: [visitor] }));
    expect(door.show("12345678")).toBe("already-used");
  });

  test("of a card is by its challenge: the same proof never counts again", () => {
    const door = atTheDoor({ config: configOf(withList) });
    door.list(listOf({ cards: [{ card: sha256("04a1"), member: "m-0042" }] }));
    expect(door.card("04a1", "answered", "n-1")).toBe("welcome");
    door.wait(6_000);
    expect(door.card("04a1", "answered", "n-1")).toBe("already-used");
    expect(door.card("04a2", "answered", "n-1")).toBe("already-used");
    door.wait(6_000);
    expect(door.card("04a1", "answered", "n-2")).toBe("welcome");
  });
});

type Move =
  | { readonly is: "show"; readonly code: number }
  | { readonly is: "wait"; readonly ms: number }
  | { readonly is: "jump"; readonly ms: number }
  | { readonly is: "restart"; readonly synchronised: boolean };
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ is: fc.constant("show" as const), code: fc.nat({ max: 5 }) }) },
  fc.record({ is: fc.constant("wait" as const), ms: fc.nat({ max: 20_000 }) }),
  fc.record({ is: fc.constant("jump" as const), ms: fc.integer({ min: -1_209_600_000, max: 21_600_000 }) }),
  fc.record({ is: fc.constant("restart" as const), synchronised: fc.boolean() }),
);

test("whatever the clocks, cuts and repetitions: no code opens twice, and what was decided is what the log says", () => {
  fc.assert(
    fc.property(fc.array(anyMove, { maxLength: 40 }), (moves) => {
      const door = atTheDoor({ config: configOf({ unsynchronisedLeapMs: 3_600_000 }) });
      const codes = Array.from({ length: 6 }, (_, at) => tokenAt(NOW + at * 5_000));
      const opened = new Map<number, number>();
      for (const move of moves) {
        if (move.is === "wait") door.wait(move.ms);
        else if (move.is === "jump") door.clock.wallMs += move.ms;
        else if (move.is === "restart") door.restart({ synchronised: move.synchronised });
        else if (door.show(codes[move.code] ?? "") === "welcome")
          opened.set(move.code, (opened.get(move.code) ?? 0) + 1);
      }
      expect([...opened.values()].filter((times) => times > 1)).toEqual([]);
      const folded = door.log.reduce((was, { record, at }) => foldAccess(was, record, at), emptyAccess);
      expect(folded).toEqual(door.state().durable);
    }),
    { numRuns: 400 },
  );
});
