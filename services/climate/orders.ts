/**
 * What people may ask of the climate: give a latched heater back, on site only and when it is cold; keep nothing but the frost
 * floor, or go back to the schedule. There is no order that heats more, later or in spite of anything.
 */

import type { Words } from "../words.ts";
import type { ClimateConfig } from "./config.ts";
import type { ClimateDurable, ClimateRecord } from "./records.ts";
import type { ClimateState } from "./state.ts";

export const climateRefusals = {
  "not-latched": { zh: "加热器未锁停，无需复位", en: "The heater is not latched; there is nothing to reset." },
  "not-on-site": { zh: "只能在现场复位", en: "It is reset on site only." },
  "still-too-hot": { zh: "室温仍过高，不能复位", en: "The room is still too hot to reset it." },
  "mode-unchanged": { zh: "已经是这个模式", en: "It already is in this mode." },
} as const satisfies Record<string, Words>;
export type ClimateRefusal = keyof typeof climateRefusals;

export type ClimateOrder =
  | { readonly do: "reset"; readonly by: string; readonly onSite: boolean }
  | { readonly do: "mode"; readonly mode: "auto" | "frost-only"; readonly by: string };

export type ClimateAnswer = { readonly record: ClimateRecord } | { readonly refused: ClimateRefusal };

export function judgeClimateOrder(
  order: ClimateOrder,
  state: ClimateState,
  durable: ClimateDurable,
  config: ClimateConfig,
): ClimateAnswer {
  if (order.do === "mode") {
    if (order.mode === durable.mode) return { refused: "mode-unchanged" };
    return { record: { kind: "climate-mode", mode: order.mode, by: order.by } };
  }
  if (!order.onSite) return { refused: "not-on-site" };
  if (durable.latch === undefined) return { refused: "not-latched" };
  const hot = state.probes.some((probe) => (probe.rawC ?? 0) > config.hardLimitC);
  return hot ? { refused: "still-too-hot" } : { record: { kind: "climate-reset", by: order.by } };
}
