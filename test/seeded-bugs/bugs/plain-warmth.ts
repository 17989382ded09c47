/** Plain mistakes in charging and warming packs: units, signs, and which of two numbers counts. */
import type { SeededBug } from "../seeded-bug.ts";

const plan = "services/charging/plan.ts";
const bays = "services/station/bays.ts";

export const plainWarmthBugs: readonly SeededBug[] = [
  {
    id: "b-197",
    title: "The power of a charger is counted at a thousandth",
    standsFor: ["I10"],
    file: plan,
    find: "  (chargeMa * packMv) / 1e6 /",
    replace: "  (chargeMa * packMv) / 1e9 /",
    caughtBy: ["test/services/charging/plan.test.ts", "test/services/site-limit.test.ts"],
  },
  {
    id: "b-198",
    title: "Of two currents a cold pack gets the larger one",
    standsFor: ["I8"],
    file: plan,
    find: "Math.min(charging.deratedMa, packs.chargeMa)",
    replace: "Math.max(charging.deratedMa, packs.chargeMa)",
    caughtBy: ["test/services/charging/plan.test.ts"],
  },
  {
    id: "b-199",
    title: "No pack is charged that is warm enough for it",
    standsFor: ["I30"],
    file: plan,
    find: "  if (range.minC < gateC) return 0;",
    replace: "  if (range.minC >= gateC) return 0;",
    caughtBy: ["test/services/charging/plan.test.ts"],
  },
  {
    id: "b-200",
    title: "A charger is switched on where its power does not suffice, and only there",
    standsFor: ["I10", "I30"],
    file: plan,
    find: "powerW <= leftW && (",
    replace: "powerW > leftW && (",
    caughtBy: ["test/services/charging/plan.test.ts"],
  },
  {
    id: "b-201",
    title: "A pack counts as full until it is",
    standsFor: ["I30"],
    file: bays,
    find: "  if (pack.socPct >= maxSocPct) return true;",
    replace: "  if (pack.socPct <= maxSocPct) return true;",
    caughtBy: ["test/services/station/bays.test.ts"],
  },
  {
    id: "b-202",
    title: "Packs are warmed that are warm, and cold ones are not",
    standsFor: ["I7", "E14"],
    file: plan,
    find: "  return range.minC < (bay.heater",
    replace: "  return range.minC > (bay.heater",
    caughtBy: ["test/services/charging/plan.test.ts"],
  },
  {
    id: "b-203",
    title: "A heater goes on until its pack is as warm as it may ever be",
    standsFor: ["I7"],
    file: plan,
    find: "config.safety.fullCurrentMinC : config.charging.warmToC);",
    replace: "config.safety.fullCurrentMinC : config.safety.heatMaxC);",
    caughtBy: ["test/services/charging/plan.test.ts"],
  },
  {
    id: "b-204",
    title: "A heater's time for a degree is over before it begins",
    standsFor: ["I7", "I30"],
    file: "services/safety/heater-watch.ts",
    find: "  if (nowMs - next.fromMs > charging.noRiseMs)",
    replace: "  if (nowMs - next.fromMs < charging.noRiseMs)",
    caughtBy: ["test/services/safety/heater-watch.test.ts"],
  },
  {
    id: "b-205",
    title: "Warmth is asked for where no heater is",
    standsFor: ["I30"],
    file: bays,
    find: "layout.hasHeater && wantsHeat",
    replace: "!layout.hasHeater && wantsHeat",
    caughtBy: ["test/services/station/bays.test.ts", "test/services/charging/plan.test.ts"],
  },
];
