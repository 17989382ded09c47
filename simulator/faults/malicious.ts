/** Faults of people who mean harm, at the door, on the bus and at the disk. */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import { encodeLockPulse } from "../../hal/codecs/lock-8a.ts";
import { contract, topicFor } from "../../services/contract/topics.ts";
import { triesBadCode, triesCopiedCard } from "../room/tricks.ts";
import { cabinetOf } from "./come.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { requestAttacks } from "./malicious-requests.ts";
import { sends } from "./send.ts";

const kind = "malicious";

const badCodes = ["forged", "expired", "wrong-door", "replayed"] as const;

/** At the door of the room; where there is none, a code that nobody issued at a cabinet. */
function badCode(ground: FaultGround): Strike | undefined {
  const { random, simulation, troubles } = ground;
  const which = random.pick(badCodes);
  if (simulation.world.room !== undefined)
    return sends(ground, "bad-code", (told) => ({
      story: (person, around) => triesBadCode(person, around, which, told),
    }));
  const cabinet = cabinetOf(ground);
  if (cabinet === undefined) return undefined;
  const over = troubles.begin("bad-code", `cabinet ${cabinet}`);
  simulation.world.showCode(cabinet, `yz-member-${random.int(1e9)}`);
  return { where: `cabinet ${cabinet}`, end: over };
}

interface WiredLock {
  readonly bay: number;
  readonly path: string;
  readonly frame: Uint8Array;
}

/** Where on which line each bay's lock is reached, as whoever opens a cabinet's back can see. */
function locksOf({ cabinets, devices, buses }: ConfigFile): WiredLock[] {
  return cabinets.flatMap(({ bays }) =>
    bays.flatMap(({ bay, lock }) => {
      const board = devices.find(({ id }) => id === lock.device);
      if (board?.kind !== "lock-8a") return [];
      const path = buses.find(({ id }) => id === board.bus)?.path;
      const frame = encodeLockPulse(board.address, lock.channel);
      return path === undefined || frame === undefined ? [] : [{ bay, path, frame }];
    }),
  );
}

const looksMs = 2_000;
const takesMs = 4_000;
const pulseMs = 1_000;

/** Waits until nobody is about, puts the board's own unlock frame on its line, and takes what is there, or not. */
function unlockOnBus(ground: FaultGround): Strike | undefined {
  const { simulation, config, random, where, troubles } = ground;
  const { world, clock } = simulation;
  const locks = locksOf(config.file).filter(({ bay }) => where === undefined || where === `bay ${bay}`);
  if (locks.length === 0) return undefined;
  const { bay, path, frame } = random.pick(locks);
  const takes = random.chance(0.5);
  const { cabinet: id } = world.truth.bay(bay);
  const cabinet = world.truth.cabinets.find((candidate) => candidate.id === id);
  let isOver = false;
  const strikes = (): void => {
    if (isOver) return;
    const { mainsOn, bays } = world.truth;
    const isWatched = (cabinet?.people ?? 0) > 0 || bays.some(({ coilSinceMs }) => coilSinceMs !== undefined);
    if (isWatched || !mainsOn || world.truth.bay(bay).doorOpen) {
      clock.after(looksMs, strikes);
      return;
    }
    const over = troubles.begin("unlock-on-bus", `bay ${bay}`);
    world.wireDevice(path)?.receive(frame, frame.length);
    ground.landed();
    clock.after(pulseMs, over);
    clock.after(takesMs, () => {
      if (!world.truth.bay(bay).doorOpen) return;
      if (takes) world.carryOff(bay);
      else world.shutDoor(bay);
    });
  };
  clock.after(0, strikes);
  return {
    where: `bay ${bay}`,
    lurks: true,
    end: () => {
      isOver = true;
    },
  };
}

const newline = 0x0a;

/** One letter of one record in the middle is another. Undefined while the log is too short to have a middle. */
function edited(bytes: Uint8Array, share: number): Uint8Array | undefined {
  const ends: number[] = [];
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === newline) ends.push(at);
  const line = 1 + Math.floor(share * (ends.length - 2));
  const [from, to] = [ends[line - 1], ends[line]];
  if (ends.length < 4 || from === undefined || to === undefined) return undefined;
  const copy = bytes.slice();
  const at = Math.floor((from + to) / 2);
  copy[at] = copy[at] === 0x61 ? 0x62 : 0x61;
  return copy;
}

