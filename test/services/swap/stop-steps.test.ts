/** Every state of a swap in a fire, at the emergency stop, and after a restart that nobody may be waiting through. */
import { describe, expect, test } from "vitest";
import { onlyWatches } from "../../../services/swap/step.ts";
import { newOpening, type Sight, type Swap } from "../../../services/swap/swap.ts";
import { pack } from "../../support/bench-config.ts";
import { inside, opened, sinceMs, step, swap, times } from "./one-step.ts";

/** Every state a swap can be found in, each in a sight in which it would otherwise stay. */
const states: Readonly<Record<Swap["at"], Swap>> = {
  "opening-in": swap({ at: "opening-in", opening: newOpening(1, sinceMs) }),
  "await-insert": swap({ at: "await-insert", sinceMs, reopens: 0, shutMs: undefined }),
  "reopening-in": swap({ at: "reopening-in", opening: newOpening(1, sinceMs), reopens: 1 }),
  inspecting: swap({ at: "inspecting", sinceMs, reopens: 0, wakes: 0 }),
  returning: swap({ at: "returning", opening: newOpening(1, sinceMs), because: "foreign-pack" }),
  "await-take-back": swap({ at: "await-take-back", sinceMs, reopens: 0, because: "foreign-pack" }),
  "preparing-out": swap({ at: "preparing-out", sinceMs }),
  "opening-out": swap({ at: "opening-out", opening: newOpening(2, sinceMs) }),
  "await-take": swap({ at: "await-take", sinceMs, reopens: 0, shutMs: undefined, packId: undefined }),
  "reopening-out": swap({ at: "reopening-out", opening: newOpening(2, sinceMs), reopens: 1, packId: undefined }),
  taken: swap({ at: "taken", sinceMs, shutMs: undefined, packId: undefined }),
};
const namesOf = Object.keys(states) as Swap["at"][];

describe("fire and the emergency stop", () => {
  const ended: Partial<Record<Swap["at"], string>> = {
    "opening-in": "cancelled",
    "await-insert": "interrupted",
    "reopening-in": "interrupted",
    inspecting: "interrupted",
    returning: "interrupted",
    "preparing-out": "interrupted",
    "opening-out": "interrupted",
    "reopening-out": "interrupted",
  };

  test.each(namesOf)(
    "end a swap that is at %s, or leave it to what is seen when its rider only has to take or shut",
    (at) => {
      const outcome = ended[at];
      const door = at === "taken" || at.startsWith("await") ? ("open" as const) : ("shut" as const);
      const is = (more: Partial<Sight>) => step(states[at], { door, currentMa: 500, more }).is;
      if (outcome === undefined) expect([is({ fire: true }), is({ emergency: true })]).toEqual([at, at]);
      else {
        const cancelled = outcome === "cancelled";
        expect(is({ fire: true })).toBe(cancelled ? "cancelled-fire" : "interrupted");
        expect(is({ emergency: true })).toBe(cancelled ? "cancelled-emergency" : "interrupted-emergency");
        expect(is({ fire: true, emergency: true })).toBe(cancelled ? "cancelled-fire" : "interrupted");
      }
    },
  );

  test("cancel a deposit whose bay is proven empty", () => {
    const was = states["await-insert"];
    const fire = { fire: true };
    expect(step(was, { ...opened, present: false, more: fire }).is).toBe("cancelled-fire");
    expect(step(was, { ...opened, present: undefined, more: fire }).is).toBe("interrupted");
    const without = swap({ at: "await-insert", sinceMs, reopens: 0, shutMs: undefined }, { inBay: undefined });
    expect(step(without, { ...opened, present: true, more: fire }).is).toBe("cancelled-fire");
  });
});

describe("a swap that nobody may be standing at", () => {
  const alone = (at: Swap["at"], more: object = {}): Swap => ({ ...states[at], unattended: true, ...more }) as Swap;

  test("opens no door: it ends where a door would open, and keeps what was to be written", () => {
    expect(step(alone("preparing-out"), { currentMa: 0 })).toMatchObject({ is: "waiting-for-rescan", does: [] });
    const back = step(alone("inspecting"), { pack: pack("acme-7") });
    expect([back.is, back.does]).toEqual(["waiting-for-rescan", ["returning"]]);
    const nothing = step(alone("await-insert", { shutMs: sinceMs }), { ms: 2_000, present: false });
    expect([nothing.is, nothing.does]).toEqual(["nothing-inserted", ["swap-reopened"]]);
    const silent = step(alone("inspecting", { wakes: 3 }), { ms: times.inspectMs + 1 });
    expect([silent.is, silent.does]).toEqual(["interrupted", ["swap-reopened"]]);
    const shutIn = step(alone("await-take", { shutMs: sinceMs }), { ms: 2_000 });
    expect([shutIn.is, shutIn.does]).toEqual(["not-taken", ["swap-reopened"]]);
  });

  test("opens no door that it was about to open either", () => {
    const waiting = (at: Swap["at"]) => step(alone(at), { ms: 1 }).is;
    expect(waiting("opening-in")).toBe("waiting-for-rescan");
    expect(waiting("opening-out")).toBe("waiting-for-rescan");
    expect(waiting("returning")).toBe("waiting-for-rescan");
    expect(waiting("reopening-in")).toBe("interrupted");
    expect(waiting("reopening-out")).toBe("not-taken");
  });

  test("goes on where nothing opens", () => {
    expect(step(alone("await-insert"), opened).is).toBe("await-insert");
    expect(step(alone("inspecting"), { pack: inside }).is).toBe("preparing-out");
    expect(step(alone("await-take-back"), opened).is).toBe("await-take-back");
    expect(step(alone("await-take"), opened).is).toBe("await-take");
    expect(step(alone("taken"), opened).is).toBe("taken");
    expect(step(alone("taken"), { ms: 1, present: false }).is).toBe("completed");
  });
});

test("the states in which a rider only has to take or shut are these three", () => {
  expect(namesOf.filter((at) => onlyWatches(states[at])).sort()).toEqual(["await-take", "await-take-back", "taken"]);
});
