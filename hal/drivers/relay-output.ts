/**
 * One relay of a board that times "on" by itself. On is a flash that ends before the lease does, so the load goes off
 * whoever dies first; while the lease is renewed the flash is triggered again before it runs out. Off is said at once and
 * before anything else on the line; when nothing of the board is wanted on any more, one frame switches all of it off, so
 * that a cabinet on fire does not wait for eight frames a board. It refuses to latch.
 */
import type { Bus, Lane, Outcome } from "../buses/bus.ts";
import { type ModbusReply, parseModbusReply } from "../codecs/modbus-rtu.ts";
import { Remembered } from "../codecs/remembered.ts";
import { encodeAllOff, encodeFlashOn, encodeRelayOff } from "../codecs/waveshare-relay-d.ts";
import type { Clock } from "../ports/clock.ts";
import type { SwitchedOutput } from "../ports/switched-output.ts";

/** No lease is longer, whatever the caller asks. */
export const LEASE_MS_MAX = 2_000;
const STEP_MS = 100;
const REQUEST_BYTES = 8;
/** From the last bit of the request to the moment the relay's time begins, at most. */
const BOARD_DELAY_MS = 20;
/** Times an unanswered command is repeated at once before the board counts as lost. */
const RETRIES_MAX = 2;
/** Around the end of a flash nobody can say what the board should report. */
const DOUBT_MS = 150;

export interface RelayBoardSide {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly address: number;
  readonly deadlineMs: number;
  /** A flash with less than this left is triggered again. */
  readonly retriggerMs: number;
  /** Whether commands may be sent: the board is there and was made safe. */
  isReady(): boolean;
  /** Whether any relay of the board is wanted on now. */
  wantsAny(): boolean;
  /** The board confirmed that all its relays are off. */
  allWentOff(): void;
  /** All relays were told to go off, and nobody knows whether they heard it. */
  allInDoubt(): void;
  /** A command stayed unanswered: read the relays back soon. */
  doubt(): void;
  /** The board does not answer commands any more. */
  lost(): void;
}

export class RelayOutput implements SwitchedOutput {
  private readonly board: RelayBoardSide;
  /** Counted from 0, as on the wire. */
  private readonly relay: number;
  private readonly offRequest: Uint8Array;
  private readonly allOffRequest: Uint8Array;
  private wanted = false;
  private leaseUntilMs = Number.NEGATIVE_INFINITY;
  private known: "on" | "off" | "unknown" = "unknown";
  /** When the board ends what it was last told to do: of all that it may have heard since it was last certain, the earliest end. */
  private flashEndsMs = Number.NEGATIVE_INFINITY;
  /** It went off although it was wanted on; whoever holds it sees that before it goes on again. */
  private unseenOff = false;
  private offMs = Number.NEGATIVE_INFINITY;
  private busy = false;
  private failures = 0;
  private sent: Uint8Array;
  private readonly heard = new Remembered<ModbusReply>();
  /** What was made last: nearly every flash is as long as the one before. */
  private flashTenths = 0;
  private flashRequest: Uint8Array | undefined;
  private sentEndsMs = Number.NEGATIVE_INFINITY;
  private sentAll = false;

  constructor(board: RelayBoardSide, relay: number) {
    this.board = board;
    this.relay = relay;
    this.offRequest = encodeRelayOff(board.address, relay) as Uint8Array;
    this.allOffRequest = encodeAllOff(board.address);
    this.sent = this.offRequest;
  }

  hold(on: boolean, untilMs: number): void {
    this.wanted = on;
    if (!on && this.known === "off") {
      // What is off stays off: there is nothing to be driven, and nothing to wait for.
      this.unseenOff = false;
      this.leaseUntilMs = Number.NEGATIVE_INFINITY;
      return;
    }
    // Whoever holds it has seen by now that its time ran out.
    if (this.known === "on" && this.nowMs() >= this.flashEndsMs) this.wentOff();
    this.unseenOff = false;
    this.leaseUntilMs = on ? Math.min(untilMs, this.nowMs() + LEASE_MS_MAX) : Number.NEGATIVE_INFINITY;
    this.drive();
  }

  state(): "on" | "off" | "unknown" {
    return this.known === "on" && this.nowMs() >= this.flashEndsMs ? "off" : this.known;
  }

  wentOffMs(): number {
    return this.known === "on" && this.nowMs() >= this.flashEndsMs ? this.flashEndsMs : this.offMs;
  }

  /** Does what is due, if the board may be told anything. */
  drive(): void {
    if (this.busy || !this.board.isReady()) return;
    if (this.isWanted()) {
      // Nobody knows whether it went off meanwhile: it does now, for certain, and that is seen.
      if (this.known === "unknown" && this.lapses()) this.command("urgent", this.off);
      else if (this.needsTrigger()) this.command("act", this.flash);
    } else if (this.state() !== "off") this.command("urgent", this.off);
  }

  isWanted(): boolean {
    return this.wanted && this.leaseUntilMs > this.nowMs();
  }

