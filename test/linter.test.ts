/** What the linter must refuse, shown by breaking it: a tree of bad files under the house's own configuration. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { read, root } from "./support/repository.ts";

/** A path, a text, and the rule that must refuse it. */
const forbidden: readonly (readonly [file: string, text: string, rule: string])[] = [
  ["services/zz.ts", 'import { a } from "../hal/drivers/gm65.ts";\nexport const b = a;', "noRestrictedImports"],
  [
    "services/zz.ts",
    'import type { Clock } from "../hal/ports/clock.ts";\nexport type B = Clock;',
    "noRestrictedImports",
  ],
  ["services/swap/zz.ts", 'export { a } from "../../firmware/log/log.ts";', "noRestrictedImports"],
  ["services/zz.ts", 'import { readFileSync } from "node:fs";\nexport const b = readFileSync;', "noRestrictedImports"],
  ["services/zz.ts", "export const b = Date.now();", "noRestrictedGlobals"],
  ["services/zz.ts", "export const b = Math.random();", "plugin"],
  ["services/zz.ts", "export const b = [1].map(Math.random);", "plugin"],
  ["services/zz.ts", "export const b = setTimeout(() => 1, 1);", "noRestrictedGlobals"],
  ["services/zz.ts", "export const b = process.pid;", "noRestrictedGlobals"],
  ["firmware/zz.ts", 'import { a } from "../simulator/clock.ts";\nexport const b = a;', "noRestrictedImports"],
  ["firmware/zz.ts", 'export const b = await import("../simulator/clock.ts");', "noRestrictedImports"],
  ["firmware/runner/zz.ts", "export const b = Date.now();", "plugin"],
  ["simulator/zz.ts", 'import { a } from "../hal/drivers/gm65.ts";\nexport const b = a;', "noRestrictedImports"],
  [
    "simulator/zz.ts",
    'import { a } from "../firmware/platform/node-clock.ts";\nexport const b = a;',
    "noRestrictedImports",
  ],
  ["simulator/zz.ts", 'import { a } from "../firmware/mqtt/session.ts";\nexport const b = a;', "noRestrictedImports"],
  [
    "simulator/fleet/zz.ts",
    'import { a } from "../../firmware/platform/node-clock.ts";\nexport const b = a;',
    "noRestrictedImports",
  ],
  ["simulator/fleet/zz.ts", "export const b = setTimeout(() => 1, 1);", "noRestrictedGlobals"],
  ["simulator/zz.ts", "export const b = Math.random();", "plugin"],
  ["simulator/cli/zz.ts", 'import { a } from "../../hal/drivers/gm65.ts";\nexport const b = a;', "noRestrictedImports"],
  [
    "hal/codecs/zz.ts",
    'import { readFileSync } from "node:fs";\nexport const b = readFileSync;',
    "noRestrictedImports",
  ],
  ["hal/codecs/zz.ts", 'import { a } from "../drivers/gm65.ts";\nexport const b = a;', "noRestrictedImports"],
  ["hal/codecs/zz.ts", "export const b = new Date();", "plugin"],
  ["hal/ports/zz.ts", 'import { a } from "../codecs/crc.ts";\nexport const b = a;', "noRestrictedImports"],
  ["hal/drivers/zz.ts", 'import { a } from "../../services/faults.ts";\nexport const b = a;', "noRestrictedImports"],
  ["hal/drivers/zz.ts", "export const b = setTimeout(() => 1, 1);", "noRestrictedGlobals"],
  ["services/zz-a.ts", 'import type { B } from "./zz-b.ts";\nexport type A = B | 1;', "noImportCycles"],
];

describe("the linter refuses", () => {
  let directory: string;
  const refusedBy = new Map<string, string[]>();

  // A tree of its own with the house's configuration; one run for all cases, each in a folder of that name further down.
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "yizhan-lint-"));
    const config = JSON.parse(read("biome.json")) as Record<string, unknown>;
    const { $schema: _schema, vcs: _vcs, ...rest } = config;
    const put = (file: string, text: string) => {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), `${text}\n`);
    };
    put("biome.json", JSON.stringify(rest));
    put("scripts/lint/time-and-chance.grit", read("scripts/lint/time-and-chance.grit"));
    forbidden.forEach(([file, text], at) => {
      put(file.replace(/zz(-a)?\.ts$/, `case-${at}.ts`), text.replace("./zz-b.ts", "./other.ts"));
    });
    const cycle = forbidden.findIndex(([file]) => file === "services/zz-a.ts");
    put("services/other.ts", `import type { A } from "./case-${cycle}.ts";\nexport type B = A | 2;`);
    put("services/innocent.ts", 'import { z } from "zod";\nexport const b = z.number().max(Math.max(1, 2));');
    put("simulator/allowed.ts", 'import { a } from "../firmware/runner/station.ts";\nexport const b = a;');
    const biome = join(root, "node_modules", ".bin", "biome");
    const args = ["lint", "--reporter=concise", "--max-diagnostics=none", "--colors=off", "."];
    const { stdout, stderr } = spawnSync(biome, args, { cwd: directory, encoding: "utf8" });
    for (const [, file = "", rule = ""] of `${stdout}${stderr}`.matchAll(/(\S+\.ts):\d+:\d+: (\S+):/g)) {
      const name = /([\w-]+)\.ts$/.exec(file)?.[1] ?? file;
      refusedBy.set(name, [...(refusedBy.get(name) ?? []), rule]);
    }
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test.each(forbidden.map(([file, text, rule], at) => [file, text.split("\n")[0], rule, at] as const))(
    "%s: %s",
    (_file, _text, rule, at) => {
      expect((refusedBy.get(`case-${at}`) ?? []).join(" ")).toContain(rule);
    },
  );

  test("and nothing of an innocent file", () => {
    expect(refusedBy.get("innocent")).toBeUndefined();
    expect(refusedBy.get("allowed")).toBeUndefined();
  });
});
