/** The pages written by hand: links lead somewhere, commands exist, captures are what the program prints, edges are explained. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeCommand } from "../../firmware/cli/decode.ts";
import { commandNames } from "../../firmware/docs/commands-page.ts";
import { outcomes } from "../../services/swap/outcomes.ts";
import { read, repositoryFiles, root } from "../support/repository.ts";

const pages = repositoryFiles().filter((file) => file.endsWith(".md"));

/** The anchor that a heading gets where these pages are read: lower case, no punctuation, dashes for spaces. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

const withoutFences = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, "");
const withoutCode = (text: string): string => withoutFences(text).replace(/`[^`\n]*`/g, "");

function anchorsIn(file: string): string[] {
  return [...withoutFences(read(file)).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

function brokenLinks(file: string): string[] {
  const links = [...withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return links.filter((link) => {
    if (/^(https?|mailto):/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsIn(target).includes(anchor);
  });
}

describe("every page", () => {
  test.each(pages)("%s links to what exists", (file) => {
    expect(brokenLinks(file)).toEqual([]);
  });

  test("is reached from the README or from docs/README.md", () => {
    const reached = new Set(["README.md"]);
    for (const file of reached) {
      for (const [, target = ""] of read(file).matchAll(/\]\(([^)#\s]+\.md)(?:#[^)]*)?\)/g)) {
        const path = join(dirname(file), target);
        if (!/^https?:/.test(target) && existsSync(join(root, path))) reached.add(path);
      }
    }
    expect(pages.filter((file) => !reached.has(file))).toEqual([]);
  });

  test("asks only for commands that exist, outside of what it says is not built yet", () => {
    const overview = spawnSync(process.execPath, [join(root, "bin", "yizhan.js"), "--help"], {
      encoding: "utf8",
    }).stdout;
    const built = commandNames(overview);
    const typed = pages.flatMap((file) =>
      [...read(file).matchAll(/^(?:\$ )?(?:sudo )?(?:npx yizhan|yizhan|node \S*bin\/yizhan\.js) ([a-z]+)/gm)].map(
        ([, name = ""]) => ({ file, name }),
      ),
    );
    expect(typed.length).toBeGreaterThan(10);
    expect(typed.filter(({ name }) => !built.includes(name))).toEqual([]);
  });

  test("names only npm scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = pages.flatMap((file) => [...read(file).matchAll(/npm run ([a-z:-]+)/g)].map(([, name = ""]) => name));
    expect([...new Set(named)].filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

/** `$ npx yizhan decode …` and the lines below it, up to the next prompt or the end of the block. */
function captures(text: string): { readonly args: string[]; readonly printed: string }[] {
  const found: { args: string[]; printed: string }[] = [];
  for (const [, block = ""] of text.matchAll(/^```\n([\s\S]*?)^```$/gm)) {
    for (const part of block.split(/^\$ npx yizhan decode /m).slice(1)) {
      const [command = "", ...lines] = part.trimEnd().split("\n");
      const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
      if (lines.length > 0) found.push({ args, printed: lines.join("\n") });
    }
  }
  return found;
}

describe("the captures of decode", () => {
  const found = captures(read("docs/how-to/debug-with-decode.md"));

  test("are there", () => {
    expect(found.length).toBe(3);
  });

  test.each(found)("are what it prints: $args", async ({ args, printed }) => {
    let said = "";
    const keep = (text: string) => {
      said += text;
    };
    await decodeCommand([...args, "--lang", "en"], { out: keep, err: keep });
    expect(said.trim()).toBe(printed);
  });
});

describe("the edges of the swap", () => {
  const page = read("docs/reference/outcomes.md");
  const explained = [...page.matchAll(/^\| (E\d+) \|/gm)].map(([, edge = ""]) => edge);

  test("are explained, all 42, in order", () => {
    expect(explained).toEqual(Array.from({ length: 42 }, (_unused, at) => `E${at + 1}`));
  });

  test("include every edge that an outcome names", () => {
    const named = Object.values(outcomes).flatMap(({ edges }) => [...edges]);
    expect(named.filter((edge) => !explained.includes(edge))).toEqual([]);
  });
});
