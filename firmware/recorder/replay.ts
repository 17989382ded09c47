/**
 * A recording run again: with this build, to see that it decides now as it did then, or with two builds side by side, to see where
 * the second one decides otherwise. It stops at the first difference, because everything after it follows from that.
 */
import type { Grant } from "../../services/station/grant.ts";
import { type Build, Deck, type Played } from "./deck.ts";
import { type GrantLine, packEffects, type StepLine } from "./lines.ts";
import { pack } from "./packed.ts";
import type { RecordedLine, Recording } from "./read.ts";
import { digestOf, packState, type SegmentMark } from "./recording.ts";
import { same } from "./same.ts";

export interface Difference {
  /** Number of the step, from 1; levels belong to the step before them. */
  readonly step: number;
  readonly at: number;
  readonly wall: number;
  readonly what: "effects" | "levels" | "removed" | "state" | "signatures" | "failure";
  readonly event: unknown;
  /** What was recorded, or what the first build does. */
  readonly one: unknown;
  /** What is decided now, or what the second build does. */
  readonly other: unknown;
}

export interface Visit {
  /** Every step that was played; more steps are wanted unless it says no. */
  step?(step: number, line: StepLine, played: Played): void;
  grant?(step: number, line: GrantLine, grant: Grant): void;
  note?(step: number, line: Extract<RecordedLine, { note: string }>): void;
}

export interface Replayed {
  readonly steps: number;
  readonly grants: number;
  readonly statesCompared: number;
  readonly difference: Difference | undefined;
}

interface Where {
  step: number;
  at: number;
  wall: number;
  event: unknown;
}

/** Compares what is played with what should have come, line by line. */
abstract class Comparison {
  protected readonly deck: Deck;
  protected readonly where: Where = { step: 0, at: 0, wall: 0, event: undefined };
  private grants = 0;
  protected states = 0;

  constructor(recording: Recording, build: Build) {
    this.deck = new Deck(recording, build);
  }

  protected abstract compareStep(line: StepLine, played: Played): Difference | undefined;
  protected abstract compareGrant(line: GrantLine, grant: Grant): Difference | undefined;
  protected abstract compareState(mark: SegmentMark): Difference | undefined;

  run(recording: Recording, visit: Visit): Replayed {
    for (const line of recording.lines) {
      const difference = this.take(line, visit);
      if (difference !== undefined) return this.ended(difference);
    }
    return this.ended(undefined);
  }

  private ended(difference: Difference | undefined): Replayed {
    return { steps: this.where.step, grants: this.grants, statesCompared: this.states, difference };
  }

  private take(line: RecordedLine, visit: Visit): Difference | undefined {
    if ("note" in line) {
      visit.note?.(this.where.step, line);
      return undefined;
    }
    if ("segment" in line) return this.compareState(line);
    if ("grant" in line) {
      this.grants++;
      const grant = this.deck.grant(line);
      visit.grant?.(this.where.step, line, grant);
      return this.compareGrant(line, grant);
    }
    Object.assign(this.where, { step: this.where.step + 1, at: line.at, wall: line.wall, event: line.event });
    const played = this.deck.step(line);
    visit.step?.(this.where.step, line, played);
    return this.compareStep(line, played);
  }

  protected found(what: Difference["what"], one: unknown, other: unknown): Difference {
    return { ...this.where, what, one, other };
  }
}

/** One build and what stands in the recording. */
class WithRecording extends Comparison {
  private levels: unknown;
  private removed: unknown;

  protected compareStep(line: StepLine, played: Played): Difference | undefined {
    const failed = line.unfinished === true;
    if (failed !== (played.failed !== undefined))
      return this.found("failure", failed ? "the step failed" : undefined, played.failed);
    if (failed) return undefined;
    const effects = packEffects(played.effects);
    if (!same(line.effects ?? [], effects)) return this.found("effects", line.effects ?? [], effects);
    if (played.signatures === "as recorded") return undefined;
    return this.found("signatures", "as recorded", played.signatures);
  }

  protected compareGrant(line: GrantLine, grant: Grant): Difference | undefined {
    if (line.levels !== undefined) this.levels = line.levels;
    if (line.removed !== undefined) this.removed = line.removed;
    const [levels, removed] = [pack(grant.levels), pack(grant.removed)];
    if (!same(this.levels, levels)) return this.found("levels", this.levels, levels);
    return same(this.removed, removed) ? undefined : this.found("removed", this.removed, removed);
  }

  protected compareState(mark: SegmentMark): Difference | undefined {
    this.states++;
    const digest = digestOf(packState(this.deck.state()));
    return digest === mark.state ? undefined : this.found("state", mark.state, digest);
  }
}

/** Two builds on the same inputs. What stands in the recording as decided is not asked. */
class WithOther extends Comparison {
  private readonly other: Deck;

  constructor(recording: Recording, build: Build, other: Build) {
    super(recording, build);
    this.other = new Deck(recording, other);
  }

  protected compareStep(line: StepLine, one: Played): Difference | undefined {
    const other = this.other.step(line);
    if (one.failed !== other.failed) return this.found("failure", one.failed, other.failed);
    const [effects, others] = [packEffects(one.effects), packEffects(other.effects)];
    return same(effects, others) ? undefined : this.found("effects", effects, others);
  }

  protected compareGrant(line: GrantLine, one: Grant): Difference | undefined {
    const other = this.other.grant(line);
    const [levels, others] = [pack(one.levels), pack(other.levels)];
    if (!same(levels, others)) return this.found("levels", levels, others);
    const [removed, otherRemoved] = [pack(one.removed), pack(other.removed)];
    return same(removed, otherRemoved) ? undefined : this.found("removed", removed, otherRemoved);
  }

  /** Another version may keep its state in another form; what counts is what it does. */
  protected compareState(): undefined {
    this.states++;
    return undefined;
  }
}

export const replay = (recording: Recording, build: Build, visit: Visit = {}): Replayed =>
  new WithRecording(recording, build).run(recording, visit);

export const compareBuilds = (recording: Recording, one: Build, other: Build, visit: Visit = {}): Replayed =>
  new WithOther(recording, one, other).run(recording, visit);
