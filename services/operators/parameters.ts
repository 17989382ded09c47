/**
 * Numbers that operators may change at run time, and how far. A safety number may only become stricter than the configuration
 * file; the others stay inside the bounds of the file's own schema. A set is taken whole or not at all. What is not in the
 * table cannot be changed.
 */
import { z } from "zod";
import { ChargingConfig, PackClass, SafetyConfig, type StationConfig, SwapConfig } from "../config.ts";

interface ParameterRow {
  readonly section: "station" | "charging" | "packs" | "safety" | "swap";
  readonly key: string;
  readonly schema: z.ZodType;
  /** Which way is stricter, for a number that protects something. */
  readonly only?: "lower" | "higher";
}

const siteLimitW = z
  .int()
  .min(0)
  .max(500_000)
  .meta({ unit: "W", description: "Power from the mains that the station never exceeds." });

const charging = (key: keyof typeof ChargingConfig.shape, only?: ParameterRow["only"]): ParameterRow => ({
  section: "charging",
  key,
  schema: ChargingConfig.shape[key],
  ...(only === undefined ? {} : { only }),
});
const safety = (key: keyof typeof SafetyConfig.shape, only: ParameterRow["only"] & string): ParameterRow => ({
  section: "safety",
  key,
  schema: SafetyConfig.shape[key],
  only,
});
const swap = (key: keyof typeof SwapConfig.shape): ParameterRow => ({
  section: "swap",
  key,
  schema: SwapConfig.shape[key],
});

const rows: readonly ParameterRow[] = [
  { section: "station", key: "siteLimitW", schema: siteLimitW, only: "lower" },
  charging("targetSocPct"),
  charging("maxSocPct"),
  charging("deratedMa", "lower"),
  { section: "packs", key: "chargeMa", schema: PackClass.shape.chargeMa, only: "lower" },
  safety("hotPackC", "lower"),
  safety("chargeMaxC", "lower"),
  safety("chargeMinC", "higher"),
  safety("fullCurrentMinC", "higher"),
  safety("leakageMa", "lower"),
  swap("insertWindowMs"),
  swap("takeWindowMs"),
  swap("inspectMs"),
  swap("doorOpenAlarmMs"),
  swap("debtOverdueMs"),
];

export const parameters: ReadonlyMap<string, ParameterRow> = new Map(
  rows.map((row) => [`${row.section}.${row.key}`, row]),
);

export type Parameters = Readonly<Record<string, number>>;

export type ParametersVerdict =
  | { readonly is: "good"; readonly parameters: Parameters }
  | {
      readonly is: "refused";
      readonly reason: "unknown-parameter" | "out-of-bounds" | "only-stricter" | "contradicts";
      readonly data: Readonly<Record<string, unknown>>;
    };

function numberOf(config: StationConfig, { section, key }: ParameterRow): number {
  const part = section === "station" ? config : config[section];
  return (part as unknown as Readonly<Record<string, number>>)[key] ?? Number.NaN;
}

function withNumber(config: StationConfig, { section, key }: ParameterRow, value: number): StationConfig {
  if (section === "station") return { ...config, [key]: value };
  return { ...config, [section]: { ...config[section], [key]: value } };
}

const looser = (value: number, configured: number, only: ParameterRow["only"]): boolean =>
  (only === "lower" && value > configured) || (only === "higher" && value < configured);

/** The same orders that the configuration file is checked for; undefined when nothing contradicts. */
function contradiction({ charging: charge, safety: safe }: StationConfig): string | undefined {
  const rising: readonly (readonly [string, number, string, number])[] = [
    ["charging.targetSocPct", charge.targetSocPct, "charging.maxSocPct", charge.maxSocPct],
    ["safety.chargeMinC", safe.chargeMinC, "safety.fullCurrentMinC", safe.fullCurrentMinC],
    ["safety.fullCurrentMinC", safe.fullCurrentMinC, "safety.chargeMaxC", safe.chargeMaxC],
    ["safety.chargeMinC", safe.chargeMinC, "charging.warmToC", charge.warmToC],
    ["charging.warmToC", charge.warmToC, "safety.chargeMaxC", safe.chargeMaxC],
  ];
  const broken = rising.find(([, low, , high]) => low > high);
  return broken === undefined ? undefined : `${broken[0]} ${broken[1]} is above ${broken[2]} ${broken[3]}`;
}

/**
 * The configuration with operators' numbers in place. A file that changed since has the last word: what it made looser than
 * itself, forbids or contradicts is left out.
 */
export function withParameters(configured: StationConfig, set: Parameters): StationConfig {
  let config = configured;
  for (const [name, value] of Object.entries(set)) {
    const row = parameters.get(name);
    if (row === undefined || !row.schema.safeParse(value).success) continue;
    if (!looser(value, numberOf(configured, row), row.only)) config = withNumber(config, row, value);
  }
  return contradiction(config) === undefined || config === configured ? config : configured;
}

/** Every parameter with its value in force. */
export function valuesIn(config: StationConfig): Parameters {
  return Object.fromEntries([...parameters].map(([name, row]) => [name, numberOf(config, row)]));
}

function judgeOne(configured: StationConfig, name: string, value: number | null): ParametersVerdict | undefined {
  const row = parameters.get(name);
  if (row === undefined) return { is: "refused", reason: "unknown-parameter", data: { name } };
  if (value === null) return undefined;
  const parsed = row.schema.safeParse(value);
  if (!parsed.success) {
    const detail = parsed.error.issues[0]?.message ?? "not valid";
    return { is: "refused", reason: "out-of-bounds", data: { name, detail } };
  }
  const limit = numberOf(configured, row);
  return looser(value, limit, row.only)
    ? { is: "refused", reason: "only-stricter", data: { name, configured: limit } }
    : undefined;
}

export function judgeParameters(
  configured: StationConfig,
  standing: Parameters,
  set: Readonly<Record<string, number | null>>,
): ParametersVerdict {
  const next: Record<string, number> = { ...standing };
  for (const [name, value] of Object.entries(set)) {
    const refused = judgeOne(configured, name, value);
    if (refused !== undefined) return refused;
    if (value === null) delete next[name];
    else next[name] = value;
  }
  let config = configured;
  for (const [name, value] of Object.entries(next)) {
    const row = parameters.get(name);
    if (row !== undefined) config = withNumber(config, row, value);
  }
  const detail = contradiction(config);
  return detail === undefined
    ? { is: "good", parameters: next }
    : { is: "refused", reason: "contradicts", data: { detail } };
}
