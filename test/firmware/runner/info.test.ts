import { expect, test } from "vitest";
import { infoOf } from "../../../firmware/runner/info.ts";
import { contract, payloadProblem } from "../../../services/contract/topics.ts";
import { loadText, room, starter } from "../config/memory-files.ts";

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

test("a station with a room says what it has there", () => {
  const loaded = loadText(room);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { capabilities } = infoOf(loaded.config, { version: "0.1.0", commit: "0123abc", boot: "b7f3", logId: "l" });
  expect(capabilities).toEqual(expect.arrayContaining(["swap", "door", "climate", "fridge", "amenities"]));
});
