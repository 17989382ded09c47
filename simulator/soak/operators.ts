/**
 * Operators and passers-by of a drawn scenario: what they ask for, what codes they show, and how they err. They know the doors by
 * number and nothing else.
 */
import { formerCredential, technicianCredential } from "../members.ts";
import type { SplitRandom } from "../random.ts";
import type { RequestStep, ScanStep } from "./scenario.ts";
import { momentText } from "./time-text.ts";

interface Asked {
  readonly verb: string;
  readonly with: Record<string, unknown>;
}

interface Place {
  readonly random: SplitRandom;
  readonly bays: number;
  readonly cabinets: number;
}

type Manner = (place: Place) => readonly Asked[];

const cabinetOf = ({ random, cabinets }: Place): string => "abc".charAt(random.int(cabinets));
const bayOf = ({ random, bays }: Place): number => 1 + random.int(bays);
const member = ({ random }: Place): string => `m-${String(1 + random.int(60)).padStart(4, "0")}`;
const because = { reason: "looked at" };

/** Each is a short errand: the second request comes a few minutes after the first. */
const errands: readonly Manner[] = [
  (place) => [{ verb: "open", with: { bay: bayOf(place) } }],
  (place) => {
    const bay = bayOf(place);
    return [
      { verb: "lock-out", with: { bay, lockOut: "operator", ...because } },
      { verb: "lock-out", with: { bay, lockOut: "none", ...because } },
    ];
  },
  (place) => {
    const cabinet = cabinetOf(place);
    return [
      { verb: "cabinet-lock-out", with: { cabinet, lockOut: "operator", ...because } },
      { verb: "cabinet-lock-out", with: { cabinet, lockOut: "none", ...because } },
    ];
  },
  (place) => [{ verb: "reserve", with: { bay: bayOf(place), member: member(place), minutes: place.random.int(30) } }],
  () => [
    { verb: "update-mode", with: { on: true } },
    { verb: "update-mode", with: { on: false } },
  ],
  () => [{ verb: "snapshot", with: {} }],
  (place) => [{ verb: "open-all", with: { cabinet: cabinetOf(place) } }],
  (place) => [{ verb: "unbind", with: { packId: `pack-${place.random.int(100)}` } }],
  () => [{ verb: "parameters", with: { set: {} } }],
  (place) => [{ verb: "open", with: { bay: 150 + place.random.int(40) } }],
  (place) => [{ verb: "open", with: { bay: bayOf(place), expiresAt: "2020-01-01T00:00:00Z" } }],
  () => [{ verb: "unlock-everything", with: {} }],
  () => [{ verb: "open", with: { bay: "three" } }],
];

const DAY_MS = 86_400_000;
const LATER_MS = [60_000, 600_000] as const;

export interface Errands {
  readonly perDay: number;
  /** Bays of each cabinet. */
  readonly bays: readonly number[];
  readonly lastsMs: number;
}

export function drawRequests(random: SplitRandom, { perDay, bays, lastsMs }: Errands): RequestStep[] {
  if (perDay === 0) return [];
  const place = { random, bays: bays.reduce((sum, count) => sum + count, 0), cabinets: bays.length };
  const steps: RequestStep[] = [];
  for (let atMs = random.exponential(DAY_MS / perDay); atMs < lastsMs; ) {
    let askMs = atMs;
    for (const asked of random.pick(errands)(place)) {
      steps.push({ at: momentText(askMs), request: asked.verb, with: asked.with });
      askMs += random.between(...LATER_MS);
    }
    atMs += random.exponential(DAY_MS / perDay);
  }
  return steps;
}

/** A former member, a technician who comes by, a poster that a phone was held before. */
const shown = [formerCredential, technicianCredential, "https://example.org/poster"] as const;

export function drawScans(random: SplitRandom, { perDay, bays, lastsMs }: Errands): ScanStep[] {
  if (perDay === 0) return [];
  const steps: ScanStep[] = [];
  for (let atMs = random.exponential(DAY_MS / perDay); atMs < lastsMs; atMs += random.exponential(DAY_MS / perDay)) {
    const cabinet = "abc".charAt(random.int(bays.length));
    steps.push({ at: momentText(atMs), cabinet, shows: random.pick(shown) });
  }
  return steps;
}
