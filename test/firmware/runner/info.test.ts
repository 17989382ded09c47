import { expect, test } from "vitest";
import { infoOf } from "../../../firmware/runner/info.ts";
import { contract, payloadProblem } from "../../../services/contract/topics.ts";
import { loadText, starter } from "../config/memory-files.ts";

test.each([
  ["required", ["swap", "signed-requests"]],
  ["optional", ["swap"]],
])("a station whose signatures are %s says that it offers %j", (signatures, capabilities) => {
  const loaded = loadText(starter.replace("signatures: required", `signatures: ${signatures}`));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const info = infoOf(loaded.config, { version: "0.1.0", commit: "0123abc", boot: "b7f3", logId: "l" });
  expect(info.capabilities).toEqual(capabilities);
  expect(payloadProblem(contract.info, info)).toBeUndefined();
});
