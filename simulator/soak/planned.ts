/** Steps of a scenario as a plan for the director of faults, and the words of `--faults` as such steps. */
import { plausible } from "../../firmware/config/nearest.ts";
import { faultNamed, faults } from "../faults/catalogue.ts";
import type { PlannedFault } from "../faults/director.ts";
import { drawFaults, everyClass } from "./draw.ts";
import type { FaultStep } from "./scenario.ts";
import { lengthMs, lengthText, momentMs, momentText } from "./time-text.ts";

export function plannedFault(seed: string, step: FaultStep): PlannedFault {
  return {
    atMs: momentMs(step.at) ?? 0,
    fault: step.fault,
    lastsMs: lengthMs(step.lasts ?? "0s") ?? 0,
    where: step.where,
    draw: step.draw ?? `${seed}/${step.fault}/${step.at}`,
  };
}

/** Why no fault has this name, and which one may have been meant. */
export function noSuchFault(name: string): string {
  const meant = plausible(
    name,
    faults.map((fault) => fault.name),
  );
  const help = "`yizhan soak --list-faults` names them all";
  return `no fault ${name}; ${meant === undefined ? help : `did you mean ${meant}? ${help}`}`;
}

export type FaultWords =
  | { readonly steps: (seed: string, lastsMs: number) => FaultStep[] }
  | { readonly problem: string };

const wordPattern = /^([A-Za-z0-9-]+)(?:@([0-9.a-z]+)(?::([0-9.a-z]+))?)?$/;

/**
 * `all`, or names separated by commas, each as it is (then it strikes as often as it usually does) or with a time and a length:
 * `smoke@10m:60s`. A length that is left out is the shortest that the fault has.
 */
export function faultWords(text: string): FaultWords {
  if (text === "all")
    return { steps: (seed, lastsMs) => drawFaults(seed, { classes: everyClass, lastsMs, wanted: "all" }) };
  const words = text.split(",").map(faultWord);
  const problem = words.find((word): word is { problem: string } => "problem" in word);
  if (problem !== undefined) return problem;
  const timed = words.flatMap((word) => ("step" in word ? [word.step] : []));
  const wanted = words.flatMap((word) => ("drawn" in word ? [word.drawn] : []));
  return { steps: (seed, lastsMs) => [...timed, ...drawFaults(seed, { classes: everyClass, lastsMs, wanted })] };
}

type FaultWord = { readonly drawn: string } | { readonly step: FaultStep } | { readonly problem: string };

function faultWord(word: string): FaultWord {
  const [, name = "", at, lasts] = wordPattern.exec(word.trim()) ?? [];
  const fault = faultNamed(name);
  if (fault === undefined) return { problem: noSuchFault(name === "" ? word : name) };
  if (at === undefined) return { drawn: fault.name };
  const atMs = lengthMs(at);
  const lastsMs = lasts === undefined ? fault.lastsS[0] * 1_000 : lengthMs(lasts);
  return atMs === undefined || lastsMs === undefined
    ? { problem: `--faults wants a time and a length like ${fault.name}@10m:60s, not ${word}` }
    : { step: { at: momentText(atMs), fault: fault.name, lasts: lengthText(lastsMs) } };
}
