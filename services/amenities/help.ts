/**
 * The help button: siren and lamp here at once, and a call that leaves first. It refuses nothing and nobody: no schedule, quota
 * or fault stands before it, and a network that is down delays only the call, never the siren.
 */
import { z } from "zod";
import type { Words } from "../words.ts";
import { amenityId } from "./outlets.ts";

const ms = (description: string, [min, fallback, max]: readonly [number, number, number]) =>
  z.int().min(min).max(max).default(fallback).meta({ unit: "ms", description });

export const HelpConfig = z
  .strictObject({
    kind: z.literal("help").meta({ description: "A help button." }),
    id: amenityId,
    sirenMs: ms("The siren sounds this long after each press.", [5_000, 30_000, 300_000]),
    lampMs: ms("The lamp shines this long after each press.", [60_000, 1_800_000, 7_200_000]),
    repeatMs: ms("Presses within this time are the same call.", [1_000, 10_000, 60_000]),
    hotline: z.string().max(20).default("12351").meta({ description: "Number shown: the unions' hotline." }),
  })
  .meta({ description: "Help button." });
export type HelpConfig = z.output<typeof HelpConfig>;

export interface HelpState {
  /** Of the last press. */
  readonly pressedMs: number | undefined;
  /** Of the press that was told as a call. */
  readonly calledMs: number | undefined;
  readonly answered: boolean;
  readonly wasDown: boolean;
}

export const newHelp: HelpState = { pressedMs: undefined, calledMs: undefined, answered: true, wasDown: false };

/** To be written and published before anything else that waits. */
export type HelpRecord = {
  readonly kind: "help-called" | "help-answered";
  readonly id: string;
  readonly by?: string;
};

export interface HelpStep {
  readonly state: HelpState;
  readonly record: HelpRecord | undefined;
}

/** `isDown` undefined: the button is not heard, and nothing is made up. */
export function stepHelp(was: HelpState, isDown: boolean | undefined, nowMs: number, config: HelpConfig): HelpStep {
  const isPress = isDown === true && !was.wasDown;
  const wasDown = isDown ?? was.wasDown;
  if (!isPress) return { state: { ...was, wasDown }, record: undefined };
  const isSame = was.calledMs !== undefined && nowMs - was.calledMs < config.repeatMs && !was.answered;
  return {
    state: { pressedMs: nowMs, calledMs: isSame ? was.calledMs : nowMs, answered: false, wasDown },
    record: isSame ? undefined : { kind: "help-called", id: config.id },
  };
}

export function answerHelp(
  was: HelpState,
  by: string,
  config: HelpConfig,
): { readonly state: HelpState; readonly record: HelpRecord } | { readonly refused: "help-not-called" } {
  if (was.answered) return { refused: "help-not-called" };
  return { state: { ...was, answered: true }, record: { kind: "help-answered", id: config.id, by } };
}

export const helpWords = {
  "help-not-called": { zh: "没有待应答的呼叫", en: "No call waits for an answer." },
  "help-shown": { zh: "已为您呼叫帮助，也可拨打{hotline}", en: "Help was called; you may also dial {hotline}." },
} as const satisfies Record<string, Words>;

export interface HelpLevels {
  readonly siren: boolean;
  readonly lamp: boolean;
}

/** An answer silences the siren; the lamp shows the way on. A held button keeps both. */
export function helpLevels({ pressedMs, answered, wasDown }: HelpState, nowMs: number, config: HelpConfig): HelpLevels {
  if (pressedMs === undefined) return { siren: false, lamp: false };
  const agoMs = nowMs - pressedMs;
  return {
    siren: !answered && (wasDown || agoMs < config.sirenMs),
    lamp: wasDown || agoMs < config.lampMs,
  };
}
