/**
 * What is written at every step. It runs inside the loop, so it compares references, writes only what changed, and leaves the rest
 * for later: nothing is compressed, hashed or put on a disk here. Members are pseudonyms from here on; only access lists wait.
 */
import type { Effect } from "../../services/effects.ts";
import type { Reading } from "../../services/reading.ts";
import type { VerifySignature } from "../../services/requests/asker.ts";
import type { StationInput } from "../../services/station/draft.ts";
import type { Grant, GrantInput } from "../../services/station/grant.ts";
import type { Moment } from "../../services/station/moment.ts";
import type { StationState } from "../../services/station/state.ts";
import type { Recorder } from "../runner/recording.ts";
import { type NoteLine, packEffects, packEvent } from "./lines.ts";
import { pack } from "./packed.ts";
import type { Pseudonyms } from "./pseudonyms.ts";
import type { Ring, Segment } from "./ring.ts";
import { same } from "./same.ts";
import { type Slot, slotsOf } from "./slots.ts";

export interface TapeOptions {
  readonly ring: Ring;
  readonly names: Pseudonyms;
  readonly monotonicMs: () => number;
  /** Looks at what was decided: a fault may be among it. */
  readonly onEffects?: (effects: readonly Effect[], nowMs: number) => void;
}

/** No reading is ever this: it is in no slot. */
const neverRead: unknown = Symbol("never read");

/** JSON has no word for a number that is none; readings rarely hold one. */
function wholeText(reading: unknown): string {
  const text = JSON.stringify(reading);
  return text.includes("null") ? JSON.stringify(pack(reading)) : text;
}

const isReading = (value: unknown): value is Reading<unknown> =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "atMs");

/** Most readings say what the one before said, only later: of these only the instant is written. */
function readingText(now: unknown, before: unknown): string {
  if (!isReading(now) || !isReading(before)) return wholeText(now);
  const isAgain = now.quality === before.quality && same(now.value, before.value) && Number.isFinite(now.atMs);
  return isAgain ? String(now.atMs) : wholeText(now);
}

export class Tape implements Recorder {
  private readonly options: TapeOptions;
  private slots: readonly Slot[] = [];
  private last: unknown[] = [];
  private moment: Moment | undefined;
  private grant: Grant | undefined;
  private step: { readonly line: string; readonly segment: Segment } | undefined;
  private verified: boolean[] = [];
  private lists = 0;

  constructor(options: TapeOptions) {
    this.options = options;
  }

  /** Names of the places that the lines number. */
  slotPaths = (): readonly string[] => this.slots.map(({ path }) => path);

  enters(was: StationState, input: StationInput): void {
    const { names } = this.options;
    const { nowMs, wallMs, event } = input;
    const segment = this.segmentFor(was, input);
    names.spoken(segment.spoken);
    const list = (text: string): number => {
      const number = ++this.lists;
      segment.lists.set(number, text);
      return number;
    };
    const packed = JSON.stringify(packEvent(event, names, list));
    const line = `{"at":${nowMs},"wall":${wallMs},"event":${packed}${this.momentText(input.moment)}${this.readingsText()}`;
    this.verified = [];
    this.step = { line, segment };
  }

  decided(effects: readonly Effect[]): void {
    const { step, verified, options } = this;
    if (step === undefined) return;
    this.step = undefined;
    const drawn = verified.length === 0 ? "" : `,"verified":${JSON.stringify(verified)}`;
    const led = effects.length === 0 ? "" : `,"effects":${JSON.stringify(packEffects(effects, options.names))}`;
    options.ring.add(step.segment, `${step.line}${drawn}${led}}`);
    step.segment.steps++;
    if (effects.length > 0) options.onEffects?.(effects, options.monotonicMs());
  }

  /** The line of a step that did not come to an end, if one is under way. */
  unfinished(): void {
    const { step, verified, options } = this;
    if (step === undefined) return;
    this.step = undefined;
    const drawn = verified.length === 0 ? "" : `,"verified":${JSON.stringify(verified)}`;
    options.ring.add(step.segment, `${step.line}${drawn},"unfinished":true}`);
    step.segment.steps++;
  }

  granted(input: GrantInput, grant: Grant): void {
    const segment = this.options.ring.open;
    if (segment === undefined) return;
    const { room } = input;
    const wall = room === undefined ? "" : `,"wall":${room.wallMs}${this.momentText(room.moment)}`;
    const off = input.masterEnabled ? "" : ',"off":true';
    const line = `{"grant":${input.nowMs}${wall}${off}${this.readingsText()}${this.grantText(grant)}}`;
    this.options.ring.add(segment, line);
  }

  noted(level: string, what: string, detail: Readonly<Record<string, unknown>> | undefined): void {
    const segment = this.options.ring.open;
    if (segment === undefined || level === "debug" || this.isSpeech(what)) return;
    const { names } = this.options;
    const line: NoteLine = { note: what, at: this.options.monotonicMs(), level };
    this.options.ring.add(
      segment,
      JSON.stringify(detail === undefined ? line : { ...line, detail: pack(detail, names) }),
    );
  }

  verify(verify: VerifySignature): VerifySignature {
    return (publicKey, text, signature) => {
      const good = verify(publicKey, text, signature);
      // Signatures of requests are judged before they enter the core: no step is under way then.
      if (this.step !== undefined) this.verified.push(good);
      return good;
    };
  }

  /** What is said to people is an effect, and stands there. */
  private isSpeech(what: string): boolean {
    return what === "prompt" || what === "sentence";
  }

  private segmentFor(was: StationState, { nowMs, wallMs, readings }: StationInput): Segment {
    const { ring } = this.options;
    const { open } = ring;
    if (open !== undefined && !ring.isFull(nowMs)) return open;
    if (this.slots.length === 0) this.slots = slotsOf(readings);
    // Each segment stands by itself: everything is written anew, as if nothing had been read before.
    this.last = this.slots.map(() => neverRead);
    this.moment = undefined;
    this.grant = undefined;
    return ring.begin(was, nowMs, wallMs);
  }

  private readingsText(): string {
    let text = "";
    for (let at = 0; at < this.slots.length; at++) {
      const { holder, key } = this.slots[at] as Slot;
      const now = holder[key];
      const before = this.last[at];
      if (now === before) continue;
      this.last[at] = now;
      const slot = now === undefined ? `[${at}]` : `[${at},${readingText(now, before)}]`;
      text = text === "" ? slot : `${text},${slot}`;
    }
    return text === "" ? "" : `,"readings":[${text}]`;
  }

  private momentText(moment: Moment | undefined): string {
    if (moment === undefined || same(moment, this.moment)) return "";
    this.moment = moment;
    return `,"moment":${JSON.stringify(pack(moment))}`;
  }

  private grantText({ levels, removed }: Grant): string {
    const { grant } = this;
    const levelsText = same(levels, grant?.levels) ? "" : `,"levels":${JSON.stringify(pack(levels))}`;
    const removedText = same(removed, grant?.removed) ? "" : `,"removed":${JSON.stringify(pack(removed))}`;
    if (levelsText !== "" || removedText !== "") this.grant = { levels, removed };
    return levelsText + removedText;
  }
}
