/**
 * A step under construction: a private copy of the state that the step's parts fill in, and the effects in order. It never
 * leaves `stepStation`; outside, state is immutable.
 */
import type { Effect } from "../effects.ts";
import type { StationEvent } from "../events.ts";
import type { JournalRecord } from "../journal/records.ts";
import { applyEntry, publicationOf } from "../publication.ts";
import { type BayReadings, emptyBayReadings, type StationReadings } from "../readings.ts";
import type { Moment } from "./moment.ts";
import { type BayState, copyOfState, type Mutable, type StationContext, type StationState } from "./state.ts";

export interface StationInput {
  readonly event: StationEvent;
  readonly readings: StationReadings;
  readonly nowMs: number;
  readonly wallMs: number;
  /** Only a station with a room of its own asks for it. */
  readonly moment?: Moment;
}

export interface Draft {
  readonly state: Mutable<StationState>;
  readonly effects: Effect[];
  readonly input: StationInput;
  readonly context: StationContext;
}

export function newDraft(was: StationState, input: StationInput, context: StationContext): Draft {
  return { state: copyOfState(was), effects: [], input, context };
}

/** Journals: the durable state moves on at once, the disk follows, and what comes after in this step waits for the disk. */
export function journal(draft: Draft, record: JournalRecord, swap?: string, at: number = draft.input.wallMs): void {
  const { durable } = draft.state;
  const told = publicationOf(record, durable);
  const publish = told === undefined ? undefined : { ...told, seq: (durable.streamSeq[told.stream] ?? 0) + 1 };
  draft.effects.push({
    do: "record",
    record,
    at,
    ...(publish === undefined ? {} : { publish }),
    ...(swap === undefined ? {} : { swap }),
  });
  draft.state.durable = applyEntry(durable, {
    record,
    at,
    ...(publish === undefined ? {} : { publish }),
  });
}

export function setBay(draft: Draft, next: BayState): void {
  const bays = draft.state.bays.slice();
  bays[next.bay] = next;
  draft.state.bays = bays;
}

const nothingRead: BayReadings = emptyBayReadings();

export const readingsOf = (draft: Draft, bay: number): BayReadings => draft.input.readings.bays[bay] ?? nothingRead;

/** Which swap a bay belongs to right now, if any: one owner a bay, from reservation to close. */
export function ownerOf(state: StationState, bay: number): string | undefined {
  for (const swap of Object.values(state.swaps)) {
    if (swap.inBay === bay || swap.outBay === bay || swap.spares.includes(bay)) return swap.id;
  }
  for (const { swap } of state.recovering) {
    if (swap.inBay === bay || swap.outBay === bay || swap.spares.includes(bay)) return swap.id;
  }
  return undefined;
}

/** Whether intent can be written down now; without that nothing is started. */
export const canRecord = (state: StationState): boolean => state.conditions["log-failed/station"] === undefined;
