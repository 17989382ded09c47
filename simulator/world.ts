/**
 * The simulated station: everything on the other side of the controller's wires, and the people in front of it. It answers
 * bytes, lets physics run, lets riders come, and shows the truth to judges. It never looks at the controller's state.
 */
import type { ConfigFile } from "../firmware/config/schema.ts";
import { Bay } from "./models/bay.ts";
import { Cabinet } from "./models/cabinet.ts";
import { Crowd } from "./models/crowd.ts";
import { type FirePlace, PackFire } from "./models/fire.ts";
import { GridMeter } from "./models/grid.ts";
import { PackRegister } from "./models/pack-register.ts";
import { createRoom } from "./models/room.ts";
import type { Scene, StockRule } from "./models/scene.ts";
import { Site } from "./models/site.ts";
import { carryOff, smuggle } from "./models/thief.ts";
import { VisitBook } from "./models/visit-book.ts";
import { createWeather } from "./models/weather.ts";
import type { WorldOptions, WorldSetup } from "./option-types.ts";
import type { SplitRandom } from "./random.ts";
import { createTruth } from "./truth.ts";
import type { SimulatedReader } from "./wires/code-reader.ts";
import type { SerialLine } from "./wires/modelled-line.ts";
import { createWiring, type Wiring } from "./wires/wiring.ts";
import type { World, WorldStats } from "./world-types.ts";

const TICK_MS = 10_000;
/** Mains to pack. A little better than the 0.92 that the controller's default plan assumes. */
const CHARGER_EFFICIENCY = 0.93;
/** A door that stands open with nobody at the cabinet is shut by a passer-by, after five minutes on average. */
const PASSER_BY_MS = 300_000;
const J_PER_KWH = 3_600_000;

/** What the parts of one world share while it is put together. */
interface Frame {
  readonly config: ConfigFile;
  readonly options: WorldOptions;
  readonly random: SplitRandom;
  readonly site: Site;
  readonly bays: Map<number, Bay>;
  readonly cabinets: Map<string, Cabinet>;
  readonly packs: PackRegister;
}

export function createWorld(setup: WorldSetup): World {
  const { config, clock, random, options } = setup;
  const localStartMs = clock.wallMs() - clock.monotonicMs() + (options.utcOffsetMinutes ?? 480) * 60_000;
  const weather = createWeather(options.weather ?? {}, localStartMs, random.split("weather"));
  const room = createRoom({ keptC: options.roomC ?? 18, outdoors: options.outdoors ?? false }, weather);
  const sources = config.cabinets.reduce((sum, cabinet) => sum + cabinet.bays.length + 1, 0);
  const meter = new GridMeter(sources, localStartMs);
  const site = new Site({ clock, meter, room, masterEnable: config.masterEnable === undefined });
  const { cells, capacityMah } = config.packs;
  const packs = new PackRegister({ cells, capacityMah, random: random.split("packs") });
  const frame: Frame = { config, options, random, site, packs, bays: new Map(), cabinets: new Map() };
  build(frame);
  stockUp(frame);
  const { bays, cabinets } = frame;
  const turnaroundMs = options.turnaroundMs ?? 5;
  const wiring = createWiring({ config, site, bays, cabinets, random: random.split("wires"), turnaroundMs });
  const scenes: Scene[] = [...cabinets.values()].map((cabinet) => {
    const reader = wiring.readers.get(cabinet.id) ?? mute;
    return { cabinet, reader, queue: [], lastScanner: undefined };
  });
  const stock = stockRule(config, options);
  const book = new VisitBook(options.visitsKept ?? 100_000);
  const crowdRandom = random.split("riders");
  const crowd = new Crowd({ site, weather, scenes, packs, book, stock, options, localStartMs, random: crowdRandom });
  const time = new SlowTime({ frame, scenes, stock, wiring });
  site.listen((event) => {
    if (contactEvents.has(event.type)) wiring.gpio.refresh();
  });
  const truth = createTruth({ site, weather, scenes, bays, packs, stock });
  return assemble({ frame, wiring, crowd, book, time, truth });
}

