/** Retained messages beside the station's own: said after a connect, again when asked for, and topics of old emptied for good. */
import { describe, expect, test } from "vitest";
import { createAnnouncer } from "../../../firmware/mqtt/announcer.ts";
import type { RetainedText } from "../../../firmware/runner/platform.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function bench(setup: { gone?: readonly string[]; messages?: readonly RetainedText[] } = {}) {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const sent: string[] = [];
  const happened: string[] = [];
  let answer: "at once" | "fails" | "never" = "at once";
  const waiting: ((failure: string | undefined) => void)[] = [];
  const announcer = createAnnouncer({
    clock,
    link: {
      publish(topic, payload, how, done) {
        sent.push(`${topic}=${payload}${how.retain && how.qos === 1 ? "" : " (not retained)"}`);
        if (answer === "never") waiting.push(done);
        else done(answer === "fails" ? "no" : undefined);
      },
    },
    discovery: {
      messages: setup.messages ?? [{ topic: "d/1", payload: "one" }],
      birth: { topic: "ha/status", payload: "online" },
    },
    gone: setup.gone ?? [],
    emptied: () => happened.push("emptied"),
    wantsState: () => happened.push("state"),
  });
  return {
    announcer,
    sent,
    happened,
    waiting,
    answers: (how: typeof answer) => {
      answer = how;
    },
    pass: (ms: number) => void clock.runUntil(clock.nowMs + ms),
    birth: (payload = "online", retained = false) =>
      announcer.received({ topic: "ha/status", payload: bytes(payload), retained }),
  };
}

describe("the announcer", () => {
  test("empties what is gone, then announces, retained, and tells once that it is emptied", () => {
    const { announcer, sent, happened } = bench({ gone: ["old/1", "old/2"] });
    announcer.connected();
    expect(sent).toEqual(["old/1=", "old/2=", "d/1=one"]);
    expect(happened).toEqual(["emptied"]);
    announcer.disconnected();
    announcer.connected();
    expect(happened).toEqual(["emptied"]);
  });

  test("does not say it again after a blip, but after an hour", () => {
    const { announcer, sent, pass } = bench();
    announcer.connected();
    announcer.disconnected();
    pass(60_000);
    announcer.connected();
    expect(sent).toEqual(["d/1=one"]);
    announcer.disconnected();
    pass(3_600_000);
    announcer.connected();
    expect(sent).toEqual(["d/1=one", "d/1=one"]);
  });

  test("begins to empty anew after a blip, and has emptied when all of them are taken", () => {
    const { announcer, happened, waiting, answers, sent } = bench({ gone: ["old/1", "old/2"] });
    answers("never");
    announcer.connected();
    waiting[0]?.(undefined);
    expect([sent, happened]).toEqual([["old/1=", "old/2="], []]);
    announcer.disconnected();
    announcer.connected();
    waiting[2]?.(undefined);
    expect([sent, happened]).toEqual([["old/1=", "old/2=", "old/1=", "old/2="], []]);
    waiting[3]?.(undefined);
    expect([happened, sent.at(-1)]).toEqual([["emptied"], "d/1=one"]);
  });

  test("wants no state told where nobody was born, and once where somebody was", () => {
    const { announcer, happened, birth, pass } = bench();
    announcer.connected();
    pass(10_000);
    announcer.disconnected();
    pass(3_600_000);
    announcer.connected();
    pass(10_000);
    expect(happened).toEqual([]);
    birth();
    pass(1_999);
    expect(happened).toEqual([]);
    pass(1);
    expect(happened).toEqual(["state"]);
    announcer.disconnected();
    pass(3_600_000);
    announcer.connected();
    pass(10_000);
    expect(happened).toEqual(["state"]);
  });

  test("without a convention to announce only empties, and hears nothing", () => {
    const sent: string[] = [];
    const bare = createAnnouncer({
      clock: createVirtualClock({ wallStartMs: 0 }),
      link: {
        publish(topic, payload, _how, done) {
          sent.push(`${topic}=${payload}`);
          done(undefined);
        },
      },
      discovery: undefined,
      gone: ["old/1"],
      emptied: () => sent.push("emptied"),
      wantsState: () => sent.push("state"),
    });
    bare.connected();
    expect(sent).toEqual(["old/1=", "emptied"]);
    expect(bare.received({ topic: "ha/status", payload: bytes("online"), retained: false })).toBe(false);
  });

  test("says everything again at a birth, and then wants the state told", () => {
    const { announcer, sent, happened, pass, birth } = bench();
    announcer.connected();
    pass(10_000);
    expect(happened).toEqual([]);
    expect(birth()).toBe(true);
    expect(sent).toHaveLength(2);
    expect(happened).toEqual([]);
    pass(2_000);
    expect(happened).toEqual(["state"]);
  });

  test("takes no notice of a death, of an old birth, or of other topics", () => {
    const { announcer, sent, birth } = bench();
    announcer.connected();
    expect(birth("offline")).toBe(true);
    expect(birth("online", true)).toBe(true);
    expect(announcer.received({ topic: "other", payload: bytes("online"), retained: false })).toBe(false);
    expect(sent).toHaveLength(1);
  });

  test("goes on where it failed, until all is acknowledged", () => {
    const { announcer, sent, happened, pass, answers } = bench({ gone: ["old"] });
    answers("fails");
    announcer.connected();
    pass(5_000);
    expect(sent).toEqual(["old=", "old="]);
    expect(happened).toEqual([]);
    answers("at once");
    pass(5_000);
    expect(sent.slice(2)).toEqual(["old=", "d/1=one"]);
    expect(happened).toEqual(["emptied"]);
  });

  test("has one message under way, and begins anew after a break, whatever is acknowledged late", () => {
    const { announcer, sent, happened, waiting, answers } = bench({ gone: ["old"], messages: [] });
    answers("never");
    announcer.connected();
    expect(sent).toEqual(["old="]);
    announcer.disconnected();
    waiting.shift()?.(undefined);
    expect(happened).toEqual([]);
    announcer.connected();
    waiting.shift()?.(undefined);
    expect(happened).toEqual(["emptied"]);
  });
});
