/** A room of 10 °C with two sensors that are believed, everything heard, and cold outside: one look at it, varied. */
import { ClimateConfig } from "../../../services/climate/config.ts";
import { newProbe } from "../../../services/climate/probe.ts";
import type { ClimateLook } from "../../../services/climate/readings.ts";
import { type ClimateDurable, emptyClimate } from "../../../services/climate/records.ts";
import { type ClimateState, newClimate } from "../../../services/climate/state.ts";
import { stepClimate } from "../../../services/climate/step.ts";

export const config = ClimateConfig.parse({});
export const nowMs = 100_000_000;
export const believed = (tempC: number) => ({
  ...newProbe,
  sampledMs: nowMs - 1_000,
  goodMs: nowMs - 1_000,
  tempC,
  rawC: tempC,
  changedMs: nowMs - 1_000,
});
export const calm: ClimateState = {
  ...newClimate(0, 2),
  lookedMs: nowMs - 1_000,
  probes: [believed(10), believed(10)],
};
export const sample = (tempC: number) => ({ value: { tempC }, atMs: nowMs, quality: "good" as const });
export const seen: ClimateLook = {
  nowMs,
  minuteOfDay: 720,
  sensors: [sample(10), sample(10)],
  occupied: { value: true, atMs: nowMs, quality: "good" },
  doorShut: { value: true, atMs: nowMs, quality: "good" },
  outsideC: -20,
  powered: true,
};
export const look = (
  was: Partial<ClimateState> = {},
  more: Partial<ClimateLook> = {},
  durable: ClimateDurable = emptyClimate,
) => stepClimate({ ...calm, ...was }, { ...seen, ...more }, durable, config);
