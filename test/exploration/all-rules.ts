/** Every rule that is checked in every world. */
import { logRules } from "./log-rules.ts";
import type { Rule } from "./rules.ts";
import { safetyRules } from "./safety-rules.ts";
import { swapRules } from "./swap-rules.ts";

export const allRules: readonly Rule[] = [...safetyRules, ...swapRules, ...logRules];
