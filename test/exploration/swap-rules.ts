/** The rules about packs, riders and what is written: I5, I25, I26, I36, and what success and emptiness mean. */
import { outcomes } from "../../services/swap/outcomes.ts";
import { type Rule, recordsOf, swapsOf } from "./rules.ts";
import { bayOf, type RiderWorld, type World } from "./world.ts";

function packsIn({ bays, riders }: World): string[] {
  return [...bays.map((bay) => bay?.pack), ...riders.map(({ hand }) => hand)].filter((pack) => pack !== undefined);
}

const conserved: Rule = {
  id: "I5",
  says: "every pack is in exactly one place",
  rest: (scene, world) => {
    const found = packsIn(world).sort().join();
    const all = Object.keys(scene.packs).sort().join();
    return found === all ? undefined : `of ${all} there are ${found}`;
  },
};

const ledger: Rule = {
  id: "I5",
  says: "who took a pack is written as its holder, and an accepted one has none",
  step: ({ effects, after }) => {
    const { holders, swaps } = after.station.durable;
    for (const { swap, stage, packId } of recordsOf(effects, "swap-stage")) {
      const open = swaps[swap];
      if (packId === undefined || open === undefined || open.stage !== stage) continue;
      const holder = holders[packId];
      if (stage === "taken" && holder !== open.member) return `${packId} was taken by ${open.member}, not ${holder}`;
      if (stage === "in-accepted" && open.pays === undefined && holder !== undefined)
        return `${packId} is in bay ${open.inBay} and ${holder} holds it`;
    }
    return undefined;
  },
};

/** Gone when it is called taken, that is; what is put into the bay afterwards is another story. */
const gone: Rule = {
  id: "success",
  says: "success is told only when the pack is gone",
  step: ({ effects, before }) => {
    const taken = recordsOf(effects, "swap-stage").filter(({ stage }) => stage === "taken");
    for (const { swap, bay: number } of taken) {
      const bay = bayOf(before, number);
      if (bay.pack !== undefined && bay.opened?.swap === swap && bay.opened.pack === bay.pack)
        return `${swap} calls ${bay.pack} taken, which stands in bay ${number}`;
    }
    for (const { swap, outcome } of recordsOf(effects, "swap-ended")) {
      if (outcomes[outcome].class !== "completed") continue;
      const wasTaken = before.station.durable.swaps[swap]?.stage === "taken";
      if (!wasTaken && !taken.some((record) => record.swap === swap))
        return `${swap} ends as ${outcome}, nothing taken`;
    }
    return undefined;
  },
};

/** What was moved since the contacts were last read, nobody can know yet. */
const packSeenIn = (world: World, bay: number): string | undefined => {
  const { pack, touched } = bayOf(world, bay);
  return touched ? world.image.bays[bay]?.pack?.value?.packId : pack;
};

const neverGhost: Rule = {
  id: "ghost",
  says: "a bay with anything in it is never offered as empty, nor one without a fit pack as full",
  step: ({ scene, before, effects }) => {
    for (const { swap } of recordsOf(effects, "swap-reserved")) {
      if (swap.pays !== undefined && swap.inBay !== undefined) continue;
      const late = before.station.durable.lockOuts[String(swap.inBay)]?.member === swap.member;
      const inside = swap.inBay === undefined || late ? undefined : packSeenIn(before, swap.inBay);
      if (inside !== undefined) return `bay ${swap.inBay} is offered as empty, with ${inside} in it`;
      const pack = packSeenIn(before, swap.outBay);
      if (pack === undefined) return `bay ${swap.outBay} is offered as full, with nothing in it`;
      if ((scene.packs[pack]?.socPct ?? 0) < scene.config.charging.targetSocPct) return `${pack} is offered as full`;
    }
    for (const { inBay } of recordsOf(effects, "swap-bay-chosen")) {
      const pack = inBay === undefined ? undefined : packSeenIn(before, inBay);
      if (pack !== undefined) return `bay ${inBay} is chosen as empty, with ${pack} in it`;
    }
    return undefined;
  },
};

