/** What a run of the world adds up to. It counts what really happened and knows nothing of the controller. */
import type { Frame } from "./frame.ts";
import type { VisitBook } from "./models/visit-book.ts";
import type { SlowTime } from "./slow-time.ts";
import type { SerialLine } from "./wires/modelled-line.ts";
import type { Wiring } from "./wires/wiring.ts";
import type { WorldStats } from "./world-types.ts";

const J_PER_KWH = 3_600_000;

export interface StatsParts {
  readonly frame: Frame;
  readonly wiring: Wiring;
  readonly book: VisitBook;
  readonly time: SlowTime;
}

export function statsOf({ frame, wiring, book, time }: StatsParts): WorldStats {
  const { site, bays } = frame;
  const settled = () => {
    for (const bay of bays.values()) bay.look();
    site.meter.settle(site.clock.monotonicMs());
    return site.meter;
  };
  const sum = (count: (line: SerialLine) => number) => {
    let total = 0;
    for (const line of wiring.lines.values()) total += count(line);
    return total;
  };
  return {
    get arrivals() {
      return book.arrivals;
    },
    get nobodyFree() {
      return book.nobodyFree;
    },
    endings: book.endings,
    refusals: book.refusals,
    behaviours: book.behaviours,
    visits: book.visits,
    get energyKwh() {
      return settled().energyJ / J_PER_KWH;
    },
    get peakW() {
      return settled().peakW;
    },
    get energyCost() {
      return settled().cost;
    },
    get heaterKwh() {
      let joules = 0;
      for (const bay of bays.values()) joules += bay.heaterJ;
      return joules / J_PER_KWH;
    },
    get stockOutSeconds() {
      return time.stockOutSeconds;
    },
    get cabinetSeconds() {
      return time.cabinetSeconds;
    },
    get transactions() {
      return sum((line) => line.requests);
    },
    get collisions() {
      return sum((line) => line.collisions);
    },
  };
}
