/**
 * One look at the room: believe the sensors, find what forbids heat, then heat, cool or rest. Stale means off, whatever ran;
 * this is where Home Assistant's generic thermostat keeps its heater on (core 0087f75d). It refuses to wait for the log: a
 * latch holds from the look that found it.
 */
import type { ClimateConfig } from "./config.ts";
import { atRest, type Drive, drive } from "./control.ts";
import { newWatch, risesNot, type Watch, warmsAtRest, watchRest, watchRise } from "./heat-watch.ts";
import { isHeard } from "./probe.ts";
import type { ClimateLook } from "./readings.ts";
import type { ClimateDurable, ClimateLatchCause, ClimateRecord } from "./records.ts";
import { type Sight, sightOf } from "./sight.ts";
import type { ClimateState, HeatStop } from "./state.ts";
import { type Targets, targetsOf } from "./targets.ts";

export interface ClimateStep {
  readonly state: ClimateState;
  readonly records: readonly ClimateRecord[];
}

interface Given {
  readonly was: ClimateState;
  readonly look: ClimateLook;
  readonly durable: ClimateDurable;
  readonly config: ClimateConfig;
  readonly sight: Sight;
}

function isFrozenForGood({ sight, look, config }: Given): boolean {
  if (sight.room !== undefined) return false;
  return sight.probes.some(
    (probe) =>
      probe.frozenMs !== undefined &&
      look.nowMs - probe.frozenMs >= config.frozenLatchMs &&
      isHeard(probe, look.nowMs, config),
  );
}

function latchNow(given: Given, rest: Watch | undefined): ClimateLatchCause | undefined {
  const { sight, config } = given;
  if (sight.overs > 1) return "hard-limit";
  if (rest !== undefined && warmsAtRest(rest, sight.temps, config)) return "welded";
  return isFrozenForGood(given) ? "frozen" : undefined;
}

/** Only with the feed on and cold outside can a rise at rest be the heater's. */
function restOf({ was, look, sight, config, durable }: Given): Watch | undefined {
  const { nowMs, outsideC, powered } = look;
  const offMs = was.heatedMs ?? was.sinceMs;
  if (was.at !== "rest" || !config.hasHeater || !powered || durable.latch !== undefined) return undefined;
  if (nowMs - offMs < config.weldedSettleMs || (outsideC ?? -32) >= config.weldedOutsideC) return undefined;
  return was.rest === undefined ? newWatch(sight.temps, nowMs) : watchRest(was.rest, sight.temps, nowMs, config);
}

function riseOf({ was, look, sight, config }: Given): Watch | undefined {
  const { nowMs, powered } = look;
  if (was.at !== "heat") return undefined;
  const holds =
    config.proportional !== undefined &&
    sight.room !== undefined &&
    was.targets !== undefined &&
    was.targets.heatC - sight.room.meanC <= config.holdBandC;
  if (was.rise === undefined || !powered || holds) return newWatch(sight.temps, nowMs);
  return watchRise(was.rise, sight.temps, nowMs, config);
}

/** A rise forgives; a heater that does not heat rests, twice as long each time. */
function noRiseOf({ was, look, config }: Given, rise: Watch | undefined): ClimateState["noRise"] {
  const { nowMs } = look;
  if (rise === undefined || was.rise === undefined) return was.noRise;
  if (rise.fromMs !== was.rise.fromMs) return undefined;
  if (!risesNot(rise, nowMs, config)) return was.noRise;
  const times = (was.noRise?.times ?? 0) + 1;
  const restMs = Math.min(config.noRiseRestMs * 2 ** Math.min(times - 1, 16), config.noRiseRestMsMax);
  return { untilMs: nowMs + restMs, times };
}

function stopOf(given: Given, isLatched: boolean, noRise: ClimateState["noRise"]): HeatStop | undefined {
  const { sight, look, config } = given;
  if (isLatched) return "latched";
  if (sight.overs > 0) return "too-hot";
  if (!look.powered) return "unpowered";
  if (sight.room === undefined)
    return sight.probes.some((probe) => probe.isFrozen && isHeard(probe, look.nowMs, config)) ? "frozen" : "no-sensor";
  const { disagreeSinceMs, disagrees } = sight;
  const restsMs = config.disagreeMs + config.disagreeRestMs;
  if (disagrees && disagreeSinceMs !== undefined && look.nowMs - disagreeSinceMs < restsMs) return "disagree";
  return noRise !== undefined && look.nowMs < noRise.untilMs ? "no-rise" : undefined;
}

function driveOf(given: Given, stop: HeatStop | undefined, targets: Targets): Drive {
  const { was, look, sight, config } = given;
  if (sight.room === undefined) return atRest;
  const { room, disagrees } = sight;
  const { nowMs } = look;
  return drive({ nowMs, was, room, disagrees, targets, mayHeat: stop === undefined }, config);
}

export function stepClimate(
  was: ClimateState,
  look: ClimateLook,
  durable: ClimateDurable,
  config: ClimateConfig,
): ClimateStep {
  const { nowMs } = look;
  const sight = sightOf(was, look, config);
  const given: Given = { was, look, durable, config, sight };
  const rest = restOf(given);
  // A latch is decided once: it stands, on its way to the log and in it, until the reset is there.
  const isLatched = was.latching !== undefined || durable.latch !== undefined;
  const found = isLatched ? undefined : latchNow(given, rest);
  const latching = durable.latch === undefined ? (found ?? was.latching) : undefined;
  const rise = riseOf(given);
  const noRise = noRiseOf(given, rise);
  const targets = targetsOf(
    {
      minuteOfDay: look.minuteOfDay,
      isEmpty: sight.isEmpty,
      isDoorOpen: sight.isDoorOpen,
      frostOnly: durable.mode === "frost-only",
      roomC: sight.room?.meanC,
      outsideC: look.outsideC,
    },
    config,
  );
  const stop = stopOf(given, latching !== undefined || durable.latch !== undefined, noRise);
  const next = driveOf(given, stop, targets);
  const turned = next.at !== was.at;
  return {
    state: {
      at: next.at,
      sinceMs: turned ? nowMs : was.sinceMs,
      heaterPct: next.heaterPct,
      integralPct: next.integralPct,
      lookedMs: nowMs,
      probes: sight.probes,
      disagreeSinceMs: sight.disagreeSinceMs,
      seenMs: sight.seenMs,
      doorOpenSinceMs: sight.doorOpenSinceMs,
      heatedMs: was.at === "heat" ? nowMs : was.heatedMs,
      cooledMs: was.at === "cool" ? nowMs : was.cooledMs,
      coolerOffMs: was.at === "cool" ? nowMs : was.coolerOffMs,
      rise: next.at === "heat" ? (rise ?? newWatch(sight.temps, nowMs)) : undefined,
      rest,
      noRise,
      stop,
      latching,
      targets,
      roomC: sight.room?.meanC,
    },
    records: found === undefined ? [] : [{ kind: "climate-latched", why: found }],
  };
}
