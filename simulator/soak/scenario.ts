/**
 * A scenario: a station, its weather and a list of what happens, which together make one run and make it again. A swarm draws one
 * from each seed; a shrunk failure is one with few steps; a regression test keeps it as a file. Times are texts, because people
 * read these files.
 */
import { z } from "zod";
import { faultNamed } from "../faults/catalogue.ts";
import { MISTAKES, TRICKS } from "../visit-types.ts";
import { deedNames } from "./deeds.ts";
import { moments } from "./moments.ts";
import { lengthMs, momentMs } from "./time-text.ts";

const moment = z
  .string()
  .refine((text) => momentMs(text) !== undefined, "wants a time like 03:12:05 or 2d 03:12:05.250");
const length = z.string().refine((text) => lengthMs(text) !== undefined, "wants a length like 40s or 1h30m");

/** From `at` on it waits until a swap comes to that state, or the controller was started, and happens so long after that. */
const whenever = { when: z.enum(moments).optional(), after: length.optional() };

/** A rider comes. What is missing is drawn as for any other arrival. */
export const VisitStep = z.strictObject({
  at: moment,
  rider: z.number().int().min(0).max(299),
  does: z.enum(["proper", "returns-for-debt", ...MISTAKES, ...TRICKS]),
  cabinet: z.string().optional(),
  /** Charge of the pack they bring. */
  packPct: z.number().min(0).max(100).optional(),
  packC: z.number().optional(),
  ...whenever,
});
export type VisitStep = z.infer<typeof VisitStep>;

/** A fault of the catalogue strikes. */
export const FaultStep = z.strictObject({
  at: moment,
  fault: z.string().refine((name) => faultNamed(name) !== undefined, "is no fault of the catalogue"),
  lasts: length.optional(),
  /** "in-bay" and "out-bay" are those of the swap it waited for, "cabinet" is that swap's. */
  where: z.string().optional(),
  ...whenever,
  /** Names the strike's own randomness, where another than that of the seed, the fault and its time is meant. */
  draw: z.string().optional(),
});
export type FaultStep = z.infer<typeof FaultStep>;

/** An operator asks for something; who asks and until when is filled in. */
export const RequestStep = z.strictObject({
  at: moment,
  request: z.string(),
  with: z.record(z.string(), z.unknown()).default({}),
  ...whenever,
});
export type RequestStep = z.infer<typeof RequestStep>;

/** Somebody who is no rider of this town shows a code and walks on. */
export const ScanStep = z.strictObject({
  at: moment,
  /** Missing: that of the swap it waited for, or the first. */
  cabinet: z.string().optional(),
  shows: z.string().min(1).max(200),
  ...whenever,
});
export type ScanStep = z.infer<typeof ScanStep>;

/** Somebody does something to the station, or something befalls it, that no fault of the catalogue is. */
export const DeedStep = z.strictObject({
  at: moment,
  deed: z.enum(deedNames),
  /** "bay 3", "cabinet a", or as that of a fault. Missing: the swap's cabinet, or the first. */
  where: z.string().optional(),
  lasts: length.optional(),
  ...whenever,
});
export type DeedStep = z.infer<typeof DeedStep>;

export const Step = z.union([VisitStep, FaultStep, RequestStep, ScanStep, DeedStep]);
export type Step = z.infer<typeof Step>;

export const Scenario = z.strictObject({
  /** What it shows, in a sentence. */
  says: z.string().optional(),
  seed: z.string(),
  station: z.strictObject({
    /** Bays of each cabinet. Ignored where the station has a room: that one has a cabinet of four. */
    bays: z.array(z.number().int().min(2).max(12)).min(1).max(3),
    room: z.boolean().default(false),
    /** What the mains connection may carry. */
    siteLimitW: z.number().default(3_000),
    /** The cabinets stand in the street. */
    outdoors: z.boolean().default(false),
  }),
  from: z.iso.datetime({ offset: true }),
  /** Until then faults strike and people come. */
  lasts: length,
  /** After that everything is mended and the station must serve. False: the run just ends. */
  mustServe: z.boolean().default(true),
  weather: z
    .strictObject({ meanC: z.number(), dailySwingC: z.number().default(0), noiseC: z.number().default(0) })
    .default({ meanC: 6, dailySwingC: 5, noiseC: 3 }),
  packs: z
    .strictObject({ emptyBays: z.number().int().min(1).default(1), socPct: z.number().min(0).max(100).optional() })
    .default({ emptyBays: 1 }),
  /** Between a request on a line and its answer. */
  turnaroundMs: z.number().min(0).max(100).default(5),
  disk: z
    .strictObject({ syncMsMin: z.number().min(0), syncMsMax: z.number().min(0) })
    .default({ syncMsMin: 2, syncMsMax: 6 }),
  /** One way, to the broker. */
  latencyMs: z.number().min(0).max(5_000).default(20),
  /** Probability that a lock's pulse does nothing. */
  lockFailure: z.number().min(0).max(1).default(0),
  roomVisitsPerDay: z.number().min(0).default(0),
  roomTroublesPerDay: z.number().min(0).default(0),
  steps: z.array(Step).default([]),
});
export type Scenario = z.infer<typeof Scenario>;

export const isFault = (step: Step): step is FaultStep => "fault" in step;
export const isVisit = (step: Step): step is VisitStep => "rider" in step;
export const isScan = (step: Step): step is ScanStep => "shows" in step;
export const isRequest = (step: Step): step is RequestStep => "request" in step;
export const isDeed = (step: Step): step is DeedStep => "deed" in step;
