/** What the climate writes down, and the fold back: latches and the operators' word survive every restart. */
export type ClimateLatchCause = "hard-limit" | "welded" | "frozen";

export type ClimateRecord =
  /** The heater's feed stays off until a person on site resets it. */
  | { readonly kind: "climate-latched"; readonly why: ClimateLatchCause }
  | { readonly kind: "climate-reset"; readonly by: string }
  | { readonly kind: "climate-mode"; readonly mode: "auto" | "frost-only"; readonly by: string };

export interface ClimateDurable {
  /** Wall ms; the first cause stands. */
  readonly latch?: { readonly why: ClimateLatchCause; readonly since: number };
  readonly mode: "auto" | "frost-only";
}

export const emptyClimate: ClimateDurable = { mode: "auto" };

/** Total: a record it does not know changes nothing. */
export function foldClimate(was: ClimateDurable, record: { readonly kind: string }, at: number): ClimateDurable {
  const known = record as ClimateRecord;
  switch (known.kind) {
    case "climate-latched":
      return was.latch === undefined ? { ...was, latch: { why: known.why, since: at } } : was;
    case "climate-reset": {
      const { latch: _gone, ...rest } = was;
      return rest;
    }
    case "climate-mode":
      return { ...was, mode: known.mode };
    default:
      return was;
  }
}
