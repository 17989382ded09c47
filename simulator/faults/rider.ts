/** Faults of people in front of the station: what riders do wrong, each as one visit of a rider who does it. */
import { cabinetOf, comes, landsAt, passerBy, shutBy } from "./come.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { riderRoomFaults } from "./rider-room.ts";

/** Low enough that every station gives a better one for it. */
const tiredPct = 25;
const warmC = 12;
const kind = "rider";
const visitS = [180, 900] as const;

/** With a crowbar, while another rider's swap or their own holds a door of the cabinet open. */
const priesMs = 2_000;
const takesMs = 4_000;

function forcesSecondDoor(ground: FaultGround): Strike | undefined {
  const { simulation, random, troubles } = ground;
  const { world, clock } = simulation;
  const cabinet = cabinetOf(ground);
  const bays = world.truth.cabinets.find(({ id }) => id === cabinet)?.bays ?? [];
  if (cabinet === undefined || !bays.some(({ pack }) => pack !== undefined)) return undefined;
  const visit = world.arrive({ cabinet, behaviour: "proper", socPct: tiredPct, packC: warmC });
  if (visit === undefined) return undefined;
  const takes = random.chance(0.7);
  const pick = random.next();
  let ends = (): void => undefined;
  let isOver = false;
  const pries = (): void => {
    const shut = bays.filter(({ pack, doorOpen, latched }) => pack !== undefined && !doorOpen && latched);
    const bay = shut[Math.floor(pick * shut.length)]?.bay;
    if (bay === undefined || isOver) return;
    ends = troubles.begin("second-door-forced", `bay ${bay}`);
    world.forceDoor(bay);
    ground.landed();
    clock.after(takesMs, () => (takes ? world.carryOff(bay) : world.shutDoor(bay)));
  };
  let waits = true;
  world.onTruth((event) => {
    if (!waits || event.type !== "door" || !event.open || !bays.some(({ bay }) => bay === event.bay)) return;
    waits = false;
    clock.after(priesMs, pries);
  });
  return {
    where: `cabinet ${cabinet}`,
    lurks: true,
    end: () => {
      isOver = true;
      waits = false;
      ends();
      passerBy(ground, cabinet);
    },
  };
}

function twoAtOnce(ground: FaultGround): Strike | undefined {
  const { world } = ground.simulation;
  const cabinet = cabinetOf(ground);
  if (cabinet === undefined) return undefined;
  const first = world.arrive({ cabinet, behaviour: "proper", socPct: tiredPct, packC: warmC });
  if (first === undefined) return undefined;
  const rival = world.arrive({ cabinet, behaviour: "scans-at-once", socPct: tiredPct, packC: warmC });
  const where = `cabinet ${cabinet}`;
  const over = ground.troubles.begin("two-scans-at-once", where);
  // The rival's code, before they had a place at the scanner.
  landsAt(
    ground,
    (event) => event.type === "scan" && event.text === rival?.credential && rival.firstScanMs === undefined,
  );
  return { where, lurks: true, end: over };
}

