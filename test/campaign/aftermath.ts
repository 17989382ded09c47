/**
 * What must be so after a power cut, a start and some quiet: asked of the world and of the log, each on its own account. And
 * the riders' way back to a pack, with a person to help only where the station called for one.
 */
import { isDeepStrictEqual } from "node:util";
import { type JournalDesk, openJournalDesk } from "../../firmware/runner/journal-desk.ts";
import type { Durable } from "../../services/journal/durable.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { createRandom } from "../../simulator/random.ts";
import type { Life } from "./life.ts";
import type { Rider } from "./rider.ts";
import type { World } from "./world.ts";

/** How a rider stands whose pack the station has and who got none for it. */
export type Standing = "nothing owed" | "debt" | "credit" | "help" | "in reach" | "forgotten";

/** A bay set aside for one of these is on the operator's list, and the rider was told that help comes. */
const helpReasons: ReadonlySet<string> = new Set(["own-door-stuck", "interrupted", "left-behind"]);

const debtsOf = (durable: Durable, member: string) =>
  Object.values(durable.debts).filter((debt) => debt.member === member);

export function standingOf(life: Life, rider: Rider): Standing {
  const { member, own } = rider.data;
  const { durable } = life.controller.loop.state();
  if (life.world.owes(member) < 1) return "nothing owed";
  if (debtsOf(durable, member).length > 0) return "debt";
  const bay = life.world.bays.find((candidate) => candidate?.pack?.packId === own);
  if (bay === undefined) return "forgotten";
  const lockOut = durable.lockOuts[String(bay.bay)];
  if (lockOut?.member === member) return "credit";
  if (bay.open) return "in reach";
  return helpReasons.has(lockOut?.reason ?? "") ? "help" : "forgotten";
}

/** In front of the station nobody may be forgotten, whoever comes back or not. */
export function checkSettled(life: Life): Standing[] {
  const standings = life.riders.map((rider) => standingOf(life, rider));
  life.riders.forEach((rider, at) => {
    if (standings[at] === "forgotten") life.broken.push(`${rider.data.member} has no pack, no debt and no help`);
  });
  for (const { member, packIn } of Object.values(life.controller.loop.state().durable.debts)) {
    // A debt without an accepted pack says that there may be one: its payment opens the rider's own bay and shows it.
    if (packIn !== undefined && life.world.owes(member) < 1)
      life.broken.push(`a debt to ${member}, who is owed nothing`);
  }
  return standings;
}

/** A bay that could not be seen in time is out of service until a person has looked. */
export function isHandedOver(life: Life, bays: readonly number[]): boolean {
  const { lockOuts } = life.controller.loop.state().durable;
  return bays.some((bay) => lockOuts[String(bay)]?.reason === "interrupted");
}

const isServed = (life: Life, rider: Rider): boolean =>
  life.world.owes(rider.data.member) === 0 &&
  debtsOf(life.controller.loop.state().durable, rider.data.member).length === 0;

const scansMax = 4;

function comeBack(life: Life, rider: Rider): void {
  for (let scan = 0; scan < scansMax && !isServed(life, rider); scan++) {
    life.visit(rider);
    life.finish();
    life.pass(2_000);
  }
}

/** A person on site puts right what the station set aside: locks work, bays are given back, a pack is handed to its owner. */
function operate(life: Life): void {
  const { world, controller } = life;
  shutAll(world);
  for (const [key, lockOut] of Object.entries(controller.loop.state().durable.lockOuts)) {
    const bay = Number(key);
    const inside = world.bay(bay).pack;
    const owner = life.riders.find(({ data }) => data.own === inside?.packId && world.owes(data.member) > 0);
    const debts = owner === undefined ? [] : debtsOf(controller.loop.state().durable, owner.data.member);
    const unaccepted = debts.every((debt) => debt.packIn === undefined && debt.inBay === bay);
    if (owner !== undefined && unaccepted && lockOut.lockOut !== "operator") {
      world.bay(bay).open = true;
      owner.data.hand = world.take(bay, owner.data.member);
    }
    world.shut(bay);
    controller.order({ verb: "lock-out", id: `seen-to-${bay}`, bay, lockOut: "none", reason: "seen to" });
  }
  life.pass(4_000);
}

function shutAll(world: World): void {
  for (const cabinet of Object.keys(world.smoke)) for (const bay of world.openBays(cabinet)) world.shut(bay);
}

