/** What an opening means, door by door: let in, left, free, unseen or forced; and what the other door of a chamber forbids. */
import { describe, expect, test } from "vitest";
import { DoorConfig } from "../../../services/access/config.ts";
import {
  bootDoor,
  type DoorPosition,
  type DoorState,
  isHeld,
  type OpenedBy,
  stepDoor,
} from "../../../services/access/door.ts";
import { restingDoor } from "../../../services/access/levels.ts";
import type { DoorSight } from "../../../services/access/readings.ts";
import { atTheDoor, configOf, NOW, tokenAt } from "./at-the-door.ts";

const nowMs = 100_000;
const config = DoorConfig.parse({ id: "front" });
const blind = DoorConfig.parse({ id: "front", hasExitRequest: false });
const shut: DoorPosition = { at: "shut", allowedMs: 0 };
const sightOf = (more: Partial<DoorSight>): DoorSight => ({
  shut: true,
  exit: false,
  tamper: undefined,
  lockPower: undefined,
  ...more,
});
const stateAt = (position: DoorPosition, more: Partial<DoorState> = {}): DoorState => ({
  ...bootDoor,
  position,
  ...more,
});
const look = (was: DoorState, sight: Partial<DoorSight>, free = false, own = config) =>
  stepDoor(was, { type: "look", sight: sightOf(sight), free }, nowMs, own);
const granted = (untilMs: number): DoorPosition => ({ at: "granted", decision: 7, untilMs });
const ended = (used: boolean) => ({ is: "grant-ended", decision: 7, used });

describe("a door that is seen open", () => {
  type Row = readonly [
    says: string,
    was: DoorState,
    by: OpenedBy | "forced",
    outcomes?: readonly object[],
    more?: { readonly free?: boolean; readonly exit?: boolean | undefined; readonly own?: DoorConfig },
  ];
  const rows: readonly Row[] = [
    ["in the last moment of a grant was let in", stateAt(granted(nowMs)), "grant", [ended(true)]],
    [
      "a moment later is forced, and the grant ended unused",
      stateAt(granted(nowMs - 1)),
      "forced",
      [ended(false), { is: "forced" }],
    ],
    [
      "in the last moment of a way out is somebody who left",
      stateAt(shut, { exitUntilMs: nowMs }),
      "exit",
      [{ is: "left" }],
    ],
    ["a moment later is forced", stateAt(shut, { exitUntilMs: nowMs - 1 }), "forced", [{ is: "forced" }]],
    ["while anybody may come in is free", stateAt(shut), "free", [], { free: true }],
    ["before its latch is home was not seen", stateAt({ at: "shut", allowedMs: nowMs }), "unseen"],
    ["after it is home is forced", stateAt({ at: "shut", allowedMs: nowMs - 1 }), "forced", [{ is: "forced" }]],
    ["without an exit contact was not seen", stateAt(shut), "unseen", [], { own: blind }],
    ["while the exit contact is silent was not seen", stateAt(shut), "unseen", [], { exit: undefined }],
    ["after a start was not seen", bootDoor, "unseen"],
  ];
  for (const [says, was, by, outcomes = [], { free = false, own = config, ...more } = {}] of rows) {
    test(says, () => {
      const step = look(was, { shut: false, ...more }, free, own);
      const position = by === "forced" ? { at: "forced", sinceMs: nowMs } : { at: "open", sinceMs: nowMs, by };
      expect([step.next.position, step.outcomes]).toEqual([position, outcomes]);
    });
  }

  test("is held after its time, and so is one that was forced", () => {
    const held = (position: DoorPosition) => isHeld(stateAt(position), nowMs, config);
    const sinceMs = nowMs - config.heldMs;
    expect(held({ at: "forced", sinceMs })).toBe(true);
    expect(held({ at: "forced", sinceMs: sinceMs + 1 })).toBe(false);
    expect(held({ at: "held", sinceMs: nowMs, by: "grant" })).toBe(true);
    expect(held({ at: "open", sinceMs, by: "grant" })).toBe(false);
    expect(held(shut)).toBe(false);
  });
});

