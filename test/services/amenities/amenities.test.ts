import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AmenitiesConfig } from "../../../services/amenities/config.ts";
import { answerHelp, HelpConfig, helpLevels, newHelp, stepHelp } from "../../../services/amenities/help.ts";
import {
  emptyLockers,
  foldLockers,
  GiftLockersConfig,
  judgeGift,
  judgePhoneLocker,
  type LockersDurable,
  PhoneLockersConfig,
  phoneLevels,
} from "../../../services/amenities/lockers.ts";
import { FollowerConfig, newFollower, stepFollower } from "../../../services/amenities/occupancy.ts";
import {
  MicrowaveConfig,
  newOutlet,
  outletLevel,
  startOutlet,
  stepOutlet,
  stopOutlet,
} from "../../../services/amenities/outlets.ts";
import {
  newRescue,
  RescueCabinetConfig,
  rescueAlarm,
  rescueFaults,
  stepRescue,
} from "../../../services/amenities/rescue-cabinet.ts";

const reading = (value: boolean | undefined, atMs: number) =>
  value === undefined ? undefined : ({ value, atMs, quality: "good" } as const);

describe("a microwave", () => {
  const config = MicrowaveConfig.parse({ kind: "microwave", id: "oven" });
  const look = (nowMs: number, change = {}) => ({ nowMs, mayBeOccupied: true, stopped: false, ...change });

  test("is off no later than its longest time after its start, whatever requests come", () => {
    const request = fc.record({
      waitMs: fc.integer({ min: 0, max: 400_000 }),
      forMs: fc.integer({ min: -1, max: 700_000 }),
      member: fc.constantFrom("m-1", "m-2"),
      stops: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), (requests) => {
        let state = newOutlet(0);
        let nowMs = 0;
        let startedMs = Number.NEGATIVE_INFINITY;
        for (const { waitMs, forMs, member, stops } of requests) {
          // Nobody looks meanwhile: the level alone must end it.
          nowMs += waitMs;
          if (outletLevel(state, nowMs)) expect(nowMs - startedMs).toBeLessThan(config.maxOnMs);
          state = stepOutlet(state, look(nowMs), config);
          const answer = stops
            ? stopOutlet(state, member, nowMs)
            : startOutlet(state, { member, forMs }, look(nowMs), config);
          if ("refused" in answer) continue;
          if (answer.state.at === "on") {
            expect(state.at).toBe("off");
            startedMs = nowMs;
          }
          state = answer.state;
        }
      }),
      { numRuns: 200 },
    );
  });

  test("says why it does not start, and stops when nobody is left or a danger comes", () => {
    const start = (forMs: number, nowMs: number, change = {}) =>
      startOutlet(newOutlet(0), { member: "m-1", forMs }, look(nowMs, change), config);
    expect(start(1_000, 1_000)).toEqual({ refused: "outlet-resting" });
    expect(start(300_001, 20_000)).toEqual({ refused: "outlet-too-long" });
    expect(start(Number.NaN, 20_000)).toEqual({ refused: "outlet-too-long" });
    expect(start(1_000, 20_000, { stopped: true })).toEqual({ refused: "outlet-stopped" });
    const answer = start(60_000, 20_000);
    if ("refused" in answer) throw new Error(answer.refused);
    expect(startOutlet(answer.state, { member: "m-1", forMs: 1_000 }, look(30_000), config)).toEqual({
      refused: "outlet-running",
    });
    expect(stopOutlet(answer.state, "m-2", 30_000)).toEqual({ refused: "outlet-not-yours" });
    expect(stepOutlet(answer.state, look(30_000), config).at).toBe("on");
    expect(stepOutlet(answer.state, look(30_000, { mayBeOccupied: false }), config).at).toBe("off");
    expect(stepOutlet(answer.state, look(30_000, { stopped: true }), config).at).toBe("off");
  });
});

describe("the help button", () => {
  const config = HelpConfig.parse({ kind: "help", id: "help-1" });

  test("sounds and shines in the same look, calls once for three presses, and an answer silences it", () => {
    let { state, record } = stepHelp(newHelp, true, 1_000, config);
    expect(helpLevels(state, 1_000, config)).toEqual({ siren: true, lamp: true });
    expect(record).toEqual({ kind: "help-called", id: "help-1" });
    for (const atMs of [2_000, 3_000]) {
      ({ state } = stepHelp(state, false, atMs, config));
      ({ state, record } = stepHelp(state, true, atMs + 500, config));
      expect(record).toBeUndefined();
    }
    ({ state } = stepHelp(state, false, 4_000, config));
    expect(helpLevels(state, 33_499, config).siren).toBe(true);
    expect(helpLevels(state, 33_501, config)).toEqual({ siren: false, lamp: true });
    const answered = answerHelp(state, "key-1", config);
    if ("refused" in answered) throw new Error(answered.refused);
    expect(helpLevels(answered.state, 5_000, config)).toEqual({ siren: false, lamp: true });
    expect(answerHelp(answered.state, "key-1", config)).toEqual({ refused: "help-not-called" });
    expect(stepHelp(answered.state, true, 6_000, config).record?.kind).toBe("help-called");
  });

  test("a held button, and a contact lost under the finger, keep the siren", () => {
    const { state } = stepHelp(newHelp, true, 1_000, config);
    const lost = stepHelp(state, undefined, 90_000, config).state;
    expect(helpLevels(lost, 90_000, config).siren).toBe(true);
  });
});

