/** Faults of people at and in the room: codes used twice, somebody asleep, a call for help that the broker does not hear. */
import { fallsAsleep, reusesCode, sharesCode } from "../room/tricks.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { sends } from "./send.ts";

const kind = "rider";

/** One at a time: whoever is inside counts for the room, not for the fault. */
function sleeper(ground: FaultGround): Strike | undefined {
  let isOver = false;
  const unwell = ground.random.chance(0.5);
  return sends(ground, "sleeper-inside", (told) => ({
    story: (person, around) => fallsAsleep(person, around, { asleep: told, isOver: () => isOver, unwell }),
    end: () => {
      isOver = true;
    },
  }));
}

const pressesMs = 1_500;

function helpOffline({ simulation, troubles }: FaultGround): Strike | undefined {
  const { world, broker, clock } = simulation;
  const [amenity, button] = [...(world.room?.room.buttons ?? [])][0] ?? [];
  if (broker === undefined || button === undefined || button.on || !broker.up) return undefined;
  const where = `amenity ${amenity}`;
  const over = troubles.begin("help-while-offline", where);
  broker.takeDown();
  button.set(true);
  clock.after(pressesMs, () => button.set(false));
  return {
    where,
    end: () => {
      over();
      broker.bringUp();
    },
  };
}

export const riderRoomFaults: readonly Fault[] = [
  {
    id: "R10",
    name: "code-reused",
    kind,
    says: { zh: "同一开门码用两次", en: "a rider uses one door code twice" },
    expects: "the second use is refused and the reason is said",
    invariants: ["I15", "I36"],
    perDay: 3,
    lastsS: [60, 300],
    strike: (ground) =>
      sends(ground, "code-reused", (told) => ({ story: (person, around) => reusesCode(person, around, told) })),
  },
  {
    id: "R11",
    name: "screenshot-shared",
    kind,
    says: { zh: "开门码截图给了朋友", en: "a friend shows a screenshot of a code that was just used" },
    expects: "the second use is refused",
    invariants: ["I15"],
    perDay: 3,
    lastsS: [60, 300],
    strike: (ground) =>
      sends(ground, "screenshot-shared", (told) => ({ story: (person, around) => sharesCode(person, around, told) })),
  },
  {
    id: "R13",
    name: "sleeper-inside",
    kind,
    says: { zh: "有人在屋内睡着或不适", en: "somebody falls asleep or ill inside" },
    expects: "they are never locked in, and the help button works for them",
    invariants: ["I14"],
    perDay: 2,
    lastsS: [1_800, 21_600],
    strike: sleeper,
  },
  {
    id: "R14",
    name: "help-while-offline",
    kind,
    says: { zh: "断网时按下求助", en: "help is pressed while the broker is down" },
    expects: "siren and lamp answer here at once, and the call leaves as soon as somebody can hear it",
    invariants: ["I21"],
    perDay: 2,
    lastsS: [30, 600],
    strike: helpOffline,
  },
];
