/** What riders share: one cabinet as people see it, and one member as a person. No behaviour of their own. */

import type { RiderVisit, WorldPrompt } from "../visit-types.ts";
import type { SimulatedReader } from "../wires/code-reader.ts";
import type { Bay } from "./bay.ts";
import type { Cabinet } from "./cabinet.ts";
import type { Pack } from "./pack.ts";

/** A visit while it lasts. */
export type Notes = { -readonly [K in keyof RiderVisit]: RiderVisit[K] } & { cabinetsTried: string[] };

/** Somebody at or queueing for a cabinet. */
export interface Visitor {
  readonly notes: Notes;
  readonly person: Person;
  /** Their pack is inside, or was. */
  readonly beingServed: boolean;
  /** The one before has gone. */
  stepForward(): void;
  /** The cabinet says something. */
  hear(prompt: WorldPrompt): void;
  /** A door moved. */
  notice(): void;
  /** Somebody else at this cabinet shows their code. */
  rivalScans(): void;
  showCode(): void;
  /** Goes away, whatever they were doing. */
  leave(): void;
}

export interface Scene {
  readonly cabinet: Cabinet;
  readonly reader: SimulatedReader;
  /** The first one stands at the scanner. */
  readonly queue: Visitor[];
  /** Who showed a code last: a refusal is meant for them. */
  lastScanner: Visitor | undefined;
}

export interface Person {
  /** Index into the credentials. */
  readonly rider: number;
  readonly credential: string;
  /** The pack on their bike; undefined while the station owes them one. */
  pack: Pack | undefined;
  /** A second one that a friend lent them for this visit. */
  spare: Pack | undefined;
  /** At the station, expected back for a debt, or without their pack because a friend borrowed it. */
  busy: boolean;
  lastLeftMs: number;
  returnsLeft: number;
}

/** Stock as ground truth has it. */
export interface StockRule {
  ready(bay: Bay): boolean;
  /** Ready for so long, or so far above the mark, that whoever asks the pack every few seconds must know. */
  surelyReady(bay: Bay): boolean;
  empty(bay: Bay): boolean;
  /** And its door shut for so long that the station must know. */
  surelyEmpty(bay: Bay): boolean;
}

export function readyCount(scene: Scene, rule: StockRule): number {
  let count = 0;
  for (const bay of scene.cabinet.bays) if (rule.ready(bay)) count++;
  return count;
}

export function hasEmpty(scene: Scene, rule: StockRule): boolean {
  return scene.cabinet.bays.some((bay) => rule.empty(bay));
}
