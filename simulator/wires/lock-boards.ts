/**
 * The 8A/80 lock boards of one line. A pulse is timed by the board and acknowledged with the contact as it is at that
 * moment: still latched, so a good acknowledgement may equal the request, which is this family's trap. "Open all" and the
 * latching commands do what they do on the real board, so that judges see a controller that sends them.
 */
import { encodeLockAck, encodeLockStatus, type LockRequest, parseLockRequest } from "../../hal/codecs/lock-8a.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Bay } from "../models/bay.ts";
import { COIL_MS } from "../models/lock.ts";
import type { Site } from "../models/site.ts";
import type { LinePart, Reply } from "./device-line.ts";
import { RequestReader } from "./request-reader.ts";

export interface LockBoard {
  readonly address: number;
  /** closing: a contact reads 11 while latched. */
  readonly feedback: "closing" | "opening";
  readonly statusOrder: "last-first" | "first-first";
  /** Index = channel; index 0 is unused. */
  readonly bays: ReadonlyArray<Bay | undefined>;
}

export interface LockBoardsOptions {
  readonly boards: readonly LockBoard[];
  readonly clock: Clock;
  readonly site: Site;
  readonly turnaroundMs: number;
  readonly reply: Reply;
}

/** A coil that is held on command stays energised "for ever"; a real one burns through. */
const HELD_MS = 60_000;
const ON = 0x11;
const OFF = 0x00;

export function createLockBoards(options: LockBoardsOptions): LinePart {
  const { clock, site, turnaroundMs, reply } = options;
  const byAddress: Array<LockBoard | undefined> = [];
  for (const board of options.boards) byAddress[board.address] = board;

  const handle = (request: LockRequest): void => {
    const board = byAddress[request.board];
    if (board === undefined || !site.mainsOn) return;
    const answer = obey(board, request);
    if (answer !== undefined) reply(answer, turnaroundMs);
  };
  const reader = new RequestReader({ clock, parse: parseLockRequest, handle });
  return { receive: (bytes, length) => reader.receive(bytes, length) };
}

function obey(board: LockBoard, request: LockRequest): Uint8Array | undefined {
  switch (request.do) {
    case "pulse": {
      const status = contactByte(board, request.channel);
      board.bays[request.channel]?.pulse(request.seconds === undefined ? COIL_MS : request.seconds * 1_000);
      return encodeLockAck(board.address, request.channel, status);
    }
    case "pulse-all":
      for (const bay of board.bays) bay?.pulse(COIL_MS);
      return encodeLockAck(board.address, 0, OFF);
    case "pulse-many":
      for (let channel = 1; channel <= 24; channel++) {
        const bits = request.bytes[2 - ((channel - 1) >> 3)] as number;
        if ((bits & (1 << ((channel - 1) & 7))) !== 0) board.bays[channel]?.pulse(COIL_MS);
      }
      return encodeLockAck(board.address, 0, OFF);
    case "read-all":
      return statusOf(board);
    case "read-one":
    case "query":
      return encodeLockAck(board.address, request.channel, contactByte(board, request.channel));
    case "hold-on":
      board.bays[request.channel]?.pulse(HELD_MS);
      return encodeLockAck(board.address, request.channel, contactByte(board, request.channel));
    case "hold-off":
      return encodeLockAck(board.address, request.channel, contactByte(board, request.channel));
  }
}

/** An unwired channel reads as an open circuit, whichever way the others are wired. */
function contact(board: LockBoard, channel: number): boolean {
  const bay = board.bays[channel];
  return bay !== undefined && bay.latchContact === (board.feedback === "closing");
}

function contactByte(board: LockBoard, channel: number): number {
  return contact(board, channel) ? ON : OFF;
}

function statusOf(board: LockBoard): Uint8Array {
  let bits = 0;
  for (let channel = 1; channel <= 24; channel++) if (contact(board, channel)) bits |= 1 << (channel - 1);
  const low = bits & 0xff;
  const middle = (bits >> 8) & 0xff;
  const high = (bits >> 16) & 0xff;
  return board.statusOrder === "last-first"
    ? encodeLockStatus(board.address, high, middle, low)
    : encodeLockStatus(board.address, low, middle, high);
}
