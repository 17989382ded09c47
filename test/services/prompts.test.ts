import { describe, expect, test } from "vitest";
import { prompts, say } from "../../services/prompts.ts";
import { outcomes } from "../../services/swap/outcomes.ts";

describe("what the station says", () => {
  test("is filled in with the bay and the minutes, in both languages", () => {
    expect(say("insert-pack", { bay: 7 })).toMatchObject({ id: "insert-pack", bay: 7 });
    expect(say("insert-pack", { bay: 7 }).zh).toMatch(/^7号仓/);
    expect(say("refused-no-pack", { minutes: 12 }).en).toContain("about 12 min");
    expect(say("completed")).not.toHaveProperty("bay");
  });

  test("leaves no gap, whatever is filled in", () => {
    for (const id of Object.keys(prompts) as (keyof typeof prompts)[]) {
      const { zh, en } = say(id, { bay: 3, minutes: 5 });
      expect(`${zh}${en}`).not.toMatch(/[{}]/);
    }
  });

  test("fits a screen and names the same things in both languages", () => {
    for (const { zh, en } of Object.values(prompts)) {
      expect(zh.length).toBeLessThanOrEqual(60);
      expect(en.length).toBeLessThanOrEqual(120);
      for (const gap of ["{bay}", "{minutes}"]) expect(zh.includes(gap)).toBe(en.includes(gap));
    }
  });

  test("exists for every outcome, and every refusal says why in words of its own", () => {
    const refusals = Object.values(outcomes).filter((outcome) => outcome.class === "refused");
    for (const { prompt } of Object.values(outcomes)) expect(prompts[prompt]).toBeDefined();
    expect(new Set(refusals.map(({ prompt }) => prompt)).size).toBe(refusals.length);
  });
});
