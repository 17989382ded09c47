/** The report of test depth is whole and fresh: every module, every survivor, no stale excuse. It measures nothing itself. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import moduleList from "../../scripts/depth/modules.json" with { type: "json" };
import { repositoryFiles, root } from "../support/repository.ts";
import { equivalents, moduleNames, reasonOf, results, testDepthPage } from "./page.ts";

describe("the report of test depth", () => {
  test("is what docs/reference/test-depth.md shows; this test with -u writes the page anew", async () => {
    await expect(testDepthPage()).toMatchFileSnapshot(join(root, "docs", "reference", "test-depth.md"));
  });

  test("has one row a module, each with the commit it was measured at, and figures that add up", () => {
    const measured = results.mutants.map(({ module }) => module);
    expect(measured).toEqual(moduleNames.filter((name) => measured.includes(name)));
    for (const { module, commit, survived, uncovered, survivors } of results.mutants) {
      expect([module, commit]).toEqual([module, expect.stringMatching(/^[0-9a-f]{10}( with changes)?$/)]);
      expect([module, survivors.length]).toEqual([module, survived + uncovered]);
    }
    const page = testDepthPage();
    for (const name of moduleNames) expect(page).toContain(`\n| ${name} | `);
  });

  test("excuses only mutants that were found alive, each with a sentence", () => {
    const alive = results.mutants.flatMap(({ survivors }) => survivors);
    const excused = alive.filter((one) => reasonOf(one) !== undefined);
    const stale = equivalents.filter(
      (known) =>
        !excused.some((one) => one.file === known.file && one.in === known.in && one.becomes === known.becomes),
    );
    expect(stale).toEqual([]);
    expect(equivalents.filter(({ because }) => !/^[A-Z].{20,}\.$/.test(because))).toEqual([]);
  });
});

describe("the list of safety modules", () => {
  const folders = ["services/swap", "services/bay", "services/safety", "services/climate", "services/access"];

  test("leaves out no file of the folders it is about", () => {
    const sources = repositoryFiles().filter((file) => file.endsWith(".ts"));
    const listed = moduleList.flatMap(({ files }) => files);
    for (const folder of [...folders, "firmware/log", "hal/codecs"]) {
      expect(sources.some((file) => file.startsWith(`${folder}/`))).toBe(true);
      expect(listed).toContain(`${folder}/*.ts`);
    }
    const single = listed.filter((file) => !file.includes("*"));
    expect(single.filter((file) => !existsSync(join(root, file.replace("!", ""))))).toEqual([]);
  });

  test("names tests that exist, run inside one process, and are no simulations", () => {
    const tests = moduleList.flatMap((module) => [...module.tests, ...module.slow]);
    expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(tests.filter((file) => !/^test\/(services|firmware|hal)\/.+\.test\.ts$/.test(file))).toEqual([]);
  });
});
