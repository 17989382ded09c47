/** One real station that is killed again and again while riders swap: when to kill, who comes next, and what must be so afterwards. */
import type { SplitRandom } from "../../simulator/random.ts";
import type { RealStation, TruthLine, TruthNow } from "../support/real-station.ts";
import { until } from "../support/until.ts";
import type { Beliefs, Believer } from "./beliefs.ts";

/** Steps of a swap as the hardware side sees them. */
const steps: Readonly<Record<string, (line: TruthLine) => boolean>> = {
  scan: ({ type }) => type === "scan",
  "coil on": ({ type, on }) => type === "coil" && on === true,
  "coil off": ({ type, on }) => type === "coil" && on === false,
  "door open": ({ type, open }) => type === "door" && open === true,
  "door shut": ({ type, open }) => type === "door" && open === false,
  "pack in": (line) => line.type === "pack" && line.in === true,
  "pack out": (line) => line.type === "pack" && line.in === false,
  "plug in": (line) => line.type === "plug" && line.in === true,
  sentence: ({ type }) => type === "prompt",
};
export const stepNames = Object.keys(steps);

const stepWaitMs = 20_000;
const settleMs = 60_000;
const delayMsMax = 600;
const goHomeMs = 200_000;

export interface Kill {
  readonly step: string;
  readonly delayMs: number;
  readonly differences: readonly string[];
}

export interface KillBench {
  readonly station: RealStation;
  readonly believer: Believer;
  readonly random: SplitRandom;
}

interface LeftLine extends TruthLine {
  readonly visit: { readonly rider: number; readonly ending: string };
}

const riders = 60;
const memberOf = (rider: number): string => `m-${String(rider + 1).padStart(4, "0")}`;

/** Sends riders one after the other; who left without a pack comes back first. */
export class Crowd {
  private readonly station: RealStation;
  private readonly random: SplitRandom;
  readonly came = new Set<number>();
  /** Riders who left without a pack. */
  readonly owed: number[] = [];
  private next = 0;
  private seen = 0;
  private here = 0;
  /** Somebody was sent and has not answered yet. */
  private sent = false;

  constructor(station: RealStation, random: SplitRandom) {
    this.station = station;
    this.random = random;
  }

  /** Looks at who came and went since, and sends somebody when nobody is there. */
  keepBusy(): void {
    this.count();
    if (this.here > 0 || this.sent) return;
    this.sent = true;
    const rider = this.owed[0] ?? this.next++ % riders;
    this.came.add(rider);
    // Ready to be handed out again: warm enough, charged enough, and not better than what is in stock.
    const visit = { rider, behaviour: "proper", socPct: 90 + this.random.int(2), packC: 18 };
    this.station.order({ do: "arrive", visit });
  }

  /** Nobody new comes; who is owed a pack comes until it is handed out. */
  async goHome(): Promise<void> {
    const isOver = (): boolean => {
      this.count();
      if (this.here > 0 || this.sent) return false;
      if (this.owed.length === 0) return true;
      this.keepBusy();
      return false;
    };
    await until(isOver, { timeoutMs: goHomeMs, what: "everybody to go home with a pack" });
  }

  private count(): void {
    const { truthLines } = this.station;
    for (; this.seen < truthLines.length; this.seen++) {
      const line = truthLines[this.seen] as TruthLine;
      if (line.type === "arrival") this.sent = false;
      if (line.type === "arrived") this.here++;
      if (line.type !== "left") continue;
      this.here--;
      const { rider, ending } = (line as LeftLine).visit;
      const at = this.owed.indexOf(rider);
      if (ending === "owed" && at < 0) this.owed.push(rider);
      if (ending !== "owed" && at >= 0) this.owed.splice(at, 1);
    }
  }
}

/** What the station believes and is not so; empty when nothing is. */
export function differences(believed: Beliefs, truth: TruthNow): string[] {
  const found: string[] = [];
  const { bays, durable, damage } = believed;
  if (damage !== undefined) found.push(`the log is damaged: ${damage}`);
  for (const { bay, packId } of truth.bays) {
    if (!bays.has(bay)) found.push(`nothing is said of bay ${bay}`);
    else if (bays.get(bay) !== packId) found.push(`bay ${bay} is said to hold ${bays.get(bay)}, and holds ${packId}`);
  }
  const places = new Map(truth.packs.map(({ id, place }) => [id, place]));
  for (const [packId, member] of Object.entries(durable.holders)) {
    const place = places.get(packId);
    if (place?.rider === undefined || memberOf(place.rider) !== member)
      found.push(`${packId} is said to be with ${member}, and is with ${JSON.stringify(place)}`);
  }
  for (const [packId, said] of Object.entries(durable.ledger.packs)) {
    const place = places.get(packId);
    const isSo =
      said.at === "rider"
        ? place?.rider !== undefined && memberOf(place.rider) === said.member
        : said.at === "unknown"
          ? place?.at !== "bay"
          : place?.bay === said.bay;
    if (!isSo) found.push(`the ledger says of ${packId} ${JSON.stringify(said)}, and it is ${JSON.stringify(place)}`);
  }
  const carriers = new Set(
    truth.packs.flatMap(({ place }) => (place.rider === undefined ? [] : [memberOf(place.rider)])),
  );
  for (const { member, packIn } of Object.values(durable.debts)) {
    if (packIn !== undefined && carriers.has(member)) found.push(`a debt to ${member}, who has a pack`);
  }
  return found;
}

