/** What the catalogue says of each fault: how bad it is, what it inhibits, who may clear it, what it says, how to mend it. */
import type { PromptId } from "./prompts.ts";

export type Severity = "info" | "warning" | "error" | "danger";
export type ClearedBy = "itself" | "operator" | "local-reset";

export interface FaultEntry {
  readonly severity: Severity;
  readonly inhibits: string;
  readonly clearedBy: ClearedBy;
  readonly zh: string;
  readonly en: string;
  readonly mend: string;
  /** Said at the cabinet when the fault is raised, unless somebody is being served there. */
  readonly says?: PromptId;
}
