import type { Reading, Watch } from "./reading.ts";

/** The management system of the pack in one bay. Current is + into the pack. */
export interface PackStatus {
  /** Identity as the pack tells it, normalised to `[a-z0-9-]+`; undefined while not read yet. */
  readonly packId: string | undefined;
  readonly packMv: number;
  readonly packMa: number;
  readonly socPct: number;
  /** Cell temperatures; empty when the pack has no sensor. */
  readonly cellTempsC: readonly number[];
  /** Cell voltages; empty until read (they are polled more slowly). */
  readonly cellsMv: readonly number[];
  /** Protection bits as the pack sends them (JBD: 13 bits, General Protocol V4). 0 = none. */
  readonly protectionBits: number;
  readonly chargeMosOn: boolean;
  readonly dischargeMosOn: boolean;
  readonly remainingMah: number;
  readonly nominalMah: number;
  readonly cycles: number;
}

export interface PackLink {
  /** The last good status. `stale` once the pack missed its answers; then the value is history, not state. */
  reading(): Reading<PackStatus | undefined>;
  watch(onChange: Watch<PackStatus | undefined>): void;
  /** How often to ask: `watch` while charging or inspecting (about 1 s), `rest` otherwise (about 5 s). */
  urgency(level: "watch" | "rest"): void;
  /** Forgets the pack's identity and asks anew at once, because the door was open or a pack appeared. */
  reidentify(): void;
}
