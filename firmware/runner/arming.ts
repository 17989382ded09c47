/**
 * The contactors' supply follows the loop's own progress: it is switched on only after the loop ran on time for a while, and
 * after a standstill nothing it knew is trusted. It never switches anything off: the guardian does that when the beat stops.
 */
import type { Platform } from "./platform.ts";

/** After a start or a standstill the loop must run this long on time before contactors get their supply. */
const armAfterMs = 1_000;

export interface Arming {
  /** The loop made a scan; `paused`: it had stood still before. */
  beat(paused: boolean): void;
  /** A stop is wanted: nothing is switched on any more. */
  stop(): void;
}

export function createArming({ masterEnable, clock, note }: Pick<Platform, "masterEnable" | "clock" | "note">): Arming {
  let mayArmMs = clock.monotonicMs() + armAfterMs;
  let stopping = false;
  return {
    beat: (paused) => {
      if (masterEnable === undefined) return;
      const nowMs = clock.monotonicMs();
      if (paused) {
        note("warn", "the loop stood still", {});
        mayArmMs = nowMs + armAfterMs;
      }
      masterEnable.beat();
      if (stopping || masterEnable.isOn() || nowMs < mayArmMs) return;
      mayArmMs = nowMs + armAfterMs;
      masterEnable.arm();
    },
    stop: () => {
      stopping = true;
    },
  };
}
