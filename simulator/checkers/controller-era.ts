/** Since when mains is there and the controller runs, and when it last had to start again. Judges of all kinds ask here. */
import type { CheckerSetup } from "./checker.ts";

export interface ControllerEra {
  /** The controller's computer runs. */
  readonly runs: boolean;
  /** Mains is there as well. */
  readonly isUp: boolean;
  /** Mains and computer have both been there for so long; 0 while they are not. */
  upMs(): number;
  /** When the computer last started, and when it last lost its power. */
  readonly bornMs: number;
  readonly diedMs: number | undefined;
}

export function controllerEra({ world, clock }: Pick<CheckerSetup, "world" | "clock">): ControllerEra {
  let mains = world.truth.mainsOn;
  let computer = true;
  let sinceMs = clock.nowMs;
  let bornMs = clock.nowMs;
  let diedMs: number | undefined;
  world.onTruth((event) => {
    if (event.type !== "mains" && event.type !== "computer") return;
    if (event.type === "mains") mains = event.on;
    else {
      computer = event.on;
      if (computer) bornMs = event.atMs;
      else diedMs = event.atMs;
    }
    sinceMs = event.atMs;
  });
  return {
    get runs() {
      return computer;
    },
    get isUp() {
      return mains && computer;
    },
    get bornMs() {
      return bornMs;
    },
    get diedMs() {
      return diedMs;
    },
    upMs: () => (mains && computer ? clock.nowMs - sinceMs : 0),
  };
}
