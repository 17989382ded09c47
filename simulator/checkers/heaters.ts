/** I6 and I7 for the bays: no heater without a live reading, none that does not heat. Relays and the pack's own warmth are judged. */
import type { BayTruth } from "../truth-types.ts";
import type { Checker, CheckerSetup, WireCheckerSetup } from "./checker.ts";
import { hasTwin } from "./excuses.ts";

/** Stale after 5 s, off within 5 s of it. */
const blindMsMax = 10_000;
const riseC = 0.8;
/** Two samples, the scan, the lease of the relay. */
const slackMs = 60_000;

export function noBlindBayHeat(setup: WireCheckerSetup): Checker {
  const { world, file, ears, clock, report, looked } = setup;
  const buses = new Map(
    file.devices.flatMap((device) => (device.kind === "jbd" ? [[device.id, device.bus] as const] : [])),
  );
  const lines = new Map(
    file.cabinets.flatMap(({ bays }) => bays.map(({ bay, pack }) => [bay, buses.get(pack.device) ?? ""] as const)),
  );
  const onSinceMs = new Map<number, number>();
  function look({ bay, heaterRelayOn }: BayTruth): void {
    const line = heaterRelayOn ? (lines.get(bay) ?? "") : "";
    if (!heaterRelayOn || !ears.hears(line) || hasTwin(setup)) {
      onSinceMs.delete(bay);
      return;
    }
    const sinceMs = onSinceMs.get(bay) ?? clock.nowMs;
    onSinceMs.set(bay, sinceMs);
    looked();
    const silentMs = clock.nowMs - Math.max(ears.heardMs(line) ?? 0, 0);
    if (silentMs > blindMsMax && clock.nowMs - sinceMs > blindMsMax)
      report("I6", `the heater of bay ${bay} is on, and its pack was last heard ${Math.round(silentMs / 1_000)} s ago`);
  }
  return {
    invariant: "I6",
    says: "a bay's heater is off 5 s after its pack's reading became stale, which is 5 s after the last whole answer",
    looksAt: "heater relays, and the last whole answer on the pack's line",
    excuses: "a second board on one address, which does what the other is told",
    everyMs: 5_000,
    onLook() {
      for (const bay of world.truth.bays) look(bay);
    },
  };
}

interface Heat {
  readonly pack: string;
  /** When the relay went on: one that was let go for a moment begins anew, and whoever watches it as well. */
  readonly relayMs: number;
  fromC: number;
  fromMs: number;
}

export function heatersMustWarm({ world, config, clock, report, looked }: CheckerSetup): Checker {
  const heats = new Map<number, Heat>();
  const { noRiseMs } = config.charging;
  const frozenMs = config.safety.heaterFrozenMs + config.safety.heaterLagMs;
  function look({ bay, heaterRelayOn, heaterRelayMs, pack }: BayTruth): void {
    if (!heaterRelayOn || pack === undefined || !world.truth.masterEnable) {
      heats.delete(bay);
      return;
    }
    looked();
    const coldC = pack.cellTempC;
    const heat = heats.get(bay);
    const isSame = heat !== undefined && heat.pack === pack.id && heat.relayMs === heaterRelayMs;
    if (!isSame || coldC >= heat.fromC + riseC) {
      heats.set(bay, { pack: pack.id, relayMs: heaterRelayMs, fromC: coldC, fromMs: clock.nowMs });
      return;
    }
    const forMs = clock.nowMs - heat.fromMs;
    if (forMs <= noRiseMs + slackMs) return;
    report("I7", `the heater of bay ${bay} is on for ${Math.round(forMs / 1_000)} s and its pack has not warmed`);
    heat.fromMs = clock.nowMs;
  }
  const frozenSinceMs = new Map<number, number>();
  function lookFrozen({ bay, heaterRelayOn }: BayTruth): void {
    const isFrozen = heaterRelayOn && world.bayFaults(bay).temperaturesFrozen;
    if (!isFrozen) {
      frozenSinceMs.delete(bay);
      return;
    }
    const sinceMs = frozenSinceMs.get(bay) ?? clock.nowMs;
    frozenSinceMs.set(bay, sinceMs);
    if (clock.nowMs - sinceMs <= frozenMs + slackMs) return;
    report("I7", `the heater of bay ${bay} is on, and its pack tells the same temperatures for ever`);
    frozenSinceMs.delete(bay);
  }
  return {
    invariant: "I7",
    says: "no heater of a bay stays on that does not warm its pack by a degree in the time it has, nor on a reading that stands still",
    looksAt: "heater relays, and the warmth of the pack above them",
    everyMs: 30_000,
    // Whoever stood still or died let go of the heater, and measures anew.
    onTruth(event) {
      if (event.type === "computer") heats.clear();
    },
    onLook() {
      for (const bay of world.truth.bays) {
        look(bay);
        lookFrozen(bay);
      }
    },
  };
}
