/**
 * After the faults: everything is mended, a technician has come by, and every cabinet that could serve a rider by the truth must
 * serve one. What may still be shut is what the station keeps shut for a person's sake (fire, heat), until that person has reset it.
 */
import { isoFromMs } from "../../services/contract/iso-time.ts";
import { topicRoot } from "../../services/contract/topics.ts";
import { faultCatalogue, isFaultCode } from "../../services/faults.ts";
import type { Violation } from "../checkers/checker.ts";
import { technicianCredential } from "../members.ts";
import type { Simulation } from "../simulation.ts";
import type { BayTruth, CabinetTruth } from "../truth-types.ts";
import type { RiderVisit } from "../visit-types.ts";

export type Advance = (untilMs: number) => Violation | "enough" | undefined;

const MINUTE_MS = 60_000;
/** Computers boot, devices are heard, swaps that a cut left open are settled. */
const settleMs = 2 * MINUTE_MS;
/** A technician who was told comes back after so long, for what needs a rest before it may be reset. */
const tours = [0, 8, 20] as const;
const lookInMs = 20_000;
/** Packs warm up and charge. */
const readyMsMax = 6 * 60 * MINUTE_MS;
const lookMs = 5 * MINUTE_MS;
const visitMsMax = 15 * MINUTE_MS;
const tries = 3;
/** Riders whom no scenario names. */
const firstWitness = 200;

/** Only what waits for a person on site is reset: at a cabinet that is well, a technician's code is one more rider's. */
function isLatched(faults: readonly string[], cabinet: string, bays: CabinetTruth["bays"]): boolean {
  return faults.some((topic) => {
    const [code = "", subject = ""] = topic.split("/").slice(-2);
    const isHere = subject === cabinet || bays.some(({ bay }) => subject === String(bay));
    return isHere && isFaultCode(code) && faultCatalogue[code].clearedBy === "local-reset";
  });
}

/** What the technician knows comes from the station's own topics; what they do is done with hands and requests. */
function tour({ broker, clock, world, config }: Simulation, number: number): void {
  if (broker === undefined) return;
  const root = topicRoot(config.station.stationId);
  const send = (verb: string, body: object, id: string) => {
    const expiresAt = isoFromMs(clock.wallMs() + MINUTE_MS);
    broker.inject(`${root}request/${verb}`, JSON.stringify({ id: `witness-${number}-${id}`, expiresAt, ...body }));
  };
  const faults = broker.retainedTopics().filter((topic) => topic.startsWith(`${root}fault/`));
  for (const { id, bays } of world.truth.cabinets) {
    if (isLatched(faults, id, bays)) world.showCode(id, technicianCredential);
    send("cabinet-lock-out", { cabinet: id, lockOut: "none", reason: "mended" }, `cabinet-${id}`);
  }
  send("update-mode", { on: false }, "update");
  for (const { bay } of world.truth.bays) {
    world.serviceBay(bay);
    clock.after(lookInMs, () => send("lock-out", { bay, lockOut: "none", reason: "mended" }, `bay-${bay}`));
    // What stopped a charger or a heater is looked at with the door open; that also ends the stop.
    if (!faults.some((topic) => topic.endsWith(`/${bay}`))) continue;
    clock.after(bay * lookInMs, () => send("open", { bay }, `open-${bay}`));
    clock.after((bay + 0.8) * lookInMs, () => world.shutDoor(bay));
  }
}

/** What the station is, and what it has told. */
type Asked = Pick<Simulation, "broker" | "config">;

/** A pack that was too hot, and whatever stands beside it, waits for somebody who takes it out; the station has told them so. */
function waitsForHeat({ broker, config }: Asked, bay: number): boolean {
  const faultRoot = `${topicRoot(config.station.stationId)}fault/`;
  const codes = ["bay-hot", "bay-neighbour-hot"] as const;
  const told = broker?.retainedTopics() ?? [];
  return codes.some((code) => told.includes(`${faultRoot}${code}/${bay}`));
}

function couldServe(simulation: Simulation, { bays }: CabinetTruth): boolean {
  return bays.some(({ ready, bay }) => ready && !waitsForHeat(simulation, bay)) && bays.some(({ empty }) => empty);
}

