/** What changes slowly: warmth, the meter's rounding, stock-outs, passers-by. It looks every ten seconds and decides nothing. */
import type { Frame } from "./frame.ts";
import type { Cabinet } from "./models/cabinet.ts";
import type { Scene, StockRule } from "./models/scene.ts";
import type { SplitRandom } from "./random.ts";

const TICK_MS = 10_000;
/** A door that stands open with nobody at the cabinet is shut by a passer-by, after five minutes on average. */
const PASSER_BY_MS = 300_000;

export class SlowTime {
  stockOutSeconds = 0;
  cabinetSeconds = 0;
  private readonly parts: { frame: Frame; scenes: readonly Scene[]; stock: StockRule };
  private readonly passersBy: SplitRandom;
  private readonly tick = (): void => this.pass();

  constructor(parts: { frame: Frame; scenes: readonly Scene[]; stock: StockRule }) {
    this.parts = parts;
    this.passersBy = parts.frame.random.split("passers-by");
    parts.frame.site.clock.after(TICK_MS, this.tick);
  }

  private pass(): void {
    const { frame, scenes, stock } = this.parts;
    const { site } = frame;
    const seconds = TICK_MS / 1_000;
    site.lookUpRoom();
    for (const scene of scenes) {
      scene.cabinet.tick(seconds);
      this.cabinetSeconds += seconds;
      if (!scene.cabinet.bays.some((bay) => stock.ready(bay))) this.stockOutSeconds += seconds;
      if (scene.queue.length === 0) this.passBy(scene.cabinet);
    }
    site.meter.settle(site.clock.monotonicMs());
    site.clock.after(TICK_MS, this.tick);
  }

  private passBy(cabinet: Cabinet): void {
    for (const bay of cabinet.bays) {
      if (bay.doorOpen && this.passersBy.chance(TICK_MS / PASSER_BY_MS)) bay.shut();
    }
  }
}
