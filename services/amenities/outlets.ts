/**
 * Timed outlets: the microwave, and sockets to wash and dry with. Off by nature; a request switches one on for a time, and
 * nothing makes that time longer once it runs. It refuses a second request while it runs, so that no stream of requests keeps
 * an appliance on.
 */
import { z } from "zod";
import type { Words } from "../words.ts";

const ms = (description: string, [min, fallback, max]: readonly [number, number, number]) =>
  z.int().min(min).max(max).default(fallback).meta({ unit: "ms", description });
export const amenityId = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/)
  .meta({ description: "Name of the amenity, part of its topic: lower-case letters, digits and dashes." });

export const MicrowaveConfig = z
  .strictObject({
    kind: z.literal("microwave").meta({ description: "An oven that is enabled on request." }),
    id: amenityId,
    maxOnMs: ms("Longest time of one request.", [10_000, 300_000, 600_000]),
    restMs: ms("Rest after each use.", [0, 15_000, 300_000]),
    needsPresence: z.boolean().default(true).meta({ description: "Off when nobody is in the room any more." }),
  })
  .meta({ description: "Microwave." });

export const SocketConfig = z
  .strictObject({
    kind: z.literal("socket").meta({ description: "A socket that is on for a time." }),
    id: amenityId,
    maxOnMs: ms("Longest time of one request.", [60_000, 3_600_000, 14_400_000]),
    restMs: ms("Rest after each use.", [0, 5_000, 300_000]),
    needsPresence: z.boolean().default(false).meta({ description: "Off when nobody is in the room any more." }),
  })
  .meta({ description: "Timed socket, to wash or dry with." });

export type OutletConfig = z.output<typeof MicrowaveConfig> | z.output<typeof SocketConfig>;

export type OutletState =
  | { readonly at: "off"; readonly sinceMs: number }
  | { readonly at: "on"; readonly sinceMs: number; readonly untilMs: number; readonly member: string };

/** A start is taken for a stop just now: whatever ran before has its rest. */
export const newOutlet = (nowMs: number): OutletState => ({ at: "off", sinceMs: nowMs });

export const outletRefusals = {
  "outlet-running": { zh: "正在使用中，请稍候", en: "It is in use; please wait." },
  "outlet-resting": { zh: "设备休息中，请稍候", en: "It rests a moment; please wait." },
  "outlet-too-long": { zh: "时间超过上限", en: "That is longer than it may run." },
  "outlet-off": { zh: "设备未在运行", en: "It is not running." },
  "outlet-not-yours": { zh: "不是您启动的", en: "Somebody else started it." },
  "outlet-stopped": { zh: "因安全原因已停用", en: "It is out of use for safety." },
} as const satisfies Record<string, Words>;
export type OutletRefusal = keyof typeof outletRefusals;

export interface OutletLook {
  readonly nowMs: number;
  /** False only when it is known that nobody is here. */
  readonly mayBeOccupied: boolean;
  /** Smoke, an emergency stop, or no master enable. */
  readonly stopped: boolean;
}

export type OutletAnswer = { readonly state: OutletState } | { readonly refused: OutletRefusal };

export function startOutlet(
  was: OutletState,
  asked: { readonly member: string; readonly forMs: number },
  look: OutletLook,
  config: OutletConfig,
): OutletAnswer {
  const { nowMs } = look;
  if (look.stopped) return { refused: "outlet-stopped" };
  if (was.at === "on") return { refused: "outlet-running" };
  if (!(asked.forMs > 0 && asked.forMs <= config.maxOnMs)) return { refused: "outlet-too-long" };
  if (nowMs - was.sinceMs < config.restMs) return { refused: "outlet-resting" };
  return { state: { at: "on", sinceMs: nowMs, untilMs: nowMs + asked.forMs, member: asked.member } };
}

export function stopOutlet(was: OutletState, member: string | undefined, nowMs: number): OutletAnswer {
  if (was.at === "off") return { refused: "outlet-off" };
  // The button at the appliance names nobody, and is always obeyed.
  if (member !== undefined && member !== was.member) return { refused: "outlet-not-yours" };
  return { state: { at: "off", sinceMs: nowMs } };
}

export function stepOutlet(was: OutletState, look: OutletLook, config: OutletConfig): OutletState {
  if (was.at === "off") return was;
  const isOver = look.nowMs >= was.untilMs || look.nowMs - was.sinceMs >= config.maxOnMs;
  const isLeft = config.needsPresence && !look.mayBeOccupied;
  return isOver || isLeft || look.stopped ? { at: "off", sinceMs: look.nowMs } : was;
}

/** Derived with the time again: a state that was not stepped holds nothing on. */
export const outletLevel = (state: OutletState, nowMs: number): boolean => state.at === "on" && nowMs < state.untilMs;
