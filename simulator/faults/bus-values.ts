/** Values that cannot be, in frames whose checksums are right. */
import type { PackTold } from "../models/pack-faults.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { tellOtherwise } from "./pack-lies.ts";
import { airSensorsOf, packsOf, take } from "./targets.ts";

const absurdities: readonly ((told: PackTold) => PackTold)[] = [
  (told) => ({ ...told, tempsC: told.tempsC.map(() => 300) }),
  (told) => ({ ...told, tempsC: told.tempsC.map(() => -200) }),
  (told) => ({ ...told, packMv: 600_000 }),
  (told) => ({ ...told, packMv: 0 }),
  (told) => ({ ...told, socPct: 200 }),
  (told) => ({ ...told, packMa: 300_000 }),
  (told) => ({ ...told, tempsC: [] }),
];

function sayAbsurd(ground: FaultGround): Strike | undefined {
  const { random, simulation } = ground;
  const airs = airSensorsOf(ground);
  const packs = packsOf(ground);
  const wantsAir = ground.where === undefined ? random.int(airs.length + packs.length) < airs.length : false;
  if (!wantsAir && !ground.where?.startsWith("sensor"))
    return tellOtherwise(ground, "value-absurd", packs, random.pick(absurdities));
  const taken = take(ground, "value-absurd", "words", airs);
  if (taken === undefined) return undefined;
  const room = simulation.world.room?.room;
  room?.breakSensor(taken.target.device, random.pick(["short", "open"]));
  return taken.until(() => room?.breakSensor(taken.target.device, undefined));
}

export const valueFaults: readonly Fault[] = [
  {
    id: "B14",
    name: "value-absurd",
    kind: "bus",
    says: { zh: "校验正确但数值荒谬", en: "an absurd value under a right checksum" },
    expects: "it is invalid, and its sensor counts as stale",
    invariants: ["I6", "I23"],
    perDay: 2,
    lastsS: [5, 300],
    strike: sayAbsurd,
  },
];
