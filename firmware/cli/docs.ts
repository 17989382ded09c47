/**
 * `yizhan docs`: writes the generated reference pages into the package it runs from, or with `--check` only compares them. A
 * page is generated or written by hand, never both; what it finds beside the generated ones it leaves alone.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { commandNames } from "../docs/commands-page.ts";
import { type GeneratedPage, generatedPages, type Spoken } from "../docs/pages.ts";

export interface DocsIo {
  out(text: string): void;
  err(text: string): void;
}

export const docsUsage = `yizhan docs [--check] — writes the generated reference pages under docs/reference/

  --check            write nothing; exit 1 and name the pages that are stale
`;

export interface DocsSetup {
  /** Where the pages go; the package that this program belongs to unless told. */
  readonly root?: string;
  /** How the commands are asked what they say about themselves. */
  readonly listen?: () => Spoken;
}

/** Seen from dist/firmware/cli/, or from the sources. */
const packageRoot = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../.." : "../../..", import.meta.url));

/** Asks the program itself, in English, as a reader would. */
function ask(args: readonly string[]): string {
  const env = { ...process.env, LC_ALL: "C", LANG: "C" };
  const program = join(packageRoot, "bin", "yizhan.js");
  const asked = spawnSync(process.execPath, [program, ...args], { encoding: "utf8", env });
  if (asked.status !== 0) throw new Error(`\`yizhan ${args.join(" ")}\` failed: ${asked.stderr.trim()}`);
  return asked.stdout;
}

function listenToProgram(): Spoken {
  const overview = ask(["--help"]);
  return { overview, helps: commandNames(overview).map((name) => ({ name, help: ask([name, "--help"]) })) };
}

function onDisk(root: string, path: string): string | undefined {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}

function stalePages(root: string, pages: readonly GeneratedPage[]): readonly GeneratedPage[] {
  return pages.filter(({ path, text }) => onDisk(root, path) !== text);
}

function write(root: string, pages: readonly GeneratedPage[]): void {
  for (const { path, text } of pages) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function checks(args: readonly string[]): boolean | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  return values.help === true ? "help" : values.check === true;
}

export async function docsCommand(args: readonly string[], io: DocsIo, setup: DocsSetup = {}): Promise<number> {
  const { root = packageRoot, listen = listenToProgram } = setup;
  let check: boolean | "help";
  try {
    check = checks(args);
  } catch (error) {
    io.err(`E_USAGE ${error instanceof Error ? error.message : String(error)}\n\n${docsUsage}`);
    return 2;
  }
  if (check === "help") {
    io.out(docsUsage);
    return 0;
  }
  let spoken: Spoken;
  try {
    spoken = listen();
  } catch (error) {
    io.err(`E_DOCS ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
  const pages = generatedPages(spoken);
  const stale = stalePages(root, pages);
  if (!check) {
    write(root, stale);
    io.out(
      stale.length === 0 ? `${pages.length} pages, all fresh` : stale.map(({ path }) => `wrote ${path}`).join("\n"),
    );
    return 0;
  }
  if (stale.length === 0) return 0;
  for (const { path } of stale) io.err(`E_STALE ${path} is not what the sources say`);
  io.err("run `npm run generate` and commit the result");
  return 1;
}
