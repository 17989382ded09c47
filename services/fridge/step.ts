/** One look at the fridge: cold, door, food clock, stock and energy. What is written down leaves as records, in order. */
import { fresh } from "../reading.ts";
import { factsOf, stepCold } from "./cold.ts";
import type { FridgeConfig } from "./config.ts";
import { stepFood } from "./food.ts";
import type { FridgeLook } from "./look.ts";
import type { FridgeDurable, FridgeRecord } from "./records.ts";
import type { FridgeState } from "./state.ts";

export interface FridgeStep {
  readonly state: FridgeState;
  readonly records: readonly FridgeRecord[];
}

export const logEveryMs = 900_000;
/** At most this much is counted for one look, so that a pause is never taken for energy. */
const lookMsMax = 5_000;

function addedWh(was: FridgeState, look: FridgeLook, config: FridgeConfig): number {
  const meteredW = fresh(look.powerW, look.nowMs, config.staleMs);
  const assumedW = was.at === "cool" ? config.compressorW : 0;
  const powerW = meteredW !== undefined && Number.isFinite(meteredW) && meteredW >= 0 ? meteredW : assumedW;
  return (powerW * Math.min(look.nowMs - was.lookedMs, lookMsMax)) / 3_600_000;
}

function fallOf(was: FridgeState, at: FridgeState["at"], airC: number | undefined, nowMs: number): FridgeState["fall"] {
  if (at !== "cool" || airC === undefined) return undefined;
  if (was.fall === undefined || airC <= was.fall.fromC - 1) return { fromC: airC, fromMs: nowMs };
  return was.fall;
}

/** How many are inside: by the sensor where one counts, else by what was released. */
export function stockOf(look: FridgeLook, durable: FridgeDurable, config: FridgeConfig): number {
  const counted = fresh(look.stock, look.nowMs, config.staleMs);
  const isCount = counted !== undefined && Number.isInteger(counted) && counted >= 0 && counted <= config.capacity;
  return isCount ? counted : durable.left;
}

function releaseOf(
  was: FridgeState,
  nowMs: number,
  isOpen: boolean,
): [FridgeState["release"], readonly FridgeRecord[]] {
  const { release } = was;
  if (release === undefined || isOpen) return [undefined, []];
  if (nowMs < release.byMs) return [release, []];
  const { id, member, date } = release;
  return [undefined, [{ kind: "fridge-not-taken", id, member, date }]];
}

function logged(was: FridgeState, now: FridgeState, look: FridgeLook): readonly FridgeRecord[] {
  // The first look that knows wall time and temperature settles what happened while nothing looked; nothing is written before.
  const settles = !was.hasLogged && look.wall !== undefined && now.airC !== undefined;
  if (!settles && !(was.hasLogged && look.nowMs - was.loggedMs >= logEveryMs)) return [];
  return [{ kind: "fridge-logged", aboveMs: now.aboveMs, addedWh: now.energyWh, warm: now.warmSinceMs !== undefined }];
}

function doorOf(was: FridgeState, look: FridgeLook, config: FridgeConfig) {
  const isOpen = fresh(look.doorShut, look.nowMs, config.doorHeardMs) === false;
  const openSinceMs = isOpen ? (was.doorOpenSinceMs ?? look.nowMs) : undefined;
  return { isOpen, openSinceMs, isPaused: openSinceMs !== undefined && look.nowMs - openSinceMs >= config.pauseMs };
}

/** What is to be written because of this look, beside the log. */
function noticed(
  was: FridgeState,
  { aboveMs, stock }: { readonly aboveMs: number; readonly stock: number },
  durable: FridgeDurable,
  config: FridgeConfig,
): readonly FridgeRecord[] {
  const records: FridgeRecord[] = [];
  if (aboveMs >= config.foodMsMax && !durable.blocked && !was.blocking)
    records.push({ kind: "fridge-blocked", aboveMs });
  if (stock <= config.lowStock && !durable.wanted) records.push({ kind: "fridge-restock-wanted", left: stock });
  return records;
}

export function stepFridge(
  was: FridgeState,
  look: FridgeLook,
  durable: FridgeDurable,
  config: FridgeConfig,
): FridgeStep {
  const { nowMs } = look;
  const door = doorOf(was, look, config);
  const seen = factsOf(was, look, config);
  const cold = stepCold(was, look, { ...seen, isPaused: door.isPaused }, config);
  const food = stepFood(was, { ...look, insideC: seen.airC }, durable, config);
  const [release, notTaken] = releaseOf(was, nowMs, door.isOpen);
  const fall = fallOf(was, cold.at, seen.airC, nowMs);
  const news = noticed(was, { aboveMs: food.aboveMs, stock: stockOf(look, durable, config) }, durable, config);
  const state: FridgeState = {
    at: cold.at,
    sinceMs: cold.at === was.at ? was.sinceMs : nowMs,
    offMs: was.at === "cool" ? nowMs : was.offMs,
    lookedMs: nowMs,
    ranMs: cold.ranMs,
    icedSinceMs: cold.icedSinceMs,
    fall,
    coolsNot: fall === undefined ? was.coolsNot : nowMs - fall.fromMs >= config.noFallMs,
    doorOpenSinceMs: door.openSinceMs,
    winter: seen.winter,
    warmSinceMs: food.warmSinceMs,
    aboveMs: food.aboveMs,
    energyWh: was.energyWh + addedWh(was, look, config),
    loggedMs: was.loggedMs,
    hasLogged: was.hasLogged,
    defrostedMinute: cold.defrostedMinute,
    release,
    // Holds before it is in the log, and until it is.
    blocking: !durable.blocked && (was.blocking || news.some((record) => record.kind === "fridge-blocked")),
    airC: seen.airC,
  };
  const log = logged(was, state, look);
  const records = [...notTaken, ...log, ...news];
  if (log.length === 0) return { state, records };
  return { state: { ...state, energyWh: 0, loggedMs: nowMs, hasLogged: true }, records };
}