describe("lockers", () => {
  const phones = PhoneLockersConfig.parse({ kind: "phone-lockers", id: "phones", lockers: 2 });
  const gifts = GiftLockersConfig.parse({ kind: "gift-lockers", id: "gifts" });
  const ask = (durable: LockersDurable, member: string): [LockersDurable, string] => {
    const answer = judgePhoneLocker(member, durable, phones);
    if ("refused" in answer) return [durable, answer.refused];
    const { kind, locker } = answer.record;
    const asked = foldLockers(durable, answer.record, "phones", 1_000);
    if (kind !== "locker-opening") return [asked, `${kind} ${locker}`];
    expect(asked, "theirs until it has been open").toEqual(durable);
    return [
      foldLockers(asked, { kind: "locker-released", id: "phones", locker }, "phones", 2_000),
      `${kind} ${locker}`,
    ];
  };

  test("the credential that put a phone in takes it out, and nobody else", () => {
    let durable = emptyLockers;
    const answers: string[] = [];
    for (const member of ["m-1", "m-2", "m-3", "m-1", "m-3", "m-2"]) {
      const [next, answer] = ask(durable, member);
      durable = next;
      answers.push(answer);
    }
    expect(answers).toEqual([
      "locker-assigned 1",
      "locker-assigned 2",
      "lockers-full",
      "locker-opening 1",
      "locker-assigned 1",
      "locker-opening 2",
    ]);
  });

  test("power ends after two hours, what lies for twelve is overdue, and an untrusted clock powers nothing", () => {
    const [durable] = ask(emptyLockers, "m-1");
    expect(phoneLevels(durable, 7_200_999, phones)).toEqual({ powered: [1], overdue: [] });
    expect(phoneLevels(durable, 7_201_000, phones)).toEqual({ powered: [], overdue: [] });
    expect(phoneLevels(durable, 43_201_000, phones)).toEqual({ powered: [], overdue: [1] });
    expect(phoneLevels(durable, undefined, phones)).toEqual({ powered: [], overdue: [] });
    expect(phoneLevels(durable, 0, phones).powered).toEqual([]);
  });

  test("one package for each entitlement, from filled lockers only", () => {
    let durable = foldLockers(emptyLockers, { kind: "gift-filled", id: "gifts", locker: 3 }, "gifts", 0);
    const first = judgeGift("e-1", durable, gifts);
    if ("refused" in first) throw new Error(first.refused);
    expect(first.record.locker).toBe(3);
    durable = foldLockers(durable, first.record, "gifts", 0);
    expect(judgeGift("e-1", durable, gifts)).toEqual({ refused: "gift-taken" });
    expect(judgeGift("e-2", durable, gifts)).toEqual({ refused: "gift-empty" });
  });
});

describe("the first-aid cabinet", () => {
  const config = RescueCabinetConfig.parse({ kind: "rescue-cabinet", id: "aed", hasAed: true });

  test("sounds when it is opened, and a missing AED stays a fault until it hangs there again", () => {
    let state = newRescue;
    const said: string[] = [];
    const look = (nowMs: number, shut: boolean | undefined, inPlace: boolean | undefined) => {
      const seen = { nowMs, shut: reading(shut, nowMs), inPlace: reading(inPlace, nowMs) };
      const step = stepRescue(state, seen, config);
      state = step.state;
      said.push(...step.records.map(({ kind }) => kind));
      return rescueFaults(state, seen, config);
    };
    expect(look(0, true, true)).toEqual([]);
    expect(look(1_000, false, true)).toEqual([]);
    expect(rescueAlarm(state, 1_000, config)).toBe(true);
    expect(look(2_000, false, false)).toEqual(["aed-missing"]);
    expect(look(9_000_000, true, undefined)).toEqual(["aed-missing", "rescue-contact-lost"]);
    expect(rescueAlarm(state, 9_000_000, config)).toBe(false);
    expect(look(9_001_000, true, true)).toEqual([]);
    expect(said).toEqual(["rescue-opened", "aed-taken", "aed-returned"]);
  });
});

describe("what follows people", () => {
  test.each([
    ["light", 299_000, true],
    ["light", 300_000, false],
    ["toilet-light", 1_000, false],
    ["ventilation", 299_000, true],
  ] as const)("%s, %i ms after the last presence", (kind, agoMs, on) => {
    const config = FollowerConfig.parse({ kind, id: "follower" });
    const look = { nowMs: agoMs, present: reading(false, agoMs), stopped: false };
    expect(stepFollower(newFollower(0), look, config).on).toBe(on);
    expect(stepFollower(newFollower(0), { ...look, present: undefined }, config).on).toBe(true);
    expect(stepFollower(newFollower(0), { ...look, present: undefined, stopped: true }, config).on).toBe(
      kind !== "ventilation",
    );
  });
});

test("two amenities of one name, and a kind that there is not, are refused", () => {
  const oven = { kind: "microwave", id: "oven" };
  expect(AmenitiesConfig.safeParse([oven, { kind: "help", id: "help" }]).success).toBe(true);
  expect(AmenitiesConfig.safeParse([oven, { kind: "socket", id: "oven" }]).success).toBe(false);
  expect(AmenitiesConfig.safeParse([{ kind: "sauna", id: "sauna" }]).success).toBe(false);
});
