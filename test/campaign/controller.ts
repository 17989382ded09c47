/**
 * One life of a controller, from a start to the next power cut: the real log, the real order of acts and the real loop, on a
 * world of doors and packs. It plays the drivers' part (contacts and packs are polled, locks answer late) and tells its
 * witness of every instant at which the power could go.
 */
import { type Acts, createActs } from "../../firmware/runner/acts.ts";
import { emptyImage, type Image } from "../../firmware/runner/image.ts";
import { type JournalDesk, openJournalDesk } from "../../firmware/runner/journal-desk.ts";
import { createLoop, type Loop } from "../../firmware/runner/loop.ts";
import type { Effect } from "../../services/effects.ts";
import { type Levels, noLevels } from "../../services/levels.ts";
import type { Prompt } from "../../services/prompts.ts";
import type { BayReadings } from "../../services/readings.ts";
import { pulseStillWanted } from "../../services/station/pulse.ts";
import { bootState, type StationContext } from "../../services/station/state.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import type { SimulatedDisk } from "../../simulator/disk.ts";
import type { SplitRandom } from "../../simulator/random.ts";
import { digestOf } from "../support/bench-config.ts";
import { watchedDisk } from "./watched-disk.ts";
import type { World, WorldBay } from "./world.ts";

const pollMs = 250;
const packEveryMs = 1_000;
const logMaxBytes = 4 * 1_048_576;

export interface Witness {
  /** The power could go now. `landing` names a bay whose pulse is on its way and may still move the lock. */
  moment(what: string, landing?: number): void;
  pulsed(bay: number, member: string | undefined): void;
  said(cabinet: string, prompt: Prompt): void;
  fault(what: string): void;
}

export interface ControllerOptions {
  readonly world: World;
  readonly disk: SimulatedDisk;
  readonly clock: VirtualClock;
  readonly random: SplitRandom;
  readonly boot: string;
  readonly context: StationContext;
  readonly witness: Witness;
  /** Bays whose contacts stay unheard for so long after the start. */
  readonly blind?: { readonly bays: readonly number[]; readonly untilMs: number };
}

export class Controller {
  readonly desk: JournalDesk;
  readonly loop: Loop;
  readonly acts: Acts;
  private readonly options: ControllerOptions;
  private readonly image: Image;
  private readonly packsFromMs: number;
  private readonly packDueMs: number[] = [];
  private granted: Levels = noLevels;

  constructor(options: ControllerOptions) {
    const { context, clock, random, world } = options;
    this.options = options;
    this.image = emptyImage(context.config);
    this.desk = this.openDesk();
    this.acts = this.openActs();
    this.loop = createLoop(bootState(context, this.desk.durable, clock.monotonicMs()), context, {
      clock,
      readings: this.image,
      apply: (levels) => {
        this.granted = levels;
      },
      allOff: () => {
        this.granted = noLevels;
      },
      carryOut: (effects) => this.acts.carryOut(effects),
      beat: () => undefined,
      masterEnabled: () => true,
      onDecision: undefined,
    });
    this.packsFromMs = clock.monotonicMs() + random.between(300, 3_000);
    for (const bay of world.bays) if (bay !== undefined) this.packDueMs[bay.bay] = this.packsFromMs;
    clock.after(random.between(200, 1_200), () => this.poll());
    this.desk.start();
    const detail = `${this.loop.state().recovering.length} swap(s) to look after`;
    this.loop.post({ type: "told", record: { kind: "started", version: "0.0.0", detail } });
    this.loop.start();
  }

  private openDesk(): JournalDesk {
    const { disk, clock, boot, witness } = this.options;
    return openJournalDesk({
      disk: watchedDisk(disk, (moment) => witness.moment(moment)),
      clock,
      logId: "0123456789abcdef0123456789abcdef",
      boot,
      maxBytes: logMaxBytes,
      durableNow: () => this.loop.state().durable,
      onFault: (fault) => witness.fault(`${fault.code} ${JSON.stringify(fault)}`),
    });
  }

  private openActs(): Acts {
    const { witness } = this.options;
    return createActs({
      record: (effects, done) => this.desk.append(effects, done),
      unlock: (effect) => this.unlock(effect),
      prompt: ({ cabinet, prompt }) => {
        witness.moment("before a sentence");
        witness.said(cabinet, prompt);
        witness.moment("after a sentence");
      },
      reidentify: ({ bay }) => {
        witness.moment("before asking a pack anew");
        this.packDueMs[bay] = 0;
        witness.moment("after asking a pack anew");
      },
      release: ({ cabinet }) => this.loop.post({ type: "release-due", cabinet }),
      respond: () => undefined,
      lost: (swap, why) => {
        witness.fault(`record lost: ${why}`);
        this.loop.post({ type: "journal-failed", swap, why });
      },
    });
  }

