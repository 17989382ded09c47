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
  readonly hot?: boolean;
  readonly currentMa?: number | undefined;
}

function sight(shown: Shown): Sight {
  const { nowMs, door = "shut", contactsMs = nowMs, lockFree = true, openElsewhere, hot = false } = shown;
  return {
    nowMs,
    door: () => door,
    contactsMs: () => contactsMs,
    present: () => false,
    packSince: () => undefined,
    currentMa: () => ("currentMa" in shown ? shown.currentMa : 0),
    hot: () => hot,
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
  test("tells whoever waits for a lock that rests, once, and not for the moment that another coil takes", () => {
    const short = step(want, { nowMs: 1_500, lockFree: false });
    expect(short).toEqual({ is: "going-on", opening: want, effects: [] });
    const told = step(want, { nowMs: 2_500, lockFree: false });
    expect(told).toMatchObject({ effects: [{ do: "prompt", prompt: { id: "lock-resting", bay: 1 } }] });
    expect(step(goingOn(told), { nowMs: 20_000, lockFree: false })).toMatchObject({ effects: [] });
    expect(step(goingOn(told), { nowMs: 31_000 })).toMatchObject({ effects: [{ do: "unlock", bay: 1 }] });
  });

  test("waits until the door is heard of again, three seconds long; who opens on order does not", () => {
    const later = newOpening(1, 7_000);
    expect(step(later, { nowMs: 10_000, door: "unknown" })).toEqual({ is: "going-on", opening: later, effects: [] });
    expect(step(later, { nowMs: 10_001, door: "unknown" })).toEqual({ is: "failed", why: "lock-failed" });
    const ordered = { ...options, swap: undefined, request: "r-1" };
    const blind = stepOpening(want, look, sight({ nowMs: 0, door: "unknown" }), ordered);
    expect(blind).toMatchObject({ effects: [{ do: "unlock", bay: 1, request: "r-1" }] });
  });

  test("asks for a pulse once, and counts it", () => {
    const result = step(want, { nowMs: 0 });
    expect(result).toMatchObject({ is: "going-on", effects: [{ do: "unlock", bay: 1, swap: "s-000001" }] });
    expect(driving).toMatchObject({ step: "driving", pulses: 1 });
    expect(step(driving, { nowMs: 50 })).toEqual({ is: "going-on", opening: driving, effects: [] });
  });

  test("is never tried on a hot pack, whoever waits in front of it (E13)", () => {
    expect(step(want, { nowMs: 0, hot: true })).toEqual({ is: "failed", why: "unfit" });
  });

  const { chargerOffWaitMs } = options.config;
  const currents: readonly (readonly [string, number | undefined, number, OpeningResult["is"], string])[] = [
    ["waits while current flows", 100, chargerOffWaitMs, "going-on", "want"],
    ["waits while current flows out of the pack", -100, 0, "going-on", "want"],
    ["is given up when the current does not go", 100, chargerOffWaitMs + 1, "failed", "charger-stuck"],
    ["goes on below 0.1 A", 99, 0, "going-on", "driving"],
    ["goes on where nothing tells a current", undefined, 0, "going-on", "driving"],
  ];
  for (const [says, currentMa, nowMs, is, then] of currents) {
    test(`${says}: no lock is pulsed on a live connector (E19)`, () => {
      const result = step(want, { nowMs, currentMa });
      expect(result.is).toBe(is);
      expect(result.is === "going-on" ? result.opening.step : result.is === "failed" ? result.why : "").toBe(then);
      if (then !== "driving") expect(result).not.toHaveProperty("effects", expect.arrayContaining([expect.anything()]));
    });
  }

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
    expect(step(held, { nowMs: 60_001, openElsewhere: 4 })).toEqual({ is: "failed", why: "lock-failed" });
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
    expect(step(looking, { nowMs: 3_101, door: "unknown" })).toEqual({ is: "failed", why: "lock-failed" });
  });

  test("gives up behind the third pulse", () => {
    const third = { ...looking, pulses: 3 };
    expect(step(third, { nowMs: 1_001 })).toEqual({ is: "failed", why: "lock-failed" });
    expect(goingOn(step({ ...looking, pulses: 2 }, { nowMs: 1_001 })).step).toBe("want");
  });

  test("whose answer is lost looks for itself after 10 s, and an open door is answer enough", () => {
    expect(goingOn(step(driving, { nowMs: 10_000 })).step).toBe("driving");
    expect(goingOn(step(driving, { nowMs: 10_001 })).step).toBe("look");
    expect(step(driving, { nowMs: 10, door: "open" })).toEqual({ is: "open" });
  });
});

describe("the times of an opening", () => {
  const { config } = options;
  const startMs = 1_000_000;
  const at = (was: Partial<Opening>, shown: Omit<Shown, "nowMs"> & { readonly ms: number }, input: SwapInput = look) =>
    step({ ...newOpening(1, startMs), ...was }, { ...shown, nowMs: startMs + shown.ms }, input);

  test("count from when its step began, each to its last millisecond", () => {
    const current = (ms: number) => at({}, { ms, currentMa: 500 }).is;
    expect([current(config.chargerOffWaitMs), current(config.chargerOffWaitMs + 1)]).toEqual(["going-on", "failed"]);
    const rests = (ms: number) => at({}, { ms, lockFree: false });
    expect([rests(2_000), rests(2_001)]).toMatchObject([{ effects: [] }, { effects: [{ do: "prompt" }] }]);
    const held = (ms: number) => at({ step: "held" }, { ms, openElsewhere: 4 }).is;
    expect([held(config.takeWindowMs), held(config.takeWindowMs + 1)]).toEqual(["going-on", "failed"]);
    const unanswered = (ms: number) => goingOn(at({ step: "driving", pulses: 1 }, { ms })).step;
    expect([unanswered(10_000), unanswered(10_001)]).toEqual(["driving", "look"]);
  });

  test("let a door be believed shut only by contacts sampled half the feedback time after the pulse", () => {
    const halfMs = config.doorFeedbackMs / 2;
    const looked = (contactsMs: number) =>
      goingOn(at({ step: "look", pulses: 1 }, { ms: config.doorFeedbackMs + 1, contactsMs: startMs + contactsMs }))
        .step;
    expect([looked(halfMs - 1), looked(halfMs)]).toEqual(["look", "want"]);
  });

  test("a look of nobody's lock answers nothing", () => {
    expect(goingOn(at({ step: "driving", pulses: 1 }, { ms: 5 }, { type: "look", bay: 1 } as SwapInput)).step).toBe(
      "driving",
    );
  });
});

describe("a door that an operator asked for", () => {
  const asked = { ...options, swap: undefined, request: "op-1" };

  test("is pulsed in the request's name, and in nobody's when there is none", () => {
    const unlock = (more: object) => {
      const result = stepOpening(want, look, sight({ nowMs: 7 }), { ...options, ...more });
      return result.is === "going-on" ? result.effects : [];
    };
    expect(unlock(asked)).toEqual([{ do: "unlock", bay: 1, swap: undefined, request: "op-1", decidedMs: 7 }]);
    expect(unlock({})).toEqual([{ do: "unlock", bay: 1, swap: "s-000001", decidedMs: 7 }]);
  });

  test("waits for no other door and tells nobody that the lock rests", () => {
    const open = stepOpening(want, look, sight({ nowMs: 0, openElsewhere: 4 }), asked);
    expect(open).toMatchObject({ effects: [{ do: "unlock" }] });
    const rests = stepOpening(want, look, sight({ nowMs: 9_000, lockFree: false }), asked);
    expect(rests).toEqual({ is: "going-on", opening: want, effects: [] });
  });
});
