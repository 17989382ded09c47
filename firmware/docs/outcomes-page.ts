/** The reference page of everything a scan or a swap can end with, and of every sentence a rider can hear. */
import { type PromptId, prompts } from "../../services/prompts.ts";
import { refusalWords } from "../../services/requests/reasons.ts";
import { codeOf, type Edge, edges } from "../../services/swap/edges.ts";
import { type OutcomeCode, outcomes } from "../../services/swap/outcomes.ts";
import { code, generatedFrom, page, table } from "./markdown.ts";

type OutcomeClass = (typeof outcomes)[OutcomeCode]["class"];

const classes: Readonly<Record<OutcomeClass, string>> = {
  completed: "The rider left with another pack.",
  refused: "No door opened. The rider was told why, in words.",
  cancelled:
    "Called off before the station owed anything. A pack that had been put in was given back, or stands in a locked-out " +
    "bay for a person to look at.",
  owed: "The station keeps the rider's pack and owes one. The debt is open until a later scan pays it.",
};

const codes = Object.keys(outcomes) as OutcomeCode[];

function section(name: OutcomeClass): string[] {
  const rows = codes
    .filter((outcome) => outcomes[outcome].class === name)
    .map((outcome) => {
      const { edges, prompt } = outcomes[outcome];
      return [code(outcome), edges.join(", "), prompts[prompt].en, prompts[prompt].zh];
    });
  return [`## ${name}`, "", classes[name], "", ...table(["outcome", "edges", "the rider hears", "骑手听到"], rows), ""];
}

/** Words and their id: a sentence of the cabinet, or the answer to a program that asked. */
function wordsOf({ words }: Edge): { readonly id: string; readonly zh: string; readonly en: string } {
  return "prompt" in words
    ? { id: code(words.prompt), ...prompts[words.prompt] }
    : { id: `answer ${code(words.answer)}`, ...refusalWords[words.answer] };
}

function edgeRows(): string[][] {
  return Object.entries<Edge>(edges).map(([id, edge]) => {
    const { id: prompt, zh, en } = wordsOf(edge);
    return [id, edge.happens, edge.does, code(codeOf(edge)), prompt, en, zh, code(edge.event), edge.story];
  });
}

const edgeHead = [
  "#",
  "what happens",
  "what the station does",
  "code",
  "prompt",
  "words",
  "话术",
  "event",
  "proven by",
];

export function outcomesPage(): string {
  const sentences = (Object.keys(prompts) as PromptId[]).map((id) => [code(id), prompts[id].en, prompts[id].zh]);
  return page([
    generatedFrom("services/swap/outcomes.ts, services/swap/edges.ts and services/prompts.ts"),
    "",
    "# Outcomes and prompts",
    "",
    "Every scan ends in exactly one of these codes. The edges are the numbered failures of",
    "[the table below](#the-42-edges); `{bay}` and `{minutes}` are filled in.",
    "",
    ...(["completed", "refused", "cancelled", "owed"] as const).flatMap(section),
    "## The 42 edges",
    "",
    "Ways in which a swap goes wrong, numbered once and for all. The code is the outcome, the fault, the answer or what was",
    "told of it; *proven by* is the name of the test in `test/services/swap/edges/`.",
    "",
    ...table(edgeHead, edgeRows()),
    "",
    "## Prompts",
    "",
    "Everything the station says to a rider. The id is also the name of the spoken clip (clips are not recorded yet).",
    "",
    ...table(["id", "English", "中文"], sentences),
  ]);
}
