import { describe, expect, test } from "vitest";
import { type BaySight, phaseOf } from "../../../services/bay/phase.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { emptyBayReadings, type PackReading } from "../../../services/readings.ts";
import { bootState } from "../../../services/station/state.ts";
import { benchConfig } from "../../support/bench-config.ts";

const pack: PackReading = {
  packId: "yz-4824-000001",
  packMv: 53_000,
  packMa: 0,
  socPct: 95,
  cellTempsC: [20],
  cellsMv: [],
  protectionBits: 0,
  chargeMosOn: true,
  dischargeMosOn: true,
  remainingMah: 22_000,
  nominalMah: 24_000,
  cycles: 10,
};

const config = benchConfig();
const bay = 1;

/** A bay whose pack was taken at 60 s and whose door is shut again. */
function sight(options: {
  nowMs: number;
  packAtMs: number;
  absentSinceMs: number | undefined;
  outMv?: number;
}): BaySight {
  const state = bootState({ config, members: { byDigest: new Map() }, ownPack: /^yz-/ }, emptyDurable, 0).bays[bay];
  const layout = config.bays[bay];
  if (state === undefined || layout === undefined) throw new Error("the bench has no bay 1");
  const { nowMs } = options;
  const good = <T>(value: T, atMs = nowMs) => ({ value, atMs, quality: "good" as const });
  const readings = {
    ...emptyBayReadings(),
    doorShut: good(true),
    latched: good(true),
    present: good(false),
    pack: good<PackReading | undefined>(pack, options.packAtMs),
    charger: good({ outMv: options.outMv ?? 0, outMa: 0 }),
  };
  return { state: { ...state, absentSinceMs: options.absentSinceMs }, layout, readings };
}

describe("a bay that was just emptied", () => {
  test("is empty two seconds later, although its pack was heard shortly before it left", () => {
    const nowMs = 62_000;
    expect(phaseOf(sight({ nowMs, packAtMs: 59_500, absentSinceMs: 60_000 }), nowMs, config)).toBe("empty");
  });

  test("is not empty in the first moment, while an answer may still be on its way", () => {
    const nowMs = 61_000;
    expect(phaseOf(sight({ nowMs, packAtMs: 59_500, absentSinceMs: 60_000 }), nowMs, config)).toBe("occupied-unknown");
  });

  test("holds a ghost when something goes on answering after the contact opened (E10)", () => {
    const nowMs = 66_000;
    expect(phaseOf(sight({ nowMs, packAtMs: 65_000, absentSinceMs: 60_000 }), nowMs, config)).toBe("occupied-unknown");
  });

  test("is not kept waiting by a voltage that the charger told before, but by one that stays", () => {
    const early = 62_000;
    expect(phaseOf(sight({ nowMs: early, packAtMs: 0, absentSinceMs: 60_000, outMv: 54_600 }), early, config)).toBe(
      "empty",
    );
    const late = 80_000;
    expect(phaseOf(sight({ nowMs: late, packAtMs: 0, absentSinceMs: 60_000, outMv: 54_600 }), late, config)).toBe(
      "occupied-unknown",
    );
  });
});