/** Riders whose pack the station has, who have none, and of whom it knows neither a debt nor a swap that says so. */
function forgotten(came: ReadonlySet<number>, { durable }: Beliefs, truth: TruthNow): string[] {
  const withPack = new Set(truth.packs.map(({ place }) => place.rider));
  const inside = new Set(truth.bays.flatMap(({ bay, packId }) => (packId === undefined ? [] : [bay])));
  const known = new Set(
    [...Object.values(durable.debts), ...Object.values(durable.lockOuts)].map(({ member }) => member),
  );
  for (const { member, pays, packIn, inBay } of Object.values(durable.swaps)) {
    if (pays !== undefined || packIn !== undefined || (inBay !== undefined && inside.has(inBay))) known.add(member);
  }
  return [...came]
    .filter((rider) => !withPack.has(rider) && !known.has(memberOf(rider)))
    .map((rider) => `${memberOf(rider)} has no pack, and is owed none`);
}

/** Steps a swap can go on after its scan; the kill comes after so many of them, or when the rider leaves. */
const stepsMax = 16;

/** What was done last in the swap that is going on: undefined while nobody has scanned, or whoever did is gone. */
function lastStep(lines: readonly TruthLine[]): { readonly step: string; readonly count: number } | undefined {
  let last: { step: string; count: number } | undefined;
  for (const line of lines) {
    const step = stepNames.find((name) => steps[name]?.(line));
    if (line.type === "left") last = undefined;
    else if (step === "scan") last = { step, count: 0 };
    else if (step !== undefined && last !== undefined) last = { step, count: last.count + 1 };
  }
  return last;
}

/**
 * A start counts what was pulsed before it as pulsed now, so locks that are used at every start are soon at their three pulses
 * and must rest: after every other kill the station is left alone for that long, or riders would only find shut doors.
 */
const restMs = 32_000;

export async function leaveAlone(): Promise<void> {
  const untilMs = performance.now() + restMs;
  await until(() => performance.now() >= untilMs, { timeoutMs: restMs + 5_000, what: "the locks to have rested" });
}

/** Waits until a swap has gone on by a random number of steps, and for a random moment more, and kills. */
export async function killOnce({ station, believer, random }: KillBench, crowd: Crowd): Promise<Kill> {
  const wanted = random.int(stepsMax);
  const from = station.truthLines.length;
  const endMs = performance.now() + stepWaitMs;
  await until(
    () => {
      crowd.keepBusy();
      const count = lastStep(station.truthLines.slice(from))?.count ?? -1;
      return count >= wanted || performance.now() > endMs;
    },
    { timeoutMs: stepWaitMs + 5_000, what: `step ${wanted} of a swap` },
  );
  const delayMs = random.int(delayMsMax);
  const killMs = performance.now() + delayMs;
  await until(() => performance.now() >= killMs, { what: "the moment" });
  await station.killController("SIGKILL");
  const restarted = station.truthLines.length;
  const step = lastStep(station.truthLines.slice(from))?.step ?? "no swap";
  await believer.forget((await station.truth()).bays.map(({ bay }) => bay));
  station.startController();
  const found = await settled({ station, believer, random }, crowd);
  found.push(...openedUnasked(station.truthLines.slice(restarted)));
  return { step, delayMs, differences: found };
}

/** No coil before a scan: a restart opens nothing. */
function openedUnasked(lines: readonly TruthLine[]): string[] {
  for (const line of lines) {
    if (line.type === "scan") return [];
    if (line.type === "coil" && line.on === true) return [`bay ${line.bay} was opened before anybody scanned`];
  }
  return [];
}

/** Believed and true are compared until they agree, while riders do what they do; what remains different is a difference. */
async function settled({ station, believer }: KillBench, crowd: Crowd): Promise<string[]> {
  let found: string[] = ["nothing was compared"];
  const endMs = performance.now() + settleMs;
  while (found.length > 0 && performance.now() < endMs) {
    const before = station.truthLines.length;
    const truth = await station.truth();
    const believed = believer.believed();
    found = [...differences(believed, truth), ...forgotten(crowd.came, believed, truth)];
    crowd.keepBusy();
    if (found.length === 0) return found;
    await until(() => station.truthLines.length > before + 1 || performance.now() > endMs, {
      timeoutMs: 300,
      what: "news",
    }).catch(() => undefined);
  }
  return found;
}
