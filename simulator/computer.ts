/**
 * The controller's computer: it is started on its disk, may lose its power at any instant, and is started again on what the disk
 * kept. One life after the other runs the same controller; nothing but the disk goes from one to the next.
 */
import type { RunningStation } from "../firmware/runner/station.ts";
import type { OpenBrokerLink } from "../hal/ports/broker-link.ts";
import type { Clock } from "../hal/ports/clock.ts";
import type { SimulatedDisk } from "./disk.ts";
import { Life } from "./life.ts";
import type { SplitRandom } from "./random.ts";
import type { World } from "./world-types.ts";

export interface ComputerOptions {
  readonly world: World;
  readonly clock: Clock;
  readonly disk: SimulatedDisk;
  readonly random: SplitRandom;
  readonly openBroker: OpenBrokerLink | undefined;
  /** Runs a controller on the ports of this life; `life` counts from 0. */
  readonly start: (ports: Life, life: number) => RunningStation;
  /** The broker hears nothing more. */
  readonly hungUp: () => void;
}

/** From power to the first scan: kernel, services, node. */
const BOOTS_S = [18, 40] as const;
/** The network's time comes a while after that. */
const TIME_KNOWN_MS = [5_000, 90_000] as const;

export class Computer {
  lives = 0;
  private readonly options: ComputerOptions;
  private readonly random: SplitRandom;
  private life: Life;
  private running: RunningStation;
  private powered = true;

  constructor(options: ComputerOptions) {
    this.options = options;
    this.random = options.random;
    this.life = this.newLife(0);
    this.running = options.start(this.life, 0);
  }

  /** The controller that runs, or that ran last. */
  get station(): RunningStation {
    return this.running;
  }

  get isAlive(): boolean {
    return this.life.isAlive;
  }

  private newLife(timeKnownMs: number): Life {
    const { clock, world, openBroker } = this.options;
    const { openWire, gpio, textFiles } = world;
    return new Life({ clock, openWire, gpio, textFiles, openBroker, timeKnownMs });
  }

  powerLost(): void {
    this.powered = false;
    if (!this.life.isAlive) return;
    this.life.end(() => this.options.hungUp());
    this.options.disk.crash(this.random);
    this.options.world.tellComputer(false);
  }

  /** It starts by itself as soon as there is power, and needs its time for that. */
  powerBack(): void {
    if (this.powered) return;
    this.powered = true;
    const life = ++this.lives;
    this.options.clock.after(this.random.between(...BOOTS_S) * 1_000, () => {
      if (!this.powered || life !== this.lives) return;
      this.life = this.newLife(this.random.between(...TIME_KNOWN_MS));
      this.running = this.options.start(this.life, life);
      this.options.world.tellComputer(true);
    });
  }
}
