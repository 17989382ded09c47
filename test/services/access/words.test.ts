import { describe, expect, test } from "vitest";
import { doorFaults } from "../../../services/access/faults.ts";
import { accessRefusals } from "../../../services/access/refusals.ts";
import { unspoken } from "../../support/house-rules.ts";

describe("whoever is not let in hears why", () => {
  test.each(Object.entries(accessRefusals))("in Chinese and English: %s", (_code, words) => {
    expect(unspoken(words)).toEqual([]);
  });

  test.each(Object.entries(doorFaults))("and the operator reads of each fault in both: %s", (code, entry) => {
    expect(unspoken(entry)).toEqual([]);
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(entry.mend.length).toBeGreaterThan(10);
  });
});
