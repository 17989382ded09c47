/** What an operator orders of a door, as it is written down, and decisions that come too late or for nobody. */
import { describe, expect, test } from "vitest";
import { verifyEd25519 } from "../../../firmware/config/ed25519.ts";
import { emptyAccess } from "../../../services/access/durable.ts";
import { accessLevels, restingDoor } from "../../../services/access/levels.ts";
import { emptyDoorReadings } from "../../../services/access/readings.ts";
import { bootAccess } from "../../../services/access/state.ts";
import { stepAccess } from "../../../services/access/step.ts";
import { accessFaults } from "../../../services/access/watch.ts";
import { atTheDoor, configOf, listOf, NOW, noon, sha256, station, tokenAt, withList } from "./at-the-door.ts";

describe("an order is written down", () => {
  const asker = { request: "op-1", by: "desk", key: "ops-1", role: "operator" } as const;

  test.each<[string, Parameters<ReturnType<typeof atTheDoor>["order"]>[0], object]>([
    [
      "that people were counted",
      { verb: "occupancy", count: 3, ...asker },
      { kind: "occupancy-set", count: 3, request: "op-1", by: "desk", key: "ops-1", role: "operator" },
    ],
    [
      "that a forced door was looked after",
      { verb: "door-clear", door: "front", ...asker },
      { kind: "door-forced-cleared", door: "front", request: "op-1", by: "desk", key: "ops-1", role: "operator" },
    ],
    [
      "that a door is open to all until a moment",
      { verb: "door-mode", door: "front", mode: "open", until: NOW + 1_000, request: "op-1" },
      { kind: "door-mode-ordered", door: "front", mode: "open", until: NOW + 1_000, request: "op-1" },
    ],
  ])("%s, with all that is known of who asked and no more", (_says, order, record) => {
    const door = atTheDoor();
    expect(door.order(order)).toBe("ok");
    expect(door.log.at(-1)?.record).toEqual(record);
  });

  test("only for a door that is there", () => {
    const door = atTheDoor();
    const records = door.log.length;
    expect(door.order({ verb: "door-clear", door: "cellar", ...asker })).toBe("no-such-door");
    expect(door.order({ verb: "door-mode", door: "cellar", mode: "open", until: undefined, ...asker })).toBe(
      "no-such-door",
    );
    expect(door.log.length).toBe(records);
  });

  test("to open a door is in time until its last millisecond", () => {
    const opening = { verb: "open-door", request: "op-1", door: "front" } as const;
    const door = atTheDoor();
    expect(door.order({ ...opening, untilMs: door.clock.monotonicMs })).toBe("ok");
    const late = atTheDoor();
    expect(late.order({ ...opening, untilMs: late.clock.monotonicMs - 1 })).toBe("expired");
  });
});

