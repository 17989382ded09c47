/**
 * Tells when the broker has been out of reach for so long that an operator should hear of it; a blip says nothing (N1). The
 * mark clears itself with the next connection (E32). Nothing the station does for riders depends on it.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";

const lostAfterMs = 60_000;

export interface ConnectionWatch {
  changed(connected: boolean): void;
  close(): void;
}

export function createConnectionWatch(clock: Clock, tell: (lost: boolean) => void): ConnectionWatch {
  let timer: Timer | undefined;
  const watch = (): void => {
    timer ??= clock.after(lostAfterMs, () => tell(true));
  };
  watch();
  return {
    changed(connected) {
      if (!connected) {
        watch();
        return;
      }
      timer?.cancel();
      timer = undefined;
      tell(false);
    },
    close() {
      timer?.cancel();
    },
  };
}