/** What moves a contact that may be wired to a header line. */
const contactEvents: ReadonlySet<string> = new Set([
  "door",
  "pack",
  "object",
  "smoke",
  "conductor",
  "water",
  "emergency-stop",
]);

const mute: SimulatedReader = { show: () => {}, receive: () => {} };

function build({ config, options, random, site, bays, cabinets }: Frame): void {
  let meterSource = 0;
  for (const entry of config.cabinets) {
    const here: Bay[] = [];
    for (const { bay } of entry.bays) {
      const body = new Bay({
        bay,
        cabinet: entry.id,
        site,
        meterSource: meterSource++,
        heaterW: config.charging.heaterW,
        chargerEfficiency: CHARGER_EFFICIENCY,
        lockFailure: options.lockFailure ?? 0,
        random: random.split(`bay-${bay}`),
      });
      bays.set(bay, body);
      here.push(body);
    }
    cabinets.set(entry.id, new Cabinet({ id: entry.id, bays: here, site, meterSource: meterSource++ }));
  }
}

/** The stock at the start: a few bays empty, most packs full, some still to be charged. */
function stockUp({ options, random, site, cabinets, packs }: Frame): void {
  const draw = random.split("stock");
  const emptyBays = options.emptyBaysPerCabinet ?? 2;
  for (const cabinet of cabinets.values()) {
    // The empty bays move round the cabinet from world to world.
    const offset = draw.int(cabinet.bays.length);
    for (const [at, bay] of cabinet.bays.entries()) {
      const soc = draw.chance(0.85) ? draw.between(0.93, 1) : draw.between(0.3, 0.9);
      if ((at + offset) % cabinet.bays.length < emptyBays) continue;
      const place = { at: "bay", bay: bay.bay } as const;
      bay.place(packs.make(options.initialSoc ?? soc, options.initialPackC ?? site.roomC, place), true);
    }
  }
}

/**
 * A pack tells whole percents and tenths of a degree, and a resting one is asked every ten seconds, in which the charger adds
 * 0.14 %: a pack this far above the marks has been heard to be ready.
 */
const toldMargin = { pct: 1, c: 0.5 } as const;

function stockRule(config: ConfigFile, options: WorldOptions): StockRule {
  const readyPct = options.readySocPct ?? config.charging.targetSocPct;
  // A pack below the mark of full current may still be on its way; above it a cell may be handed out by any rule.
  const warmC = Math.max(config.safety.fullCurrentMinC, config.safety.chargeMinC);
  const above = ({ pack, plugged, doorOpen }: Bay, margin: { readonly pct: number; readonly c: number }): boolean => {
    if (pack === undefined || !plugged || doorOpen) return false;
    const { hotPackC } = config.safety;
    return pack.socPct >= readyPct + margin.pct && pack.tempC >= warmC + margin.c && pack.hottestCellC < hotPackC;
  };
  return {
    ready: (bay) => above(bay, { pct: 0, c: 0 }),
    surelyReady: (bay) => above(bay, toldMargin),
    empty: (bay) => bay.pack === undefined && !bay.foreignObject && !bay.doorOpen,
  };
}

/** What changes slowly: warmth, the meter's rounding, stock-outs, passers-by. */
class SlowTime {
  stockOutSeconds = 0;
  cabinetSeconds = 0;
  private readonly parts: { frame: Frame; scenes: readonly Scene[]; stock: StockRule; wiring: Wiring };
  private readonly passersBy: SplitRandom;
  private readonly tick = (): void => this.pass();

