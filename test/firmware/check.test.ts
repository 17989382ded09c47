import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkCommand } from "../../firmware/cli/check.ts";

const starter = `${readFileSync("examples/starter-cabinet.yaml", "utf8")}requests: { signatures: required }\n`;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function check(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  let out = "";
  let err = "";
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    env,
  };
  const code = await checkCommand(args, io);
  return { code, out, err };
}

describe("yizhan check", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "yizhan-check-"));
    writeFileSync(join(directory, "members.yaml"), readFileSync("examples/members.yaml"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function file(text: string): string {
    const path = join(directory, "config.yaml");
    writeFileSync(path, text);
    return path;
  }

  test.each(["examples/reference-station.yaml", "examples/starter-cabinet.yaml"])(
    "%s is valid: one line, exit 0",
    async (path) => {
      const { code, out, err } = await check([path]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(
        /^examples\/\S+: valid: station \S+, cabinets \d+, bays \d+, devices \d+, members 62, config [0-9a-f]{12}\n$/,
      );
    },
  );

  test("a mistake is one line with position, path, expectation and nearest value, then a count, exit 78", async () => {
    const path = file(starter.replace("bus: packline-2", "bus: packlin-2"));
    expect(await check([path])).toEqual({
      code: 78,
      out: "",
      err:
        `${path}:43:35 devices[8].bus names the bus packlin-2, which does not exist; expected an id from buses` +
        ` (nearest valid value: packline-2) [E_CFG_NO_SUCH_BUS]\n${path}: not valid: 1 problem\n`,
    });
  });

  test.each<[string[], Record<string, string>, string]>([
    [[], { LANG: "zh_CN.UTF-8" }, "无效：1 个问题"],
    [["--lang", "zh"], { LANG: "en_US.UTF-8" }, "无效：1 个问题"],
    [["--lang=en"], { LC_ALL: "zh_CN.UTF-8" }, "not valid: 1 problem"],
    [[], {}, "not valid: 1 problem"],
  ])("with %j and %j it speaks: … %s", async (args, env, words) => {
    expect((await check([file("[]"), ...args], env)).err).toContain(words);
  });

  test("warnings are shown when asked for, and the file stays valid", async () => {
    const path = file(starter.replace("masterEnable: { gpio: 17 }", ""));
    const quiet = await check([path]);
    expect(quiet).toMatchObject({ code: 0, err: "" });
    const loud = await check([path, "--warnings"]);
    expect(loud).toMatchObject({ code: 0, out: quiet.out });
    expect(loud.err).toMatch(/^\S+:\d+:\d+ masterEnable warning: .* \[W_CFG_NO_MASTER_ENABLE\]\n$/);
  });

  test("--json prints one object for a valid file, warnings included", async () => {
    const { code, out, err } = await check([file(starter.replace("masterEnable: { gpio: 17 }", "")), "--json"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      valid: true,
      station: "starter-1",
      cabinets: 1,
      bays: 4,
      problems: [],
      warnings: [{ code: "W_CFG_NO_MASTER_ENABLE" }],
    });
  });

  test("--json prints one object for a broken file, in both languages", async () => {
    const { code, out, err } = await check([file(starter.replace("baud: 38400", "baud: 38000")), "--json"]);
    expect({ code, err }).toEqual({ code: 78, err: "" });
    const { valid, problems } = JSON.parse(out);
    expect(valid).toBe(false);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 25, path: "buses[1].baud", code: "E_CFG_NOT_ALLOWED", nearest: "38400" });
    expect(problems[0].message).toEqual({ zh: "是 38000", en: "is 38000" });
  });

  test("a file that is not there ends with 78 and says so", async () => {
    const { code, out, err } = await check([join(directory, "none.yaml")]);
    expect({ code, out }).toEqual({ code: 78, out: "" });
    expect(err).toContain("there is no such file");
    expect(err).toContain("E_CFG_UNREADABLE");
  });

  test.each<[string[], string]>([
    [[], "name one file"],
    [["a.yaml", "b.yaml"], "name one file"],
    [[""], "name one file"],
    [["a.yaml", "--lang", "fr"], "--lang is either zh or en"],
    [["a.yaml", "--colour"], "--colour"],
    [["a.yaml", "--lang"], "--lang"],
  ])("%j is a usage error, exit 2", async (args, words) => {
    const { code, out, err } = await check(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(words);
    expect(err).toContain("Usage: yizhan check FILE");
  });

  test("--help explains itself on standard output, exit 0", async () => {
    const { code, out } = await check(["--help", "--lang", "zh"]);
    expect(code).toBe(0);
    expect(out).toContain("用法：yizhan check");
  });

  test("it writes nothing and leaves no colour codes behind", async () => {
    const path = file(starter.replace("id: starter-1", 'id: "\\e[31mred"'));
    const { err } = await check([path]);
    expect(err).toContain("E_CFG_FORMAT");
    expect(err).not.toContain("\u001b");
    expect(readdirSync(directory).sort()).toEqual(["config.yaml", "members.yaml"]);
  });
});
