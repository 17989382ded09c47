/** What operators ordered and what holds until they say otherwise. */
export interface Reservation {
  readonly bay: number;
  readonly member: string;
  /** Wall ms; after it the pack is anybody's again. */
  readonly until: number;
}

export interface OperatorsState {
  /** By bay number. */
  readonly reservations: Readonly<Record<string, Reservation>>;
  /** Cabinets out of service, with the operator's words. */
  readonly cabinetLockOuts: Readonly<Record<string, { readonly reason: string; readonly since: number }>>;
  /** Numbers that replace those of the configuration, inside its hard limits. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Requests taken and not answered yet: by id. After a restart they are answered as interrupted, and never carried out. */
  readonly taken: Readonly<Record<string, { readonly verb: string; readonly at: number }>>;
}

export const emptyOperators: OperatorsState = { reservations: {}, cabinetLockOuts: {}, parameters: {}, taken: {} };
