/** The one question that is out, what came for it so far, and until when it may be answered. */
import type { Frame } from "../codecs/parsed.ts";
import { SLACK_MS } from "./alarm.ts";
import type { Question } from "./bus.ts";
import type { PollItem } from "./poll-table.ts";
import { Receiver } from "./receiver.ts";

/** A deadline noticed this late says that this process was held up, not the device: bytes may lie unread. */
const HELD_UP_MS = 20;
const HELD_UP_GRACE_MS = 10;

export class Exchange {
  question: Question<unknown> | undefined;
  item: PollItem | undefined;
  sentMs = 0;
  deadlineMs = 0;
  private readonly receiver: Receiver;
  private heldUp = false;
  private echoKnown: boolean;

  constructor(echo: boolean) {
    this.receiver = new Receiver(echo);
    this.echoKnown = echo;
  }

  begin(question: Question<unknown>, item: PollItem | undefined, request: Uint8Array): void {
    this.question = question;
    this.item = item;
    this.heldUp = false;
    this.receiver.begin(request, question.expects);
  }

  take(chunk: Uint8Array): Frame<unknown> | undefined {
    return this.receiver.take(chunk);
  }

  /** Whether the time is over. Asked late, it gives the bytes that may lie unread a last chance, once. */
  isOver(nowMs: number): boolean {
    const lateMs = nowMs - this.deadlineMs;
    if (lateMs < -SLACK_MS) return false;
    if (lateMs <= HELD_UP_MS || this.heldUp) return true;
    this.heldUp = true;
    this.deadlineMs = nowMs + HELD_UP_GRACE_MS;
    return false;
  }

  /** Says what was wrong with what came, or undefined when nothing came. */
  conclude(): string | undefined {
    return this.receiver.conclude();
  }

  clear(): void {
    this.question = undefined;
    this.item = undefined;
  }

  /** After `conclude`: its answer began and did not go on, so none is still to come. */
  get brokeOff(): boolean {
    return this.receiver.brokeOff;
  }

  get echoes(): number {
    return this.receiver.echoes;
  }

  get junkWhy(): string | undefined {
    return this.receiver.junkWhy;
  }

  /** Bytes that belonged to nothing, since this was last asked. */
  takeStrayBytes(): number {
    const { strayBytes } = this.receiver;
    this.receiver.strayBytes = 0;
    return strayBytes;
  }

  /** Whether the line turned out to echo, though nobody said so. True once. */
  takeEchoNews(): boolean {
    const news = this.receiver.echo && !this.echoKnown;
    this.echoKnown = this.receiver.echo;
    return news;
  }
}
