/**
 * A rider who does what is asked: puts the pack into the bay that opened, takes what is handed out, shuts doors. Acts only on
 * what a person could see (an open door and what the screen asks for) and never scans without being told to.
 */
import type { PackReading } from "../../services/readings.ts";
import type { Swap } from "../../services/swap/swap.ts";
import type { StationBench } from "./station-bench.ts";

/** Riders make mistakes: some shut the full bay without taking anything, some bring no pack at all. */
export type Manner = "proper" | "takes-nothing" | "brings-nothing";

export class PatientRider {
  readonly member: string;
  readonly cabinet: string;
  hand: PackReading | undefined;
  private readonly bench: StationBench;

  private readonly manner: Manner;

  constructor(
    bench: StationBench,
    member: string,
    hand: PackReading | undefined,
    more: { readonly cabinet?: string; readonly manner?: Manner } = {},
  ) {
    this.bench = bench;
    this.member = member;
    this.cabinet = more.cabinet ?? "c-1";
    this.manner = more.manner ?? "proper";
    this.hand = this.manner === "brings-nothing" ? undefined : hand;
  }

  private get swap(): Swap | undefined {
    const swap = this.bench.state.swaps[this.cabinet];
    return swap?.member === this.member ? swap : undefined;
  }

  scan(): void {
    this.bench.scan(this.member, this.cabinet);
  }

  act(): void {
    const { swap } = this;
    if (swap === undefined) return;
    if (swap.at === "await-insert" && swap.inBay !== undefined) this.insert(swap.inBay);
    else if (swap.at === "await-take-back" && swap.inBay !== undefined) this.fetch(swap.inBay);
    else if (swap.at === "await-take" || swap.at === "taken") this.fetch(swap.outBay);
  }

  private insert(bay: number): void {
    const { bench } = this;
    if (!bench.bay(bay).open) return;
    if (this.hand !== undefined && bench.bay(bay).pack === undefined) {
      bench.put(bay, this.hand);
      this.hand = undefined;
    }
    bench.shut(bay);
  }

  private fetch(bay: number): void {
    const { bench } = this;
    const world = bench.bay(bay);
    if (!world.open) return;
    if (world.pack === undefined || this.manner === "takes-nothing") {
      bench.shut(bay);
    } else if (this.hand === undefined) {
      this.hand = world.pack;
      bench.take(bay);
    }
  }

  /** Stands there and reacts for so long, or until something is so. */
  stay(ms: number, until: () => boolean = () => false): void {
    for (let waitedMs = 0; waitedMs < ms && !until(); waitedMs += 250) {
      this.bench.pass(250);
      this.act();
    }
  }
}
