/**
 * Lets faults strike when a plan says so, and mends each when its time is over. The plan is a list made beforehand, so a run can be
 * repeated with fewer of them. It counts what struck; what could not strike (nothing there to break) is counted apart.
 */
import type { LoadedConfig } from "../../firmware/config/load.ts";
import { createRandom } from "../random.ts";
import type { Simulation } from "../simulation.ts";
import { faultNamed } from "./catalogue.ts";
import type { Fault, Strike } from "./fault.ts";
import type { Troubles } from "./troubles.ts";

/** One strike of a plan. */
export interface PlannedFault {
  /** Simulated time. */
  readonly atMs: number;
  readonly fault: string;
  /** How long it stays; 0 for what is over at once. */
  readonly lastsMs: number;
  readonly where?: string | undefined;
  /** Names this strike's own randomness. */
  readonly draw: string;
}

/** A strike that happened. */
export interface Landed {
  readonly planned: PlannedFault;
  readonly atMs: number;
  readonly where: string;
  /** Names of other faults that were still there. */
  readonly beside: readonly string[];
  /** The controller had been started this long before, at most a minute ago. */
  readonly whileRecovering: boolean;
}

interface Open {
  /** Counted from 1, so that it can be asked to end. */
  readonly n: number;
  readonly fault: Fault;
  readonly where: string;
  readonly endsMs: number;
  /** It is there, but the moment for which it waits has not come. */
  waits: boolean;
  readonly end: () => void;
}

const recoveringMs = 60_000;

export class FaultDirector {
  readonly landed: Landed[] = [];
  /** Names of faults that found nothing to break, each as often as that was so. */
  readonly missed: string[] = [];
  onLanded: ((landed: Landed) => void) | undefined;
  private readonly simulation: Simulation;
  private readonly config: LoadedConfig;
  private readonly troubles: Troubles;
  private readonly open = new Map<PlannedFault, Open>();
  private opened = 0;
  private bornMs = 0;
  private over = false;

  constructor(simulation: Simulation, config: LoadedConfig, plan: readonly PlannedFault[]) {
    this.simulation = simulation;
    this.config = config;
    this.troubles = simulation.troubles;
    const { clock, world } = simulation;
    world.onTruth((event) => {
      if (event.type === "computer" && event.on) this.bornMs = clock.nowMs;
    });
    for (const planned of plan) {
      clock.after(planned.atMs - clock.nowMs, () => {
        this.strike(planned);
      });
    }
  }

  /** Nothing strikes any more, and everything is mended. */
  end(): void {
    this.over = true;
    for (const planned of [...this.open.keys()]) this.mend(planned);
  }

  /** Names of what is broken now. */
  active(): string[] {
    return [...this.open.values()].map(({ fault }) => fault.name);
  }

  /** What is broken now, in the order in which it was. */
  strikes() {
    return [...this.open.values()].map(({ n, fault, where, endsMs, waits }) => {
      const { name, says } = fault;
      return { n, fault: name, says, where, endsMs, waits };
    });
  }

  /** Ends a strike of `strikes` before its time; false where it is over. */
  mendNow(n: number): boolean {
    const found = [...this.open].find(([, open]) => open.n === n);
    if (found !== undefined) this.mend(found[0]);
    return found !== undefined;
  }

  /** Now, whatever time it was planned for. False where there is nothing that it could strike. */
  strike(planned: PlannedFault): boolean {
    const fault = faultNamed(planned.fault);
    if (fault === undefined) throw new RangeError(`there is no fault ${planned.fault}`);
    if (this.over) return false;
    const note = { where: "" };
    const strike = fault.strike({
      simulation: this.simulation,
      config: this.config,
      random: createRandom(planned.draw),
      where: planned.where,
      troubles: this.troubles,
      landed: () => this.noteLanded(planned, fault, note.where),
    });
    if (strike === undefined) {
      this.missed.push(fault.name);
      return false;
    }
    note.where = strike.where;
    if (strike.lurks !== true) this.noteLanded(planned, fault, strike.where);
    this.keepOpen(planned, fault, strike);
    return true;
  }

  private keepOpen(planned: PlannedFault, fault: Fault, { where, end, lurks }: Strike): void {
    if (end === undefined) return;
    this.opened++;
    const endsMs = this.simulation.clock.nowMs + planned.lastsMs;
    this.open.set(planned, { n: this.opened, fault, where, endsMs, waits: lurks === true, end });
    this.simulation.clock.after(planned.lastsMs, () => this.mend(planned));
  }

  private mend(planned: PlannedFault): void {
    const open = this.open.get(planned);
    this.open.delete(planned);
    open?.end();
  }

  private noteLanded(planned: PlannedFault, fault: Fault, where: string): void {
    const atMs = this.simulation.clock.nowMs;
    const open = this.open.get(planned);
    if (open !== undefined) open.waits = false;
    const beside = this.active().filter((name) => name !== fault.name);
    const whileRecovering = this.bornMs > 0 && atMs - this.bornMs < recoveringMs;
    const landed = { planned, atMs, where, beside, whileRecovering };
    this.landed.push(landed);
    this.onLanded?.(landed);
  }
}