const fitPack: Rule = {
  id: "I26",
  says: "no pack below the target is handed out",
  sent: (scene, world, { bay, swap }) => {
    const owner = Object.values(world.station.swaps).find(({ id }) => id === swap);
    if (owner?.at !== "opening-out" && owner?.at !== "reopening-out") return undefined;
    const { pack } = bayOf(world, bay);
    const socPct = pack === undefined ? 100 : (scene.packs[pack]?.socPct ?? 0);
    return socPct >= scene.config.charging.targetSocPct ? undefined : `bay ${bay} opens on ${pack} with ${socPct} %`;
  },
};

const acceptedEndsWell: Rule = {
  id: "I25",
  says: "an accepted deposit ends in a pack handed out, the own pack back, or a debt",
  step: ({ effects, before, after }) => {
    for (const { swap, outcome } of recordsOf(effects, "swap-ended")) {
      const open = before.station.durable.swaps[swap];
      const stages = recordsOf(effects, "swap-stage").filter((record) => record.swap === swap);
      const accepted = open?.packIn !== undefined || stages.some(({ stage }) => stage === "in-accepted");
      if (open === undefined || !accepted || open.pays !== undefined) continue;
      const { class: kind } = outcomes[outcome];
      const owed = kind === "owed" && after.station.durable.debts[swap] !== undefined;
      if (kind !== "completed" && !owed && open.stage !== "returning")
        return `the deposit of ${swap} was accepted, and then ${outcome}`;
    }
    return undefined;
  },
};

const debtsStay: Rule = {
  id: "I25",
  says: "a debt stays until a pack was handed out for it",
  step: ({ effects, before, after }) => {
    const missing = Object.keys(before.station.durable.debts).filter(
      (debt) => after.station.durable.debts[debt] === undefined,
    );
    for (const debt of missing) {
      const payment = recordsOf(effects, "swap-ended").find(
        ({ swap }) => before.station.durable.swaps[swap]?.pays === debt,
      );
      // Taken late through the door that had been opened for it: that pays, although no swap runs any more (E23).
      const taken = recordsOf(effects, "pack-gone").some(({ swap, how }) => how === "late-take" && swap === debt);
      if (payment === undefined && !taken) return `the debt of ${debt} vanished`;
    }
    return undefined;
  },
};

function helped(world: World, { member, left }: RiderWorld): boolean {
  const { durable } = world.station;
  if (swapsOf(world).some((swap) => swap.member === member)) return true;
  if (Object.values(durable.debts).some((debt) => debt.member === member)) return true;
  if (left === undefined) return true;
  const bay = bayOf(world, left);
  // Behind an open door the own pack is there for the taking; a bay out of service is a person's to see to.
  return bay.open || durable.lockOuts[String(left)] !== undefined;
}

const nobodyWithout: Rule = {
  id: "I25",
  says: "no rider is without a pack, a debt, a running swap or a bay that a person will look at",
  rest: (_scene, world) => {
    if (world.disk.hole) return undefined;
    const lost = world.riders.find((rider) => rider.hand === undefined && !rider.astray && !helped(world, rider));
    return lost === undefined ? undefined : `${lost.member} put a pack into bay ${lost.left} and has nothing for it`;
  },
};

const told: Rule = {
  id: "I36",
  says: "every refusal and every end is told to the rider",
  step: ({ effects, before }) => {
    const cabinets = [
      ...recordsOf(effects, "scan-refused").map(({ cabinet }) => cabinet),
      ...recordsOf(effects, "swap-ended").map(({ swap }) => before.station.durable.swaps[swap]?.cabinet),
    ].filter((cabinet) => cabinet !== undefined);
    const silent = cabinets.find((cabinet) => !effects.some((one) => one.do === "prompt" && one.cabinet === cabinet));
    return silent === undefined ? undefined : `nothing is said at ${silent}`;
  },
};

const movesOn: Rule = {
  id: "windows",
  says: "no swap stands still for ever",
  rest: (_scene, world) =>
    world.settled && swapsOf(world).length > 0 ? `${swapsOf(world)[0]?.id} waits for nothing` : undefined,
};

export const swapRules: readonly Rule[] = [
  conserved,
  ledger,
  gone,
  neverGhost,
  fitPack,
  acceptedEndsWell,
  debtsStay,
  nobodyWithout,
  told,
  movesOn,
];
