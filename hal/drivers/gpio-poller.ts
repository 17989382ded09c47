/**
 * Edges by looking: one timer asks every watched input in turn and tells about changes. An input that cannot be read keeps
 * its last level here and is asked again; whoever needs to know its quality reads it. It stops when nobody watches.
 */
import type { Clock, Timer } from "../ports/clock.ts";

export interface GpioPoller {
  /** Tells every change from now on. Returns how to stop. */
  add(read: () => boolean, onLevel: (high: boolean) => void): () => void;
}

interface Watched {
  readonly read: () => boolean;
  readonly onLevel: (high: boolean) => void;
  last: boolean | undefined;
}

/** The level, or undefined when it cannot be read just now. */
function levelOf(read: () => boolean): boolean | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

export function gpioPoller(clock: Clock, periodMs: number): GpioPoller {
  const watched = new Set<Watched>();
  let timer: Timer | undefined;

  function poll(): void {
    timer = clock.after(periodMs, poll);
    for (const input of watched) {
      const level = levelOf(input.read);
      if (level === undefined || level === input.last) continue;
      const first = input.last === undefined;
      input.last = level;
      if (!first) input.onLevel(level);
    }
  }

  return {
    add(read, onLevel) {
      const input: Watched = { read, onLevel, last: levelOf(read) };
      watched.add(input);
      timer ??= clock.after(periodMs, poll);
      return () => {
        watched.delete(input);
        if (watched.size > 0) return;
        timer?.cancel();
        timer = undefined;
      };
    },
  };
}
