/**
 * The fast unit tests of the safety modules, for coverage and mutation testing: one module when YIZHAN_DEPTH names it, else
 * all of them. It runs no simulation, no campaign and no real process: what those find is no measure of the unit tests.
 */

import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import modules from "./modules.json" with { type: "json" };

const { YIZHAN_DEPTH: chosenModule = "", YIZHAN_DEPTH_SLOW: withSlow = "" } = process.env;
const chosen = modules.filter(({ name }) => chosenModule === "" || name === chosenModule);
const tests = [...new Set(chosen.flatMap(({ tests, slow }) => (withSlow === "" ? tests : [...tests, ...slow])))];

/** What a module leaves out is measured where another one names it. */
const wanted = chosen.flatMap(({ files }) => files.filter((file) => !file.startsWith("!")));
const unwanted = chosen.flatMap(({ files }) =>
  files.filter((file) => file.startsWith("!")).map((file) => file.slice(1)),
);

/** In the order of the list, the quickest first: a mutant that falls at once costs no more than that. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => tests.findIndex((test) => moduleId.endsWith(`/${test}`));
    return files.toSorted((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  test: {
    include: tests,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    isolate: false,
    sequence: { sequencer: QuickFirst },
    coverage: {
      provider: "v8",
      reportsDirectory: "coverage",
      reporter: ["text", "json-summary", "json"],
      include: wanted,
      exclude: ["test/**", ...unwanted.filter((file) => !wanted.includes(file))],
      thresholds: { perFile: true, branches: 100 },
    },
  },
});