/** The card is pulled, changed at a desk and put back: the controller is off meanwhile. */
function editDisk({ simulation, random, troubles }: FaultGround): Strike | undefined {
  const { disk, computer } = simulation;
  if (!computer.isAlive) return undefined;
  const files = disk.names().map((name) => ({ name, bytes: disk.read(name) }));
  const longest = files.sort((one, other) => other.bytes.length - one.bytes.length)[0];
  const share = random.next();
  if (longest === undefined || edited(longest.bytes, share) === undefined) return undefined;
  const over = troubles.begin("disk-edited", "disk");
  computer.powerLost();
  const changed = edited(disk.read(longest.name), share);
  if (changed !== undefined) disk.put(longest.name, changed);
  return {
    where: "disk",
    end: () => {
      over();
      computer.powerBack();
    },
  };
}

/** The last list but one, signed as well as the last, is put where the station looks for lists. */
function oldList({ simulation, config, troubles }: FaultGround): Strike | undefined {
  const { broker, world } = simulation;
  const old = world.room?.oldList();
  if (broker === undefined || old === undefined) return undefined;
  const topic = topicFor(contract.accessList, { station: config.station.stationId });
  const newest = broker.retained(topic);
  const over = troubles.begin("old-signed-list", "broker");
  broker.inject(topic, old, { retained: true });
  return {
    where: "broker",
    end: () => {
      over();
      // The office may have sent another one meanwhile.
      if (newest !== undefined && broker.retained(topic) === old) broker.inject(topic, newest, { retained: true });
    },
  };
}

export const maliciousFaults: readonly Fault[] = [
  {
    id: "X1",
    name: "bad-code",
    kind,
    says: { zh: "伪造、重放、过期或别处的开门码", en: "a forged, replayed, expired or other door's code is shown" },
    expects: "it opens nothing",
    invariants: ["I15"],
    perDay: 3,
    lastsS: [10, 60],
    strike: badCode,
  },
  {
    id: "X2",
    name: "copied-card",
    kind,
    says: { zh: "复制的门卡", en: "a copy of a member's card is held to the reader" },
    expects: "it is asked to sign what the reader drew, cannot, and opens nothing",
    invariants: ["I15"],
    perDay: 3,
    lastsS: [10, 60],
    strike: (ground) =>
      sends(ground, "copied-card", (told) => ({ story: (person, around) => triesCopiedCard(person, around, told) })),
  },
  ...requestAttacks,
  {
    id: "X8",
    name: "unlock-on-bus",
    kind,
    says: { zh: "有人在总线上发开锁指令", en: "somebody puts an unlock frame on the bus" },
    expects: "a door that opens without a grant is told of as forced at once, and what was taken is missed",
    invariants: ["I18"],
    perDay: 2,
    lastsS: [300, 1_800],
    strike: unlockOnBus,
  },
  {
    id: "X9",
    name: "disk-edited",
    kind,
    says: { zh: "有人改了存储卡上的记录", en: "somebody edits the log on the card" },
    expects: "the chain of the log breaks there, which is told; nothing is skipped in silence",
    invariants: ["I34"],
    perDay: 1,
    lastsS: [60, 600],
    strike: editDisk,
  },
  {
    id: "X10",
    name: "old-signed-list",
    kind,
    says: { zh: "重放旧的签名名单", en: "an old list with a good signature is sent again" },
    expects: "what is older than what the station has is refused, whoever signed it",
    invariants: ["I35"],
    perDay: 2,
    lastsS: [10, 600],
    strike: oldList,
  },
  {
    id: "X12",
    name: "bad-dependency",
    kind,
    says: { zh: "依赖包被替换", en: "a dependency is not what it was" },
    expects: "the build stops: every package is named with its hash, and none but the known ones runs a script",
    invariants: [],
    perDay: 1,
    lastsS: [0, 0],
    // No package can change while a station runs.
    provenBy: "test/dependencies.test.ts",
    strike: () => undefined,
  },
];
