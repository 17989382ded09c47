import { describe, expect, test } from "vitest";
import type { Door } from "../../../services/bay/door.ts";
import { SwapConfig } from "../../../services/config.ts";
import { type OpeningResult, stepOpening } from "../../../services/swap/opening.ts";
import { newOpening, type Opening, type Sight, type SwapInput } from "../../../services/swap/swap.ts";

const options = { swap: "s-000001", cabinet: "c-1", config: SwapConfig.parse({}) };
const look: SwapInput = { type: "look" };

interface Shown {
  readonly nowMs: number;
  readonly door?: Door;
  /** When the contacts were last sampled; now, unless said otherwise. */
  readonly contactsMs?: number;
  readonly lockFree?: boolean;
  readonly openElsewhere?: number | undefined;
}

function sight({ nowMs, door = "shut", contactsMs = nowMs, lockFree = true, openElsewhere }: Shown): Sight {
  return {
    nowMs,
    door: () => door,
    contactsMs: () => contactsMs,
    present: () => false,
    packSince: () => undefined,
    currentMa: () => 0,
    isolated: () => false,
    lockFree: () => lockFree,
    emptyBays: () => [],
    readyBays: () => [],
    holderOf: () => undefined,
    openElsewhere: () => openElsewhere,
    wasOffered: false,
    fire: false,
    emergency: false,
  };
}

const step = (was: Opening, shown: Shown, input: SwapInput = look): OpeningResult =>
  stepOpening(was, input, sight(shown), options);

function goingOn(result: OpeningResult): Opening {
  if (result.is !== "going-on") throw new Error(`the opening is over: ${result.is}`);
  return result.opening;
}

const driven: SwapInput = { type: "lock-driven", bay: 1 };
const want = newOpening(1, 0);
const driving = goingOn(step(want, { nowMs: 0 }));
const looking = goingOn(step(driving, { nowMs: 100 }, driven));

describe("opening one door", () => {
  test("asks for a pulse once, and counts it", () => {
    const result = step(want, { nowMs: 0 });
    expect(result).toMatchObject({ is: "going-on", effects: [{ do: "unlock", bay: 1, swap: "s-000001" }] });
    expect(driving).toMatchObject({ step: "driving", pulses: 1 });
    expect(step(driving, { nowMs: 50 })).toEqual({ is: "going-on", opening: driving, effects: [] });
  });

  test("is held, with one record and one sentence, while another door of the same swap stands open (E26)", () => {
    const result = step(want, { nowMs: 0, openElsewhere: 4 });
    expect(result).toMatchObject({
      is: "going-on",
      opening: { step: "held", pulses: 0 },
      effects: [
        { do: "record", record: { kind: "swap-held", bay: 1, openBay: 4 } },
        { do: "prompt", prompt: { id: "shut-door", bay: 4 } },
      ],
    });
    const held = goingOn(result);
    expect(step(held, { nowMs: 1_000, openElsewhere: 4 })).toEqual({ is: "going-on", opening: held, effects: [] });
    expect(goingOn(step(held, { nowMs: 2_000 }))).toMatchObject({ step: "want", sinceMs: 2_000, pulses: 0 });
    expect(step(held, { nowMs: 60_001, openElsewhere: 4 })).toEqual({ is: "failed" });
    expect(step(held, { nowMs: 1_000, door: "open", openElsewhere: 4 })).toEqual({ is: "open" });
  });

  test("waits while another coil may be on, and needs no pulse for a door that is open already", () => {
    expect(step(want, { nowMs: 0, lockFree: false })).toEqual({ is: "going-on", opening: want, effects: [] });
    expect(step(want, { nowMs: 0, door: "open" })).toEqual({ is: "open" });
  });

  test("is not answered by what became of another lock", () => {
    expect(goingOn(step(driving, { nowMs: 100 }, { type: "lock-driven", bay: 2 })).step).toBe("driving");
    expect(looking).toMatchObject({ step: "look", sinceMs: 100 });
    expect(goingOn(step(driving, { nowMs: 100 }, { type: "lock-failed", bay: 1 })).step).toBe("look");
  });

  test("looks before it pulses again, with contacts sampled well after the pulse and not with older ones", () => {
    expect(goingOn(step(looking, { nowMs: 1_000 })).step).toBe("look");
    expect(goingOn(step(looking, { nowMs: 1_100, contactsMs: 500 })).step).toBe("look");
    expect(goingOn(step(looking, { nowMs: 1_100, contactsMs: 600 })).step).toBe("want");
    expect(step(looking, { nowMs: 1_100, door: "open" })).toEqual({ is: "open" });
  });

  test("bears with a contradiction, because the latch moves before the door, but not for longer than 3 s", () => {
    expect(goingOn(step(looking, { nowMs: 3_100, door: "unknown" })).step).toBe("look");
    expect(step(looking, { nowMs: 3_101, door: "unknown" })).toEqual({ is: "failed" });
  });

  test("gives up behind the third pulse", () => {
    const third = { ...looking, pulses: 3 };
    expect(step(third, { nowMs: 1_001 })).toEqual({ is: "failed" });
    expect(goingOn(step({ ...looking, pulses: 2 }, { nowMs: 1_001 })).step).toBe("want");
  });

  test("whose answer is lost looks for itself after 10 s, and an open door is answer enough", () => {
    expect(goingOn(step(driving, { nowMs: 10_000 })).step).toBe("driving");
    expect(goingOn(step(driving, { nowMs: 10_001 })).step).toBe("look");
    expect(step(driving, { nowMs: 10, door: "open" })).toEqual({ is: "open" });
  });
});
