/**
 * Power cuts: mains fails with everything that hangs on it, or the controller's computer alone loses its supply. Some last a blink,
 * some for hours; many strike at random, and some right when a door stands open or a lock is being driven, which is when they hurt.
 * It draws from its own stream and asks nobody.
 */
import type { VirtualClock } from "./clock.ts";
import type { Computer } from "./computer.ts";
import type { SplitRandom } from "./random.ts";
import type { TruthEvent } from "./truth-types.ts";
import type { World } from "./world-types.ts";

export interface PowerCutsOptions {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly computer: Computer;
  readonly random: SplitRandom;
  /** At random instants. About as many strike in the middle of something. */
  readonly perDay: number;
}

const DAY_MS = 86_400_000;
/** A blink, minutes, hours; each with its share. */
const OUTAGES: readonly { readonly share: number; readonly s: readonly [number, number] }[] = [
  { share: 0.6, s: [0.5, 20] },
  { share: 0.3, s: [60, 1_200] },
  { share: 0.1, s: [1_800, 7_200] },
];
/** The computer's own supply, and not mains: a plug that is loose, a restart by hand. */
const ONLY_COMPUTER = 0.3;
const ONLY_COMPUTER_S = [0.5, 120] as const;
/** Share of such moments at which the power goes. */
const AT_A_DEED = 0.012;
const DEED_MS = 3_000;
/** Somebody is in the middle of something. */
const isDeed = (event: TruthEvent): boolean =>
  (event.type === "room-door" && event.open) ||
  (event.type === "door" && event.open) ||
  event.type === "room-locker" ||
  (event.type === "room-shown" && event.good) ||
  (event.type === "room-output" && event.on && event.output.includes("lock"));

export class PowerCuts {
  mains = 0;
  computers = 0;
  darkMs = 0;
  private readonly options: PowerCutsOptions;
  private isOut = false;

  constructor(options: PowerCutsOptions) {
    this.options = options;
    const { world, clock } = options;
    const deeds = options.random.split("deeds");
    world.onTruth((event) => {
      if (isDeed(event) && deeds.chance(AT_A_DEED)) clock.after(deeds.between(0, DEED_MS), () => this.cut());
    });
    this.next();
  }

  private next(): void {
    const { clock, random, perDay } = this.options;
    clock.after(random.exponential(DAY_MS / perDay), () => {
      this.cut();
      this.next();
    });
  }

  private cut(): void {
    if (this.isOut) return;
    const { world, clock, computer, random } = this.options;
    this.isOut = true;
    const isMains = !random.chance(ONLY_COMPUTER);
    const lastsMs = isMains ? this.outageMs() : random.between(...ONLY_COMPUTER_S) * 1_000;
    if (isMains) {
      this.mains++;
      this.darkMs += lastsMs;
    } else this.computers++;
    const mainsBack = isMains ? world.cutMains() : undefined;
    computer.powerLost();
    clock.after(lastsMs, () => {
      this.isOut = false;
      mainsBack?.();
      computer.powerBack();
    });
  }

  private outageMs(): number {
    const { random } = this.options;
    let roll = random.next();
    for (const { share, s } of OUTAGES) {
      roll -= share;
      if (roll < 0) return random.between(...s) * 1_000;
    }
    return random.between(1, 2) * 1_000;
  }
}