/** Everything works again, and everybody comes back until served; says whether a person had to help. */
export function serveAll(life: Life): boolean {
  const { world } = life;
  for (const bay of world.bays) if (bay !== undefined) bay.lock = "works";
  for (const cabinet of Object.keys(world.smoke)) world.setSmoke(cabinet, false);
  for (const rider of life.riders) if (life.random.chance(0.5)) rider.putLate();
  shutAll(world);
  life.until(() => !life.isAlarmed(), "the smoke to be over");
  life.pass(1_000);
  const waiting = () => life.riders.filter((rider) => !isServed(life, rider));
  for (const rider of waiting()) comeBack(life, rider);
  if (waiting().length === 0) return false;
  operate(life);
  for (const rider of waiting()) comeBack(life, rider);
  return true;
}

/** The end of a story: everybody has a pack for a pack, nothing is open, and the log alone says the same. */
export function checkServed(life: Life, packs: readonly string[]): void {
  const { broken, controller, world } = life;
  checkLedger(life);
  const { durable } = controller.loop.state();
  for (const { data } of life.riders) {
    const owes = world.owes(data.member);
    if (owes !== 0) broken.push(`${data.member} gave ${owes} more than was handed out in the end`);
    if (data.own !== undefined && data.hand === undefined) broken.push(`${data.member} went home without a pack`);
  }
  if (Object.keys(durable.debts).length > 0) broken.push(`debts remain: ${JSON.stringify(durable.debts)}`);
  if (Object.keys(durable.swaps).length > 0) broken.push(`swaps remain: ${JSON.stringify(durable.swaps)}`);
  const found = packsOf(life);
  if (!isDeepStrictEqual(found, packs)) broken.push(`packs ${packs.join()} became ${found.join()}`);
  checkLog(life);
}

/**
 * The ledger has ten seconds to find what went on behind its back; then it knows where every pack is that it ever saw, and of
 * no pack that stands in a bay does it say that it is anywhere else. What nobody saw go may be unknown to it.
 */
function checkLedger(life: Life): void {
  life.pass(12_000);
  life.settle();
  const { packs } = life.controller.loop.state().durable.ledger;
  const wrong = (packId: string | undefined, really: string): void => {
    const place = packId === undefined ? undefined : packs[packId];
    if (place === undefined || (place.at === "unknown" && really.startsWith("with"))) return;
    const said =
      place.at === "rider" ? `with ${place.member}` : place.at === "unknown" ? "unknown" : `in bay ${place.bay}`;
    if (said !== really) life.broken.push(`the ledger says that ${packId} is ${said}, and it is ${really}`);
  };
  for (const bay of life.world.bays) if (bay !== undefined) wrong(bay.pack?.packId, `in bay ${bay.bay}`);
  for (const { data } of life.riders) wrong(data.hand?.packId, `with ${life.world.takers[data.hand?.packId ?? ""]}`);
}

export function packsOf(life: Life): string[] {
  const inHand = life.riders.flatMap(({ data }) => (data.hand?.packId === undefined ? [] : [data.hand.packId]));
  return [...life.world.packIds(), ...inHand].sort();
}

/** The disk as the next start would read it. */
function readDisk(life: Life): JournalDesk {
  const clock = createVirtualClock({ wallStartMs: life.clock.wallMs() });
  const desk: JournalDesk = openJournalDesk({
    disk: life.disk.fork({ clock, random: createRandom("audit") }),
    clock,
    logId: life.controller.desk.logId,
    boot: "audit",
    maxBytes: 4 * 1_048_576,
    durableNow: () => desk.durable,
    onFault: () => undefined,
  });
  return desk;
}

/** Everything that was seen and everything that was written, in order. */
export function logOf(life: Life): string[] {
  const written = readDisk(life).recovered.entries.map(
    ({ at, boot, record }) => `${at} ${boot} ${JSON.stringify(record)}`,
  );
  return [...life.trace, ...written].sort((one, other) => Number(one.slice(0, 13)) - Number(other.slice(0, 13)));
}

/** The log is whole, and amounts to what the station knows. */
export function checkLog(life: Life): void {
  const { broken, controller } = life;
  life.pass(100);
  const desk = readDisk(life);
  const { recovered } = desk;
  if (recovered.damage.kind !== "none" || !recovered.complete)
    broken.push(`the log is damaged: ${JSON.stringify(recovered.damage)}`);
  const known = controller.loop.state().durable;
  for (const key of Object.keys(known) as (keyof Durable)[]) {
    const [written, live] = [desk.durable[key], known[key]];
    if (!isDeepStrictEqual(written, live))
      broken.push(`the log amounts to ${key} ${JSON.stringify(written)}, the station knows ${JSON.stringify(live)}`);
  }
  const last: Record<string, number> = {};
  for (const { publish } of recovered.entries) {
    if (publish === undefined) continue;
    const { stream, seq } = publish;
    const before = last[stream];
    if (before !== undefined && seq !== before + 1) broken.push(`stream ${stream} goes from ${before} to ${seq}`);
    last[stream] = seq;
  }
}