describe("a door of which nothing new is seen", () => {
  test.each<[string, DoorState, Partial<DoorSight>]>([
    ["that is shut", stateAt(shut), {}],
    ["that is granted", stateAt(granted(nowMs)), {}],
    ["that is granted, with a silent contact", stateAt(granted(nowMs)), { shut: undefined }],
    ["that nobody knows", bootDoor, { shut: undefined }],
    ["that is forced", stateAt({ at: "forced", sinceMs: 0 }), { shut: false }],
  ])("%s stays the very same", (_says, was, sight) => {
    const step = look(was, sight);
    expect(step.next).toBe(was);
    expect(step.outcomes).toEqual([]);
  });

  test("is unknown when its contact falls silent, and a grant that is over ended unused", () => {
    expect(look(stateAt(shut), { shut: undefined }).next.position).toEqual({ at: "unknown" });
    const late = look(stateAt(granted(nowMs - 1)), { shut: undefined });
    expect([late.next.position, late.outcomes]).toEqual([{ at: "unknown" }, [ended(false)]]);
  });

  test("begins as a door that nobody knows, with a lock at rest", () => {
    expect(bootDoor).toEqual({ position: { at: "unknown" }, exitUntilMs: 0, tampered: false, lockPower: "unknown" });
    expect(restingDoor).toEqual({ strike: false, magnet: false });
  });
});

describe("the other door of a lock chamber", () => {
  const doors = [{ id: "front", interlockWith: "back" }, { id: "back" }, { id: "side" }];
  const readers = doors.map(({ id }) => ({ id: `at-${id}`, door: id }));
  const chamber = () => atTheDoor({ config: configOf({ doors, readers }) });
  const codeFor = (door: string) => tokenAt(NOW, { aud: `liaoyuan/${door}` });
  const open = (door: string, bench: ReturnType<typeof chamber>) =>
    bench.order({ verb: "door-mode", door, mode: "open", until: undefined, request: `r-${door}` });

  test.each([
    ["front", "back"],
    ["back", "front"],
  ])("keeps %s shut while %s is open, granted, or about to be", (one, other) => {
    const bench = chamber();
    expect(bench.show(codeFor(one), `at-${one}`)).toBe("welcome");
    const beside = chamber();
    (beside.contacts[other] as { shut: boolean }).shut = false;
    expect(beside.show(codeFor(one), `at-${one}`)).toBe("other-door-open");
    const after = chamber();
    after.show(codeFor(other), `at-${other}`);
    expect(after.position(other)).toBe("granted");
    expect(after.show(codeFor(one), `at-${one}`)).toBe("other-door-open");
    const waiting = chamber();
    waiting.setDisk("hangs");
    waiting.show(codeFor(other), `at-${other}`);
    expect(waiting.show(codeFor(one), `at-${one}`)).toBe("other-door-open");
    const silent = chamber();
    silent.silent.add(`${other}/shut`);
    silent.wait(6_000);
    expect(silent.show(codeFor(one), `at-${one}`)).toBe("other-door-open");
  });

  test("is no door outside the chamber", () => {
    const bench = chamber();
    (bench.contacts.side as { shut: boolean }).shut = false;
    expect(bench.show(codeFor("front"), "at-front")).toBe("welcome");
    const after = chamber();
    after.show(codeFor("side"), "at-side");
    expect(after.show(codeFor("front"), "at-front")).toBe("welcome");
  });

  test("takes the strike of a door that is open to all, and the door's own leaf does not", () => {
    for (const [one, other] of [
      ["front", "back"],
      ["back", "front"],
    ] as const) {
      const bench = chamber();
      expect([open(one, bench), bench.levels(one)?.strike]).toEqual(["ok", true]);
      (bench.contacts[one] as { shut: boolean }).shut = false;
      (bench.contacts.side as { shut: boolean }).shut = false;
      expect(bench.levels(one)?.strike).toBe(true);
      (bench.contacts[other] as { shut: boolean }).shut = false;
      expect(bench.levels(one)?.strike).toBe(false);
    }
  });

  test("of a door that is open to all nobody forces, and whoever shows a code uses none up", () => {
    const bench = chamber();
    open("side", bench);
    const code = codeFor("side");
    expect(bench.show(code, "at-side")).toBe("free");
    bench.wait(5_000);
    (bench.contacts.side as { shut: boolean }).shut = false;
    bench.tick();
    expect([bench.position("side"), bench.faults()]).toEqual(["open", []]);
    expect(bench.kinds()).not.toContain("door-granted");
  });
});
