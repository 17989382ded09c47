/**
 * The drinks fridge with its lock, its door and its thermometers. Cans know how long they were too warm, whatever a controller
 * believes; the lock holds the door unless it is released, and a technician has a key. It decides nothing.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import { type FridgeState, fridgeAt, restock, stepFridge, takeCan } from "../models/fridge.ts";
import type { Site } from "../models/site.ts";
import type { Circuits } from "./circuits.ts";
import { fridgeDoor, fridgeOutput } from "./names.ts";
import type { RoomShell } from "./shell.ts";

export interface FridgeBodyOptions {
  readonly circuits: Circuits;
  readonly site: Site;
  readonly clock: Clock;
  readonly shell: RoomShell;
  readonly cans: number;
  /** Above this the contents lose their time. */
  readonly limitC: number;
}

const STEP_S_MAX = 60;
const START_C = 4;
/** The evaporator follows what happens to it with about this time constant. */
const EVAPORATOR_S = 90;
const EVAPORATOR_COLD_C = -12;
const EVAPORATOR_DEFROSTED_C = 14;
const MELTING_C = 0.5;
/** The car that brings the drinks is cool, not cold. */
const DELIVERED_C = 8;

export class FridgeBody {
  doorOpen = false;
  evaporatorC = START_C;
  electricJ = 0;
  /** How long these contents were above the limit since they were put in. */
  warmMs = 0;
  private state: FridgeState;
  private readonly options: FridgeBodyOptions;
  private lookedMs: number;

  constructor(options: FridgeBodyOptions) {
    this.options = options;
    this.state = fridgeAt(START_C, options.cans);
    this.lookedMs = options.clock.monotonicMs();
    const { circuits } = options;
    circuits.contact(fridgeDoor, () => !this.doorOpen);
    circuits.beforeChange(() => this.look());
  }

  look(): void {
    const nowMs = this.options.clock.monotonicMs();
    if (nowMs === this.lookedMs) return;
    const { circuits, shell, limitC } = this.options;
    while (this.lookedMs < nowMs) {
      const seconds = Math.min(STEP_S_MAX, (nowMs - this.lookedMs) / 1_000);
      const step = stepFridge(
        this.state,
        {
          roomC: shell.airC,
          roomHumidityPct: shell.humidityPct,
          compressorOn: circuits.isLive(fridgeOutput("compressor")),
          doorOpen: this.doorOpen,
          defrostOn: circuits.isLive(fridgeOutput("defrostHeater")),
        },
        seconds,
      );
      this.electricJ += step.electricJ;
      if (step.cansC > limitC) this.warmMs += seconds * 1_000;
      this.state = step;
      this.followEvaporator(seconds);
      this.lookedMs = Math.min(nowMs, this.lookedMs + seconds * 1_000);
    }
  }

  private followEvaporator(seconds: number): void {
    const { circuits } = this.options;
    const defrosts = circuits.isLive(fridgeOutput("defrostHeater"));
    const defrostC = this.state.frostKg > 0 ? MELTING_C : EVAPORATOR_DEFROSTED_C;
    const restC =
      this.state.compressor === "running" ? EVAPORATOR_COLD_C : defrosts ? defrostC : Math.max(this.state.airC, 0);
    this.evaporatorC = restC + (this.evaporatorC - restC) * Math.exp(-seconds / EVAPORATOR_S);
  }

  get airC(): number {
    this.look();
    return this.state.airC;
  }

  get cansC(): number {
    this.look();
    return this.state.cansC;
  }

  get cans(): number {
    return this.state.cans;
  }

  get compressorRuns(): boolean {
    return this.state.compressor === "running";
  }

  /** Starts against pressure. */
  get stalls(): number {
    return this.state.stalls;
  }

  /** Somebody pulls at the door. */
  open(hasKey = false): boolean {
    if (this.doorOpen) return true;
    if (!hasKey && !this.options.circuits.isLive(fridgeOutput("lock"))) return false;
    this.moveDoor(true);
    return true;
  }

  shut(): void {
    this.moveDoor(false);
  }

  private moveDoor(open: boolean): void {
    if (this.doorOpen === open) return;
    this.look();
    this.doorOpen = open;
    this.options.circuits.changed(fridgeDoor);
  }

  /** One can, for `member`; undefined when somebody helps themselves at an open door. */
  take(member: string | undefined): boolean {
    this.look();
    const after = takeCan(this.state);
    if (after === undefined || !this.doorOpen) return false;
    this.state = after;
    this.options.site.emit({ type: "room-drink", member, warmMs: this.warmMs });
    return true;
  }

  /** Old ones that were too warm are thrown away; what is put in is counted anew. */
  fill(upTo: number, throwAway: boolean): number {
    this.look();
    if (throwAway) this.state = { ...this.state, cans: 0 };
    const added = Math.max(0, upTo - this.state.cans);
    this.state = restock(this.state, added, DELIVERED_C);
    this.warmMs = 0;
    this.options.site.emit({ type: "room-stocked", cans: this.state.cans });
    return this.state.cans;
  }
}
