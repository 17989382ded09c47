/**
 * A recording put into the core of one build: line by line, the same event, the same readings at the same instant, and the verdicts
 * on signatures as they were. It knows no clock, no wire and no disk. What comes out is for the caller to compare.
 */
import type { Effect } from "../../services/effects.ts";
import type { StationEvent } from "../../services/events.ts";
import type { Reading } from "../../services/reading.ts";
import type { StationInput } from "../../services/station/draft.ts";
import type { Grant, GrantInput } from "../../services/station/grant.ts";
import type { Moment } from "../../services/station/moment.ts";
import type { StationContext, StationState } from "../../services/station/state.ts";
import type { StationStep } from "../../services/station/step.ts";
import { emptyImage } from "../runner/image.ts";
import type { GrantLine, SlotLine, StepLine } from "./lines.ts";
import { unpack } from "./packed.ts";
import type { Recording } from "./read.ts";
import { type Slot, slotAt } from "./slots.ts";

/** The decisions of one version of this program. */
export interface Build {
  /** As people call it. */
  readonly name: string;
  readonly stepStation: (was: StationState, input: StationInput, context: StationContext) => StationStep;
  readonly grantLevels: (state: StationState, input: GrantInput, context: StationContext) => Grant;
}

export interface Played {
  readonly event: StationEvent;
  readonly was: StationState;
  readonly now: StationState;
  readonly effects: readonly Effect[];
  /** Signatures it asked about beyond those that stand in the recording, or fewer. */
  readonly signatures: "as recorded" | "more" | "fewer";
  readonly failed?: string;
}

export class Deck {
  readonly build: Build;
  private readonly recording: Recording;
  private readonly context: StationContext;
  private readonly image: ReturnType<typeof emptyImage>;
  private readonly slots: readonly Slot[];
  private current: StationState;
  private moment: Moment | undefined;
  private verdicts: boolean[] = [];
  private asked = 0;

  constructor(recording: Recording, build: Build) {
    const { config, members, header } = recording;
    this.recording = recording;
    this.build = build;
    this.image = emptyImage(config);
    this.slots = header.slots.map((path) => slotAt(this.image, path));
    this.current = recording.begins;
    this.context = {
      config,
      members: { byDigest: members },
      ownPack: new RegExp(config.packs.idPattern),
      verify: () => this.verdicts[this.asked++] ?? false,
    };
  }

  state = (): StationState => this.current;

  step(line: StepLine): Played {
    this.read(line.readings);
    this.hear(line.moment);
    this.verdicts = [...(line.verified ?? [])];
    this.asked = 0;
    const event = this.eventOf(line.event);
    const input: StationInput = {
      event,
      readings: this.image,
      nowMs: line.at,
      wallMs: line.wall,
      ...(this.moment === undefined ? {} : { moment: this.moment }),
    };
    const was = this.current;
    try {
      const { state, effects } = this.build.stepStation(was, input, this.context);
      this.current = state;
      const over = this.asked - this.verdicts.length;
      const signatures = over === 0 ? "as recorded" : over > 0 ? "more" : "fewer";
      return { event, was, now: state, effects, signatures };
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error);
      return { event, was, now: was, effects: [], signatures: "as recorded", failed };
    }
  }

  grant(line: GrantLine): Grant {
    this.read(line.readings);
    this.hear(line.moment);
    const { wall, off } = line;
    const moment = this.moment === undefined ? {} : { moment: this.moment };
    return this.build.grantLevels(
      this.current,
      {
        nowMs: line.grant,
        readings: this.image,
        masterEnabled: off !== true,
        ...(wall === undefined ? {} : { room: { wallMs: wall, ...moment } }),
      },
      this.context,
    );
  }

  private read(readings: readonly SlotLine[] = []): void {
    for (const [at, reading] of readings) {
      const slot = this.slots[at];
      if (slot === undefined) continue;
      const before = slot.holder[slot.key] as Reading<unknown> | undefined;
      slot.holder[slot.key] = typeof reading === "number" ? { ...before, atMs: reading } : unpack(reading);
    }
  }

  private hear(moment: unknown): void {
    if (moment !== undefined) this.moment = unpack(moment) as Moment;
  }

  private eventOf(packed: unknown): StationEvent {
    if (packed === "tick" || packed === "noticed") return { type: packed };
    const event = unpack(packed) as StationEvent | { type: "access-list"; list: number; digest: string };
    if (event.type !== "access-list" || !("list" in event)) return event as StationEvent;
    const { type, list, digest } = event;
    return { type, digest, text: this.recording.header.lists[list] ?? "" };
  }
}
