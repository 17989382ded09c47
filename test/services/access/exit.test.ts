import { describe, expect, test } from "vitest";
import { AccessConfig, DoorConfig } from "../../../services/access/config.ts";
import { bootDoor, type DoorPosition } from "../../../services/access/door.ts";
import { emptyAccess } from "../../../services/access/durable.ts";
import { accessLevels, type DoorFacts, doorLevels } from "../../../services/access/levels.ts";
import { doorModes } from "../../../services/access/schedule.ts";
import { type AccessContext, type AccessEvent, type AccessState, bootAccess } from "../../../services/access/state.ts";
import { stepAccess } from "../../../services/access/step.ts";
import { atTheDoor, configOf, NOW, noon, tokenAt } from "./at-the-door.ts";

const strike = DoorConfig.parse({ id: "front" });
const magnet = DoorConfig.parse({ id: "front", lock: "magnet", exitBreaksPower: true });
const three = [true, false, undefined] as const;
const two = [true, false] as const;

/**
 * What the exit must never meet: a magnet under current while somebody inside asks to leave, while that cannot be heard, in a
 * fire, or with anything about the door in doubt. A strike holds nothing, powered or not.
 */
function isExitHeld(levels: { readonly magnet: boolean }, facts: DoorFacts): boolean {
  return levels.magnet && (facts.fire || facts.sight.exit !== false || facts.sight.shut !== true);
}

describe("leaving", () => {
  test("is held by no combination of position, contacts, time, mode, fire, power and the other door", () => {
    const nowMs = 1_000;
    const positions: DoorPosition[] = [
      { at: "unknown" },
      ...[0, 2_000].map((allowedMs) => ({ at: "shut", allowedMs }) as const),
      ...[0, 2_000].map((untilMs) => ({ at: "granted", decision: 1, untilMs }) as const),
      ...(["grant", "exit", "free", "unseen"] as const).flatMap((by) => [
        { at: "open", sinceMs: 0, by } as const,
        { at: "held", sinceMs: 0, by } as const,
      ]),
      { at: "forced", sinceMs: 0 },
    ];
    let [searched, magnetOn] = [0, 0];
    const held: unknown[] = [];
    for (const config of [strike, magnet])
      for (const position of positions)
        for (const exitUntilMs of [0, 2_000])
          for (const tampered of two)
            for (const lockPower of ["good", "lost", "unknown"] as const)
              for (const shut of three)
                for (const exit of three)
                  for (const [free, fire, otherOpen] of two.flatMap((a) =>
                    two.flatMap((b) => two.map((c) => [a, b, c])),
                  )) {
                    const sight = { shut, exit, tamper: undefined, lockPower: undefined };
                    const facts = {
                      nowMs,
                      sight,
                      free: free === true,
                      fire: fire === true,
                      otherOpen: otherOpen === true,
                    };
                    const levels = doorLevels({ position, exitUntilMs, tampered, lockPower }, facts, config);
                    searched += 1;
                    if (levels.magnet) magnetOn += 1;
                    if (isExitHeld(levels, facts)) held.push({ position, facts });
                    // Whoever asks to leave is let out at once, whatever the other door of the chamber does.
                    if (config.lock === "strike" && (fire || exit === true) && !levels.strike)
                      held.push({ position, facts });
                  }
    expect(held).toEqual([]);
    expect(searched).toBe(2 * 14 * 2 * 2 * 3 * 3 * 3 * 8);
    // The search means something: there are moments at which a magnet keeps people out.
    expect(magnetOn).toBeGreaterThan(0);
  });

  test("needs no software: a magnet whose supply the exit does not break is no configuration", () => {
    const made = (door: object) => DoorConfig.safeParse({ id: "front", lock: "magnet", ...door }).success;
    expect([made({}), made({ exitBreaksPower: true, hasExitRequest: false }), made({ exitBreaksPower: true })]).toEqual(
      [false, false, true],
    );
  });

  test("is possible in every state that commands, credentials, contacts and faults can reach", () => {
    const found = search();
    expect(found.held).toEqual([]);
    expect(found.states).toBeGreaterThan(500);
    expect(found.steps).toBeGreaterThan(100_000);
    expect(found.truncated).toBe(false);
    expect([...found.positions].sort()).toEqual(["forced", "granted", "held", "open", "shut", "unknown"]);
  });

  test("keeps the door unlocked for the time of leaving and no longer", () => {
    const door = atTheDoor();
    const { exitMs } = strike;
    Object.assign(door.contacts.front ?? {}, { exitRequest: true });
    door.wait(1);
    Object.assign(door.contacts.front ?? {}, { exitRequest: false });
    door.wait(exitMs - 1_000);
    expect(door.levels()?.strike).toBe(true);
    door.wait(2_000);
    expect(door.levels()?.strike).toBe(false);
  });

  test("goes on in lockdown, in a fire and with a disk that is gone: nothing waits for a record", () => {
    for (const mode of doorModes) {
      const door = atTheDoor();
      door.order({ verb: "door-mode", request: "op-1", door: "front", mode, until: undefined });
      door.setDisk("hangs");
      Object.assign(door.contacts.front ?? {}, { exitRequest: true });
      door.wait(1);
      expect(door.levels()?.strike).toBe(true);
    }
  });

  test("a fire frees the door and lets nobody be granted", () => {
    const door = atTheDoor();
    door.setFire(true);
    expect(door.show(tokenAt(NOW))).toBe("fire");
    expect(door.levels()).toEqual({ strike: true, magnet: false });
  });
});

