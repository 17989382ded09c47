/**
 * The expander process without the process: opens the board it is told, passes on what the board says, and lets every output
 * die with its lease. A line that cannot be opened is tried again for ever; a board that was open and is lost ends the process,
 * because johnny-five never forgets a board. It decides nothing and believes no order that is not well formed.
 */
import type { FirmataBoard, FirmataBoardOptions, FirmataEnd, FirmataEvents } from "../../hal/drivers/firmata-board.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import { ALIVE_MS, Order, pauseMs, type Report } from "./messages.ts";

export interface KeeperPorts {
  readonly clock: Clock;
  readonly openBoard: (options: FirmataBoardOptions, events: FirmataEvents) => FirmataBoard;
  readonly send: (report: Report) => void;
  readonly exit: () => void;
}

export interface BoardKeeper {
  /** A message from the controller, as it came. */
  hear(message: unknown): void;
  /** The controller is gone: outputs to 0, and out. */
  orphaned(): void;
}

interface Lease {
  share: number;
  untilMs: number;
}

const WHY_MAX = 500;
/** An answer that comes sooner after an order may have been on its way before it. */
const SETTLE_MS = 500;
/** A step of the coarsest PWM there is (8 bits) is no difference. */
const SAME_SHARE = 1 / 200;

class Keeper implements BoardKeeper {
  private readonly ports: KeeperPorts;
  private readonly leases = new Map<number, Lease>();
  /** What each pin was last told to do, and when. */
  private readonly driven = new Map<number, { readonly share: number; readonly atMs: number }>();
  private board: FirmataBoard | undefined;
  private options: FirmataBoardOptions | undefined;
  private ready = false;
  private tries = 0;
  private over = false;

  constructor(ports: KeeperPorts) {
    this.ports = ports;
    this.breathe();
  }

  private breathe(): void {
    if (this.over) return;
    this.ports.send({ say: "alive" });
    this.ports.clock.after(ALIVE_MS, () => this.breathe());
  }

  hear(message: unknown): void {
    const { success, data: order } = Order.safeParse(message);
    if (!success || this.over) return;
    if (order.say === "hold") this.hold(order.pin, order.share, order.forMs);
    else if (this.options === undefined) {
      const { path, baud, periodMs, channels, pins } = order;
      this.options = { line: { path, baud, stopBits: 1 }, periodMs, channels, pins };
      this.open(this.options);
    }
  }

  orphaned(): void {
    if (this.over) return;
    this.over = true;
    if (this.board === undefined) this.ports.exit();
    else this.board.close(() => this.ports.exit());
  }

  private open(options: FirmataBoardOptions): void {
    if (this.over) return;
    this.board = this.ports.openBoard(options, {
      ready: (firmware) => this.becomeReady(firmware.slice(0, 200)),
      sampled: (channel, share) => this.ports.send({ say: "sampled", channel, share }),
      confirmed: (pin, share) => this.confirmed(pin, share),
      ended: (end) => this.ended(end, options),
    });
  }

  private becomeReady(firmware: string): void {
    this.ready = true;
    this.ports.send({ say: "ready", firmware });
    for (const pin of this.leases.keys()) this.drive(pin);
  }

  private ended({ is, why }: FirmataEnd, options: FirmataBoardOptions): void {
    this.board = undefined;
    this.ready = false;
    if (this.over) return;
    const told = why.slice(0, WHY_MAX);
    if (is === "absent") {
      this.ports.send({ say: "absent", why: told });
      this.ports.clock.after(pauseMs(this.tries++), () => this.open(options));
      return;
    }
    this.over = true;
    this.ports.send({ say: "ended", why: told, lasting: is === "refused" });
    this.ports.exit();
  }

  private hold(pin: number, share: number, forMs: number): void {
    if (this.options?.pins.includes(pin) !== true) return;
    this.leases.set(pin, { share, untilMs: this.ports.clock.monotonicMs() + forMs });
    this.drive(pin);
    this.ports.clock.after(forMs, () => this.drive(pin));
  }

  /** Off once the lease is over, whoever asks. */
  private wanted(pin: number): number {
    const lease = this.leases.get(pin);
    return lease !== undefined && this.ports.clock.monotonicMs() < lease.untilMs ? lease.share : 0;
  }

  private drive(pin: number): void {
    if (this.wanted(pin) !== (this.driven.get(pin)?.share ?? 0)) this.order(pin);
  }

  private order(pin: number): void {
    if (!this.ready) return;
    const share = this.wanted(pin);
    this.driven.set(pin, { share, atMs: this.ports.clock.monotonicMs() });
    this.board?.drive(pin, share);
  }

  /** The board's own word: where it drives something else than it was told, it is told again. */
  private confirmed(pin: number, share: number): void {
    this.ports.send({ say: "confirmed", pin, share });
    const told = this.driven.get(pin) ?? { share: 0, atMs: Number.NEGATIVE_INFINITY };
    const settled = this.ports.clock.monotonicMs() - told.atMs >= SETTLE_MS;
    if (settled && Math.abs(share - told.share) > SAME_SHARE) this.order(pin);
  }
}

export function keepBoard(ports: KeeperPorts): BoardKeeper {
  return new Keeper(ports);
}
