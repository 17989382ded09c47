/** What the example consumer makes of a message, without broker and database; with them: test/real/fleet-consumer.test.ts. */
import { describe, expect, test } from "vitest";
import { eventExamples, examples } from "../../services/contract/examples.ts";
import { rowOf } from "../support/fleet-consumer-rows.ts";

const row = (topic: string, payload: unknown) =>
  rowOf(topic, Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload)));

describe("a message of a station becomes a row", () => {
  test.each(eventExamples.map(({ kind, payload }) => [kind, payload] as const))("event/%s", (kind, payload) => {
    const { id, stream, seq, event_type, at, clock, data } = payload;
    expect(row(`yizhan/1/liaoyuan-1/event/${kind}`, payload)).toEqual({
      into: "event",
      station: "liaoyuan-1",
      log: id.replace(/-\d+$/, ""),
      kind,
      ...{ id, stream, seq, event_type, at, clock, data },
    });
  });

  test("health, with the uptime that tells which of two is the later", () => {
    const [health] = examples.health;
    const made = row("yizhan/1/liaoyuan-1/health", health);
    expect(made).toEqual({ into: "health", station: "liaoyuan-1", uptime_s: 3_600, payload: health });
  });

  test("a health topic that is emptied says nothing", () => {
    expect(row("yizhan/1/liaoyuan-1/health", "")).toEqual({ into: "nothing" });
  });

  test.each([
    ["yizhan/1/a/event/swap", "no JSON", /SyntaxError/],
    ["yizhan/1/a/event/swap", "null", /TypeError/],
    ["yizhan/1/a/event/swap", { id: "without-number", stream: "swap", seq: 1 }, /not an event/],
    [
      "yizhan/1/a/event/swap",
      { id: "l-1", stream: "swap", seq: 1.5, event_type: "x", at: "2026", clock: "ntp" },
      /not/,
    ],
    ["yizhan/1/a/event/swap", { id: "l-1", stream: "swap", seq: 1, event_type: "x", at: "soon", clock: "ntp" }, /not/],
    ["yizhan/1/a/health", "{}", /not a health/],
    ["yizhan/1/a/bay/3", "{}", /unknown topic/],
  ])("what cannot be understood is kept and does not come back for ever: %s %j", (topic, payload, why) => {
    expect(row(topic, payload)).toMatchObject({ into: "rejected", topic, why: expect.stringMatching(why) });
  });

  test("a NUL, which PostgreSQL's text cannot hold, is left out", () => {
    expect(JSON.stringify(row("yizhan/1/a/bay/3", "a\u0000b"))).not.toContain("\\u0000");
  });
});
