/**
 * One life of the station between two power cuts: a controller, the people in front of it, time. What must never happen is
 * looked for while it runs; every instant at which the power could go is offered to whoever wants to try that future.
 */
import type { Prompt } from "../../services/prompts.ts";
import { isFire } from "../../services/safety/alerts.ts";
import type { StationContext } from "../../services/station/state.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";
import type { SimulatedDisk } from "../../simulator/disk.ts";
import type { SplitRandom } from "../../simulator/random.ts";
import { Controller } from "./controller.ts";
import { type Manner, proper, Rider, type RiderData } from "./rider.ts";
import type { World } from "./world.ts";

const lookMs = 250;
/** Nothing that was begun may take longer than this, whatever people do. */
const patienceMs = 240_000;

/** Everything a power cut leaves behind. */
export interface Remains {
  readonly world: World;
  readonly riders: readonly RiderData[];
  readonly disk: SimulatedDisk;
  readonly wallMs: number;
  readonly what: string;
  readonly landing: number | undefined;
  readonly trace: readonly string[];
}

export interface LifeOptions {
  readonly world: World;
  readonly riders: readonly RiderData[];
  /** Made anew on this life's clock. */
  readonly disk: (clock: VirtualClock, random: SplitRandom) => SimulatedDisk;
  readonly wallMs: number;
  readonly random: SplitRandom;
  readonly boot: string;
  readonly context: StationContext;
  readonly blind?: { readonly bays: readonly number[]; readonly untilMs: number };
  /** What was seen in the lives before. */
  readonly trace?: readonly string[];
  /** While the power is still out. */
  readonly beforeStart?: (riders: readonly Rider[]) => readonly string[];
}

export class Life {
  readonly world: World;
  readonly riders: readonly Rider[];
  readonly clock: VirtualClock;
  readonly disk: SimulatedDisk;
  readonly controller: Controller;
  readonly broken: string[] = [];
  readonly said = new Set<string>();
  /** Pulses, sentences and deeds, each with its wall time, for whoever must find out what went wrong. */
  readonly trace: string[];
  pulses = 0;
  /** Instants at which the power could go, by kind. */
  readonly points: Record<string, number> = {};
  /** Called at each instant that differs from the one before; what remains is made only if it is asked for. */
  onPoint: ((remains: () => Remains) => void) | undefined;
  readonly random: SplitRandom;
  private scanned = false;
  private writes = 0;
  private mark = "";

  constructor(options: LifeOptions) {
    const { world, wallMs, random, context, boot, blind } = options;
    this.world = world;
    this.trace = [...(options.trace ?? [])];
    this.random = random;
    this.clock = createVirtualClock({ wallStartMs: wallMs });
    this.disk = options.disk(this.clock, random.split("disk"));
    this.riders = options.riders.map((data) => new Rider(data, world, random.split(data.member)));
    for (const deed of options.beforeStart?.(this.riders) ?? []) this.seen(`in the dark: ${deed}`);
    this.controller = new Controller({
      world,
      disk: this.disk,
      clock: this.clock,
      random: random.split("controller"),
      boot,
      context,
      witness: {
        moment: (what, landing) => this.moment(what, landing),
        pulsed: (bay, member) => this.pulsed(bay, member),
        said: (cabinet, prompt) => this.heard(cabinet, prompt),
        fault: (what) => this.broken.push(`the log failed: ${what}`),
      },
      ...(blind === undefined ? {} : { blind }),
    });
    this.look();
  }

  moment(what: string, landing?: number): void {
    if (what === "during a write" || what === "after a write") this.writes++;
    const { onPoint } = this;
    if (onPoint === undefined) return;
    this.points[what] = (this.points[what] ?? 0) + 1;
    const mark = `${this.world.version}/${this.writes}/${landing ?? ""}`;
    if (mark === this.mark) return;
    this.mark = mark;
    onPoint(() => ({
      world: this.world.copy(),
      riders: this.riders.map(({ data }) => ({ ...data })),
      disk: this.disk.double({ clock: this.clock, random: this.random }),
      wallMs: this.clock.wallMs(),
      what,
      landing,
      trace: [...this.trace],
    }));
  }

  private seen(what: string): void {
    this.trace.push(`${this.clock.wallMs()} ${what}`);
  }

  private pulsed(bay: number, member: string | undefined): void {
    this.pulses++;
    this.seen(`pulse on bay ${bay} for ${member}`);
    if (!this.scanned) this.broken.push(`bay ${bay} was opened before anybody scanned`);
    if (member === undefined) this.broken.push(`bay ${bay} was opened for nobody`);
    else if (this.world.bay(bay).pack !== undefined && this.world.owes(member) < 1)
      this.broken.push(`bay ${bay} was opened with a pack inside for ${member}, who is owed nothing`);
  }

  private heard(cabinet: string, prompt: Prompt): void {
    this.seen(`${cabinet} says ${prompt.id} ${prompt.bay ?? ""}`);
    this.said.add(prompt.id);
    for (const rider of this.riders) if (rider.data.cabinet === cabinet) rider.hear(prompt);
  }

  private look(): void {
    for (const rider of this.riders) {
      const deed = rider.look(this.clock.nowMs);
      if (deed === undefined) continue;
      this.seen(deed);
      this.moment("after a deed");
    }
    this.clock.after(lookMs, () => this.look());
  }

  pass(ms: number): void {
    this.clock.runUntil(this.clock.nowMs + ms);
  }

  until(condition: () => boolean, what: string): void {
    const endMs = this.clock.nowMs + patienceMs;
    while (!condition()) {
      if (this.clock.nowMs >= endMs) {
        this.broken.push(`waited ${patienceMs / 1_000} s in vain for ${what}`);
        return;
      }
      this.pass(lookMs);
    }
  }

  isAlarmed(): boolean {
    const { alerts, durable } = this.controller.loop.state();
    return Object.keys(this.world.smoke).some((cabinet) => isFire(alerts, durable.safety.latches, cabinet));
  }

  settle(): void {
    this.until(() => this.controller.settled, "the station to settle");
  }

  /** Comes to the cabinet and scans. */
  visit(rider: Rider, manner: Manner = proper): void {
    rider.come(manner);
    this.scan(rider);
  }

  scan(rider: Rider): void {
    this.scanned = true;
    this.seen(`${rider.data.member} scans at ${rider.data.cabinet}`);
    this.controller.scan(rider.data.member, rider.data.cabinet);
    this.moment("after a scan");
  }

  /** Until the visits of all who came are over, as far as the station is concerned. */
  finish(): void {
    this.pass(500);
    this.settle();
    this.pass(1_500);
    this.settle();
    // Whoever took a pack and heard that all is well shuts the door behind.
    this.until(() => this.riders.every((rider) => !rider.isBusy()), "the riders to finish");
    for (const rider of this.riders) rider.data.here = false;
  }
}
