/**
 * The controller's computer. It may lose its power at any instant and starts again on what the disk kept; its process may be killed,
 * fail, or stand still while the computer goes on, and is then started again as a service manager does. One life after the other
 * runs the same controller; nothing but the disk and the computer's clock goes from one to the next.
 */
import type { RunningStation } from "../firmware/runner/station.ts";
import type { OpenBrokerLink } from "../hal/ports/broker-link.ts";
import type { VirtualClock } from "./clock.ts";
import { ComputerWall } from "./computer-wall.ts";
import type { SimulatedDisk } from "./disk.ts";
import { Held } from "./held.ts";
import { Life } from "./life.ts";
import type { SplitRandom } from "./random.ts";
import type { World } from "./world-types.ts";

export interface ComputerOptions {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly disk: SimulatedDisk;
  readonly random: SplitRandom;
  readonly openBroker: OpenBrokerLink | undefined;
  /** Runs a controller on the ports of this life; `life` counts from 0. */
  readonly start: (ports: Life, life: number) => RunningStation;
  /** The broker hears nothing more. */
  readonly hungUp: () => void;
}

/** What becomes of a configuration that is spoilt: the last good one runs, or, where none is kept, nothing does. */
export type SpoiltConfig = "last-good-kept" | "none-kept";

/** From power to the first scan: kernel, services, node. */
const BOOTS_S = [18, 40] as const;
/** RestartSec of the service, then node itself. */
const RESTARTS_S = [3, 7] as const;
/** The network's time comes a while after that. */
const TIME_KNOWN_MS = [5_000, 90_000] as const;

export class Computer {
  lives = 0;
  readonly wall: ComputerWall;
  private readonly options: ComputerOptions;
  private readonly random: SplitRandom;
  private readonly standing: Held;
  private life: Life;
  private running: RunningStation;
  /** How many hold its power off. */
  private cuts = 0;
  /** Something ran since the power last went, so there may be something to tear. */
  private cacheInUse = true;
  private starting = false;
  private spoilt: SpoiltConfig | undefined;

  constructor(options: ComputerOptions) {
    this.options = options;
    this.random = options.random;
    this.wall = new ComputerWall(options.clock);
    this.standing = new Held((still) => this.stand(still));
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

  get isPowered(): boolean {
    return this.cuts === 0;
  }

  get standsStill(): boolean {
    return this.life.standsStill;
  }

  private newLife(timeKnownMs: number): Life {
    const { clock, world, disk, openBroker } = this.options;
    const { openWire, gpio, textFiles } = world;
    const { wall } = this;
    const crashed = () => this.processDied();
    return new Life({ clock, wall, openWire, gpio, textFiles, disk, openBroker, timeKnownMs, crashed });
  }

  /** As often as it is called, `powerBack` must be called until there is power again. */
  powerLost(): void {
    this.cuts++;
    if (this.cuts > 1) return;
    this.starting = false;
    this.lives++;
    if (this.life.isAlive) this.endLife("power-lost");
    if (this.cacheInUse) this.options.disk.crash(this.random);
    this.cacheInUse = false;
  }

  /** It starts by itself as soon as there is power, and needs its time for that. */
  powerBack(): void {
    if (this.cuts === 0) return;
    this.cuts--;
    if (this.cuts === 0) this.startIn(this.random.between(...BOOTS_S) * 1_000, true);
  }

  /** The process is gone from one instant to the next: killed, out of memory, or by its own decision. It is started again. */
  processDied(): void {
    if (!this.life.isAlive) return;
    this.endLife("process-died");
    this.startIn(this.restartMs(), false);
  }

  /** Asks the controller to stop, as a service manager does before the computer is switched off. The next power starts it again. */
  stop(reason: string, stopped: () => void): void {
    const { life } = this;
    if (!life.isAlive) {
      stopped();
      return;
    }
    const { running } = this;
    const end = (): void => {
      if (life === this.life && life.isAlive) this.endLife("process-died");
      stopped();
    };
    life.signal(() => running.stop(reason, end));
  }

  /** As somebody does who changed the configuration. */
  restart(reason: string): void {
    this.stop(reason, () => {
      if (this.isPowered && !this.life.isAlive && !this.starting) this.startIn(this.restartMs(), false);
    });
  }

  /** The process stands still until this is let go; the guardian, the boards and the disk do not. */
  standStill(): () => void {
    return this.standing.hold();
  }

  /** An error that nobody expected comes out of the next thing that the controller does. */
  plantBug(): void {
    this.life.plantBug();
  }

  /** From the next start on the configuration is not fit to be used; undefined: somebody put it right. */
  spoilConfig(spoilt: SpoiltConfig | undefined): void {
    this.spoilt = spoilt;
    // A service manager does not try again what ended with EX_CONFIG; whoever mends the file starts the service.
    const idles = this.isPowered && !this.life.isAlive && !this.starting;
    if (spoilt === undefined && idles) this.startIn(this.restartMs(), false);
  }

  private stand(still: boolean): void {
    if (this.life.stand(still)) this.options.world.tellComputer(!still);
  }

  private endLife(how: "power-lost" | "process-died"): void {
    const stood = this.life.standsStill;
    this.life.end(how, () => this.options.hungUp());
    if (!stood) this.options.world.tellComputer(false);
  }

  private restartMs(): number {
    return this.random.between(...RESTARTS_S) * 1_000;
  }

  private startIn(delayMs: number, fromPower: boolean): void {
    const life = ++this.lives;
    this.starting = true;
    this.options.clock.after(delayMs, () => {
      if (life !== this.lives) return;
      this.starting = false;
      if (this.spoilt !== "none-kept") this.start(life, fromPower ? this.random.between(...TIME_KNOWN_MS) : 0);
    });
  }

  private start(life: number, timeKnownMs: number): void {
    this.cacheInUse = true;
    this.life = this.newLife(timeKnownMs);
    this.running = this.options.start(this.life, life);
    if (this.spoilt !== undefined) this.running.condition("config-refused", "station", true);
    this.options.world.tellComputer(true);
  }
}