  /** The board was told, and confirmed, that all relays are off. */
  allOff(): void {
    this.wentOff();
    this.failures = 0;
  }

  unreachable(): void {
    this.known = "unknown";
  }

  /** What the board itself says. Returns whether that contradicts what it was told. */
  readBack(on: boolean): boolean {
    if (this.busy || Math.abs(this.nowMs() - this.flashEndsMs) < DOUBT_MS) return false;
    const before = this.state();
    if (before === (on ? "on" : "off")) return false;
    // A relay that is on without a known end is driven: either its lease gives it one, or it is switched off.
    if (on) this.known = "unknown";
    else this.wentOff();
    this.drive();
    return before !== "unknown";
  }

  private wentOff(): void {
    this.unseenOff = this.known !== "off";
    if (this.unseenOff && this.flashEndsMs > Number.NEGATIVE_INFINITY) this.offMs = this.nowMs();
    this.known = "off";
    this.flashEndsMs = Number.NEGATIVE_INFINITY;
  }

  private nowMs(): number {
    return this.board.clock.monotonicMs();
  }

  /** It would go off and on again, and some loads must rest in between: whoever holds it decides anew. */
  private lapses(): boolean {
    const mayBeOn = this.known !== "off" && this.flashEndsMs > Number.NEGATIVE_INFINITY;
    return mayBeOn && this.startsMs() >= this.flashEndsMs;
  }

  private needsTrigger(): boolean {
    if (this.unseenOff || this.lapses()) return false;
    if (this.state() !== "on") return this.tenthsLeft() > 0;
    const leftMs = this.flashEndsMs - this.nowMs();
    return leftMs < this.board.retriggerMs && this.tenthsLeft() * STEP_MS >= leftMs + STEP_MS;
  }

  /** Steps of 100 ms that a flash sent now may last without outliving the lease. */
  private tenthsLeft(): number {
    return Math.floor((this.leaseUntilMs - this.startsMs()) / STEP_MS);
  }

  private startsMs(): number {
    return this.nowMs() + REQUEST_BYTES * this.board.bus.byteMs + BOARD_DELAY_MS;
  }

  /** Made at the moment of sending, because the lease grew shorter in the queue. */
  private readonly flash = (): Uint8Array | undefined => {
    if (this.lapses()) return undefined;
    const tenths = this.wanted ? this.tenthsLeft() : 0;
    const request = this.flashFor(tenths);
    if (request === undefined) return undefined;
    this.say(request);
    this.sentAll = false;
    this.sentEndsMs = this.startsMs() - BOARD_DELAY_MS + tenths * STEP_MS;
    return request;
  };

  /** Withdrawn when it went off with the others while it waited. */
  private readonly off = (): Uint8Array | undefined => {
    if (this.state() === "off") return undefined;
    this.sentAll = !this.board.wantsAny();
    this.say(this.sentAll ? this.allOffRequest : this.offRequest);
    this.sentEndsMs = Number.NEGATIVE_INFINITY;
    return this.sent;
  };

  private flashFor(tenths: number): Uint8Array | undefined {
    if (tenths !== this.flashTenths) {
      this.flashTenths = tenths;
      this.flashRequest = encodeFlashOn(this.board.address, this.relay, tenths);
    }
    return this.flashRequest;
  }

  /** The answer to another request is another answer, whatever its bytes. */
  private say(request: Uint8Array): void {
    if (request !== this.sent) this.heard.forget();
    this.sent = request;
  }

  private command(lane: Lane, request: () => Uint8Array | undefined): void {
    this.busy = true;
    this.board.bus.transact<ModbusReply>({
      lane,
      request,
      deadlineMs: this.board.deadlineMs,
      expects: this.expects,
      done: this.done,
    });
  }

  private readonly parse = (bytes: Uint8Array, length: number) => parseModbusReply(bytes, length, this.sent);
  private readonly expects = (bytes: Uint8Array, length: number) => this.heard.read(bytes, length, this.parse);

  private readonly done = (outcome: Outcome<ModbusReply>): void => {
    this.busy = false;
    if (outcome.is === "answered" && outcome.value.exception === undefined) {
      this.failures = 0;
      this.confirmed();
    } else if (outcome.is === "closed") {
      this.known = "unknown";
      return;
    } else if (outcome.is === "dropped") {
      // A line too busy to take the command: the next renewal, or the next "off", asks again.
      if (outcome.why !== "withdrawn") return;
    } else {
      this.known = "unknown";
      if (this.flashEndsMs === Number.NEGATIVE_INFINITY) this.flashEndsMs = this.sentEndsMs;
      if (this.sentAll) this.board.allInDoubt();
      this.board.doubt();
      if (++this.failures > RETRIES_MAX) {
        this.failures = 0;
        this.board.lost();
      }
    }
    this.drive();
  };
  private confirmed(): void {
    if (this.sentEndsMs === Number.NEGATIVE_INFINITY) this.wentOff();
    else {
      this.known = "on";
      this.flashEndsMs = this.sentEndsMs;
    }
    if (this.sentAll) this.board.allWentOff();
  }
}