  constructor(parts: { frame: Frame; scenes: readonly Scene[]; stock: StockRule; wiring: Wiring }) {
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

interface Assembly {
  readonly frame: Frame;
  readonly wiring: Wiring;
  readonly crowd: Crowd;
  readonly book: VisitBook;
  readonly time: SlowTime;
  readonly truth: World["truth"];
}

function assemble({ frame, wiring, crowd, book, time, truth }: Assembly): World {
  const { site, bays, cabinets } = frame;
  const bayOf = (number: number): Bay => found(bays.get(number), `bay ${number}`);
  const cabinetOf = (id: string): Cabinet => found(cabinets.get(id), `cabinet ${id}`);
  const fires = new Map<number, PackFire>();
  const lineOf = (path: string): SerialLine => found(wiring.lines.get(path), `line ${path}`);
  return {
    openWire: (spec, events) => lineOf(spec.path).open(spec, events),
    gpio: wiring.gpio,
    textFiles: wiring.textFiles,
    start: () => crowd.start(),
    stop: () => crowd.stop(),
    prompt: (cabinet, prompt) => crowd.prompt(cabinet, prompt),
    arrive: (visit = {}) => crowd.arrive(visit),
    onTruth: (listener) => site.listen(listener),
    truth,
    stats: statsOf({ frame, wiring, book, time }),
    wireDevice: (path) => wiring.deviceLines.get(path),
    line: lineOf,
    linePaths: [...wiring.lines.keys()],
    bayFaults: (bay) => watchedFaults(bayOf(bay)),
    setSmoke: (cabinet, smoke) => cabinetOf(cabinet).setSmoke(smoke),
    setConductor: (cabinet, closed) => cabinetOf(cabinet).setConductor(closed),
    setWater: (cabinet, water) => cabinetOf(cabinet).setWater(water),
    pressEmergencyStop: (pressed) => site.pressEmergencyStop(pressed),
    burnPack: (bay, burns) => setFire(fires, { bay: bayOf(bay), cabinet: cabinetOf(bayOf(bay).cabinet), site }, burns),
    showCode: (cabinet, text) => found(wiring.readers.get(cabinet), `cabinet ${cabinet}`).show(text),
    setMains: (on) => setMains(frame, wiring, on),
    setPackTemp(bay, tempC) {
      const body = bayOf(bay);
      body.look();
      body.pack?.setTemp(tempC);
    },
    forceDoor: (bay) => bayOf(bay).moveDoor(true),
    shutDoor: (bay) => {
      bayOf(bay).shut();
    },
    carryOff: (bay) => carryOff(bayOf(bay), frame.packs),
    smuggle: (bay, what) => smuggle(bayOf(bay), what, frame.packs),
    serviceBay(number) {
      const bay = bayOf(number);
      const cabinet = truth.cabinets.find((candidate) => candidate.id === bay.cabinet);
      if (cabinet?.people === 0) service(bay);
    },
  };
}

function setFire(fires: Map<number, PackFire>, place: FirePlace, burns: boolean): void {
  const { bay } = place.bay;
  fires.get(bay)?.burnOut();
  fires.delete(bay);
  if (burns) fires.set(bay, new PackFire(place));
}

function found<T>(thing: T | undefined, name: string): T {
  if (thing === undefined) throw new RangeError(`the station has no ${name}`);
  return thing;
}

function service(bay: Bay): void {
  const loose = bay.pack !== undefined && !bay.plugged;
  if (bay.foreignObject || loose) bay.moveDoor(true);
  bay.setObject(false);
  bay.plug();
  bay.shut();
}

/** Faults take effect when they are set, not when somebody next looks. */
function watchedFaults(bay: Bay): Bay["faults"] {
  return new Proxy(bay.faults, {
    set(target, property, value) {
      bay.look();
      Reflect.set(target, property, value);
      bay.supplyChanged();
      return true;
    },
  });
}

function setMains({ site, bays, cabinets }: Frame, wiring: Wiring, on: boolean): void {
  if (site.mainsOn === on) return;
  for (const bay of bays.values()) bay.look();
  const fans = [...cabinets.values()].map((cabinet) => cabinet.fanOn);
  site.mainsOn = on;
  site.emit({ type: "mains", on });
  if (!on) {
    for (const board of wiring.relayBoards) board.powerLost();
    for (const bay of bays.values()) bay.charger.powerLost();
  }
  for (const bay of bays.values()) bay.supplyChanged();
  for (const [at, cabinet] of [...cabinets.values()].entries()) cabinet.supplyChanged(fans[at] ?? false);
}

function statsOf({ frame, wiring, book, time }: Pick<Assembly, "frame" | "wiring" | "book" | "time">): WorldStats {
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
