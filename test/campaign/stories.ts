/** What riders, packs and locks do while the power goes: the failures of a swap, each as a way to prepare the world and to visit it. */
import type { PackReading } from "../../services/readings.ts";
import type { SplitRandom } from "../../simulator/random.ts";
import { fullPack, memberName, pack } from "../support/bench-config.ts";
import type { Life } from "./life.ts";
import { type Manner, newRider, proper, type RiderData } from "./rider.ts";
import type { Lock, World } from "./world.ts";

export interface Story {
  readonly cabinets?: number;
  /** What the first rider brings; nobody brings nothing unless it says so. */
  readonly brings?: (random: SplitRandom) => PackReading | undefined;
  readonly prepare?: (world: World, random: SplitRandom) => void;
  readonly manner?: (random: SplitRandom) => Partial<Manner>;
  /** Before the cuts begin. */
  readonly before?: (life: Life) => void;
  /** Things that happen by themselves once the rider has scanned. */
  readonly meanwhile?: (life: Life, random: SplitRandom) => void;
}

export const own = () => pack("yz-own-1", { socPct: 22 });

const badLocks: readonly Lock[] = ["stuck", "dead", "mute"];
const spoil = (world: World, bays: readonly number[], random: SplitRandom) => {
  for (const bay of bays) world.bay(bay).lock = random.pick(badLocks);
};
const bays = (world: World, which: "empty" | "full"): number[] =>
  world.bays.flatMap((bay) => (bay !== undefined && (bay.pack === undefined) === (which === "empty") ? [bay.bay] : []));

const soon = (life: Life, random: SplitRandom, act: () => void) =>
  life.clock.after(random.between(0, 25_000), () => {
    act();
    life.moment("after it happened");
  });

export const stories = {
  "a proper swap": {},
  "the first empty door fails": {
    prepare: (world, random) => spoil(world, bays(world, "empty").slice(0, 1), random),
  },
  "no empty door opens": { prepare: (world, random) => spoil(world, bays(world, "empty"), random) },
  "the full door fails and the spare is used": {
    prepare: (world, random) => spoil(world, bays(world, "full").slice(0, 1), random),
  },
  "no full door opens and the own pack goes back": {
    prepare: (world, random) => spoil(world, bays(world, "full"), random),
  },
  "neither a full door nor the own one opens again": {
    prepare: (world, random) => spoil(world, bays(world, "full"), random),
    meanwhile: (life, random) => {
      const stick = (): void => {
        const { pack: inside } = life.world.bay(1);
        if (inside !== undefined) spoil(life.world, [1], random);
        else life.clock.after(250, stick);
      };
      life.clock.after(250, stick);
    },
  },
  "a foreign pack": { brings: () => pack("acme-77") },
  "another rider's pack": {
    brings: () => undefined,
    before: (life) => {
      const [first, second] = life.riders;
      if (first === undefined || second === undefined) return;
      life.visit(second);
      life.finish();
      // Swapped by hand behind the station's back: the first rider now brings what was handed to the second.
      Object.assign(first.data, { hand: second.data.hand, own: second.data.hand?.packId });
      Object.assign(second.data, { hand: undefined, own: undefined });
    },
  },
  "a pack whose plug is not home": { manner: () => ({ plug: "when told" }) },
  "a pack that never answers": { manner: () => ({ plug: "never" }) },
  "a pack that is full already": { brings: () => fullPack("yz-own-1", 100) },
  "a hot pack": { brings: () => pack("yz-own-1", { cellTempsC: [40, 66] }) },
  "the empty door is shut on nothing": { manner: (random) => ({ shutsOnNothing: 1 + random.int(4) }) },
  "the full pack is not taken": { manner: (random) => ({ takesNothing: 1 + random.int(4) }) },
  "the rider brings no pack": { brings: () => undefined },
  "the rider walks away and comes back": { manner: (random) => ({ leavesAfter: random.int(5) }) },
  "the rider is very slow": { manner: () => ({ slownessMs: 14_000 }) },
  "smoke during the swap": {
    meanwhile: (life, random) => {
      soon(life, random, () => life.world.setSmoke("c-1", true));
      life.clock.after(45_000, () => life.world.setSmoke("c-1", false));
    },
  },
  "an operator takes the bays out of service meanwhile": {
    meanwhile: (life, random) => {
      const bay = random.pick([1, 1, 4, 5]);
      const lockOut = { verb: "lock-out", id: "op-1", bay, lockOut: "operator", reason: "inspection" } as const;
      soon(life, random, () => life.controller.order(lockOut));
    },
  },
  "two riders at two cabinets": { cabinets: 2 },
  "a second rider scans at the same cabinet meanwhile": {
    meanwhile: (life, random) => {
      const [, second] = life.riders;
      if (second !== undefined) soon(life, random, () => life.scan(second));
    },
  },
} as const satisfies Record<string, Story>;

export type StoryName = keyof typeof stories;
export const storyNames = Object.keys(stories) as StoryName[];

export function ridersOf(story: Story, random: SplitRandom): RiderData[] {
  const brought = story.brings === undefined ? own() : story.brings(random);
  const cabinet = story.cabinets === 2 ? "c-2" : "c-1";
  return [
    newRider(memberName(1), "c-1", brought),
    newRider(memberName(2), cabinet, pack("yz-own-2", { socPct: 18 })),
    newRider(memberName(3), "c-1", pack("yz-own-3", { socPct: 15 })),
  ];
}

/** Everybody comes whom the story names, each in the manner it names, and the swap runs to its end, whichever it is. */
export function tell(story: Story, life: Life, random: SplitRandom): void {
  const [first, second] = life.riders;
  if (first === undefined || second === undefined) return;
  const manner: Manner = { ...proper, slownessMs: random.between(500, 5_000), ...story.manner?.(random) };
  story.meanwhile?.(life, random);
  if (story.cabinets === 2) life.clock.after(random.between(0, 20_000), () => life.visit(second));
  life.visit(first, manner);
  if (story.cabinets === 2) life.pass(20_500);
  life.finish();
}
