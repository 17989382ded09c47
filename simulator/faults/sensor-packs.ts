/** A BMS that falls silent in the middle of a charge, or speaks as another pack. */
import type { Fault, FaultGround, Strike } from "./fault.ts";
import { tellOtherwise } from "./pack-lies.ts";
import { baysOf, packsOf, take } from "./targets.ts";

/** Silences the pack of a bay that charges; where none does, it waits for one that begins. */
function silence(ground: FaultGround): Strike | undefined {
  const { simulation } = ground;
  const { truth } = simulation.world;
  const charging = packsOf(ground).filter(({ bay }) => truth.bay(bay).chargeMa > 0);
  if (charging.length === 0 && ground.where === undefined) return awaitCharge(ground);
  const taken = take(ground, "bms-silent-while-charging", "voice of the pack", charging);
  if (taken === undefined) return undefined;
  const { faults } = taken.target;
  faults.bmsSilent = true;
  return taken.until(() => {
    faults.bmsSilent = false;
  });
}

function awaitCharge(ground: FaultGround): Strike | undefined {
  const { clock, world } = ground.simulation;
  const taken = take(ground, "bms-silent-while-charging", "voice of the pack", baysOf(ground));
  if (taken === undefined) return undefined;
  const { bay, faults } = taken.target;
  let waits = true;
  let struck = false;
  world.onTruth((event) => {
    if (!waits || event.type !== "current" || !event.flows || event.bay !== bay) return;
    waits = false;
    clock.after(ground.random.between(1, 60) * 1_000, () => {
      if (over || faults.bmsSilent) return;
      struck = true;
      faults.bmsSilent = true;
      ground.landed();
    });
  });
  let over = false;
  const strike = taken.until(() => {
    waits = false;
    over = true;
    if (struck) faults.bmsSilent = false;
  });
  return { ...strike, lurks: true };
}

export const packFaults: readonly Fault[] = [
  {
    id: "S11",
    name: "bms-silent-while-charging",
    kind: "sensor",
    says: { zh: "充电中电池失去通信", en: "a BMS falls silent in the middle of a charge" },
    expects: "its charger is off within six seconds",
    invariants: ["I8"],
    perDay: 3,
    lastsS: [10, 1_800],
    strike: silence,
  },
  {
    id: "S12",
    name: "pack-changes-id",
    kind: "sensor",
    says: { zh: "门未开而电池编号改变", en: "a pack speaks as another behind a shut door" },
    expects: "the bay is held and the alarm is told; nobody is given that pack",
    invariants: ["I5"],
    perDay: 1,
    lastsS: [30, 900],
    strike: (ground) => {
      const other = `yz-4824-9${String(ground.random.int(100_000)).padStart(5, "0")}`;
      return tellOtherwise(ground, "pack-changes-id", packsOf(ground), (told) => ({ ...told, id: other }));
    },
  },
];
