/**
 * Draws a scenario from a seed: first the options (which classes of faults, how often, what station, weather, people, disk and
 * network), then the list of all that happens. Each seed switches some things off altogether, because what always happens hides
 * what happens without it (swarm testing: Groce et al., ISSTA 2012).
 */

import { isoFromMs } from "../../services/contract/iso-time.ts";
import { faults } from "../faults/catalogue.ts";
import { type FaultClass, faultClasses } from "../faults/fault.ts";
import { DEFAULT_MISTAKES, visitRate, visitRateMax } from "../models/rider-habits.ts";
import { createRandom, type SplitRandom } from "../random.ts";
import { MISTAKES } from "../visit-types.ts";
import { drawRequests, drawScans } from "./operators.ts";
import { type FaultStep, Scenario, type Step, type VisitStep } from "./scenario.ts";
import { drawStories } from "./stories.ts";
import { lengthText, momentMs, momentText } from "./time-text.ts";

export interface DrawOptions {
  readonly days: number;
  /** Names of the faults that may strike, or "all". */
  readonly faults: "all" | readonly string[];
  /** Every class of faults at once, up to five times as often: much breaks while other things are broken. */
  readonly harsh?: boolean;
}

/** What a seed drew before anything happened. */
export interface DrawnOptions {
  readonly scenario: Omit<Scenario, "steps">;
  /** Rates of the classes that are on. */
  readonly classes: Partial<Readonly<Record<FaultClass, number>>>;
  readonly visitsPerDay: number;
  /** Mistakes that riders of this seed make, times what is usual. */
  readonly clumsiness: number;
  readonly requestsPerDay: number;
  readonly storiesPerDay: number;
}

const DAY_MS = 86_400_000;
const YEAR_START = Date.UTC(2026, 0, 1);
/** Visits a bay and a day: few leave bays to the scheduler, many empty the stock. */
const VISITS_PER_BAY = [3, 24] as const;
const RIDERS = 60;
const SCANS_PER_DAY = 2;
/** Times what is usual. Where everything breaks all the time, nobody swaps, and nothing is learnt about swaps. */
const RATES = [0.2, 0.5, 1.5] as const;
/** Seeds differ in this as well: in some nothing happens but faults and mistakes. */
const STORIES_PER_DAY = [0, 8, 20] as const;
/** Rooms cost five times as much to simulate, and have fewer ways to go wrong with each other. */
const ROOM_SHARE = 0.08;
/** Faults of the room itself are of these classes. */
const roomClasses: readonly FaultClass[] = ["actuator", "rider"];
const ROOM_RATE = 1;
/** Less than this no configuration allows. */
const SITE_W_MIN = 1_000;

const countBays = (bays: readonly number[]): number => bays.reduce((sum, count) => sum + count, 0);

export function drawOptions(seed: string, { days, faults: wanted, harsh }: DrawOptions): DrawnOptions {
  const random = createRandom(`${seed}/options`);
  const room = random.chance(ROOM_SHARE);
  const bays = room ? [4] : drawBays(random);
  const fromMs = YEAR_START + Math.floor(random.next() * 365) * DAY_MS + random.int(24) * 3_600_000;
  const meanC = random.pick([-28, -18, -8, 2, 12, 20, 28, 36]);
  const busy = random.between(...VISITS_PER_BAY);
  const scenario: Omit<Scenario, "steps"> = Scenario.omit({ steps: true }).parse({
    seed,
    station: {
      bays,
      room,
      siteLimitW: room ? 3_000 : Math.max(SITE_W_MIN, Math.round(countBays(bays) * random.between(250, 800))),
      outdoors: random.chance(0.3),
    },
    from: isoFromMs(fromMs),
    lasts: lengthText(days * DAY_MS),
    weather: { meanC, dailySwingC: random.pick([0, 4, 8]), noiseC: random.pick([0, 1, 3]) },
    packs: {
      emptyBays: drawEmptyBays(seed, bays, room),
      ...(random.chance(0.25) ? { socPct: random.pick([20, 60, 96]) } : {}),
    },
    turnaroundMs: random.pick([1, 5, 20]),
    disk: random.pick([
      { syncMsMin: 1, syncMsMax: 2 },
      { syncMsMin: 2, syncMsMax: 6 },
      { syncMsMin: 10, syncMsMax: 250 },
    ]),
    latencyMs: random.pick([5, 20, 400]),
    lockFailure: random.chance(0.3) ? random.pick([0.01, 0.05]) : 0,
    roomVisitsPerDay: room ? random.pick([20, 60, 120]) : 0,
    roomTroublesPerDay: room && random.chance(0.5) ? 1 : 0,
  });
  const bayCount = countBays(bays);
  const drawn = wanted === "all" ? drawClasses(random, room) : everyClass;
  return {
    scenario,
    classes: harsh === true ? drawHarshly(seed) : drawn,
    visitsPerDay: Math.round(busy * bayCount),
    clumsiness: random.pick([0, 1, 1, 4]),
    requestsPerDay: random.pick([0, 6, 20]),
    storiesPerDay: wanted === "all" ? random.pick(STORIES_PER_DAY) : 0,
  };
}

