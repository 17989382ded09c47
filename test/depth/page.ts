/** The reference page of test depth, as text: what the last measurements found, module by module, and everything that lived. */
import equivalentList from "../../scripts/depth/equivalent.json" with { type: "json" };
import moduleList from "../../scripts/depth/modules.json" with { type: "json" };
import resultList from "../../scripts/depth/results.json" with { type: "json" };

export interface Survivor {
  readonly file: string;
  readonly line: number;
  /** The source line, so that a mutant is known again when lines move. */
  readonly in: string;
  readonly was: string;
  readonly becomes: string;
  readonly status: string;
}

export interface MutantResult {
  readonly module: string;
  readonly commit: string;
  /** One mutant in so many, drawn by the seed; left out where all were tried. */
  readonly sample?: { readonly oneIn: number; readonly seed: number };
  /** Mutants that were not drawn. */
  readonly undrawn?: number;
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  readonly uncovered: number;
  readonly ignored: number;
  readonly broken: number;
  readonly static: number;
  readonly survivors: readonly Survivor[];
}

export interface Results {
  readonly coverage: {
    readonly commit: string;
    readonly modules: readonly { readonly module: string; readonly covered: number; readonly total: number }[];
  } | null;
  readonly mutants: readonly MutantResult[];
}

/** A mutant that no test can kill, because the program does the same; with a sentence why. */
export interface Equivalent extends Pick<Survivor, "file" | "in" | "was" | "becomes"> {
  readonly because: string;
}

export const results = resultList as unknown as Results;
export const equivalents = equivalentList as readonly Equivalent[];
export const moduleNames: readonly string[] = moduleList.map(({ name }) => name);

export const reasonOf = (one: Survivor): string | undefined =>
  equivalents.find(
    (known) => known.file === one.file && known.in === one.in && known.was === one.was && known.becomes === one.becomes,
  )?.because;

const percent = (part: number, whole: number): string => (whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`);
const fallen = ({ killed, timeout }: MutantResult): number => killed + timeout;
const tried = (result: MutantResult): number => fallen(result) + result.survived + result.uncovered;
const sum = (of: (result: MutantResult) => number): number =>
  results.mutants.reduce((total, one) => total + of(one), 0);

function branchesOf(module: string): string {
  const found = results.coverage?.modules.find((one) => one.module === module);
  return found === undefined ? "–" : `${percent(found.covered, found.total)} of ${found.total}`;
}

function moduleRow(module: string): string {
  const result = results.mutants.find((one) => one.module === module);
  if (result === undefined) return `| ${module} | not measured yet | | | | | | | ${branchesOf(module)} | |`;
  const { killed, timeout, survived, uncovered, ignored } = result;
  const equal = result.survivors.filter((one) => reasonOf(one) !== undefined).length;
  const score = `**${percent(fallen(result), tried(result))}**`;
  const cells = [
    module,
    tried(result),
    killed,
    timeout,
    survived,
    uncovered,
    ignored,
    score,
    branchesOf(module),
    equal,
  ];
  return `| ${[...cells, `\`${result.commit}\``].join(" | ")} |`;
}

const inCode = (text: string): string => {
  const short = text.length > 110 ? `${text.slice(0, 107)}…` : text;
  return `\`${short.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
};

function sampleLines(): string[] {
  return results.mutants.flatMap((result) => {
    if (result.sample === undefined) return [];
    const { oneIn, seed } = result.sample;
    const all = tried(result) + (result.undrawn ?? 0);
    return [
      "",
      `${result.module} is a sample: one mutant in ${oneIn}, drawn by \`--one-in ${oneIn} --seed ${seed}\` and not by hand, which is ${tried(result)} of ${all}.`,
      "Tests were written against what lived in an earlier run of the same seed: a seed that nobody has looked at may score less.",
    ];
  });
}

function survivorLines(result: MutantResult): string[] {
  if (result.survivors.length === 0) return [];
  const line = (one: Survivor): string => {
    const why = reasonOf(one);
    const told = `- ${one.file}:${one.line} ${one.status}: ${inCode(one.was)} → ${inCode(one.becomes)}`;
    return why === undefined ? told : `${told}. Equivalent: ${why}`;
  };
  return ["", `### ${result.module}`, "", ...result.survivors.map(line)];
}

export function testDepthPage(): string {
  const total = sum(tried);
  const lines = [
    "# Test depth of the safety modules",
    "",
    "<!-- Generated from scripts/depth/; do not edit. `npm run mutation -- MODULE` and `npm run coverage -- --keep` write it. -->",
    "",
    "A mutant is the program with one small change: a limit moved by one step, a condition turned round, a value emptied. It is",
    "killed when a fast unit test of its module fails (or never ends: timeout). Simulations, campaigns and real processes are",
    "left out, so that what they find is no credit of the unit tests. The score counts every mutant, those that no test can",
    "kill among them; these are told below with the reason. Ignored is text for people, by two rules: strings with a blank or a",
    "Chinese character in them, and what `.meta({…})` says of a setting, which is its row on the configuration page.",
    "",
    "| module | mutants | killed | timeout | survived | not covered | ignored | score | branches taken | equivalent | measured at |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
    ...moduleNames.map(moduleRow),
    ...sampleLines(),
    "",
    `All measured modules: ${total} mutants, score **${percent(sum(fallen), total)}**; ${sum((one) => one.static)} of them change`,
    "what runs when a file is loaded, and are tried with every test of their module. Branches were counted at",
    `${results.coverage === null ? "no commit yet" : `\`${results.coverage.commit}\``}.`,
    "",
    "## What lived",
    ...results.mutants.flatMap(survivorLines),
    "",
  ];
  return lines.join("\n");
}
