/** What must agree between values. Looks at everything that can be looked at, whatever else is wrong with the file. */
import { brokerProblems, plainBroker } from "./broker-checks.ts";
import { channelProblems } from "./channel-checks.ts";
import { expanderProblems } from "./expander-checks.ts";
import type { Located, Locator } from "./problem.ts";
import { roomAdvice, roomProblems } from "./room-checks.ts";
import { ruleProblems } from "./rule-checks.ts";
import { safetyProblems, stopPolarity } from "./safety-checks.ts";
import { takeSurvey } from "./survey.ts";
import { useProblems } from "./use-checks.ts";
import { warningsFor } from "./warnings.ts";
import { wiringProblems } from "./wiring-checks.ts";

export interface CrossChecked {
  readonly problems: readonly Located[];
  readonly warnings: readonly Located[];
}

export function crossCheck(root: unknown, locator: Locator): CrossChecked {
  const survey = takeSurvey(root);
  return {
    problems: [
      wiringProblems,
      expanderProblems,
      useProblems,
      channelProblems,
      safetyProblems,
      roomProblems,
      ruleProblems,
      brokerProblems,
    ].flatMap((check) => check(survey, locator)),
    warnings: [
      ...warningsFor(survey, locator),
      ...stopPolarity(survey, locator),
      ...plainBroker(survey, locator),
      ...roomAdvice(survey, locator),
    ],
  };
}
