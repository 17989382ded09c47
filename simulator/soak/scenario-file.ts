/** Scenario files: YAML that people read and write. Reading refuses what the schema does not know, with its place. */
import { parse, stringify } from "yaml";
import { Scenario } from "./scenario.ts";

export type ScenarioRead =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problem: string };

export function readScenario(text: string): ScenarioRead {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
  const parsed = Scenario.safeParse(value);
  if (parsed.success) return { ok: true, scenario: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, problem: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not a scenario"}` };
}

export function writeScenario(scenario: Scenario): string {
  return stringify(scenario, { lineWidth: 120, flowCollectionPadding: true });
}
