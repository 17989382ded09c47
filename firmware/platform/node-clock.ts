/**
 * The clock of the real process. One host timer serves a heap of ours, because the host's own timers run early by a
 * fraction of a millisecond, run at once when asked for more than 24.8 days, and keep no order between different delays.
 * It refuses to call wall time synchronised until a time source said so.
 */
import { existsSync } from "node:fs";
import type { Clock, Timer } from "../../hal/ports/clock.ts";

export interface NodeClockOptions {
  /**
   * Files whose existence says that a time source has set the clock since boot. systemd-timesyncd makes the default one
   * (systemd-timesyncd.service(8)); with chrony or ntpd, a start-up hook has to make a file and the operator names it.
   */
  readonly synchronisedFiles?: readonly string[];
  /** How long a "not yet" is believed before the files are looked at again. */
  readonly recheckMs?: number;
}

const SYNCHRONISED_FILES = ["/run/systemd/timesync/synchronized"];
/** Node holds delays as signed 32-bit milliseconds and runs longer ones at once. */
const HOST_TIMER_MAX_MS = 2_147_483_647;
/** Cancelled timers are dropped when they surface; beyond this many, and half of the heap, all at once. */
const COMPACT_MIN = 64;

interface HeapEntry {
  readonly dueMs: number;
  readonly order: number;
  run: (() => void) | undefined;
}

function before(a: HeapEntry, b: HeapEntry): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

function push(heap: HeapEntry[], entry: HeapEntry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as HeapEntry;
    if (before(above, entry)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: HeapEntry[]): void {
  const last = heap.pop() as HeapEntry;
  const size = heap.length;
  if (size === 0) return;
  let at = 0;
  for (let child = 1; child < size; child = 2 * at + 1) {
    const right = child + 1;
    if (right < size && before(heap[right] as HeapEntry, heap[child] as HeapEntry)) child = right;
    const below = heap[child] as HeapEntry;
    if (before(last, below)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = last;
}

/** Timers in the order the port promises, driven by one host timer. */
function timerHeap(): { after(delayMs: number, run: () => void): Timer } {
  let heap: HeapEntry[] = [];
  let made = 0;
  let cancelled = 0;
  let host: ReturnType<typeof setTimeout> | undefined;
  let hostDueMs = Number.POSITIVE_INFINITY;
  let running = false;

  function next(): HeapEntry | undefined {
    while (heap[0] !== undefined && heap[0].run === undefined) {
      pop(heap);
      cancelled--;
    }
    return heap[0];
  }

  function arm(): void {
    const dueMs = next()?.dueMs ?? Number.POSITIVE_INFINITY;
    if (running || dueMs === hostDueMs) return;
    if (host !== undefined) clearTimeout(host);
    hostDueMs = dueMs;
    // Rounded up, because a host timer may come up to a millisecond early and would then only be armed again.
    const delayMs = Math.min(HOST_TIMER_MAX_MS, Math.max(0, Math.ceil(dueMs - performance.now())));
    host = dueMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(runDue, delayMs);
  }

  function runDue(): void {
    host = undefined;
    hostDueMs = Number.POSITIVE_INFINITY;
    running = true;
    // A timer made by a timer waits for the next turn even when due, so that input and output are not starved.
    const turn = made;
    try {
      for (let due = next(); due !== undefined && due.dueMs <= performance.now(); due = next()) {
        if (due.order >= turn) break;
        const run = due.run as () => void;
        due.run = undefined;
        pop(heap);
        run();
      }
    } finally {
      running = false;
      arm();
    }
  }

  function dropCancelled(): void {
    const live = heap.filter((entry) => entry.run !== undefined);
    heap = [];
    for (const entry of live) push(heap, entry);
    cancelled = 0;
  }

  function after(delayMs: number, run: () => void): Timer {
    const nowMs = performance.now();
    // A negative or NaN delay is a mistake of the caller; it must not break the heap's order.
    const entry: HeapEntry = { dueMs: delayMs > 0 ? nowMs + delayMs : nowMs, order: made++, run };
    push(heap, entry);
    arm();
    return {
      cancel() {
        if (entry.run === undefined) return;
        entry.run = undefined;
        cancelled++;
        if (cancelled > COMPACT_MIN && cancelled * 2 > heap.length) dropCancelled();
        arm();
      },
    };
  }

  return { after };
}

/** Asks the files at most every `recheckMs`, and never again after the first yes: no time source takes its word back. */
function synchronisation(options: NodeClockOptions): () => boolean {
  const files = options.synchronisedFiles ?? SYNCHRONISED_FILES;
  const recheckMs = options.recheckMs ?? 5_000;
  let synchronised = false;
  let askedMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = performance.now();
    if (!synchronised && nowMs - askedMs >= recheckMs) {
      askedMs = nowMs;
      synchronised = files.some((file) => existsSync(file));
    }
    return synchronised;
  };
}

export function nodeClock(options: NodeClockOptions = {}): Clock {
  const { after } = timerHeap();
  return {
    // CLOCK_MONOTONIC since the process started; wall-clock jumps do not reach it.
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    wallSynchronised: synchronisation(options),
    after,
  };
}
