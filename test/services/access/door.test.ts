import { describe, expect, test } from "vitest";
import { DoorConfig } from "../../../services/access/config.ts";
import { bootDoor, type DoorPosition, type DoorState, stepDoor } from "../../../services/access/door.ts";
import { atTheDoor, configOf, NOW, tokenAt } from "./at-the-door.ts";

const config = DoorConfig.parse({ id: "front" });
const nowMs = 100_000;
const shut = { shut: true, exit: false, tamper: undefined, lockPower: undefined };
const open = { ...shut, shut: false };
const silent = { ...shut, shut: undefined };
const leaving = { ...open, exit: true };

const positions: Readonly<Record<string, DoorPosition>> = {
  unknown: { at: "unknown" },
  shut: { at: "shut", allowedMs: 0 },
  bouncing: { at: "shut", allowedMs: nowMs },
  granted: { at: "granted", decision: 7, untilMs: nowMs },
  "granted too long ago": { at: "granted", decision: 7, untilMs: nowMs - 1 },
  open: { at: "open", sinceMs: nowMs - 29_999, by: "grant" },
  "open for long": { at: "open", sinceMs: nowMs - 30_000, by: "exit" },
  held: { at: "held", sinceMs: 0, by: "grant" },
  forced: { at: "forced", sinceMs: nowMs - 1 },
};

const events = {
  "seen shut": { type: "look", sight: shut, free: false },
  "seen open": { type: "look", sight: open, free: false },
  "seen open, somebody leaving": { type: "look", sight: leaving, free: false },
  "seen open, free": { type: "look", sight: open, free: true },
  "not seen": { type: "look", sight: silent, free: false },
  grant: { type: "grant", decision: 8 },
  withdraw: { type: "withdraw" },
} as const;

/** Where each position goes by each event, and what is told of it. */
const table: Readonly<Record<string, readonly [string, string, string, string, string, string, string]>> = {
  unknown: ["shut", "open", "open", "open", "unknown", "granted", "unknown"],
  shut: ["shut", "forced forced", "open left", "open", "unknown", "granted", "shut"],
  bouncing: ["shut", "open", "open left", "open", "unknown", "granted", "shut"],
  granted: ["granted", "open used:7", "open used:7", "open used:7", "granted", "granted unused:7", "shut unused:7"],
  "granted too long ago": [
    "shut unused:7",
    "forced unused:7 forced",
    "open unused:7 left",
    "open unused:7",
    "unknown unused:7",
    "granted unused:7",
    "shut unused:7",
  ],
  open: ["shut", "open", "open", "open", "unknown", "open used:8", "open"],
  "open for long": ["shut", "held", "held", "held", "unknown", "open used:8", "open"],
  held: ["shut", "held", "held", "held", "unknown", "held used:8", "held"],
  forced: ["shut", "forced", "forced", "forced", "unknown", "forced used:8", "forced"],
};

const rows = Object.keys(table).flatMap((from) =>
  Object.keys(events).map((event, at) => [from, event, table[from]?.[at] ?? "missing"] as const),
);

describe("a door answers every event in every state", () => {
  test.each(rows)("%s, %s: %s", (from, event, expected) => {
    const was: DoorState = { ...bootDoor, position: positions[from] ?? { at: "unknown" } };
    const { next, outcomes } = stepDoor(was, events[event as keyof typeof events], nowMs, config);
    const told = outcomes.map((outcome) =>
      outcome.is === "grant-ended" ? `${outcome.used ? "used" : "unused"}:${outcome.decision}` : outcome.is,
    );
    expect([next.position.at, ...told].join(" ")).toBe(expected);
  });
});

