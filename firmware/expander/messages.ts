/**
 * What controller and expander process say to each other. Both sides check what they hear, because the other may be a
 * process that has lost its senses; what does not fit is no message. Times are durations: the two share no clock.
 */
import { z } from "zod";

const channel = z.int().min(0).max(15);
const pin = z.int().min(0).max(127);
const share = z.number().min(0).max(1);
const why = z.string().max(500);

/** No lease is longer, whatever anybody asks. */
export const LEASE_MS_MAX = 2_000;

/** Controller → expander process. */
export const Order = z.discriminatedUnion("say", [
  /** The first message, and only that. */
  z.strictObject({
    say: z.literal("open"),
    path: z.string().min(1),
    baud: z.int().positive(),
    periodMs: z.int().positive(),
    channels: z.array(channel),
    pins: z.array(pin),
  }),
  z.strictObject({ say: z.literal("hold"), pin, share, forMs: z.number().min(0).max(LEASE_MS_MAX) }),
]);
export type Order = z.output<typeof Order>;

/** Expander process → controller. */
export const Report = z.discriminatedUnion("say", [
  /** Twice a second, from its first breath: the process runs. */
  z.strictObject({ say: z.literal("alive") }),
  /** The line cannot be opened; it goes on trying. */
  z.strictObject({ say: z.literal("absent"), why }),
  z.strictObject({ say: z.literal("ready"), firmware: z.string().max(200) }),
  z.strictObject({ say: z.literal("sampled"), channel, share }),
  z.strictObject({ say: z.literal("confirmed"), pin, share }),
  /** The last message. `lasting`: trying again will not help before somebody has done something. */
  z.strictObject({ say: z.literal("ended"), why, lasting: z.boolean() }),
]);
export type Report = z.output<typeof Report>;

export const ALIVE_MS = 500;

/** Pauses before another try: 1, 2, 4, 8 s, then 10 s for ever. */
export const pauseMs = (triesBefore: number): number => Math.min(1_000 * 2 ** Math.min(triesBefore, 4), 10_000);
