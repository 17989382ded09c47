/**
 * Tells what an operator should hear of the connection to the broker: that it has been out of reach for so long that a blip (N1) it
 * is not, and that it breaks again and again soon after it was made, as it does when another client bears the same id (N13).
 * Both clear themselves (E32). Nothing the station does for riders depends on them.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";

const lostAfterMs = 60_000;
/** Longer than the longest pause of a link: of two with one id, each is thrown out when the other's pause ends. */
const shortMs = 90_000;
const shortLivesMax = 5;

export interface ConnectionWatch {
  changed(connected: boolean): void;
  close(): void;
}

export type ConnectionFault = "broker-lost" | "broker-unsteady";

export function createConnectionWatch(
  clock: Clock,
  tell: (fault: ConnectionFault, present: boolean) => void,
): ConnectionWatch {
  let lost: Timer | undefined;
  let steady: Timer | undefined;
  let shortLives = 0;

  const watch = (): void => {
    lost ??= clock.after(lostAfterMs, () => tell("broker-lost", true));
  };
  const made = (): void => {
    lost?.cancel();
    lost = undefined;
    tell("broker-lost", false);
    steady ??= clock.after(shortMs, () => {
      steady = undefined;
      shortLives = 0;
      tell("broker-unsteady", false);
    });
  };
  const broken = (): void => {
    watch();
    // The timer still runs: this connection did not live long.
    if (steady === undefined) return;
    steady.cancel();
    steady = undefined;
    shortLives++;
    if (shortLives >= shortLivesMax) tell("broker-unsteady", true);
  };
  watch();
  return {
    changed: (connected) => (connected ? made() : broken()),
    close() {
      lost?.cancel();
      steady?.cancel();
    },
  };
}