describe("the alarms of a door", () => {
  test("forced: it opens without a grant or a request to exit, and stays an alarm until an operator cleared it", () => {
    const door = atTheDoor();
    Object.assign(door.contacts.front ?? {}, { shut: false });
    door.wait(100);
    expect(door.faults()).toEqual(["door-forced/front"]);
    Object.assign(door.contacts.front ?? {}, { shut: true });
    door.wait(60_000);
    door.restart();
    expect(door.faults()).toEqual(["door-forced/front"]);
    expect(door.order({ verb: "door-clear", request: "op-1", door: "front" })).toBe("ok");
    expect(door.faults()).toEqual([]);
  });

  test("not forced: after a grant, after a request to exit, and while it is open to all", () => {
    const door = atTheDoor();
    door.show(tokenAt(NOW));
    const contact = door.contacts.front;
    if (contact === undefined) throw new Error("no door");
    contact.shut = false;
    door.wait(4_000);
    contact.shut = true;
    door.wait(4_000);
    contact.exitRequest = true;
    door.wait(100);
    contact.exitRequest = false;
    door.wait(4_000);
    contact.shut = false;
    door.wait(100);
    contact.shut = true;
    door.wait(4_000);
    door.order({ verb: "door-mode", request: "op-1", door: "front", mode: "open", until: undefined });
    contact.shut = false;
    door.wait(100);
    expect(door.faults()).toEqual([]);
    expect(door.kinds().filter((kind) => kind === "door-forced")).toEqual([]);
  });

  test("held: after 30 s, not before, and over when it is shut", () => {
    const door = atTheDoor();
    door.show(tokenAt(NOW));
    const contact = door.contacts.front;
    if (contact === undefined) throw new Error("no door");
    contact.shut = false;
    door.wait(100);
    door.wait(29_999);
    expect(door.faults()).toEqual([]);
    door.wait(1);
    expect(door.faults()).toEqual(["door-held/front"]);
    contact.shut = true;
    door.wait(1);
    expect(door.faults()).toEqual([]);
  });

  test("a contact that bounces 20 times behind a rider is one opening", () => {
    const door = atTheDoor();
    door.show(tokenAt(NOW));
    const contact = door.contacts.front;
    if (contact === undefined) throw new Error("no door");
    for (let bounce = 0; bounce < 41; bounce++) {
      contact.shut = !contact.shut;
      door.wait(10);
    }
    contact.shut = true;
    door.wait(100);
    expect(door.faults()).toEqual([]);
    expect(door.kinds()).toEqual(["door-granted", "door-grant-ended"]);
  });

  test.each<[string, "tamper" | "lockPower", boolean, string]>([
    ["an opened housing", "tamper", true, "door-tamper/front"],
    ["a lock without power", "lockPower", false, "door-lock-power/front"],
  ])("%s is told and goes by itself", (_name, contact, value, fault) => {
    const door = atTheDoor({ config: configOf({ doors: [{ id: "front", hasTamper: true, hasLockPower: true }] }) });
    Object.assign(door.contacts.front ?? {}, { [contact]: value });
    door.wait(1);
    expect(door.faults()).toEqual([fault]);
    Object.assign(door.contacts.front ?? {}, { [contact]: !value });
    door.wait(1);
    expect(door.faults()).toEqual([]);
  });

  test.each([
    ["shut", "door-contact-lost/front"],
    ["exitRequest", "door-exit-lost/front"],
  ])("a lost contact (%s) is a fault once the start is over", (contact, fault) => {
    const door = atTheDoor();
    door.silent.add(`front/${contact}`);
    expect(door.faults()).toEqual([]);
    door.wait(5_001);
    expect(door.faults()).toEqual([fault]);
  });

  test("a door with a lost contact lets a rider in all the same", () => {
    const door = atTheDoor();
    door.silent.add("front/shut");
    door.wait(6_000);
    expect(door.show(tokenAt(door.clock.wallMs))).toBe("welcome");
    door.wait(100);
    expect(door.levels()?.strike).toBe(true);
  });

  test("people are counted in by grants and out by requests to exit, never below none, and over a restart", () => {
    const door = atTheDoor();
    const contact = door.contacts.front;
    if (contact === undefined) throw new Error("no door");
    const pass = () => {
      contact.shut = false;
      door.wait(1_000);
      Object.assign(contact, { shut: true, exitRequest: false });
      door.wait(10_000);
    };
    for (let rider = 0; rider < 2; rider++) {
      door.show(tokenAt(door.clock.wallMs));
      pass();
    }
    door.restart();
    expect(door.state().durable.inside).toBe(2);
    for (let rider = 0; rider < 3; rider++) {
      contact.exitRequest = true;
      pass();
    }
    expect(door.state().durable.inside).toBe(0);
    expect(door.order({ verb: "occupancy", request: "op-2", count: 4 })).toBe("ok");
    expect(door.state().durable.inside).toBe(4);
  });
});
