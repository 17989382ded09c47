/** Notices that the configuration file is no longer the one that runs. It says so and changes nothing: a restart does. */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import { compareWithDisk, type LoadedConfig } from "../config/load.ts";

const lookMs = 60_000;

export function watchConfig(running: LoadedConfig, clock: Clock, tell: (changed: boolean) => void): () => void {
  let timer: Timer;
  function look(): void {
    tell(compareWithDisk(running).is !== "same");
    timer = clock.after(lookMs, look);
  }
  timer = clock.after(lookMs, look);
  return () => timer.cancel();
}
