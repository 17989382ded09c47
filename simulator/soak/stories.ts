/**
 * Short stories of a few steps each, for what the faults of the catalogue and ordinary mistakes hardly ever bring about: the
 * emergency stop in the middle of a swap, a rider who is called away from an open door, a controller that dies at one certain step.
 * Each is a list of steps like any other; whether it comes to its point depends on who happens to be there.
 */
import { developmentCredential, technicianCredential } from "../members.ts";
import type { SplitRandom } from "../random.ts";
import type { Moment } from "./moments.ts";
import type { DeedStep, FaultStep, RequestStep, ScanStep, Step, VisitStep } from "./scenario.ts";
import { lengthText, momentText } from "./time-text.ts";

/** Steps without their times: `atMs` after the story begins. */
type Timeless<S> = Omit<S, "at" | "lasts" | "after">;
type Part = { readonly atMs?: number; readonly afterMs?: number; readonly lastsMs?: number } & (
  | Timeless<VisitStep>
  | Timeless<FaultStep>
  | Timeless<RequestStep>
  | Timeless<ScanStep>
  | Timeless<DeedStep>
);

export interface Cast {
  readonly random: SplitRandom;
  readonly rider: number;
  readonly cabinet: string;
  readonly bays: number;
}

type Story = (cast: Cast) => readonly Part[];

const second = 1_000;
const minute = 60 * second;

const between = ({ random }: Cast, from: number, to: number): number => Math.round(random.between(from, to));
/** Somebody with a tired pack, so that every station has a better one. */
const comes = ({ rider, cabinet }: Cast, does: VisitStep["does"] = "proper", packPct = 20): Part => ({
  rider,
  does,
  cabinet,
  packPct,
});
const dies = (when: Moment, afterMs = 0): Part => ({ deed: "controller-killed", when, afterMs });
const goesAway = (when: Moment, afterMs = 0): Part => ({ deed: "rider-called-away", when, afterMs });
const jams = (where: "in-bay" | "out-bay", when: Moment): Part => ({
  fault: "lock-jams",
  where,
  when,
  lastsMs: 3 * minute,
});

const beforeDeposit = ["opening-in", "await-insert"] as const satisfies readonly Moment[];
const underWay = ["inspecting", "returning", "preparing-out", "opening-out"] as const satisfies readonly Moment[];
const anyStep = [...beforeDeposit, ...underWay, "await-take", "await-take-back", "taken"] as const;

const stopPressed = (cast: Cast, when: Moment): Part => ({
  deed: "emergency-stop",
  when,
  afterMs: between(cast, 0, 2 * second),
  lastsMs: between(cast, minute, 10 * minute),
});
const smoke = (cast: Cast, when: Moment): Part => ({
  fault: "smoke",
  where: "cabinet",
  when,
  afterMs: between(cast, 0, 2 * second),
  lastsMs: between(cast, 20 * second, 5 * minute),
});

