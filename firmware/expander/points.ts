/**
 * The expander's points as ports. An input is as fresh as its last report, timed here on arrival: no library's repetition of
 * old values and no other process's clock can make it look younger. An output is a lease here and once more in the expander
 * process, and what it is said to drive is what the board itself confirmed.
 */
import { Sampled } from "../../hal/drivers/sampled.ts";
import type { AnalogInput } from "../../hal/ports/analog-input.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { PwmOutput } from "../../hal/ports/pwm-output.ts";
import { LEASE_MS_MAX, type Order } from "./messages.ts";

const MISSED_MAX = 3;
/** A lease is renewed on the way to the board when less than this is left of it. */
const RENEW_MS = 1_000;
/** The board is asked every second; two answers may be missing. */
const CONFIRMED_MS = 3_000;

export class AnalogPoint implements AnalogInput {
  private readonly sampled = new Sampled<number>(Number.NaN);
  private readonly clock: Clock;
  private readonly staleMs: number;
  private heardMs = 0;
  private watching = false;

  constructor(clock: Clock, periodMs: number) {
    this.clock = clock;
    this.staleMs = MISSED_MAX * periodMs;
  }

  reading() {
    return this.sampled.reading;
  }

  watch(onChange: Parameters<AnalogInput["watch"]>[0]): void {
    this.sampled.watch(onChange);
  }

  /** At either end of the range no sensor is at work: a wire is off or shorted. */
  take(share: number): void {
    this.heardMs = this.clock.monotonicMs();
    if (share > 0 && share < 1) this.sampled.good(share, this.heardMs);
    else this.sampled.invalid();
    if (this.watching) return;
    this.watching = true;
    this.expect(this.staleMs);
  }

  private expect(inMs: number): void {
    this.clock.after(inMs, () => {
      const leftMs = this.heardMs + this.staleMs - this.clock.monotonicMs();
      if (leftMs > 0) this.expect(leftMs);
      else {
        this.watching = false;
        this.sampled.stale();
      }
    });
  }
}

export class PwmPoint implements PwmOutput {
  private readonly clock: Clock;
  private readonly pin: number;
  private readonly send: (order: Order) => void;
  private wanted = 0;
  private untilMs = Number.NEGATIVE_INFINITY;
  /** What the expander process was last told. */
  private sent: { readonly share: number; readonly untilMs: number } | undefined;
  private confirmedShare = 0;
  private confirmedMs = Number.NEGATIVE_INFINITY;
  private watching = false;

  constructor(clock: Clock, pin: number, send: (order: Order) => void) {
    this.clock = clock;
    this.pin = pin;
    this.send = send;
  }

  hold(share: number, untilMs: number): void {
    const nowMs = this.clock.monotonicMs();
    // What is no number drives nothing.
    this.wanted = share > 0 ? Math.min(share, 1) : 0;
    this.untilMs = this.wanted > 0 ? Math.min(untilMs, nowMs + LEASE_MS_MAX) : nowMs;
    this.pass(nowMs);
    if (this.wanted > 0) this.expire();
  }

  state(): number | "unknown" {
    return this.clock.monotonicMs() - this.confirmedMs < CONFIRMED_MS ? this.confirmedShare : "unknown";
  }

  confirmed(share: number): void {
    this.confirmedShare = share;
    this.confirmedMs = this.clock.monotonicMs();
  }

  /** The board is gone, or a new one has come that was told nothing yet. */
  forget(): void {
    this.sent = undefined;
    this.confirmedMs = Number.NEGATIVE_INFINITY;
  }

  private pass(nowMs: number): void {
    const { sent, untilMs } = this;
    const share = untilMs > nowMs ? this.wanted : 0;
    const fresh =
      sent?.share === share && (share === 0 || (sent.untilMs <= untilMs && sent.untilMs - nowMs >= RENEW_MS));
    if (fresh) return;
    this.sent = { share, untilMs };
    this.send({ say: "hold", pin: this.pin, share, forMs: Math.max(0, untilMs - nowMs) });
  }

  /** The lease is looked at where it was given too, so that a renewal lost on the way cannot keep anything on. */
  private expire(): void {
    if (this.watching) return;
    this.watching = true;
    const nowMs = this.clock.monotonicMs();
    this.clock.after(Math.max(0, this.untilMs - nowMs), () => {
      this.watching = false;
      const laterMs = this.clock.monotonicMs();
      if (this.untilMs > laterMs) this.expire();
      else this.pass(laterMs);
    });
  }
}
