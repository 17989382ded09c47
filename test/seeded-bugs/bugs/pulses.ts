/** Mistakes between the decision for a pulse and the pulse, where a slow disk stands. */
import type { SeededBug } from "../seeded-bug.ts";

const lockTurn = "services/station/lock-turn.ts";

export const pulseBugs: readonly SeededBug[] = [
  {
    id: "b-195",
    title:
      "A pulse that the disk held up keeps the time of its decision: a fourth follows within half a minute of the first",
    standsFor: ["I2"],
    file: lockTurn,
    find: "pulses: [...bay.pulses.slice(0, -1), nowMs]",
    replace: "pulses: bay.pulses",
    caughtBy: ["test/services/station/lock-turn.test.ts"],
  },
  {
    id: "b-196",
    title: "Two pulses that waited for one disk go out together, though the turn is the second's",
    standsFor: ["I1"],
    file: "services/station/pulse.ts",
    find: "if (doorsHeld(state, unlock.bay) || state.lockTurn?.bay !== unlock.bay) return false;",
    replace: "if (doorsHeld(state, unlock.bay)) return false;",
    caughtBy: ["test/services/station/lock-turn.test.ts"],
  },
];
