import { fakePwmOutput } from "../support/fake-pwm-output.ts";
import { pwmOutputConformance } from "./pwm-output.ts";

pwmOutputConformance("the fake", (clock) => {
  const output = fakePwmOutput(clock);
  return { output, share: output.share, answering: output.answering, noticeMs: 1_000 };
});
