/** I8, I10 and the cold gate: current flows only where it may, stops within a second where it may not, and fits the site. */
import type { BayTruth } from "../truth-types.ts";
import type { Checker, CheckerSetup } from "./checker.ts";

/** Charging ends within this after its permission does. */
const graceMs = 1_000;
const flowingMa = 50;

function forbidden(bay: BayTruth, smoke: boolean): string | undefined {
  if (bay.doorOpen) return "the door is open";
  if (smoke) return "there is smoke";
  const { pack } = bay;
  if (pack === undefined) return undefined; // Nothing is there that current could flow into.
  if (pack.cellTempC < 0) return `a cell has ${pack.cellTempC.toFixed(2)} °C`;
  return pack.hottestCellC > 45.5 ? `a cell has ${pack.hottestCellC.toFixed(2)} °C` : undefined;
}

export function chargeOnlyWhereSafe({ world, clock, report }: CheckerSetup): Checker {
  const cabinetSmoke = (id: string) => world.truth.cabinets.find((cabinet) => cabinet.id === id)?.smoke ?? false;
  function look(bayNumber: number): void {
    const bay = world.truth.bay(bayNumber);
    if (Math.abs(bay.chargeMa) < flowingMa) return;
    const why = forbidden(bay, cabinetSmoke(bay.cabinet));
    if (why !== undefined) report("I8", `${Math.round(bay.chargeMa)} mA into bay ${bayNumber} although ${why}`);
  }
  return {
    invariant: "I8",
    says: "charging only with the door shut, no smoke and cells within 0..45 °C; off within 1 s of any turning false",
    onTruth(event) {
      if (event.type === "door" && event.open) clock.after(graceMs, () => look(event.bay));
      if (event.type !== "smoke" || !event.on) return;
      for (const bay of world.truth.bays) if (bay.cabinet === event.cabinet) clock.after(graceMs, () => look(bay.bay));
    },
    onLook() {
      for (const bay of world.truth.bays) if (bay.chargerOn && clock.nowMs - bay.doorChangedMs > graceMs) look(bay.bay);
    },
  };
}

export function neverColdCharge({ world, report }: CheckerSetup): Checker {
  const reported = new Set<string>();
  return {
    invariant: "I8-cold",
    says: "not one coulomb below 0 °C cell temperature",
    onLook() {
      for (const pack of world.truth.packs) {
        if (pack.chargeBelowZeroCoulombs <= 0 || reported.has(pack.id)) continue;
        reported.add(pack.id);
        report("I8-cold", `${pack.chargeBelowZeroCoulombs.toFixed(3)} C into ${pack.id} below 0 °C`);
      }
    },
  };
}

export function withinSiteLimit({ world, config, report }: CheckerSetup): Checker {
  return {
    invariant: "I10",
    says: "mains power never exceeds the site limit",
    onTruth(event) {
      if (event.type === "current" && event.flows) this.onLook?.();
    },
    onLook() {
      if (world.truth.mainsW > config.siteLimitW)
        report("I10", `${Math.round(world.truth.mainsW)} W of ${config.siteLimitW} W`);
    },
  };
}