/** Somebody carried everything of ours off, or filled every bay, or all that is left is or was hot: no controller can serve there. */
export function isHopeless(simulation: Asked, { bays }: Pick<CabinetTruth, "bays">): boolean {
  const ours = new RegExp(simulation.config.station.packs.idPattern);
  const isOfUse = ({ pack, plugged, bay }: BayTruth): boolean =>
    pack !== undefined && ours.test(pack.id) && plugged && !waitsForHeat(simulation, bay);
  return !bays.some(isOfUse) || !bays.some(({ empty }) => empty);
}

export function mustServe(simulation: Simulation, advance: Advance): Violation | "enough" | undefined {
  const { clock } = simulation;
  const mendedMs = clock.nowMs;
  const settled = advance(mendedMs + settleMs);
  if (settled !== undefined) return settled;
  for (const [number, afterMinutes] of tours.entries())
    clock.after(afterMinutes * MINUTE_MS, () => tour(simulation, number));
  const toured = advance(clock.nowMs + ((tours.at(-1) ?? 0) + 2) * MINUTE_MS);
  if (toured !== undefined) return toured;
  for (const cabinet of simulation.world.truth.cabinets) {
    const found = witness(simulation, cabinet, advance);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** So little below the limit a pack charges for seconds and rests for minutes. */
const swelterC = 2;

/** It is a summer's day in the street, and every pack is nearly too hot to charge: no controller cools the weather. */
export function isSweltering({ config }: Pick<Simulation, "config">, { bays }: Pick<CabinetTruth, "bays">): boolean {
  const { chargeMaxC } = config.station.safety;
  return bays.every(({ pack }) => pack === undefined || pack.hottestCellC > chargeMaxC - swelterC);
}

type Found = Violation | "enough" | undefined;

/** Waits until a pack is ready there. */
function untilReady(simulation: Simulation, cabinet: CabinetTruth, advance: Advance): Found | "hopeless" {
  const { clock } = simulation;
  const untilMs = clock.nowMs + readyMsMax;
  while (!couldServe(simulation, cabinet)) {
    if (isHopeless(simulation, cabinet)) return "hopeless";
    if (clock.nowMs >= untilMs && isSweltering(simulation, cabinet)) return "hopeless";
    if (clock.nowMs >= untilMs) {
      const what = `cabinet ${cabinet.id} got no pack ready in ${readyMsMax / MINUTE_MS} min`;
      return { invariant: "I30", atMs: clock.nowMs, what };
    }
    const found = advance(clock.nowMs + lookMs);
    if (found !== undefined) return found;
  }
  return undefined;
}

function witness(simulation: Simulation, cabinet: CabinetTruth, advance: Advance): Found {
  const { clock, world } = simulation;
  const ready = untilReady(simulation, cabinet, advance);
  if (ready !== undefined) return ready === "hopeless" ? undefined : ready;
  let last: RiderVisit | undefined;
  for (let attempt = 0; attempt < tries; attempt++) {
    const rider = firstWitness + world.truth.cabinets.indexOf(cabinet) * tries + attempt;
    last = world.arrive({ rider, behaviour: "proper", cabinet: cabinet.id, socPct: 20, packC: 20 });
    const found = untilGone(last, clock, advance) ?? served(last) ?? advance(clock.nowMs + lookMs);
    if (found === "served" || !couldServe(simulation, cabinet)) return undefined;
    if (found !== undefined) return found;
  }
  return { invariant: "I30", atMs: clock.nowMs, what: `cabinet ${cabinet.id} does not serve: ${sayVisit(last)}` };
}

const served = (visit: RiderVisit | undefined): "served" | undefined =>
  visit?.ending === "swapped" || visit?.ending === "collected" ? "served" : undefined;

const sayVisit = (visit: RiderVisit | undefined): string =>
  visit === undefined
    ? "nobody could come"
    : `${visit.ending ?? "still there"}, ${visit.refusal ?? "no refusal heard"}`;

function untilGone(
  visit: RiderVisit | undefined,
  clock: Simulation["clock"],
  advance: Advance,
): Violation | "enough" | undefined {
  const untilMs = clock.nowMs + visitMsMax;
  while (visit !== undefined && visit.endedMs === undefined && clock.nowMs < untilMs) {
    const found = advance(clock.nowMs + MINUTE_MS / 2);
    if (found !== undefined) return found;
  }
  return undefined;
}
