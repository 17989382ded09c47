/** Since when the room has had what it needs: mains, a running controller. Judges of the room excuse nothing else. */
import type { CheckerSetup } from "./checker.ts";

export interface RoomEra {
  /** Mains is there and the controller runs. */
  readonly isUp: boolean;
  /** How long both have been so; 0 while they are not. */
  upMs(): number;
}

export function roomEra({ world, clock }: Pick<CheckerSetup, "world" | "clock">): RoomEra {
  let mains = true;
  let computer = true;
  let sinceMs = clock.nowMs;
  world.onTruth((event) => {
    if (event.type !== "mains" && event.type !== "computer") return;
    if (event.type === "mains") mains = event.on;
    else computer = event.on;
    sinceMs = event.atMs;
  });
  const isUp = (): boolean => mains && computer;
  return {
    get isUp() {
      return isUp();
    },
    upMs: () => (isUp() ? clock.nowMs - sinceMs : 0),
  };
}
