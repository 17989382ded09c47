/** All checkers of a run together: makes those that can look, counts what each looked at, keeps what they found, bounded. */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { BrokerMessage } from "../../hal/ports/broker-link.ts";
import type { StationConfig } from "../../services/config.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { SimulatedBroker } from "../broker.ts";
import type { VirtualClock } from "../clock.ts";
import type { SimulatedDisk } from "../disk.ts";
import type { Troubles } from "../faults/troubles.ts";
import type { World } from "../world-types.ts";
import { judges, type Need } from "./catalogue.ts";
import type { Checker, ControllerView, Violation, WholeSetup } from "./checker.ts";
import { Ears } from "./ears.ts";

const lookMs = 10_000;
const violationsMax = 100;

export interface Looked {
  readonly id: string;
  readonly says: string;
  /** In `simulator/checkers/`. */
  readonly file: string;
  readonly looksAt: string;
  readonly excuses: string | undefined;
  /** Judgements made: something was there to be compared. 0 means that nothing was proved. */
  readonly looks: number;
}

export interface Invariants {
  /** Judgements made, over all checkers. */
  checked(): number;
  violations(): readonly Violation[];
  names(): readonly string[];
  /** Every checker of this run, and how often it really looked. */
  all(): readonly Looked[];
  /** The controller journals this now. */
  recorded(record: JournalRecord): void;
  /** The controller's loop makes a scan now. */
  scanned(nowMs: number): void;
  /** The last look of a run. */
  finish(): void;
}

export interface InvariantsSetup {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly config: StationConfig;
  /** What is wired where; without it nobody listens to lines. */
  readonly file?: ConfigFile | undefined;
  /** Whose words are held against the truth; none where somebody else plays the controller. */
  readonly controller?: ControllerView | undefined;
  readonly broker?: SimulatedBroker | undefined;
  readonly disk?: SimulatedDisk | undefined;
  readonly troubles?: Troubles | undefined;
}

interface Made {
  readonly checker: Checker;
  readonly file: string;
  looks: number;
}

function isThere(need: Need, { config, controller, broker, disk, file }: InvariantsSetup): boolean {
  const there = { room: config.room, controller, broker, disk: controller && file && disk, wires: file } as const;
  return there[need] !== undefined;
}

/** Checkers by what they want to hear, so that nobody is asked in vain. */
function wanting<K extends keyof Checker>(made: readonly Made[], hook: K): NonNullable<Checker[K]>[] {
  return made.flatMap(({ checker }) => (checker[hook] === undefined ? [] : [checker[hook]]));
}

class AllInvariants implements Invariants {
  private readonly made: Made[];
  private readonly found: Violation[] = [];
  private readonly clock: VirtualClock;
  private readonly record: readonly ((record: JournalRecord) => void)[];
  private readonly scan: readonly ((nowMs: number) => void)[];

  constructor(setup: InvariantsSetup) {
    this.clock = setup.clock;
    const wanted = judges.filter(({ needs }) => needs.every((need) => isThere(need, setup)));
    const ears = setup.file === undefined ? undefined : new Ears(setup.world, setup.file, setup.clock);
    this.made = wanted.flatMap(({ file, make }) => make.map((one) => this.make(one, file, { ...setup, ears })));
    this.record = wanting(this.made, "onRecord");
    this.scan = wanting(this.made, "onScan");
    const truth = wanting(this.made, "onTruth");
    setup.world.onTruth((event) => {
      for (const tell of truth) tell(event);
    });
    const messages = wanting(this.made, "onMessage");
    setup.broker?.subscribe("#", (message: BrokerMessage) => {
      for (const tell of messages) tell(message);
    });
    const published = wanting(this.made, "onPublished");
    setup.broker?.overhear((message) => {
      for (const tell of published) tell(message);
    });
    this.lookRegularly();
  }

  private make(
    make: (setup: WholeSetup) => Checker,
    file: string,
    setup: InvariantsSetup & { ears: Ears | undefined },
  ) {
    const looked = (): void => {
      made.looks++;
    };
    const report = (invariant: string, what: string): void => {
      if (this.found.length < violationsMax) this.found.push({ invariant, atMs: this.clock.nowMs, what });
    };
    // A judge is made only where all that it needs is there.
    const made: Made = { checker: make({ ...setup, report, looked } as WholeSetup), file, looks: 0 };
    return made;
  }

  private lookRegularly(): void {
    const byPeriod = new Map<number, (() => void)[]>();
    for (const { checker } of this.made) {
      const { onLook, everyMs = lookMs } = checker;
      if (onLook !== undefined) byPeriod.set(everyMs, [...(byPeriod.get(everyMs) ?? []), onLook]);
    }
    for (const [everyMs, looks] of byPeriod) {
      const lookAgain = (): void => {
        for (const look of looks) look();
        this.clock.after(everyMs, lookAgain);
      };
      this.clock.after(everyMs, lookAgain);
    }
  }

  checked = (): number => this.made.reduce((sum, { looks }) => sum + looks, 0);
  violations = (): readonly Violation[] => this.found;
  names = (): readonly string[] => this.made.map(({ checker }) => `${checker.invariant}: ${checker.says}`);
  all = (): readonly Looked[] =>
    this.made.map(({ checker: { invariant, says, looksAt, excuses }, file, looks }) => {
      return { id: invariant, says, file, looksAt, excuses, looks };
    });

  recorded(record: JournalRecord): void {
    for (const tell of this.record) tell(record);
  }

  scanned(nowMs: number): void {
    for (const tell of this.scan) tell(nowMs);
  }

  finish(): void {
    for (const look of wanting(this.made, "onLook")) look();
    for (const look of wanting(this.made, "onFinish")) look();
  }
}

export function createInvariants(setup: InvariantsSetup): Invariants {
  return new AllInvariants(setup);
}