/** With two, the second rider of a cabinet finds a bay as well, and who failed at one is offered the other. */
function drawEmptyBays(seed: string, bays: readonly number[], room: boolean): number {
  return !room && Math.min(...bays) >= 4 && createRandom(`${seed}/empty-bays`).chance(0.6) ? 2 : 1;
}

function drawBays(random: SplitRandom): number[] {
  const roll = random.next();
  if (roll < 0.3) return [2];
  if (roll < 0.68) return [3];
  if (roll < 0.85) return [4];
  if (roll < 0.95) return [2, 2];
  return random.pick([[6], [3, 3]]);
}

/**
 * Each class is on in about half of the seeds; one in ten has none at all, so that quiet stations are looked at as well. Rooms are few:
 * what can only happen in one happens in most of them.
 */
function drawClasses(random: SplitRandom, room: boolean): Partial<Record<FaultClass, number>> {
  const drawn: Partial<Record<FaultClass, number>> = {};
  const isQuiet = random.chance(0.1);
  for (const kind of faultClasses) {
    const isOn = random.chance(0.5) && !isQuiet;
    if (isOn) drawn[kind] = random.pick(RATES);
    else if (room && roomClasses.includes(kind) && random.chance(0.8)) drawn[kind] = ROOM_RATE;
  }
  return drawn;
}

export interface Drawn {
  readonly options: DrawnOptions;
  readonly scenario: Scenario;
}

export function drawScenario(seed: string, how: DrawOptions): Drawn {
  const options = drawOptions(seed, how);
  const lastsMs = how.days * DAY_MS;
  const errands = { perDay: options.requestsPerDay, bays: options.scenario.station.bays, lastsMs };
  const steps: Step[] = [
    ...drawFaults(seed, { classes: options.classes, lastsMs, wanted: how.faults }),
    ...drawVisits(seed, options, lastsMs),
    ...drawRequests(createRandom(`${seed}/requests`), errands),
    ...drawScans(createRandom(`${seed}/scans`), { ...errands, perDay: SCANS_PER_DAY }),
    ...drawStories(createRandom(`${seed}/stories`), { ...errands, perDay: options.storiesPerDay, riders: RIDERS }),
  ];
  const sorted = steps.map((step) => ({ step, ms: momentMs(step.at) ?? 0 })).sort((one, other) => one.ms - other.ms);
  return { options, scenario: { ...options.scenario, steps: sorted.map(({ step }) => step) } };
}

export interface FaultDraw {
  readonly lastsMs: number;
  readonly wanted: DrawOptions["faults"];
  /** Rates of the classes that are on. */
  readonly classes: Partial<Readonly<Record<FaultClass, number>>>;
}

/** A stream for each fault, so that a new fault in the catalogue leaves the others where they were. */
export function drawFaults(seed: string, { classes, lastsMs, wanted }: FaultDraw): FaultStep[] {
  const steps: FaultStep[] = [];
  for (const fault of faults) {
    const rate = classes[fault.kind] ?? 0;
    if (rate === 0 || fault.perDay === 0) continue;
    if (wanted !== "all" && !wanted.includes(fault.name) && !wanted.includes(fault.id)) continue;
    const random = createRandom(`${seed}/fault/${fault.name}`);
    const mean = DAY_MS / (fault.perDay * rate);
    for (let atMs = random.exponential(mean); atMs < lastsMs; atMs += random.exponential(mean)) {
      const [from, to] = fault.lastsS;
      const lasts = random.between(from, to) * 1_000;
      steps.push({ at: momentText(atMs), fault: fault.name, ...(to > 0 ? { lasts: lengthText(lasts) } : {}) });
    }
  }
  return steps;
}

const everyClassAt = (rate: number): Readonly<Record<FaultClass, number>> =>
  Object.fromEntries(faultClasses.map((kind) => [kind, rate])) as Record<FaultClass, number>;

/** Every class as often as its faults say. */
export const everyClass = everyClassAt(1);

const HARSH_RATES = [1, 2, 3, 5] as const;
const drawHarshly = (seed: string): Readonly<Record<FaultClass, number>> =>
  everyClassAt(createRandom(`${seed}/harsh`).pick(HARSH_RATES));

function drawVisits(seed: string, { visitsPerDay, clumsiness, scenario }: DrawnOptions, lastsMs: number): VisitStep[] {
  const random = createRandom(`${seed}/visits`);
  const steps: VisitStep[] = [];
  const max = visitRateMax(visitsPerDay);
  const localStartMs = Date.parse(scenario.from) + 8 * 3_600_000;
  for (let atMs = 10_000; ; ) {
    do atMs += random.exponential(1 / max);
    while (!random.chance(visitRate(localStartMs + atMs, visitsPerDay) / max));
    if (atMs >= lastsMs) return steps;
    steps.push({ at: momentText(atMs), rider: random.int(RIDERS), does: drawBehaviour(random, clumsiness) });
  }
}

function drawBehaviour(random: SplitRandom, clumsiness: number): VisitStep["does"] {
  let roll = random.next();
  for (const mistake of MISTAKES) {
    roll -= DEFAULT_MISTAKES[mistake] * clumsiness;
    if (roll < 0) return mistake;
  }
  return "proper";
}
