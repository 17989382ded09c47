/**
 * A sample of a module's mutants, drawn here and by nobody else: a mutant is drawn when a hash over seed, file, place and change
 * is a multiple of K. The same seed draws the same ones again, and which they are cannot be chosen. To Stryker it is a checker,
 * which turns away what is not drawn before any test runs.
 */
import { createHash } from "node:crypto";

const { YIZHAN_DEPTH_SAMPLE: rule = "1:0" } = process.env;
const [oneIn, seed] = rule.split(":");

function isDrawn({ fileName, location: { start, end }, replacement }) {
  const file = fileName.replaceAll("\\", "/").match(/(?:services|firmware|hal)\/.*$/)?.[0];
  const name = [seed, file, start.line, start.column, end.line, end.column, replacement].join(" ");
  return createHash("sha256").update(name).digest().readUInt32BE(0) % Number(oneIn) === 0;
}

const sample = {
  async init() {},
  async check(mutants) {
    const verdict = (mutant) =>
      isDrawn(mutant) ? { status: "passed" } : { status: "compileError", reason: "not drawn for the sample" };
    return Object.fromEntries(mutants.map((mutant) => [mutant.id, verdict(mutant)]));
  },
  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  },
};

export const strykerPlugins = [{ kind: "Checker", name: "sample", factory: () => sample }];
