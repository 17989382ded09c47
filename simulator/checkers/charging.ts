/** I8, I10 and the cold gate: current flows only where it may, stops within a second where it may not, and fits the site. */
import type { BayTruth, PackTruth } from "../truth-types.ts";
import type { Checker, CheckerSetup, WireCheckerSetup, WiredCheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";
import { isMistaken, isNotOurs, isUnstoppable } from "./excuses.ts";
import { hearsForeignWords } from "./twins.ts";

/** Charging ends within this after its permission does. */
const graceMs = 1_000;
const flowingMa = 50;
/** The door opens at last when a charger has not fallen below 0.1 A; a bay whose current does not stop is not opened. */
const openedMaMax = 200;
/** A pack that was not heard for 5 s is not charged a second later; the relay's lease may lapse before its board answers. */
const heardMsMax = 7_500;

function forbidden(bay: BayTruth, smoke: boolean, deceived: boolean): string | undefined {
  if (bay.doorOpen) return "the door is open";
  if (smoke) return "there is smoke";
  const { pack } = bay;
  // Nothing is there that current could flow into, or nothing that tells how cold it is.
  if (pack === undefined || deceived) return undefined;
  if (pack.cellTempC < 0) return `a cell has ${pack.cellTempC.toFixed(2)} °C`;
  return pack.hottestCellC > 45.5 ? `a cell has ${pack.hottestCellC.toFixed(2)} °C` : undefined;
}

export function chargeOnlyWhereSafe(setup: CheckerSetup): Checker {
  const { world, clock, report, looked } = setup;
  const smokeMs = new Map<string, number>();
  /** Since longer than the second in which charging must end. */
  function cabinetSmoke(id: string): boolean {
    const isThere = world.truth.cabinets.find((cabinet) => cabinet.id === id)?.smoke ?? false;
    return isThere && clock.nowMs - (smokeMs.get(id) ?? 0) >= graceMs;
  }
  function look(bayNumber: number): void {
    const bay = world.truth.bay(bayNumber);
    looked();
    if (Math.abs(bay.chargeMa) < flowingMa) return;
    const why = forbidden(bay, cabinetSmoke(bay.cabinet), isMistaken(bayNumber, setup));
    if (why !== undefined && !isUnstoppable(setup, bayNumber))
      report("I8", `${Math.round(bay.chargeMa)} mA into bay ${bayNumber} although ${why}`);
  }
  function fires(bay: number): void {
    const { chargeMa } = world.truth.bay(bay);
    looked();
    if (Math.abs(chargeMa) > openedMaMax && !isUnstoppable(setup, bay))
      report("I8", `the lock of bay ${bay} fires at ${Math.round(chargeMa)} mA`);
  }
  return {
    invariant: "I8",
    says: "charging only with the door shut, no smoke, no lock energised there and cells within 0..45 °C; off within 1 s of any turning false",
    looksAt: "the current into each pack, its cells, its door, smoke, its lock",
    excuses:
      "a charger that ignores its stop behind a welded contactor; cells whose probes froze or drifted, or whose pack lines were exchanged",
    onTruth(event) {
      if (event.type === "door" && event.open) clock.after(graceMs, () => look(event.bay));
      if (event.type === "coil" && event.on && !isNotOurs(event.bay, setup)) fires(event.bay);
      if (event.type !== "smoke" || !event.on) return;
      smokeMs.set(event.cabinet, event.atMs);
      for (const bay of world.truth.bays) if (bay.cabinet === event.cabinet) clock.after(graceMs, () => look(bay.bay));
    },
    onLook() {
      for (const bay of world.truth.bays) if (bay.chargerOn && clock.nowMs - bay.doorChangedMs > graceMs) look(bay.bay);
    },
  };
}

export function chargeOnlyWhatIsHeard(setup: WireCheckerSetup): Checker {
  const { world, file, ears, clock, report, looked } = setup;
  const era = controllerEra(setup);
  const buses = new Map(file.devices.flatMap((one) => (one.kind === "jbd" ? [[one.id, one.bus] as const] : [])));
  const lines = file.cabinets.flatMap(({ bays }) =>
    bays.map(({ bay, pack }) => [bay, buses.get(pack.device)] as const),
  );
  function look(bay: number, line: string): void {
    const silentMs = clock.nowMs - (ears.heardMs(line) ?? 0);
    looked();
    if (silentMs <= heardMsMax || isUnstoppable(setup, bay)) return;
    const { chargeMa } = world.truth.bay(bay);
    if (chargeMa >= flowingMa)
      report("I8", `${Math.round(chargeMa)} mA into bay ${bay}, not heard for ${Math.round(silentMs)} ms`);
  }
  return {
    invariant: "I8-heard",
    says: "no pack is charged that was not heard for 5 s",
    looksAt: "the current into each pack, and the last whole answer on its line",
    excuses: "a charger that ignores its stop behind a welded contactor",
    everyMs: 5_000,
    onLook() {
      if (era.upMs() < heardMsMax) return;
      for (const [bay, line] of lines) if (line !== undefined && ears.hears(line)) look(bay, line);
    },
  };
}

export function neverColdCharge({ world, troubles, report, looked }: CheckerSetup): Checker {
  const reported = new Set<string>();
  function look(pack: PackTruth): void {
    looked();
    if (pack.chargeBelowZeroCoulombs <= 0 || reported.has(pack.id)) return;
    reported.add(pack.id);
    report("I8-cold", `${pack.chargeBelowZeroCoulombs.toFixed(3)} C into ${pack.id} below 0 °C`);
  }
  return {
    invariant: "I8-cold",
    says: "not one coulomb below 0 °C cell temperature",
    looksAt: "coulombs into cells below 0 °C",
    excuses: "packs whose probes froze or drifted, or whose lines were exchanged",
    everyMs: 60_000,
    onLook() {
      for (const { bay, pack } of world.truth.bays) {
        if (pack !== undefined && isMistaken(bay, { troubles })) reported.add(pack.id);
        if (pack !== undefined) look(pack);
      }
    },
    onFinish() {
      for (const pack of world.truth.packs) look(pack);
    },
  };
}

/** A charger that goes on delivering is found within seconds, and its contactor opened; until then its power is nobody's grant. */
const stuckMs = 60_000;

/** A charger that took another's address delivers what that one is told; told apart again it is asked within ten seconds, and stopped. */
const foreignMs = 12_000;

export function withinSiteLimit(setup: CheckerSetup & Partial<WiredCheckerSetup>): Checker {
  const { world, config, report, looked, troubles, file } = setup;
  const isToldByAnother = (charger: string): boolean =>
    file !== undefined && hearsForeignWords(charger, { file, troubles }, foreignMs);
  const deliversUnasked = (): boolean =>
    (file?.cabinets ?? []).some(({ bays }) =>
      bays.some(({ bay, charger }) => world.truth.bay(bay).chargeMa >= flowingMa && isToldByAnother(charger.device)),
    );
  function look(): void {
    looked();
    if (troubles?.active("charger-ignores-stop", undefined, stuckMs) === true) return;
    // What a heater draws behind a welded relay nobody granted, and no meter tells the controller of it.
    const welded = world.truth.bays.filter(({ heaterOn, heaterRelayOn }) => heaterOn && !heaterRelayOn).length;
    const mainsW = world.truth.mainsW - welded * config.charging.heaterW;
    if (mainsW > config.siteLimitW && !deliversUnasked())
      report("I10", `${Math.round(mainsW)} W of ${config.siteLimitW} W`);
  }
  return {
    invariant: "I10",
    says: "mains power never exceeds the site limit",
    looksAt: "the mains meter",
    excuses:
      "a charger that ignores what it is told or took the address of another one on its line, and what a heater behind a welded relay draws",
    onTruth(event) {
      if (event.type === "current" && event.flows) look();
    },
    onLook: look,
  };
}