describe("a decision that waits for the disk", () => {
  const waiting = () => {
    const door = atTheDoor();
    door.setDisk("hangs");
    door.show(tokenAt(NOW));
    return door;
  };
  const decision = 1;
  const due = { type: "grant-due", door: "front", decision } as const;

  test("is carried out within five seconds, and comes to nothing after that", () => {
    const door = waiting();
    door.wait(5_000);
    expect(door.send(due).at(-1)).toMatchObject({ do: "answer", answer: { is: "welcome" } });
    expect(door.position()).toBe("granted");
    const late = waiting();
    const effects = late.wait(5_001);
    expect(effects.map((effect) => effect.do)).toEqual(["record", "answer"]);
    expect(effects).toMatchObject([
      { record: { kind: "door-grant-ended", door: "front", decision, used: false } },
      { answer: { is: "refused", reason: "not-written" } },
    ]);
    expect(late.send(due)).toEqual([]);
    expect(late.position()).toBe("shut");
  });

  test("is not carried out by the word about another decision, another door, or none", () => {
    const door = waiting();
    expect(door.send({ ...due, decision: decision + 1 })).toEqual([]);
    expect(door.send({ ...due, door: "cellar" })).toEqual([]);
    expect(door.send({ ...due, type: "grant-unwritten", decision: decision + 1 })).toEqual([]);
    expect(door.state().pending).toHaveProperty("front");
    expect(atTheDoor().send(due)).toEqual([]);
    expect(atTheDoor().send({ ...due, type: "grant-unwritten" })).toEqual([]);
  });

  const failed = { ...due, type: "grant-unwritten" } as const;

  test.each([due, failed])("is carried out once, when it is written and when the disk fails: $type", (answer) => {
    const door = waiting();
    expect(door.send(answer)).toMatchObject([{ do: "answer", answer: { is: "welcome" } }]);
    expect(door.levels()?.strike).toBe(true);
    expect(door.state().pending).toEqual({});
    expect([door.send(due), door.send(failed)]).toEqual([[], []]);
  });

  test("opens from memory for a card, which proves itself anew each time", () => {
    const door = atTheDoor({ config: configOf(withList) });
    door.list(listOf({ cards: [{ card: sha256("04a1"), member: "m-0042" }] }));
    door.setDisk("fails");
    expect(door.card("04a1")).toBe("welcome");
    expect(door.levels()?.strike).toBe(true);
  });

  test("comes to nothing for a visitor's code when the disk fails: a start would forget that it was used", () => {
    const door = atTheDoor({ config: configOf(withList) });
    const codes = ["12345678", "23456789", "34567890", "45678901", "56789012", "67890123", "78901234"];
    const visitor = (code: string, at: number) => ({ id: `v${at}`, code: sha256(code), door: "front", from: NOW });
    door.list(listOf({ visitorCodes: codes.map((code, at) => ({ ...visitor(code, at), until: NOW + 86_400_000 })) }));
    door.setDisk("fails");
    expect(codes.slice(1).map((code) => door.show(code))).toEqual(new Array(6).fill("not-written"));
    expect(door.levels()?.strike).toBe(false);
    // It is not the visitors' fault: the reader is open to the next one.
    door.setDisk("writes");
    expect(door.show(codes[0] ?? "")).toBe("welcome");
  });

  test("opens nothing from memory that is shut to all by then", () => {
    const door = waiting();
    door.setFire(true);
    expect(door.send(failed)).toMatchObject([
      { record: { kind: "door-grant-ended", decision, used: false } },
      { answer: { is: "refused", reason: "fire" } },
    ]);
  });

  test("for an operator is answered with the reason that it came to nothing", () => {
    const door = atTheDoor();
    door.setDisk("hangs");
    expect(door.order({ verb: "open-door", request: "op-1", door: "front", untilMs: 2_000_000 })).toBe("unanswered");
    expect(door.send({ ...due, type: "grant-unwritten" })).toContainEqual({
      do: "respond",
      request: "op-1",
      reason: "not-written",
    });
  });

  test("is withdrawn by a fire that broke out meanwhile", () => {
    const door = waiting();
    door.setFire(true);
    expect(door.send(due).at(-1)).toMatchObject({ do: "answer", answer: { is: "refused", reason: "fire" } });
  });
});

describe("a door that nobody looked at yet", () => {
  const config = configOf();
  const unseen = { ...bootAccess(emptyAccess, config, 0), doors: {} };
  const context = {
    station,
    config,
    readings: {},
    now: { monotonicMs: 60_000, wallMs: NOW, synchronised: true },
    civil: noon,
    fire: false,
    verify: verifyEd25519,
  };

  test("is dead and raises nothing; what a look finds out about it is known from then on", () => {
    expect(accessLevels(unseen, context)).toEqual({ front: restingDoor });
    expect(accessFaults(unseen, context)).toEqual([]);
    const heard = { value: true, atMs: 60_000, quality: "good" } as const;
    const readings = { front: { ...emptyDoorReadings(), shut: heard } };
    const { next } = stepAccess(unseen, { type: "tick" }, { ...context, readings });
    expect(Object.keys(next.doors)).toEqual(["front"]);
    expect(accessFaults(next, context)).toContainEqual({ code: "door-contact-lost", subject: "front" });
  });
});
