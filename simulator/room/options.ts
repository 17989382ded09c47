/** What whoever makes a world may say about its room. Types only. */

/** What a scenario may say about the room. */
export interface RoomOptions {
  /** People who come for the room itself, a day. Default 120. */
  readonly visitsPerDay?: number;
  readonly startC?: number;
  readonly heaterW?: number;
  /** Heat taken out. */
  readonly coolerW?: number;
  /** Times a day that sensors fail for a while, that the town's water is off. Default 1 each; 0 for none. */
  readonly troublesPerDay?: number;
}