const one = AccessConfig.parse({
  doors: [{ id: "front", lock: "magnet", exitBreaksPower: true, hasTamper: true, hasLockPower: true }],
  readers: [{ id: "outside", door: "front" }],
});

interface Node {
  readonly state: AccessState;
  readonly atMs: number;
}

/** What the contacts can say next. */
const worlds = three.flatMap((shut) =>
  three.flatMap((exit) => [
    { shut, exit, tamper: false, lockPower: true, fire: false },
    { shut, exit, tamper: true, lockPower: false, fire: true },
  ]),
);
type World = (typeof worlds)[number];

function contextOf(world: World, atMs: number): AccessContext {
  const sample = <T>(value: T | undefined) =>
    value === undefined ? undefined : { value, atMs, quality: "good" as const };
  const { shut, exit, tamper, lockPower, fire } = world;
  const front = {
    shut: sample(shut),
    exitRequest: sample(exit),
    tamper: sample(tamper),
    lockPower: sample(lockPower),
  };
  const now = { monotonicMs: atMs, wallMs: NOW + atMs, synchronised: true };
  return { station: "liaoyuan", config: one, readings: { front }, now, civil: noon, fire, verify: () => false };
}

function eventsFor(state: AccessState, waitMs: number): AccessEvent[] {
  if (waitMs > 1) return [{ type: "tick" }];
  const order = { request: "op", door: "front" } as const;
  const decision = state.pending.front?.decision ?? 0;
  return [
    { type: "order", order: { ...order, verb: "open-door", untilMs: Number.MAX_SAFE_INTEGER } },
    ...doorModes.map(
      (mode): AccessEvent => ({ type: "order", order: { ...order, verb: "door-mode", mode, until: undefined } }),
    ),
    { type: "order", order: { ...order, verb: "door-clear" } },
    { type: "code", reader: "outside", text: "no code", digest: "d" },
    { type: "grant-due", door: "front", decision },
    { type: "grant-unwritten", door: "front", decision },
  ];
}

/** What makes two states one: moments become before or after now, and counters do not matter. */
function keyOf({ state, atMs }: Node): string {
  const { position, exitUntilMs, tampered, lockPower } = state.doors.front ?? bootDoor;
  const until = "untilMs" in position ? position.untilMs : "allowedMs" in position ? position.allowedMs : 0;
  const long = "sinceMs" in position && atMs - position.sinceMs >= 30_000;
  const pending = state.pending.front === undefined ? "none" : atMs - state.pending.front.sinceMs > 5_000;
  const lasting = [state.durable.orders.front?.mode, state.durable.forced.front !== undefined];
  return [position.at, atMs <= until, long, atMs <= exitUntilMs, tampered, lockPower, pending, ...lasting].join();
}

/** Every state that can be reached, each with everything that can come next. */
function search() {
  const start: Node = { state: bootAccess(emptyAccess, one, 0), atMs: 1 };
  const seen = new Set([keyOf(start)]);
  const queue = [start];
  const held: unknown[] = [];
  const positions = new Set<string>();
  let steps = 0;
  const go = (node: Node, world: World, waitMs: number): void => {
    const atMs = node.atMs + waitMs;
    const context = contextOf(world, atMs);
    for (const event of eventsFor(node.state, waitMs)) {
      const { next } = stepAccess(node.state, event, context);
      steps += 1;
      const levels = accessLevels(next, context).front ?? { strike: false, magnet: true };
      const sight = { ...world, lockPower: true };
      if (isExitHeld(levels, { nowMs: atMs, sight, free: false, fire: world.fire, otherOpen: false }))
        held.push({ event, world });
      const after: Node = { state: { ...next, readers: {} }, atMs };
      const key = keyOf(after);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(after);
      positions.add(next.doors.front?.position.at ?? "none");
    }
  };
  for (let at = 0; at < queue.length && at < 5_000; at++)
    for (const world of worlds) for (const waitMs of [1, 6_000, 31_000]) go(queue[at] ?? start, world, waitMs);
  return { held, states: seen.size, steps, truncated: queue.length >= 5_000, positions };
}

describe("two doors of a chamber", () => {
  const config = configOf({ doors: [{ id: "front", interlockWith: "inner" }, { id: "inner" }] });

  test.each([
    ["stands open", { shut: false }, false],
    ["is not heard", {}, true],
  ])("nobody is let in while the other one %s, and no code is used up by it", (_name, contact, lost) => {
    const door = atTheDoor({ config });
    Object.assign(door.contacts.inner ?? {}, { exitRequest: true }, contact);
    if (lost) door.silent.add("inner/shut");
    door.tick();
    const code = tokenAt(NOW);
    expect(door.show(code)).toBe("other-door-open");
    expect(door.state().durable.used).toEqual({});
    expect(door.levels("front")?.strike).toBe(false);
  });

  test("the strike drops when the other one comes open before the rider pulled, and leaving goes on", () => {
    const door = atTheDoor({ config });
    expect(door.show(tokenAt(NOW))).toBe("welcome");
    expect(door.levels("front")?.strike).toBe(true);
    Object.assign(door.contacts.inner ?? {}, { shut: false, exitRequest: true });
    door.wait(10);
    expect(door.levels("front")?.strike).toBe(false);
    Object.assign(door.contacts.front ?? {}, { exitRequest: true });
    door.wait(10);
    expect(door.levels("front")?.strike).toBe(true);
  });
});
