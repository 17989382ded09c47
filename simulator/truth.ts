/**
 * Live views of what really is, for judges and reports. Each property is worked out when it is read; reading may let
 * physics catch up with the present, but never changes what will happen.
 */
import type { Bay } from "./models/bay.ts";
import type { Cabinet } from "./models/cabinet.ts";
import type { PackEntry, PackRegister } from "./models/pack-register.ts";
import type { Scene, StockRule } from "./models/scene.ts";
import type { Site } from "./models/site.ts";
import type { Weather } from "./models/weather.ts";
import type { BayTruth, CabinetTruth, PackPlace, PackTruth, Truth } from "./truth-types.ts";

/** Lets the bay that holds a pack catch up before the pack is looked at. */
type CatchUp = (place: PackPlace) => void;

const J_PER_WH = 3_600;

class PackView implements PackTruth {
  private readonly entry: PackEntry;
  private readonly catchUp: CatchUp;

  constructor(entry: PackEntry, catchUp: CatchUp) {
    this.entry = entry;
    this.catchUp = catchUp;
  }

  private get now() {
    this.catchUp(this.entry.place);
    return this.entry.pack;
  }

  get id() {
    return this.entry.pack.id;
  }
  get soc() {
    return this.now.soc;
  }
  get socPct() {
    return this.now.socPct;
  }
  get cellTempC() {
    return this.now.tempC;
  }
  get hottestCellC() {
    return this.now.hottestCellC;
  }
  get packMv() {
    return this.now.packMv;
  }
  get packMa() {
    return this.now.flowMa;
  }
  get protectionBits() {
    return this.now.protectionBits;
  }
  get chargeMosOn() {
    return this.now.chargeMosOn;
  }
  get chargeBelowZeroCoulombs() {
    return this.now.chargeBelowZeroCoulombs;
  }
  get chargeBelowZeroSeconds() {
    return this.now.chargeBelowZeroSeconds;
  }
  get chargedCoulombs() {
    return this.now.chargedCoulombs;
  }
  get energyInWh() {
    return this.now.energyInJ / J_PER_WH;
  }
  get heatLossWh() {
    return this.now.heatLossJ / J_PER_WH;
  }
  get peakMv() {
    return this.now.peakMv;
  }
  get place() {
    return this.entry.place;
  }
  get handedTo() {
    return this.entry.handedTo;
  }
}

class BayView implements BayTruth {
  private readonly body: Bay;
  private readonly stock: StockRule;
  private readonly viewOf: (bay: Bay) => PackTruth | undefined;

  constructor(body: Bay, stock: StockRule, viewOf: (bay: Bay) => PackTruth | undefined) {
    this.body = body;
    this.stock = stock;
    this.viewOf = viewOf;
  }

  private get now() {
    this.body.look();
    return this.body;
  }

  get bay() {
    return this.body.bay;
  }
  get cabinet() {
    return this.body.cabinet;
  }
  get doorOpen() {
    return this.body.doorOpen;
  }
  get doorChangedMs() {
    return this.body.doorChangedMs;
  }
  get latched() {
    return this.body.lock.latched;
  }
  get coilSinceMs() {
    return this.body.lock.coilSinceMs;
  }
  get pulses() {
    return this.body.lock.pulses;
  }
  get contactorRelayOn() {
    return this.body.contactorRelay;
  }
  get contactorClosed() {
    return this.body.contactorClosed;
  }
  get heaterOn() {
    return this.body.heaterOn;
  }
  get heaterRelayOn() {
    return this.body.heaterRelay;
  }
  get heaterRelayMs() {
    return this.body.heaterRelayMs;
  }
  get chargerOn() {
    return this.now.charger.actualMa > 0;
  }
  get chargeMa() {
    return this.now.chargeMa;
  }
  get airTempC() {
    return this.now.airTempC;
  }
  get mainsW() {
    return this.now.mainsW;
  }
  get foreignObject() {
    return this.body.foreignObject;
  }
  get pack() {
    return this.viewOf(this.body);
  }
  get plugged() {
    return this.body.plugged;
  }
  get ready() {
    return this.stock.ready(this.now);
  }
  get empty() {
    return this.stock.empty(this.body);
  }
}

class CabinetView implements CabinetTruth {
  readonly bays: readonly BayTruth[];
  private readonly scene: Scene;
  private readonly body: Cabinet;

  constructor(scene: Scene, bays: readonly BayTruth[]) {
    this.scene = scene;
    this.body = scene.cabinet;
    this.bays = bays;
  }

  get id() {
    return this.body.id;
  }
  get airTempC() {
    return this.body.airTempC;
  }
  get smoke() {
    return this.body.smoke;
  }
  get conductor() {
    return this.body.conductor;
  }
  get water() {
    return this.body.water;
  }
  get fanOn() {
    return this.body.fanOn;
  }
  get alarmOn() {
    return this.body.alarmOn;
  }
  get aerosolOn() {
    return this.body.aerosolOn;
  }
  get aerosolReleases() {
    return this.body.aerosolReleases;
  }
  get doorsOpen() {
    let open = 0;
    for (const bay of this.body.bays) if (bay.doorOpen) open++;
    return open;
  }
  get people() {
    return this.scene.queue.length;
  }
}

export interface TruthParts {
  readonly site: Site;
  readonly weather: Weather;
  readonly scenes: readonly Scene[];
  readonly bays: ReadonlyMap<number, Bay>;
  readonly packs: PackRegister;
  readonly stock: StockRule;
}

export function createTruth({ site, weather, scenes, bays, packs, stock }: TruthParts): Truth {
  const packViews = new Map<PackEntry, PackTruth>();
  const catchUp: CatchUp = (place) => {
    if (place.at === "bay") bays.get(place.bay)?.look();
  };
  const packView = (entry: PackEntry): PackTruth => {
    let view = packViews.get(entry);
    if (view === undefined) {
      view = new PackView(entry, catchUp);
      packViews.set(entry, view);
    }
    return view;
  };
  const bayPack = (bay: Bay) => (bay.pack === undefined ? undefined : packView(packs.entry(bay.pack)));
  const bayViews = new Map<number, BayTruth>();
  for (const [number, bay] of bays) bayViews.set(number, new BayView(bay, stock, bayPack));
  const bayOf = (number: number): BayTruth => {
    const view = bayViews.get(number);
    if (view === undefined) throw new RangeError(`the station has no bay ${number}`);
    return view;
  };
  return {
    get nowMs() {
      return site.clock.monotonicMs();
    },
    get outdoorC() {
      return weather.outdoorC(site.clock.monotonicMs());
    },
    get roomC() {
      return site.roomC;
    },
    get masterEnable() {
      return site.masterEnable;
    },
    get mainsOn() {
      return site.mainsOn;
    },
    get emergencyStop() {
      return site.emergencyStop;
    },
    get alarmOn() {
      return site.alarmOn;
    },
    get exitFreed() {
      return site.exitFreed;
    },
    get mainsW() {
      for (const bay of bays.values()) bay.look();
      return site.meter.totalW;
    },
    bay: bayOf,
    bays: [...bayViews.values()],
    cabinets: scenes.map(
      (scene) =>
        new CabinetView(
          scene,
          scene.cabinet.bays.map((bay) => bayOf(bay.bay)),
        ),
    ),
    get packs() {
      return packs.entries.map(packView);
    },
  };
}
