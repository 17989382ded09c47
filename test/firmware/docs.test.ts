/** The generated pages: complete, fresh, and written by a command that can also only look. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { docsCommand } from "../../firmware/cli/docs.ts";
import { commandNames, commandsPage } from "../../firmware/docs/commands-page.ts";
import { faultsPage } from "../../firmware/docs/faults-page.ts";
import { page, table } from "../../firmware/docs/markdown.ts";
import { mqttPage } from "../../firmware/docs/mqtt-page.ts";
import { outcomesPage } from "../../firmware/docs/outcomes-page.ts";
import { type GeneratedPage, generatedPages, type Spoken } from "../../firmware/docs/pages.ts";
import { fieldRows } from "../../firmware/docs/payload-fields.ts";
import { verbs } from "../../services/contract/request-payloads.ts";
import { contract } from "../../services/contract/topics.ts";
import { faultCatalogue } from "../../services/faults.ts";
import { prompts } from "../../services/prompts.ts";
import { refusalWords } from "../../services/requests/reasons.ts";
import { outcomes } from "../../services/swap/outcomes.ts";
import { root } from "../support/repository.ts";
import { spokenByTheProgram } from "../support/spoken.ts";

let pages: readonly GeneratedPage[];
beforeAll(async () => {
  pages = generatedPages(await spokenByTheProgram());
});

describe("the pages on disk", () => {
  test.each([
    "docs/reference/config.schema.json",
    "docs/reference/configuration.md",
    "docs/reference/faults.md",
    "docs/reference/outcomes.md",
    "docs/reference/refusals.md",
    "docs/reference/mqtt.md",
    "docs/reference/asyncapi.yaml",
    "docs/reference/commands.md",
  ])("%s says what the sources say; otherwise run `npm run build && npm run generate`", (path) => {
    const generated = pages.find((candidate) => candidate.path === path);
    expect(readFileSync(join(root, path), "utf8")).toBe(generated?.text);
  });
});

describe("the pages", () => {
  test("name every fault, outcome, prompt, topic, verb and refusal, in both languages", () => {
    const faults = faultsPage();
    for (const [code, { zh, en, mend }] of Object.entries(faultCatalogue)) {
      for (const words of [`\`${code}\``, zh, en, mend]) expect(faults).toContain(words);
    }
    const ends = outcomesPage();
    for (const [code, { edges }] of Object.entries(outcomes)) {
      expect(ends).toMatch(new RegExp(`\`${code}\` \\| ${edges.join(", ")} \\|`));
    }
    for (const [id, { zh, en }] of Object.entries(prompts)) expect(ends).toContain(`| \`${id}\` | ${en} | ${zh} |`);
    const mqtt = mqttPage();
    for (const { topic, summary } of Object.values(contract)) {
      for (const words of [`| \`${topic}\` |`, `### ${topic}\n`, summary.zh, summary.en]) expect(mqtt).toContain(words);
    }
    for (const verb of Object.keys(verbs)) expect(mqtt).toContain(`#### request/${verb}\n`);
    for (const [reason, { zh, en }] of Object.entries(refusalWords))
      expect(mqtt).toContain(`\`${reason}\` | ${en} | ${zh}`);
  });

  test("explain every field of every payload", () => {
    for (const { name, payload } of Object.values(contract)) {
      for (const row of fieldRows(payload)) expect(row[4], `${name}: ${row[0]}`).toMatch(/\w/);
    }
  });

  test("hold only tables whose rows have as many cells as their head", () => {
    for (const { path, text } of pages) {
      let cells = 0;
      for (const line of text.split("\n")) {
        const here = line.startsWith("|") ? line.replaceAll("\\|", "").split("|").length : 0;
        if (here > 0 && cells > 0) expect(here, `${path}: ${line}`).toBe(cells);
        cells = here;
      }
    }
  });

  test("show the commands in the program's own words", () => {
    const overview =
      "yizhan\n\n  yizhan check     validates\n  yizhan run       runs\n\nEach yizhan command explains itself.\n";
    expect(commandNames(overview)).toEqual(["check", "run"]);
    const text = commandsPage(overview, [{ name: "check", help: "Usage: yizhan check FILE\n" }]);
    expect(text).toContain("## yizhan check\n\n```\nUsage: yizhan check FILE\n```\n");
  });
});

describe("the fields of a payload", () => {
  const rows = (schema: z.ZodType) => fieldRows(schema).map((row) => row.slice(0, 4));

  test("say type, unit, bounds, whether they may be missing, and whether they may be null", () => {
    const payload = z.strictObject({
      socPct: z.number().min(0).max(100).meta({ unit: "%" }),
      count: z.int().min(0),
      word: z.literal(["on", "off"]),
      note: z.string().max(9).optional(),
      pack: z.strictObject({ id: z.string() }).nullable(),
      when: z.union([z.string(), z.int().positive()]),
      parts: z.array(z.strictObject({ id: z.string().max(4) })).max(3),
      names: z.array(z.string()),
    });
    expect(rows(payload)).toEqual([
      ["`socPct`", "number", "%", "0 … 100"],
      ["`count`", "whole number", "", "≥ 0"],
      ["`word`", "`on`, `off`", "", ""],
      ["`note`", "text; optional", "", "at most 9 characters"],
      ["`pack`", "mapping or null", "", ""],
      ["`pack.id`", "text", "", ""],
      ["`when`", "text or whole number", "", ""],
      ["`parts`", "list of mapping", "", "at most 3 entries"],
      ["`parts[].id`", "text", "", "at most 4 characters"],
      ["`names`", "list of text", "", ""],
    ]);
  });

  test("are one row when the payload is one word", () => {
    expect(rows(z.literal(["online", "offline"]))).toEqual([["(the whole payload)", "`online`, `offline`", "", ""]]);
  });

  test("cannot break the table they stand in", () => {
    expect(table(["a"], [["one | two\nthree"]])).toEqual(["| a |", "|---|", "| one \\| two three |"]);
    expect(page(["x", "", ""])).toBe("x\n");
  });
});

describe("yizhan docs", () => {
  const directories: string[] = [];
  afterEach(() => {
    for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
  });

  function bench() {
    const directory = mkdtempSync(join(tmpdir(), "yizhan-docs-"));
    directories.push(directory);
    const said = { out: "", err: "" };
    const io = {
      out(text: string) {
        said.out += `${text}\n`;
      },
      err(text: string) {
        said.err += `${text}\n`;
      },
    };
    const spoken = { overview: "  yizhan docs     writes\n", helps: [] };
    const run = (...args: string[]) => docsCommand(args, io, { root: directory, listen: () => spoken });
    const runWith = (listen: () => Spoken) => docsCommand([], io, { root: directory, listen });
    const put = (path: string, text: string) => {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    };
    return { directory, said, run, runWith, put };
  }

  test("writes what is missing, then finds all of it fresh", async () => {
    const { directory, said, run } = bench();
    expect(await run()).toBe(0);
    expect(said.out).toContain("wrote docs/reference/mqtt.md");
    expect(readFileSync(join(directory, "docs/reference/faults.md"), "utf8")).toBe(faultsPage());
    expect(await run("--check")).toBe(0);
    expect(await run()).toBe(0);
    expect(said.out).toContain("8 pages, all fresh");
    expect(said.err).toBe("");
  });

  test("--check names what is stale, says how to mend it, and writes nothing", async () => {
    const { directory, said, run, put } = bench();
    await run();
    put("docs/reference/faults.md", "old\n");
    put("docs/reference/log-format.md", "by hand\n");
    expect(await run("--check")).toBe(1);
    expect(said.err).toBe(
      "E_STALE docs/reference/faults.md is not what the sources say\nrun `npm run generate` and commit the result\n",
    );
    expect(readFileSync(join(directory, "docs/reference/faults.md"), "utf8")).toBe("old\n");
    await run();
    expect(readFileSync(join(directory, "docs/reference/faults.md"), "utf8")).toBe(faultsPage());
    expect(readFileSync(join(directory, "docs/reference/log-format.md"), "utf8")).toBe("by hand\n");
  });

  test("explains itself, refuses what it does not know, and says when the program cannot be asked", async () => {
    const { said, run, runWith } = bench();
    expect(await run("--help")).toBe(0);
    expect(said.out).toContain("--check");
    expect(await run("--cheque")).toBe(2);
    expect(said.err).toContain("E_USAGE");
    const code = await runWith(() => {
      throw new Error("not built");
    });
    expect(code).toBe(1);
    expect(said.err).toContain("E_DOCS not built");
  });
});