const riderSwapFaults: readonly Fault[] = [
  {
    id: "R1",
    name: "inserts-nothing",
    kind,
    says: { zh: "骑手未放电池就关门", en: "a rider shuts the door on an empty bay" },
    expects: "the swap is cancelled and nothing is released",
    invariants: ["I5"],
    perDay: 3,
    lastsS: visitS,
    strike: (ground) =>
      comes(ground, {
        name: "inserts-nothing",
        behaviours: ["never-inserts", "shut-on-nothing"],
        wish: { socPct: tiredPct, packC: warmC },
        did: (event, visit) => {
          const bay = shutBy(event, visit, ground);
          return bay !== undefined && bay.pack === undefined && visit.depositedPack === undefined;
        },
      }),
  },
  {
    id: "R2",
    name: "foreign-thing-inserted",
    kind,
    says: { zh: "骑手放入杂物或外来电池", en: "a rider puts in a bag, or a pack of another make" },
    expects: "it is refused and given back, and no full pack is released for it",
    invariants: ["I5", "I26"],
    perDay: 3,
    lastsS: visitS,
    strike: (ground) =>
      comes(ground, {
        name: "foreign-thing-inserted",
        behaviours: ["foreign-object", "strange-pack"],
        wish: { socPct: tiredPct, packC: warmC },
        did: (event, visit) => {
          const bay = shutBy(event, visit, ground);
          if (bay === undefined) return false;
          return bay.foreignObject || (visit.behaviour === "strange-pack" && bay.pack?.id === visit.depositedPack);
        },
      }),
  },
  {
    id: "R3",
    name: "anothers-pack-returned",
    kind,
    says: { zh: "骑手归还他人的电池", en: "a rider returns a pack that another member had taken" },
    expects: "it is given back or accepted by policy, and the other owner is on record",
    invariants: ["I5"],
    perDay: 3,
    lastsS: visitS,
    strike: (ground) =>
      comes(ground, {
        name: "anothers-pack-returned",
        behaviours: ["other-pack"],
        wish: { socPct: tiredPct, packC: warmC },
        did: (event, visit) => {
          const pack = shutBy(event, visit, ground)?.pack;
          return pack !== undefined && pack.id === visit.depositedPack;
        },
      }),
  },
  {
    id: "R4",
    name: "door-left-open",
    kind,
    says: { zh: "骑手离开时没关门", en: "a rider leaves a door open and goes" },
    expects: "it is told, no other lock of the cabinet fires by the swap, the bay is out of use until it is shut",
    invariants: ["I1", "I4"],
    perDay: 3,
    lastsS: [180, 1_800],
    strike: (ground) =>
      comes(ground, {
        name: "door-left-open",
        behaviours: ["leaves-door-open", "abandons-before-insert"],
        wish: { socPct: tiredPct, packC: warmC },
        did: (event, visit) =>
          event.type === "left" &&
          event.visit === visit &&
          ground.simulation.world.truth.bays.some(
            ({ doorOpen, cabinet, doorChangedMs }) =>
              doorOpen && cabinet === visit.cabinet && doorChangedMs > visit.arrivedMs,
          ),
      }),
  },
  {
    id: "R5",
    name: "second-door-forced",
    kind,
    says: { zh: "有人撬开另一个仓门", en: "somebody forces a second door while the first is open" },
    expects: "a forced door is told at once, and a pack that was taken is missed and on record",
    invariants: ["I5", "I18"],
    perDay: 2,
    lastsS: visitS,
    strike: forcesSecondDoor,
  },
  {
    id: "R6",
    name: "half-inserted",
    kind,
    says: { zh: "电池没有插到底", en: "a rider pushes the pack in half way" },
    expects: "the rider is told to push it home; nothing is released for it and it is not charged",
    invariants: ["I8"],
    perDay: 3,
    lastsS: visitS,
    strike: (ground) =>
      comes(ground, {
        name: "half-inserted",
        behaviours: ["forgets-plug"],
        wish: { socPct: tiredPct, packC: warmC },
        did: (event, visit) => {
          const bay = shutBy(event, visit, ground);
          return bay?.pack !== undefined && !bay.plugged;
        },
      }),
  },
  {
    id: "R7",
    name: "pack-changed-between-tries",
    kind,
    says: { zh: "重试之间换了另一块电池", en: "a rider puts in another pack when the door opens again" },
    expects: "what stands in the bay is identified anew each time the door is shut",
    invariants: ["I5"],
    perDay: 3,
    lastsS: visitS,
    strike: (ground) => {
      let first: string | undefined;
      return comes(ground, {
        name: "pack-changed-between-tries",
        behaviours: ["changes-pack"],
        wish: { socPct: tiredPct, packC: warmC },
        did: (event, visit) => {
          const pack = shutBy(event, visit, ground)?.pack;
          if (pack === undefined || pack.id !== visit.depositedPack) return false;
          first ??= pack.id;
          return pack.id !== first;
        },
      });
    },
  },
  {
    id: "R8",
    name: "two-scans-at-once",
    kind,
    says: { zh: "两人同时扫码", en: "two riders show their codes at once" },
    expects: "one session begins; the other rider is told to wait",
    invariants: ["I4", "I36"],
    perDay: 3,
    lastsS: visitS,
    strike: twoAtOnce,
  },
  {
    id: "R9",
    name: "scans-and-leaves",
    kind,
    says: { zh: "扫码后离开", en: "a rider scans and walks away" },
    expects: "the session ends by itself, no full pack is released, and the next rider is served",
    invariants: ["I4"],
    perDay: 3,
    lastsS: [120, 900],
    strike: (ground) =>
      comes(ground, {
        name: "scans-and-leaves",
        behaviours: ["scans-and-leaves"],
        wish: { socPct: tiredPct, packC: warmC },
        did: (event, visit) => event.type === "left" && event.visit === visit && visit.firstScanMs !== undefined,
      }),
  },
  {
    id: "R12",
    name: "frozen-pack-returned",
    kind,
    says: { zh: "归还零度以下的电池", en: "a rider returns a pack below 0 °C" },
    expects: "it is warmed first and never charged cold",
    invariants: ["I8", "I8-cold"],
    perDay: 3,
    lastsS: visitS,
    strike: (ground) =>
      comes(ground, {
        name: "frozen-pack-returned",
        behaviours: ["proper"],
        wish: { socPct: tiredPct, packC: ground.random.between(-28, -3) },
        did: (event, visit) => {
          const pack = shutBy(event, visit, ground)?.pack;
          return pack !== undefined && pack.id === visit.depositedPack && pack.cellTempC < 0;
        },
      }),
  },
];

export const riderFaults: readonly Fault[] = [...riderSwapFaults, ...riderRoomFaults];
