/**
 * What the cockpit shows of one moment: what is so in the simulated world, and beside it what the controller holds to be so, says
 * and complains of. It reads and formats; it changes nothing and remembers nothing.
 */
import type { BayPayload } from "../../services/contract/state-payloads.ts";
import { faultCatalogue } from "../../services/faults.ts";
import { bayState } from "../../services/station/view.ts";
import type { FaultDirector } from "../faults/director.ts";
import type { Simulation } from "../simulation.ts";
import type { BayTruth, CabinetTruth } from "../truth-types.ts";
import type { Words } from "./words.ts";

export interface BayView {
  readonly bay: number;
  readonly doorOpen: boolean;
  readonly coilOn: boolean;
  readonly contactorClosed: boolean;
  readonly heaterOn: boolean;
  readonly chargeMa: number;
  readonly foreignObject: boolean;
  readonly pack: { readonly id: string; readonly socPct: number; readonly cellTempC: number } | undefined;
  /** The phase that the controller holds it to be in. */
  readonly state: BayPayload["state"];
  readonly lockOut: string | undefined;
}

export interface CabinetView {
  readonly id: string;
  readonly airTempC: number;
  readonly people: number;
  /** What is so or on there, by name: smoke, conductor, water, alarm, fan, aerosol. */
  readonly signs: readonly string[];
  readonly says: Words | undefined;
  readonly bays: readonly BayView[];
}

export interface CockpitView {
  readonly station: string;
  readonly wallMs: number;
  readonly simulatedMs: number;
  readonly controllerRuns: boolean;
  readonly mainsOn: boolean;
  readonly masterEnable: boolean;
  readonly emergencyStop: boolean;
  readonly alarmOn: boolean;
  readonly exitFreed: boolean;
  readonly mainsW: number;
  readonly outdoorC: number;
  readonly roomC: number;
  readonly cabinets: readonly CabinetView[];
  /** What somebody broke; `n` names it for mending. */
  readonly broken: readonly BrokenView[];
  /** What the controller complains of. */
  readonly faults: readonly Complaint[];
  readonly looks: number;
  readonly violations: number;
  /** The last of them. */
  readonly violated: readonly string[];
}

export interface BrokenView {
  readonly n: number;
  readonly fault: string;
  readonly says: Words;
  readonly where: string;
  readonly endsInS: number;
  /** It has not struck yet: its moment has not come. */
  readonly waits: boolean;
}

export interface Complaint {
  readonly code: string;
  readonly subject: string;
  readonly says: Words;
  readonly mend: string;
}

const violationsShown = 20;

const tenth = (value: number): number => Math.round(value * 10) / 10;

function packView({ pack }: BayTruth): BayView["pack"] {
  if (pack === undefined) return undefined;
  return { id: pack.id, socPct: pack.socPct, cellTempC: tenth(pack.cellTempC) };
}

function bayView(bay: BayTruth, { controller, clock }: Simulation): BayView {
  const state = controller.state();
  const input = {
    state,
    readings: controller.readings,
    granted: controller.granted(),
    nowMs: clock.nowMs,
    wallMs: controller.wallMs(),
  };
  return {
    bay: bay.bay,
    doorOpen: bay.doorOpen,
    coilOn: bay.coilSinceMs !== undefined,
    contactorClosed: bay.contactorClosed,
    heaterOn: bay.heaterOn,
    chargeMa: Math.round(bay.chargeMa),
    foreignObject: bay.foreignObject,
    pack: packView(bay),
    state: bayState(input, bay.bay, controller.context),
    lockOut: state.durable.lockOuts[String(bay.bay)]?.reason,
  };
}

function signsOf(cabinet: CabinetTruth): string[] {
  const signs = {
    smoke: cabinet.smoke,
    conductor: cabinet.conductor,
    water: cabinet.water,
    alarm: cabinet.alarmOn,
    aerosol: cabinet.aerosolOn,
    fan: cabinet.fanOn,
  };
  return Object.entries(signs).flatMap(([name, isSo]) => (isSo ? [name] : []));
}

function cabinetView(cabinet: CabinetTruth, simulation: Simulation): CabinetView {
  const said = simulation.controller.state().prompts[cabinet.id];
  return {
    id: cabinet.id,
    airTempC: tenth(cabinet.airTempC),
    people: cabinet.people,
    signs: signsOf(cabinet),
    says: said === undefined ? undefined : { zh: said.zh, en: said.en },
    bays: cabinet.bays.map((bay) => bayView(bay, simulation)),
  };
}

export function cockpitView(simulation: Simulation, director: FaultDirector): CockpitView {
  const { world, clock, controller, invariants, computer, config } = simulation;
  const { truth } = world;
  const violations = invariants.violations();
  return {
    station: config.file.station.id,
    wallMs: clock.wallMs(),
    simulatedMs: clock.nowMs,
    controllerRuns: computer.isAlive,
    mainsOn: truth.mainsOn,
    masterEnable: truth.masterEnable,
    emergencyStop: truth.emergencyStop,
    alarmOn: truth.alarmOn,
    exitFreed: truth.exitFreed,
    mainsW: Math.round(truth.mainsW),
    outdoorC: tenth(truth.outdoorC),
    roomC: tenth(truth.roomC),
    cabinets: truth.cabinets.map((cabinet) => cabinetView(cabinet, simulation)),
    broken: director.strikes().map(({ endsMs, ...broken }) => ({
      ...broken,
      endsInS: Math.max(0, Math.ceil((endsMs - clock.nowMs) / 1_000)),
    })),
    faults: Object.values(controller.state().faults).map(({ code, subject }) => {
      const { zh, en, mend } = faultCatalogue[code];
      return { code, subject, says: { zh, en }, mend };
    }),
    looks: invariants.checked(),
    violations: violations.length,
    violated: violations.slice(-violationsShown).map(({ invariant, what }) => `${invariant}: ${what}`),
  };
}
