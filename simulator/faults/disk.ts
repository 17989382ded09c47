/** Faults of the computer's disk. The worst honest one: it may fail, stall, fill, tear and rot, and never lies about a sync that it did. */
import type { PowerCut } from "../disk-parts.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { type LurkingPlan, lurking } from "./lurking.ts";

const where = "disk";

/** What stays for a while and cannot be there twice. */
function state(ground: FaultGround, name: string, begin: () => () => void): Strike | undefined {
  if (ground.troubles.active(name)) return undefined;
  const over = ground.troubles.begin(name, where);
  const undo = begin();
  return {
    where,
    end: () => {
      over();
      undo();
    },
  };
}

function unsynced({ simulation: { disk } }: FaultGround, what: "append" | "name"): LurkingPlan["watch"] {
  return (now) => {
    let callOff: () => void = () => undefined;
    const again = (): void => {
      callOff = disk.whenUnsynced(what, () => {
        again();
        now();
      });
    };
    again();
    return () => callOff();
  };
}

/** The power of the computer goes in the instant in which something is not on the medium yet. */
function cutUnsynced(ground: FaultGround, name: string, what: "append" | "name", left: PowerCut): Strike {
  const { simulation, troubles, random } = ground;
  const { computer, disk } = simulation;
  return lurking(ground, {
    where,
    watch: unsynced(ground, what),
    afterMs: random.between(0, 1.5),
    forMs: random.between(1, 20) * 1_000,
    begin: () => {
      if (!computer.isAlive) return undefined;
      const over = troubles.begin(name, where);
      disk.nextCrash(left);
      computer.powerLost();
      return () => {
        over();
        computer.powerBack();
      };
    },
  });
}

/** One bit of what was written long ago is another; whoever starts again has to read it. */
function rot({ simulation: { disk, computer, clock }, troubles, random }: FaultGround): Strike | undefined {
  const files = disk.names().filter((name) => disk.read(name).length > 0);
  if (files.length === 0 || !computer.isAlive) return undefined;
  const name = random.pick(files);
  const over = troubles.begin("disk-bit-rot", where);
  disk.flip(name, random.int(disk.read(name).length), random.int(8));
  clock.after(random.between(1, 20) * 1_000, () => {
    computer.processDied();
    over();
  });
  return { where };
}

export const diskFaults: readonly Fault[] = [
  {
    id: "D1",
    name: "disk-full",
    kind: "disk",
    says: { zh: "磁盘已满", en: "the disk is full" },
    expects: "nothing moves whose intent cannot be written; what was begun is finished, telemetry goes first",
    invariants: ["I20", "I21"],
    perDay: 1.5,
    lastsS: [60, 1_800],
    strike: (ground) =>
      state(ground, "disk-full", () => {
        const { disk } = ground.simulation;
        disk.setCapacity(disk.usedBytes() + ground.random.int(4_096));
        return () => disk.setCapacity(Number.POSITIVE_INFINITY);
      }),
  },
  {
    id: "D2",
    name: "disk-write-fails",
    kind: "disk",
    says: { zh: "磁盘写入报错 (EIO)", en: "every write to the disk fails (EIO)" },
    expects: "as with a full disk, and it is told; no new swap begins",
    invariants: ["I20"],
    perDay: 1.5,
    lastsS: [10, 900],
    strike: (ground) =>
      state(ground, "disk-write-fails", () => {
        const { disk } = ground.simulation;
        disk.setFailing(true);
        return () => disk.setFailing(false);
      }),
  },
  {
    id: "D3",
    name: "disk-sync-fails-once",
    kind: "disk",
    says: { zh: "一次同步失败，之后又“成功”", en: "a sync fails once and loses its data; the next one succeeds" },
    expects: "nothing more goes into that file; what was acknowledged is read back, and a new file is begun",
    invariants: ["I20"],
    perDay: 2,
    lastsS: [0, 0],
    strike: ({ simulation: { disk } }) => {
      disk.trouble("sync-fails");
      return { where };
    },
  },
  {
    id: "D4",
    name: "disk-torn-record",
    kind: "disk",
    says: { zh: "断电时最后一条记录只写了一半", en: "the power goes while a record is half on the disk" },
    expects: "the half is cut off, everything before it is kept",
    invariants: ["I20"],
    perDay: 2,
    lastsS: [3_600, 10_800],
    strike: (ground) => cutUnsynced(ground, "disk-torn-record", "append", "tears"),
  },
  {
    id: "D5",
    name: "disk-bit-rot",
    kind: "disk",
    says: { zh: "日志中的一位翻转", en: "a bit of the log flips" },
    expects: "it is noticed and told at the next start; nothing is passed over in silence",
    invariants: ["I20", "I34"],
    perDay: 1.5,
    lastsS: [0, 0],
    strike: rot,
  },
  {
    id: "D6",
    name: "disk-read-only",
    kind: "disk",
    says: { zh: "磁盘变为只读", en: "the disk is remounted read-only" },
    expects:
      "no new swap begins and it is told; the door lets in by code or card from memory and lets out, and the room stays safe",
    invariants: ["I14", "I20"],
    perDay: 1.5,
    lastsS: [60, 1_800],
    strike: (ground) =>
      state(ground, "disk-read-only", () => {
        const { disk } = ground.simulation;
        disk.setReadOnly(true);
        return () => disk.setReadOnly(false);
      }),
  },
  {
    id: "D7",
    name: "disk-unsynced-lost",
    kind: "disk",
    says: { zh: "断电丢失全部未同步数据", en: "the power goes and everything that was not synced is lost" },
    expects: "whatever had been acknowledged is there after the start",
    invariants: ["I20", "I21"],
    perDay: 2,
    lastsS: [3_600, 10_800],
    strike: (ground) => cutUnsynced(ground, "disk-unsynced-lost", "append", "drops"),
  },
  {
    id: "D8",
    name: "disk-name-not-durable",
    kind: "disk",
    says: { zh: "断电时新文件名未落盘", en: "the power goes while a file is new or just removed" },
    expects: "the file before or the file after is found, never neither",
    invariants: ["I20"],
    perDay: 1.5,
    lastsS: [21_600, 86_400],
    strike: (ground) => cutUnsynced(ground, "disk-name-not-durable", "name", "anything"),
  },
  {
    id: "D9",
    name: "disk-stalls",
    kind: "disk",
    says: { zh: "每次写入停顿 5 秒", en: "every write takes five seconds more" },
    expects: "the loop stays on time and outputs stay leased; doors wait for what is written",
    invariants: ["I22"],
    perDay: 2,
    lastsS: [10, 180],
    strike: (ground) =>
      state(ground, "disk-stalls", () => {
        const { disk } = ground.simulation;
        disk.stall(5_000);
        return () => disk.stall(0);
      }),
  },
];