  private unlock(effect: Extract<Effect, { do: "unlock" }>): void {
    const { bay, swap } = effect;
    const { clock, random, world, witness } = this.options;
    if (!pulseStillWanted(this.loop.state(), effect)) {
      this.loop.post({ type: "lock-failed", bay, why: "no longer wanted" });
      return;
    }
    this.loop.post({ type: "lock-sent", bay });
    witness.moment("before a pulse");
    const owner = Object.values(this.loop.state().swaps).find(({ id }) => id === swap);
    witness.pulsed(bay, owner?.member);
    witness.moment("after a pulse", bay);
    const { lock } = world.bay(bay);
    clock.after(random.between(15, 60), () => {
      if (lock !== "dead") world.pulse(bay);
      witness.moment("after a coil");
      if (lock === "mute") return;
      const answer = lock === "dead" ? ({ type: "lock-failed", bay, why: "no answer" } as const) : undefined;
      clock.after(random.between(5, 30), () => this.loop.post(answer ?? { type: "lock-driven", bay }));
    });
  }

  scan(member: string, cabinet: string): void {
    this.loop.post({ type: "scan", cabinet, digest: digestOf(member) });
  }

  order(order: { verb: "lock-out"; id: string; bay: number; lockOut: "operator" | "none"; reason: string }): void {
    const expiresAt = this.options.clock.wallMs() + 60_000;
    this.loop.post({ type: "request", request: { ...order, expiresAt } });
  }

  private poll(): void {
    const { clock, world } = this.options;
    const nowMs = clock.monotonicMs();
    let changed = false;
    for (const bay of world.bays) if (bay !== undefined && this.pollBay(bay, nowMs)) changed = true;
    for (const [id, smoke] of Object.entries(world.smoke)) {
      const cabinet = this.image.cabinets[id];
      if (cabinet === undefined) continue;
      if (cabinet.smoke?.value !== smoke) changed = true;
      cabinet.smoke = { value: smoke, atMs: nowMs, quality: "good" };
    }
    if (changed) this.loop.post({ type: "noticed" });
    clock.after(pollMs, () => this.poll());
  }

  private pollBay(bay: WorldBay, nowMs: number): boolean {
    const image = this.image.bays[bay.bay];
    const { blind } = this.options;
    if (image === undefined || (blind !== undefined && nowMs < blind.untilMs && blind.bays.includes(bay.bay)))
      return false;
    const { open, pack } = bay;
    const present = pack !== undefined;
    const changed = image.latched?.value === open || image.present?.value !== present;
    image.doorShut = { value: !open, atMs: nowMs, quality: "good" };
    image.latched = { value: !open, atMs: nowMs, quality: "good" };
    image.present = { value: present, atMs: nowMs, quality: "good" };
    const outMa = this.granted.bays[bay.bay]?.chargeMa ?? 0;
    image.charger = { value: { outMv: pack?.packMv ?? 0, outMa }, atMs: nowMs, quality: "good" };
    return this.pollPack(bay, image, nowMs) || changed;
  }

  private pollPack(bay: WorldBay, image: BayReadings, nowMs: number): boolean {
    if (nowMs < Math.max(this.packDueMs[bay.bay] ?? 0, this.packsFromMs)) return false;
    this.packDueMs[bay.bay] = nowMs + packEveryMs;
    const { pack, plugged } = bay;
    if (pack === undefined || pack.packId === undefined || !plugged) {
      if (image.pack !== undefined) image.pack = { ...image.pack, quality: "stale" };
      return false;
    }
    const changed = image.pack?.value?.packId !== pack.packId;
    const packMa = this.granted.bays[bay.bay]?.chargeMa ?? 0;
    image.pack = { value: packMa === 0 ? pack : { ...pack, packMa }, atMs: nowMs, quality: "good" };
    return changed;
  }

  /** Nothing is being decided, written or looked after any more. */
  get settled(): boolean {
    const { swaps, recovering } = this.loop.state();
    return recovering.length === 0 && Object.keys(swaps).length === 0 && this.acts.waiting() === 0;
  }
}
