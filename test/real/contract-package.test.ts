/** The package as others install it: packed, unpacked elsewhere, and its contract used by a program that knows nothing else. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "../support/repository.ts";

const directory = mkdtempSync(join(tmpdir(), "yizhan-consumer-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function ran(command: string, args: readonly string[], cwd = directory): string {
  const done = spawnSync(command, [...args], { cwd, encoding: "utf8" });
  return done.status === 0 ? done.stdout : `failed: ${done.stdout}${done.stderr}`;
}

const consumer = `
import { type Message, readMessage, requestMessage, stationFilter } from "yizhan/contract";

export function chargeOf(message: Message): number | undefined {
  if (message.name !== "bay") return undefined;
  const bay: string = message.ids.bay;
  return bay === "3" ? message.payload?.pack?.socPct : undefined;
}
const message = readMessage("yizhan/1/s/bay/3", process.argv[2] ?? "");
if ("problem" in message) throw new Error(message.problem);
const { topic } = requestMessage("s", "open", { id: "desk-1", expiresAt: 1, bay: 3 });
process.stdout.write(\`\${chargeOf(message)} \${topic} \${stationFilter("s")}\`);
`;

/** What the types must refuse, each on a line of its own. */
const mistakes = [
  'requestMessage("s", "open", { id: "x", expiresAt: 1 });',
  'requestMessage("s", "shut", { id: "x", expiresAt: 1 });',
  'if (message.name === "bay") message.ids.cabinet;',
  'if (message.name === "power") message.payload?.pack;',
];

const options = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    types: ["node"],
    typeRoots: [join(root, "node_modules", "@types")],
    outDir: "out",
  },
  files: ["consumer.ts"],
};

const compile = () => ran(join(root, "node_modules", ".bin", "tsc"), ["-p", directory, "--pretty", "false"]);

beforeAll(() => {
  // Not through the scripts: they would build dist/ anew under the feet of other tests.
  const packed = ran("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", directory], root).trim();
  const modules = join(directory, "node_modules");
  mkdirSync(modules);
  const unpacked = ran("tar", ["-xzf", packed.split("\n").at(-1) ?? ""]);
  if (unpacked !== "") throw new Error(`${packed}\n${unpacked}`);
  ran("mv", ["package", join("node_modules", "yizhan")]);
  symlinkSync(join(root, "node_modules", "zod"), join(modules, "zod"));
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(options));
});

describe("a program that installs the package", () => {
  test("compiles against the contract's types, and runs", () => {
    writeFileSync(join(directory, "consumer.ts"), consumer);
    expect(compile()).toBe("");
    const payload = {
      door: "shut",
      lock: "latched",
      state: "ready",
      lockOut: "none",
      pack: { id: "yz-1", socPct: 85, cellTempMinC: 21, cellTempMaxC: 23, packV: 52.1, packA: 0, faults: [] },
      charger: { setMa: 0, actualMa: 0 },
      heater: false,
    };
    expect(ran(process.execPath, [join("out", "consumer.js"), JSON.stringify(payload)])).toBe(
      "85 yizhan/1/s/request/open yizhan/1/s/#",
    );
  });

  test("is told by the compiler what the contract does not know", () => {
    writeFileSync(join(directory, "consumer.ts"), `${consumer}${mistakes.join("\n")}\n`);
    const told = compile();
    const first = consumer.split("\n").length;
    const lines = mistakes.map((_mistake, at) => `consumer.ts(${first + at},`);
    for (const line of lines) expect(told).toContain(line);
  });
});
