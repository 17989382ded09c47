/**
 * The simulated station: everything on the other side of the controller's wires, and the people in front of it. It answers
 * bytes, lets physics run, lets riders come, and shows the truth to judges. It never looks at the controller's state.
 */
import { buildCabinets, type Frame } from "./frame.ts";
import { Mains, service, setFire, watchedFaults } from "./hand.ts";
import { memberName } from "./members.ts";
import type { Bay } from "./models/bay.ts";
import type { Cabinet } from "./models/cabinet.ts";
import { Crowd } from "./models/crowd.ts";
import type { PackFire } from "./models/fire.ts";
import { GridMeter } from "./models/grid.ts";
import { PackRegister } from "./models/pack-register.ts";
import { createRoom } from "./models/room.ts";
import type { Scene } from "./models/scene.ts";
import { Site } from "./models/site.ts";
import { carryOff, smuggle } from "./models/thief.ts";
import { VisitBook } from "./models/visit-book.ts";
import { createWeather } from "./models/weather.ts";
import type { WorldSetup } from "./option-types.ts";
import { makeShell, RoomScene } from "./room/scene.ts";
import { SlowTime } from "./slow-time.ts";
import { statsOf } from "./stats.ts";
import { stockRule, stockUp } from "./stock.ts";
import { createTruth } from "./truth.ts";
import type { SimulatedReader } from "./wires/code-reader.ts";
import type { SerialLine } from "./wires/modelled-line.ts";
import { createWiring, type Wiring } from "./wires/wiring.ts";
import type { World } from "./world-types.ts";

export function createWorld(setup: WorldSetup): World {
  const { config, clock, random, options } = setup;
  const localStartMs = clock.wallMs() - clock.monotonicMs() + (options.utcOffsetMinutes ?? 480) * 60_000;
  const weather = createWeather(options.weather ?? {}, localStartMs, random.split("weather"));
  const scene = sceneParts(setup, localStartMs);
  const shell = scene && makeShell(scene, weather);
  const room = shell ?? createRoom({ keptC: options.roomC ?? 18, outdoors: options.outdoors ?? false }, weather);
  const sources = config.cabinets.reduce((sum, cabinet) => sum + cabinet.bays.length + 1, 0);
  const meter = new GridMeter(sources, localStartMs);
  const site = new Site({ clock, meter, room, masterEnable: config.masterEnable === undefined });
  const { cells, capacityMah } = config.packs;
  const packs = new PackRegister({ cells, capacityMah, random: random.split("packs") });
  const frame: Frame = { config, options, random, site, packs, bays: new Map(), cabinets: new Map() };
  buildCabinets(frame);
  stockUp(frame);
  const { bays, cabinets } = frame;
  const turnaroundMs = options.turnaroundMs ?? 5;
  const people = scene && shell && new RoomScene(scene, shell, site);
  const wiring = createWiring({
    config,
    site,
    bays,
    cabinets,
    random: random.split("wires"),
    turnaroundMs,
    room: people?.room,
  });
  people?.connect(wiring.roomReaders, wiring.cardReaders);
  const scenes: Scene[] = [...cabinets.values()].map((cabinet) => {
    const reader = wiring.readers.get(cabinet.id) ?? mute;
    return { cabinet, reader, queue: [], lastScanner: undefined };
  });
  const stock = stockRule(config, options, clock);
  const book = new VisitBook(options.visitsKept ?? 100_000);
  const crowdRandom = random.split("riders");
  const crowd = new Crowd({ site, weather, scenes, packs, book, stock, options, localStartMs, random: crowdRandom });
  const time = new SlowTime({ frame, scenes, stock });
  site.listen((event) => {
    if (contactEvents.has(event.type)) wiring.gpio.refresh();
  });
  const truth = createTruth({ site, weather, scenes, bays, packs, stock });
  return assemble({ frame, wiring, crowd, book, time, truth, room: people });
}

/** The room of a station that has one. */
function sceneParts({ config, room, clock, random, options }: WorldSetup, localStartMs: number) {
  if (room === undefined) return undefined;
  const members = options.credentials.map((code, rider) => ({ member: memberName(rider), code }));
  return {
    config: room,
    options: options.room ?? {},
    clock,
    random: random.split("room"),
    localStartMs,
    members,
    station: config.station.id,
    seed: options.issuerSeed ?? random.name,
  };
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
  "room-contact",
]);

const mute: SimulatedReader = { show: () => {}, receive: () => {} };

interface Assembly {
  readonly frame: Frame;
  readonly wiring: Wiring;
  readonly crowd: Crowd;
  readonly book: VisitBook;
  readonly time: SlowTime;
  readonly truth: World["truth"];
  readonly room: RoomScene | undefined;
}

function assemble({ frame, wiring, crowd, book, time, truth, room }: Assembly): World {
  const { site, bays, cabinets } = frame;
  const bayOf = (number: number): Bay => found(bays.get(number), `bay ${number}`);
  const cabinetOf = (id: string): Cabinet => found(cabinets.get(id), `cabinet ${id}`);
  const fires = new Map<number, PackFire>();
  const mains = new Mains({ frame, wiring, room: room?.room });
  const lineOf = (path: string): SerialLine => found(wiring.lines.get(path), `line ${path}`);
  return {
    openWire: (spec, events) => lineOf(spec.path).open(spec, events),
    gpio: wiring.gpio,
    textFiles: wiring.textFiles,
    start() {
      crowd.start();
      room?.start();
    },
    stop() {
      crowd.stop();
      room?.stop();
    },
    room,
    tellComputer: (on) => site.emit({ type: "computer", on }),
    prompt: (cabinet, prompt) => crowd.prompt(cabinet, prompt),
    arrive: (visit = {}) => crowd.arrive(visit),
    showAgain: (cabinet) => crowd.showAgain(cabinet),
    callAway: (cabinet) => crowd.callAway(cabinet),
    onTruth: (listener) => site.listen(listener),
    truth,
    stats: statsOf({ frame, wiring, book, time }),
    wireDevice: (path) => wiring.deviceLines.get(path),
    line: lineOf,
    linePaths: [...wiring.lines.keys()],
    bayFaults: (bay) => watchedFaults(bayOf(bay)),
    probeFaults: (device) => wiring.probes.get(device)?.faults,
    exchangePlugs: (path, other) => lineOf(path).exchangePlugs(lineOf(other)),
    breakFan: (cabinet, broken) => cabinetOf(cabinet).breakFan(broken),
    contactsMoved: () => wiring.gpio.refresh(),
    setSmoke: (cabinet, smoke) => cabinetOf(cabinet).setSmoke(smoke),
    setConductor: (cabinet, closed) => cabinetOf(cabinet).setConductor(closed),
    setWater: (cabinet, water) => cabinetOf(cabinet).setWater(water),
    pressEmergencyStop: (pressed) => site.pressEmergencyStop(pressed),
    burnPack: (bay, burns) => setFire(fires, { bay: bayOf(bay), cabinet: cabinetOf(bayOf(bay).cabinet), site }, burns),
    showCode: (cabinet, text) => found(wiring.readers.get(cabinet), `cabinet ${cabinet}`).show(text),
    setMains: (on) => mains.set(on),
    cutMains: () => mains.cut(),
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

function found<T>(thing: T | undefined, name: string): T {
  if (thing === undefined) throw new RangeError(`the station has no ${name}`);
  return thing;
}
