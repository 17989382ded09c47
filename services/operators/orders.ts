/** What operators ordered and what holds until they say otherwise. */
import type { OrderVerb } from "../contract/request-payloads.ts";
import type { Asker } from "../requests/roles.ts";

export interface Reservation {
  readonly bay: number;
  readonly member: string;
  readonly packId: string;
  /** Wall ms; after it the pack is anybody's again. */
  readonly until: number;
}

/** A request that was taken and is not answered yet. */
export interface TakenOrder extends Asker {
  readonly verb: OrderVerb;
  /** Wall ms. */
  readonly at: number;
  readonly expiresAt: number;
}

/** A bay that an operator's request opened, or is opening: what changes in it until it is shut and looked at is theirs. */
export interface OpenedBay {
  readonly request: string;
  /** Wall ms. */
  readonly at: number;
  /** One of all bays of the cabinet. */
  readonly all: boolean;
}

export interface OperatorsState {
  /** By bay number. */
  readonly reservations: Readonly<Record<string, Reservation>>;
  /** Cabinets out of service, with the operator's words. */
  readonly cabinetLockOuts: Readonly<Record<string, { readonly reason: string; readonly since: number }>>;
  /** Numbers that replace those of the configuration, inside its hard limits. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Requests taken and not answered yet: by id. After a restart they are answered as interrupted, and never carried out. */
  readonly taken: Readonly<Record<string, TakenOrder>>;
  /** By bay number. */
  readonly opened: Readonly<Record<string, OpenedBay>>;
  /** By key: the last number that was accepted from it. */
  readonly sequences: Readonly<Record<string, number>>;
  /** By key, and under no name for unsigned requests: when single bays were last opened. Wall ms. */
  readonly opens: Readonly<Record<string, readonly number[]>>;
}

export const emptyOperators: OperatorsState = {
  reservations: {},
  cabinetLockOuts: {},
  parameters: {},
  taken: {},
  opened: {},
  sequences: {},
  opens: {},
};
