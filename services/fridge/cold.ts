/**
 * Whether the compressor runs, the fridge defrosts or rests. Every stop of the compressor begins a rest of 180 s that nothing
 * shortens: it starts against pressure otherwise. It refuses to run or to melt ice without a temperature.
 */
import { offLateMsMax } from "../lease.ts";
import type { FridgeConfig } from "./config.ts";
import { type FridgeLook, tempOf } from "./look.ts";
import type { FridgeState } from "./state.ts";

export interface Cold {
  readonly at: FridgeState["at"];
  readonly ranMs: number;
  readonly icedSinceMs: number | undefined;
  readonly defrostedMinute: number | undefined;
}

export interface ColdFacts {
  readonly airC: number | undefined;
  readonly evaporatorC: number | undefined;
  readonly isPaused: boolean;
  readonly winter: boolean;
}

export function factsOf(was: FridgeState, look: FridgeLook, config: FridgeConfig): Omit<ColdFacts, "isPaused"> {
  const { nowMs } = look;
  const ambientC = tempOf(look.ambientC, nowMs, config);
  const limitC = was.winter ? config.winterEndC : config.winterC;
  return {
    airC: tempOf(look.airC, nowMs, config),
    evaporatorC: tempOf(look.evaporatorC, nowMs, config),
    // What is around it is unknown: it is a fridge as in summer.
    winter: ambientC !== undefined && ambientC < limitC,
  };
}

const isScheduled = (minute: number | undefined, config: FridgeConfig): boolean =>
  minute !== undefined &&
  config.defrostAt.some((clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3)) === minute);

function wantsDefrost(was: FridgeState, look: FridgeLook, facts: ColdFacts, config: FridgeConfig): boolean {
  if (facts.winter || facts.airC === undefined) return false;
  // A heater melts only where its ice can be seen.
  if (config.hasDefrostHeater && facts.evaporatorC === undefined) return false;
  const minute = look.wall?.minuteOfDay;
  if (isScheduled(minute, config) && was.defrostedMinute !== minute) return true;
  if (was.ranMs >= config.defrostRunMs) return true;
  return was.icedSinceMs !== undefined && look.nowMs - was.icedSinceMs >= config.icedMs;
}

function cools(was: FridgeState, nowMs: number, { airC, isPaused, winter }: ColdFacts, config: FridgeConfig): boolean {
  if (airC === undefined || airC <= config.freezingC || isPaused) return false;
  if (was.at === "cool") {
    if (nowMs - was.sinceMs < config.minOnMs) return true;
    return !winter && airC > config.offC;
  }
  return !winter && airC > config.onC && nowMs - was.offMs >= config.minOffMs + offLateMsMax;
}

function defrostEnds(was: FridgeState, nowMs: number, facts: ColdFacts, config: FridgeConfig): boolean {
  if (nowMs - was.sinceMs >= config.defrostMsMax) return true;
  if (facts.evaporatorC !== undefined) return facts.evaporatorC >= config.defrostEndC;
  return config.hasDefrostHeater || facts.airC === undefined;
}

function next(was: FridgeState, look: FridgeLook, facts: ColdFacts, config: FridgeConfig): FridgeState["at"] {
  const { nowMs } = look;
  switch (was.at) {
    case "defrost":
      return defrostEnds(was, nowMs, facts, config) ? "drip" : "defrost";
    case "drip":
      return nowMs - was.sinceMs >= config.dripMs ? "rest" : "drip";
    case "rest":
    case "cool":
      if (wantsDefrost(was, look, facts, config)) return "defrost";
      return cools(was, nowMs, facts, config) ? "cool" : "rest";
  }
}

export function stepCold(was: FridgeState, look: FridgeLook, facts: ColdFacts, config: FridgeConfig): Cold {
  const { nowMs } = look;
  const at = next(was, look, facts, config);
  const passedMs = Math.max(0, nowMs - was.lookedMs);
  const begins = at === "defrost" && was.at !== "defrost";
  const isIced =
    at === "cool" &&
    facts.evaporatorC !== undefined &&
    facts.evaporatorC <= config.icedC &&
    facts.airC !== undefined &&
    facts.airC > config.offC;
  const minute = look.wall?.minuteOfDay;
  const served = was.defrostedMinute === minute ? was.defrostedMinute : undefined;
  return {
    at,
    ranMs: begins ? 0 : was.ranMs + (was.at === "cool" ? passedMs : 0),
    icedSinceMs: isIced ? (was.icedSinceMs ?? nowMs) : undefined,
    defrostedMinute: begins && isScheduled(minute, config) ? minute : served,
  };
}
