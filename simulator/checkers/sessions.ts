/**
 * I4: one swap a cabinet, and a lock fires for it or for an operator alone. Swaps are what the log holds, locks are coils that
 * really had current.
 */
import type { JournalRecord } from "../../services/journal/records.ts";
import type { BookCheckerSetup, Checker } from "./checker.ts";
import { isNotOurs } from "./excuses.ts";

/** A pulse decided just before its swap ended, or its door had been seen, is on its way through disk and bus. */
const onItsWayMs = 5_000;
/** An operator's door may wait for the one coil, for the resting lock and for the charger. */
const operatorMs = 90_000;

interface Open {
  readonly cabinet: string;
  bays: readonly number[];
}

const baysOf = (swap: {
  readonly inBay?: number | undefined;
  readonly outBay?: number | undefined;
  readonly spares: readonly number[];
}) => [swap.inBay, swap.outBay, ...swap.spares].filter((bay) => bay !== undefined);

class Sessions {
  readonly open = new Map<string, Open>();
  /** Until when a bay's lock may still fire. */
  readonly untilMs = new Map<number, number>();

  /** Two that are at work in one cabinet, or on one bay. */
  begin(id: string, cabinet: string, bays: readonly number[]): string | undefined {
    const clash = [...this.open].find(([, other]) => other.cabinet === cabinet);
    this.open.set(id, { cabinet, bays });
    return clash === undefined
      ? undefined
      : `swap ${id} begins in cabinet ${cabinet} while swap ${clash[0]} is at work`;
  }

  choose(id: string, bays: readonly number[]): void {
    const open = this.open.get(id);
    if (open !== undefined) open.bays = [...new Set([...open.bays, ...bays])];
  }

  end(id: string, nowMs: number): void {
    for (const bay of this.open.get(id)?.bays ?? []) this.untilMs.set(bay, nowMs + onItsWayMs);
    this.open.delete(id);
  }

  owns(bay: number, nowMs: number): boolean {
    if (nowMs <= (this.untilMs.get(bay) ?? -1)) return true;
    for (const { bays } of this.open.values()) if (bays.includes(bay)) return true;
    return false;
  }
}

export function oneSwapACabinet(setup: BookCheckerSetup): Checker {
  const { clock, controller, report, looked } = setup;
  const sessions = new Sessions();
  /** A start knows what the log kept, and no more. */
  function startAgain(): void {
    sessions.open.clear();
    for (const swap of Object.values(controller.state().durable.swaps))
      sessions.begin(swap.id, swap.cabinet, baysOf(swap));
  }
  function note(record: JournalRecord): void {
    if (record.kind === "swap-reserved") {
      looked();
      const clash = sessions.begin(record.swap.id, record.swap.cabinet, baysOf(record.swap));
      if (clash !== undefined) report("I4", clash);
    } else if (record.kind === "swap-bay-chosen") sessions.choose(record.swap, baysOf(record));
    else if (record.kind === "swap-stage") sessions.choose(record.swap, [record.bay]);
    else if (record.kind === "swap-ended") sessions.end(record.swap, clock.nowMs);
    else if (record.kind === "operator-opening") sessions.untilMs.set(record.bay, clock.nowMs + operatorMs);
  }
  return {
    invariant: "I4",
    says: "one swap is at work in a cabinet, and a lock fires in a bay of that swap or by an operator's order",
    looksAt: "lock coils, against the swaps and orders in the log",
    excuses: "a coil that is driven at its board and not over its line",
    onRecord: note,
    onTruth(event) {
      if (event.type === "computer" && event.on) startAgain();
      if (event.type !== "coil" || !event.on || isNotOurs(event.bay, setup)) return;
      looked();
      if (!sessions.owns(event.bay, event.atMs))
        report("I4", `the lock of bay ${event.bay} fires, and nobody is served there`);
    },
  };
}
