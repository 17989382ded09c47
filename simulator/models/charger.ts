/**
 * The output stage of one constant-current, constant-voltage charger. A command takes a while to arrive at the output (the
 * DPM86xx needs 0.6 s to settle); until then the output does what it did before. It keeps delivering for ever: it has no
 * lease of its own, which is why a contactor stands behind it.
 */

const SETTLE_ON_MS = 600;
const SETTLE_OFF_MS = 150;

export class Charger {
  /** Registers, as last written. */
  setMa = 0;
  setMv = 0;
  outputOn = false;
  /** What the output stage really does. */
  actualMa = 0;
  actualMv = 0;
  /** When it will do what the registers say; Infinity when it already does. */
  settlesAtMs = Number.POSITIVE_INFINITY;
  /** Fault: the output no longer follows. */
  stuck = false;

  get wantedMa(): number {
    return this.outputOn ? this.setMa : 0;
  }

  get wantedMv(): number {
    return this.outputOn ? this.setMv : 0;
  }

  /** Registers changed. Returns how long the output needs, or undefined when nothing will change. */
  command(nowMs: number): number | undefined {
    if (this.stuck) return undefined;
    if (this.wantedMa === this.actualMa && this.wantedMv === this.actualMv) {
      this.settlesAtMs = Number.POSITIVE_INFINITY;
      return undefined;
    }
    const takesMs = this.wantedMa > 0 ? SETTLE_ON_MS : SETTLE_OFF_MS;
    this.settlesAtMs = nowMs + takesMs;
    return takesMs;
  }

  settle(): void {
    this.actualMa = this.wantedMa;
    this.actualMv = this.wantedMv;
    this.settlesAtMs = Number.POSITIVE_INFINITY;
  }

  /** The mains are gone. On their return the output is off (the device's power-on setting); set-points are kept. */
  powerLost(): void {
    this.outputOn = false;
    this.settle();
  }
}
