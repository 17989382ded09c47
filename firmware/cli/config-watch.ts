/** Notices that the configuration file is no longer the one that runs. It says so and changes nothing: a restart does. */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import { type LoadedConfig, loadConfig } from "../config/load.ts";

const lookMs = 60_000;

export function watchConfig(running: LoadedConfig, clock: Clock, tell: (changed: boolean) => void): () => void {
  let timer: Timer;
  function look(): void {
    const now = loadConfig(running.path);
    tell(!now.ok || now.config.hash !== running.hash);
    timer = clock.after(lookMs, look);
  }
  timer = clock.after(lookMs, look);
  return () => timer.cancel();
}
