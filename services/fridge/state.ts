/** What the fridge remembers from look to look; none of it survives a restart, which counts as the compressor's last stop. */
export interface FridgeState {
  readonly at: "rest" | "cool" | "defrost" | "drip";
  readonly sinceMs: number;
  readonly offMs: number;
  readonly lookedMs: number;
  /** Compressor time since the last defrost. */
  readonly ranMs: number;
  readonly icedSinceMs: number | undefined;
  /** From where and when the next degree of cold is waited for. */
  readonly fall: { readonly fromC: number; readonly fromMs: number } | undefined;
  readonly coolsNot: boolean;
  readonly doorOpenSinceMs: number | undefined;
  readonly winter: boolean;
  readonly warmSinceMs: number | undefined;
  readonly aboveMs: number;
  readonly energyWh: number;
  readonly loggedMs: number;
  readonly hasLogged: boolean;
  /** A minute of the schedule that was served is not served twice. */
  readonly defrostedMinute: number | undefined;
  readonly release:
    | { readonly id: string; readonly member: string; readonly date: string; readonly byMs: number }
    | undefined;
  readonly blocking: boolean;
  readonly airC: number | undefined;
}

export function newFridge(nowMs: number, aboveMs: number): FridgeState {
  return {
    at: "rest",
    sinceMs: nowMs,
    offMs: nowMs,
    lookedMs: nowMs,
    ranMs: 0,
    icedSinceMs: undefined,
    fall: undefined,
    coolsNot: false,
    doorOpenSinceMs: undefined,
    winter: false,
    warmSinceMs: undefined,
    aboveMs,
    energyWh: 0,
    loggedMs: nowMs,
    hasLogged: false,
    defrostedMinute: undefined,
    release: undefined,
    blocking: false,
    airC: undefined,
  };
}
