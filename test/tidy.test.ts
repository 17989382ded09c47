/**
 * The house rules, over the whole tree. Each message says what to write instead; exceptions are listed here, each with its
 * reason. That the rules catch what they are for is shown in `house-rules.test.ts`, what the linter refuses in `linter.test.ts`.
 */
import { builtinModules } from "node:module";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { faultCatalogue } from "../services/faults.ts";
import { prompts } from "../services/prompts.ts";
import { refusalWords } from "../services/requests/reasons.ts";
import { outcomes } from "../services/swap/outcomes.ts";
import {
  ambientUse,
  codeLines,
  type Finding,
  headerMissing,
  hiddenImports,
  privateMentions,
  sleepingTests,
  tooLong,
  unspoken,
} from "./support/house-rules.ts";
import { read, repositoryFiles } from "./support/repository.ts";

const files = repositoryFiles();
const sources = files.filter((file) => /^(firmware|hal|services|simulator)\/.*\.ts$/.test(file));
const tests = files.filter((file) => /^test\/.*\.ts$/.test(file));
const isText = (file: string) => !/\.(png|jpg|wav|ico)$/.test(file);

const told = (file: string, findings: readonly Finding[]) =>
  findings.map(({ line, says }) => `${file}:${line} ${says}`);

/** Folders in which time and chance are handed in. What is left are the adapters, which hand them in. */
const pure = [
  "services/",
  "simulator/",
  "hal/",
  "firmware/config/",
  "firmware/docs/",
  "firmware/home-assistant/",
  "firmware/http/",
  "firmware/log/",
  "firmware/mqtt/",
  "firmware/recorder/",
  "firmware/runner/",
  "firmware/schedule/",
];

/** Every exception with its reason. One that is no longer needed fails the test below. */
const ambientAllowed: readonly { readonly file: string; readonly says: RegExp; readonly because: string }[] = [
  {
    file: "simulator/schedule.ts",
    says: /new Date/,
    because: "croner takes Date objects; the moment is the given clock's",
  },
  {
    file: "firmware/schedule/calendar.ts",
    says: /new Date/,
    because: "croner takes Date objects; the moment is given",
  },
];

const hiddenAllowed: Readonly<Record<string, string>> = {
  "hal/drivers/firmata-board.ts": "johnny-five is an optional package: the compiler must not look for its types",
  "firmware/cli/replay.ts": "--against runs the code of another checkout, whose place is known at run time only",
  "hal/drivers/gpio-onoff.ts": "onoff is an optional package: the compiler must not look for its types",
  "firmware/platform/node-mqtt.ts": "one constant names the package, loaded at the first attempt to connect",
};

const allowance = (file: string, { says }: Finding) =>
  ambientAllowed.find((allowed) => allowed.file === file && allowed.says.test(says));

describe("the sources", () => {
  test("take time and chance from ports", () => {
    const guarded = sources.filter((file) => pure.some((folder) => file.startsWith(folder)));
    expect(guarded.length).toBeGreaterThan(100);
    const found = guarded.flatMap((file) => {
      const findings = ambientUse(read(file)).filter((finding) => allowance(file, finding) === undefined);
      return told(file, findings);
    });
    expect(found).toEqual([]);
  });

  test("need every exception that is listed", () => {
    const needless = ambientAllowed.filter(
      ({ file, says }) => !ambientUse(read(file)).some((finding) => says.test(finding.says)),
    );
    expect(needless).toEqual([]);
  });

  test("hide no import from the linter", () => {
    const judged = sources.filter((file) => !Object.hasOwn(hiddenAllowed, file));
    expect(judged.flatMap((file) => told(file, hiddenImports(read(file))))).toEqual([]);
    expect(Object.keys(hiddenAllowed).filter((file) => hiddenImports(read(file)).length === 0)).toEqual([]);
  });

  test("each open by saying what they are", () => {
    expect(sources.flatMap((file) => told(file, headerMissing(read(file))))).toEqual([]);
  });

  test("are small: 300 lines of code at most, and in services and hal a median of 120 and a p90 of 250", () => {
    expect([...sources, ...tests].flatMap((file) => told(file, tooLong(read(file), 300)))).toEqual([]);
    for (const folder of ["services/", "hal/"]) {
      const lines = sources.filter((file) => file.startsWith(folder)).map((file) => codeLines(read(file)));
      const sorted = lines.sort((one, other) => one - other);
      expect(sorted[Math.floor(sorted.length * 0.5)], `median of ${folder}`).toBeLessThanOrEqual(120);
      expect(sorted[Math.floor(sorted.length * 0.9)], `p90 of ${folder}`).toBeLessThanOrEqual(250);
    }
  });

  test("lie in folders that CONTRIBUTING.md or a page under docs/ explains", () => {
    const folders = new Set(sources.map((file) => dirname(file)));
    const pages = files.filter((file) => file === "CONTRIBUTING.md" || /^docs\/.*\.md$/.test(file)).map(read);
    const unnamed = [...folders].filter((folder) => !pages.some((page) => page.includes(`${folder}/`)));
    expect(unnamed).toEqual([]);
  });
});

describe("the tests", () => {
  test("all run", () => {
    expect(tests.flatMap((file) => told(file, sleepingTests(read(file))))).toEqual([]);
  });
});

describe("everything that leaves the house", () => {
  test("names no machine, no registry and not how it was made", () => {
    expect(
      repositoryFiles("tracked")
        .filter(isText)
        .flatMap((file) => told(file, privateMentions(read(file)))),
    ).toEqual([]);
  });

  test("speaks Chinese and English", () => {
    const spoken = [...Object.entries(prompts), ...Object.entries(faultCatalogue), ...Object.entries(refusalWords)];
    expect(spoken.flatMap(([code, entry]) => unspoken(entry).map((why) => `${code}: ${why}`))).toEqual([]);
    expect(Object.values(outcomes).filter(({ prompt }) => !Object.hasOwn(prompts, prompt))).toEqual([]);
  });
});

interface Package {
  readonly dependencies: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

describe("the packages", () => {
  const { dependencies, optionalDependencies = {}, devDependencies } = JSON.parse(read("package.json")) as Package;
  const shipped = { ...dependencies, ...optionalDependencies };

  test("are pinned exactly, because a caret is a different program every morning", () => {
    const loose = Object.entries({ ...shipped, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  test("are those that the sources import, no more and no less", () => {
    const texts = sources.map(read);
    const imported = new Set<string>();
    for (const text of texts) {
      for (const [, plain, dynamic] of text.matchAll(
        /^(?:import|export|\}).*?\bfrom "([^".][^"]*)"|\bimport\("([^".][^"]*)"\)/gm,
      )) {
        const name = plain ?? dynamic ?? "";
        if (name.startsWith("node:") || builtinModules.includes(name)) continue;
        imported.add(name.startsWith("@") ? name.split("/").slice(0, 2).join("/") : (name.split("/")[0] ?? name));
      }
    }
    expect([...imported].filter((name) => !Object.hasOwn(shipped, name))).toEqual([]);
    // Two are named by a constant (see above), so a quoted name is enough here.
    expect(Object.keys(shipped).filter((name) => !texts.some((text) => text.includes(`"${name}"`)))).toEqual([]);
  });
});
