/** What is named on an expander board must be there, and be of the right sort; other devices have nothing to name. */
import { closest } from "./nearest.ts";
import { type Detail, type Located, type Locator, locate, oneOf } from "./problem.ts";
import type { FirmataEntry } from "./schema-expander.ts";
import type { Survey } from "./survey.ts";
import { useRules } from "./use-rules.ts";
import type { Use } from "./uses.ts";

/** Names on the board that may serve this use. */
function fitting({ role }: Use, { inputs, outputs }: FirmataEntry): string[] {
  if (role === "dimmed") return outputs.map(({ id }) => id);
  return inputs.flatMap(({ id, kind }) => (kind === "thermistor" ? [id] : []));
}

function onBoard(use: Use, name: string | undefined, board: FirmataEntry): Detail | undefined {
  const known = fitting(use, board);
  if (name !== undefined && known.includes(name)) return undefined;
  const expected = known.length > 0 ? oneOf(known) : { zh: "先在设备中写明", en: "one that the device describes" };
  if (name === undefined) return { code: "E_CFG_MISSING_KEY", message: { zh: "缺失", en: "is missing" }, expected };
  const what = use.role === "dimmed" ? { zh: "输出", en: "output" } : { zh: "热敏电阻", en: "thermistor" };
  return {
    code: "E_CFG_CHANNEL_BEYOND",
    message: { zh: `${board.id} 没有${what.zh} ${name}`, en: `${board.id} has no ${what.en} ${name}` },
    expected,
    nearest: closest(name, known),
  };
}

export function channelProblems({ uses, devices }: Survey, locator: Locator): Located[] {
  return uses.flatMap((use) => {
    const { on, role } = use;
    // What counts its points by number is looked at elsewhere.
    if (on.is !== "device" || useRules[role].point !== undefined || typeof on.point === "number") return [];
    const device = devices.find(({ value }) => value.id === on.device)?.value;
    if (device === undefined || !useRules[role].kinds.includes(device.kind)) return [];
    const path = [...use.path, "channel"];
    if (device.kind === "firmata") {
      const detail = onBoard(use, on.point, device);
      return detail === undefined ? [] : [locate(locator, path, "value", detail)];
    }
    if (on.point === undefined) return [];
    const message = {
      zh: `${device.id} 是 ${device.kind}，没有通道`,
      en: `means nothing: ${device.id} is a ${device.kind}`,
    };
    return [
      locate(locator, path, "key", { code: "E_CFG_UNKNOWN_KEY", message, expected: { zh: "不写", en: "nothing" } }),
    ];
  });
}
