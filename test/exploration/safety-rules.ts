/** The rules about coils, current and smoke: I1, I2, I8, I13, I19, E26. Each looks at the world, not at what the code believes. */
import type { Rule } from "./rules.ts";
import { holdsOf, isUnread, swapsOf } from "./rules.ts";
import type { Seen } from "./runner.ts";
import { bayNumbers, bayOf, openBays } from "./world.ts";

const oneCoil: Rule = {
  id: "I1",
  says: "at most one lock coil is energised",
  sent: (_scene, { pulses }, { bay }) =>
    pulses.length === 0 ? undefined : `bay ${bay} is pulsed while the pulse of bay ${pulses[0]?.bay} is on the wire`,
  driven: (_scene, { coil, nowMs }, bay) =>
    coil === undefined || coil.untilMs <= nowMs ? undefined : `bay ${bay} under the coil of bay ${coil.bay}`,
};

const threePulses: Rule = {
  id: "I2",
  says: "no lock is pulsed more than three times in 30 s",
  driven: (_scene, world, bay) => {
    const recent = bayOf(world, bay).pulses.filter((atMs) => world.nowMs - atMs < 30_000);
    return recent.length < 3 ? undefined : `bay ${bay} is pulsed a fourth time`;
  },
};

const oneDoor: Rule = {
  id: "E26",
  says: "a swap has at most one door open",
  rest: (_scene, world) => {
    const byWhom = openBays(world).map((bay) => bayOf(world, bay).opened?.swap);
    const twice = byWhom.find((swap, index) => swap !== undefined && byWhom.indexOf(swap) !== index);
    return twice === undefined ? undefined : `${twice} has bays ${openBays(world).join(" and ")} open`;
  },
};

const ownDoor: Rule = {
  id: "I4",
  says: "a pulse goes to the very bay its swap acts on",
  sent: (_scene, { station }, { bay, swap }) => {
    const owner = Object.values(station.swaps).find(({ id }) => id === swap);
    if (owner === undefined) return `bay ${bay} is pulsed for ${swap}, which does not run`;
    const { at } = owner;
    const acts = at === "opening-in" || at === "reopening-in" || at === "returning" ? owner.inBay : owner.outBay;
    return acts === bay ? undefined : `bay ${bay} is pulsed for ${swap}, which is ${at} at bay ${acts}`;
  },
};

const oneOwner: Rule = {
  id: "I4",
  says: "a bay has one owner, and a swap runs once and in its own cabinet",
  rest: ({ config }, world) => {
    const swaps = swapsOf(world);
    const ids = swaps.map(({ id }) => id);
    if (new Set(ids).size < ids.length) return `a swap stands twice: ${ids.join()}`;
    const held = swaps.flatMap(holdsOf);
    if (new Set(held).size < held.length) return `a bay has two owners: ${held.join()}`;
    const strange = swaps.find((swap) => holdsOf(swap).some((bay) => config.bays[bay]?.cabinet !== swap.cabinet));
    return strange === undefined ? undefined : `${strange.id} holds bays of another cabinet`;
  },
};

/** Judged by the image at every event, and by the world itself at every scan, when the image has just been taken. */
function powered({ scene, before, event, levels }: Seen): string | undefined {
  for (const bay of bayNumbers(before)) {
    const wanted = levels.bays[bay];
    if (wanted === undefined || (wanted.chargeMa === 0 && !wanted.heater)) continue;
    const heard = before.image.bays[bay];
    const where = `bay ${bay} has power`;
    if (heard?.doorShut?.value !== true || heard.latched?.value !== true) return `${where} with its door not shut`;
    if (heard.present?.value !== true) return `${where} with no pack`;
    const heardMs = before.nowMs - (heard.pack?.atMs ?? 0);
    if (heard.pack?.quality !== "good" || heardMs > 5_000) return `${where} with a pack that is not heard`;
    const cabinet = scene.config.bays[bay]?.cabinet ?? "";
    if (before.image.cabinets[cabinet]?.smoke?.value !== false) return `${where} in smoke`;
    if (event.type !== "tick") continue;
    const { open, pack, silent } = bayOf(before, bay);
    if (open || pack === undefined || silent) return `${where}: open ${open}, pack ${pack}, silent ${silent}`;
    if (before.coil?.bay === bay) return `${where} under its coil`;
  }
  return undefined;
}

const safePower: Rule = {
  id: "I8",
  says: "power only where the door is shut, a pack is in and heard, no smoke, the coil off",
  step: powered,
};

const deadConnector: Rule = {
  id: "I8",
  says: "no door opens on a live connector, and no bay of a swap has power",
  driven: (_scene, { chargeMa }, bay) => ((chargeMa[bay] ?? 0) === 0 ? undefined : `bay ${bay} opens while charging`),
  step: ({ after, levels }) => {
    for (const swap of swapsOf(after)) {
      const live = holdsOf(swap).find((bay) => (levels.bays[bay]?.chargeMa ?? 0) > 0 || levels.bays[bay]?.heater);
      if (live !== undefined) return `bay ${live} has power while ${swap.id} holds it`;
    }
    return undefined;
  },
};

const noDoorInSmoke: Rule = {
  id: "I13",
  says: "no bay is unlocked in a zone with smoke",
  sent: ({ config }, { image }, { bay }) => {
    const cabinet = config.bays[bay]?.cabinet ?? "";
    return image.cabinets[cabinet]?.smoke?.value === true ? `bay ${bay} is unlocked in smoke` : undefined;
  },
};

const quietStart: Rule = {
  id: "I19",
  says: "after a start nothing is energised before the first readings, and no lock fires before its rider has scanned",
  step: ({ before, effects, levels }) => {
    if (!isUnread(before)) return undefined;
    if (effects.some((effect) => effect.do === "unlock")) return "a lock is pulsed before anything was read";
    const live = levels.bays.findIndex((bay) => bay !== undefined && (bay.chargeMa > 0 || bay.heater));
    return live < 0 ? undefined : `bay ${live} has power before anything was read`;
  },
  sent: (_scene, { station, riders }, { bay, swap }) => {
    const owner = Object.values(station.swaps).find(({ id }) => id === swap);
    const rider = riders.find(({ member }) => member === owner?.member);
    return rider?.scanned === true ? undefined : `bay ${bay} is pulsed for ${owner?.member}, who did not scan`;
  },
};

export const safetyRules: readonly Rule[] = [
  oneCoil,
  threePulses,
  oneDoor,
  ownDoor,
  oneOwner,
  safePower,
  deadConnector,
  noDoorInSmoke,
  quietStart,
];