/** By name, as tests and people speak of them. */
export const stories: Readonly<Record<string, Story>> = {
  "stopped before the deposit": (cast) => [
    comes(cast),
    stopPressed(cast, cast.random.pick(beforeDeposit)),
    { ...comes({ ...cast, rider: cast.rider + 1 }), atMs: between(cast, 20 * second, 2 * minute) },
  ],
  "stopped in the middle": (cast) => [
    comes(cast, cast.random.pick(["proper", "full-pack"])),
    stopPressed(cast, cast.random.pick(underWay)),
  ],
  "smoke before the deposit": (cast) => [comes(cast), smoke(cast, cast.random.pick(beforeDeposit))],
  "smoke in the middle": (cast) => [
    comes(cast, cast.random.pick(["proper", "full-pack"])),
    smoke(cast, cast.random.pick(underWay)),
  ],
  "water while a rider comes": (cast) => [
    { deed: "water-comes-in", where: `cabinet ${cast.cabinet}`, lastsMs: between(cast, 2 * minute, 20 * minute) },
    { ...comes(cast), atMs: between(cast, 5 * second, minute) },
  ],
  "a technician who is too early": (cast) => [
    { fault: "smoke", where: `cabinet ${cast.cabinet}`, lastsMs: 4 * minute },
    { deed: "heat-cord-closes", where: `cabinet ${cast.cabinet}`, atMs: 10 * second, lastsMs: 3 * minute },
    { cabinet: cast.cabinet, shows: technicianCredential, atMs: 2 * minute },
    { cabinet: cast.cabinet, shows: technicianCredential, atMs: 6 * minute },
    { cabinet: cast.cabinet, shows: technicianCredential, atMs: 15 * minute },
  ],
  "a restart in the middle of a swap": (cast) => [
    comes(cast),
    { deed: "controller-restarted", when: "await-insert" },
    { shows: developmentCredential(cast.rider + 2), when: "await-insert", afterMs: between(cast, 500, 2 * second) },
  ],
  "an operator at work": (cast) => [
    { request: "open", with: { bay: 1 + cast.random.int(cast.bays) } },
    comes(cast),
    { ...comes({ ...cast, rider: cast.rider + 1 }), atMs: 15 * second },
  ],
  "killed at a step": (cast) => [comes(cast), dies(cast.random.pick(anyStep), between(cast, 0, 2 * second))],
  "the power blinks at a step": (cast) => [
    comes(cast),
    { fault: "brown-out", when: cast.random.pick(anyStep), afterMs: between(cast, 0, 2 * second) },
  ],
  "killed before the full pack's door": (cast) => [comes(cast), dies("preparing-out"), dies("opening-out")],
  "killed over an own pack that goes back": (cast) => [
    comes(cast, "full-pack", 100),
    goesAway("await-take-back", 200),
    dies("await-take-back", between(cast, 200, 900)),
  ],
  "killed while a full pack stands in the open": (cast) => [
    comes(cast),
    goesAway("await-take", 200),
    dies("await-take", between(cast, 200, 900)),
    ...(cast.random.chance(0.5)
      ? [{ deed: "door-shut", where: "out-bay", when: "await-take", afterMs: 2_000 } as Part]
      : []),
  ],
  "a thief while the controller is down": (cast) => [
    comes(cast),
    dies("inspecting", between(cast, 100, 800)),
    { deed: "pack-carried-off", where: "in-bay", when: "inspecting", afterMs: 1_500 },
  ],
  "a bay that nobody sees after a start": (cast) => [
    comes(cast),
    { fault: "line-dead", where: `line relays-${cast.cabinet}`, when: "inspecting", lastsMs: 25 * second },
    dies("inspecting", 500),
    { deed: "rider-scans-again", when: "started", afterMs: between(cast, 2 * second, 8 * second) },
  ],
  "an own pack behind a stuck door": (cast) => [comes(cast, "full-pack", 100), jams("in-bay", "inspecting")],
  "a loose plug behind a stuck door": (cast) => [comes(cast, "forgets-plug"), jams("in-bay", "inspecting")],
  "a full bay that does not open": (cast) => [comes(cast), jams("out-bay", "inspecting")],
  "a full bay that does not open again": (cast) => [comes(cast, "takes-nothing"), jams("out-bay", "await-take")],
  "a rider who leaves the own pack": (cast) => [
    comes(cast, "full-pack", 100),
    goesAway("await-take-back", between(cast, 0, second)),
  ],
  "a rider who is called away": (cast) => [
    comes(cast),
    goesAway(cast.random.pick(anyStep), between(cast, 0, 2 * second)),
  ],
  "a rider who comes back to an open door with their pack": (cast) => [
    comes(cast),
    goesAway("await-take", between(cast, 100, 700)),
    // The door is given up after a minute, and shut by whoever passes by.
    { ...comes(cast), when: "await-take", afterMs: between(cast, 61 * second, 80 * second) },
  ],
  "a rider who puts it in late": (cast) => [
    comes(cast, "abandons-before-insert"),
    { ...comes(cast, "puts-in-first"), atMs: between(cast, 80 * second, 2 * minute) },
  ],
  "a door pulled open": (cast) => [
    comes(cast),
    { deed: "door-pulled-open", where: "in-bay", when: "inspecting", afterMs: between(cast, 0, 500) },
  ],
  "another pack in the emptied bay": (cast) => [
    comes(cast),
    { deed: "pack-left-behind", where: "out-bay", when: "taken" },
  ],
  "a pack put back": (cast) => [comes(cast, "puts-back")],
  "a wet plug": (cast) => [
    comes(cast),
    { deed: "plug-wet", where: "in-bay", when: "await-insert", lastsMs: 90 * second },
  ],
  "a pack that never answers": (cast) => [
    comes(cast),
    { deed: "pack-silent", where: "in-bay", when: "await-insert", lastsMs: 10 * minute },
  ],
  "a friend's pack": (cast) => [
    comes(cast),
    { ...comes({ ...cast, rider: cast.rider + 1 }), atMs: 3 * minute },
    { ...comes({ ...cast, rider: cast.rider + 2 }, "other-pack"), atMs: 7 * minute },
  ],
  // Most of the time the best of the stock is full, and then there is nothing better.
  "a pack better than the stock": (cast) => [
    comes(cast, "proper", 99),
    { ...comes(cast, "proper", 99), atMs: 3 * minute },
    { ...comes({ ...cast, rider: cast.rider + 1 }, "proper", 99), atMs: 15 * minute },
    { ...comes({ ...cast, rider: cast.rider + 2 }, "proper", 99), atMs: 40 * minute },
  ],
};

export interface StoryDraw {
  readonly perDay: number;
  /** Bays of each cabinet. */
  readonly bays: readonly number[];
  readonly riders: number;
  readonly lastsMs: number;
}

const DAY_MS = 86_400_000;

function stepOf({ atMs = 0, afterMs, lastsMs, ...part }: Part, beginsMs: number): Step {
  return {
    at: momentText(beginsMs + atMs),
    ...part,
    ...(afterMs === undefined ? {} : { after: lengthText(afterMs) }),
    ...(lastsMs === undefined ? {} : { lasts: lengthText(lastsMs) }),
  } as Step;
}

/** A story that begins at this time. */
export const stepsOf = (parts: readonly Part[], beginsMs: number): Step[] =>
  parts.map((part) => stepOf(part, beginsMs));

export function drawStories(random: SplitRandom, { perDay, bays, riders, lastsMs }: StoryDraw): Step[] {
  if (perDay === 0) return [];
  const steps: Step[] = [];
  const all = Object.values(stories);
  const count = bays.reduce((sum, some) => sum + some, 0);
  for (let atMs = random.exponential(DAY_MS / perDay); atMs < lastsMs; atMs += random.exponential(DAY_MS / perDay)) {
    const cast = { random, rider: random.int(riders - 2), cabinet: "abc".charAt(random.int(bays.length)), bays: count };
    const begun = Math.round(atMs / second) * second;
    for (const part of random.pick(all)(cast)) if (begun + (part.atMs ?? 0) < lastsMs) steps.push(stepOf(part, begun));
  }
  return steps;
}
