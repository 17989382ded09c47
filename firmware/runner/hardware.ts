/** The station's hardware as the runner sees it, assembled from a configuration. Types only; `wiring.ts` builds it. */

import type { BusStats } from "../../hal/buses/bus.ts";
import type { Card } from "../../hal/ports/card-reader.ts";
import type { Levels } from "../../services/levels.ts";
import type { AskCard } from "./card-proof.ts";
import type { Image } from "./image.ts";

export interface HardwareStats {
  readonly buses: Readonly<Record<string, BusStats>>;
  /** Ids of buses that are not open now. */
  readonly lost: readonly string[];
}

export interface Hardware {
  readonly image: Image;
  /** Leases the levels; whatever is not leased again before `untilMs` goes off by itself. */
  apply(levels: Levels, untilMs: number): void;
  /** One pulse on one lock. `done` settles exactly once. */
  unlock(
    bay: number,
    done: (outcome: { readonly is: "driven" } | { readonly is: "failed"; readonly why: string }) => void,
  ): void;
  reidentify(bay: number): void;
  stats(): HardwareStats;
  /** Everything off; nothing is switched on any more. The lines stay open, so that the orders get out. */
  allOff(): void;
  /** Closes the lines for good. */
  close(): void;
}

export interface HardwareEvents {
  /** Something in the image changed that a decision may depend on; which bay's, if it was one's. */
  readonly noticed: (bay: number | undefined) => void;
  readonly scanned: (cabinet: string, text: string) => void;
  /** A code at a reader of the room. The text may open a door: nobody writes it down. */
  readonly roomCode: (reader: string, text: string) => void;
  /** A card at a reader of the room; `ask` speaks to it as long as it stays. */
  readonly roomCard: (reader: string, card: Card, ask: AskCard) => void;
  readonly busHealth: (bus: string, lost: boolean, why: string) => void;
}
