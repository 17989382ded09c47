/** Faults of the power supply. */
import type { Fault } from "./fault.ts";

export const powerFaults: readonly Fault[] = [
  {
    id: "P1",
    name: "mains-cut-idle",
    kind: "power",
    says: { zh: "无人时停电", en: "mains fails while nobody swaps" },
    expects: "outputs are off by default; the station starts again to the same state",
    invariants: ["I1", "I19"],
    perDay: 2,
    lastsS: [5, 900],
    strike: ({ simulation: { world, computer }, troubles }) => {
      if (!world.truth.mainsOn || world.truth.cabinets.some(({ people }) => people > 0)) return undefined;
      const over = troubles.begin("mains-cut-idle", "mains");
      world.setMains(false);
      computer.powerLost();
      return {
        where: "mains",
        end: () => {
          over();
          world.setMains(true);
          computer.powerBack();
        },
      };
    },
  },
];
