/**
 * One simulated bay with every device of it, each on a modelled line of its own, and a bus on each line: the drivers meet
 * the same bytes, wire times and turnaround as in the whole simulated station. Faults are set on `lines` and `bay.faults`.
 */
import type { Bus } from "../../hal/buses/bus.ts";
import { createBus } from "../../hal/buses/serial-bus.ts";
import type { OpenWire } from "../../hal/ports/wire.ts";
import type { VirtualClock } from "../../simulator/clock.ts";
import { Bay } from "../../simulator/models/bay.ts";
import { GridMeter } from "../../simulator/models/grid.ts";
import { Pack } from "../../simulator/models/pack.ts";
import { Site } from "../../simulator/models/site.ts";
import { createRandom } from "../../simulator/random.ts";
import { createCodeReader, type SimulatedReader } from "../../simulator/wires/code-reader.ts";
import { DeviceLine } from "../../simulator/wires/device-line.ts";
import { createDpmChargers } from "../../simulator/wires/dpm-chargers.ts";
import { createJbdPack } from "../../simulator/wires/jbd-pack.ts";
import { createLockBoards } from "../../simulator/wires/lock-boards.ts";
import { SerialLine } from "../../simulator/wires/modelled-line.ts";
import { createRelayBoards, RelayBoard } from "../../simulator/wires/relay-boards.ts";

export interface DeviceBench {
  readonly clock: VirtualClock;
  readonly site: Site;
  readonly bay: Bay;
  readonly lines: Readonly<Record<LineName, SerialLine>>;
  readonly buses: Readonly<Record<LineName, Bus>>;
  readonly relayBoard: RelayBoard;
  readonly reader: SimulatedReader;
  newPack(id: string, soc?: number): Pack;
}

export type LineName = "lock" | "relay" | "charger" | "pack" | "reader";

/** The lock board has DIP address 1 and the bay on way 3; relays and charger have address 1. */
export const LOCK_CHANNEL = 3;
const TURNAROUND_MS = 5;

export function deviceBench(clock: VirtualClock, feedback: "closing" | "opening" = "closing"): DeviceBench {
  const meter = new GridMeter(4, 0);
  const site = new Site({ clock, meter, room: { tempC: () => 20 }, masterEnable: true });
  const random = createRandom("bench");
  const bay = new Bay({
    bay: 1,
    cabinet: "a",
    site,
    meterSource: 0,
    heaterW: 100,
    chargerEfficiency: 0.92,
    lockFailure: 0,
    random,
  });
  const relayBoard = new RelayBoard(1, clock);
  const lines: Partial<Record<LineName, SerialLine>> = {};
  const buses: Partial<Record<LineName, Bus>> = {};
  const add = (name: LineName, halfDuplex: boolean): DeviceLine => {
    const devices = new DeviceLine();
    const line = new SerialLine({
      path: `/dev/${name}`,
      baud: 9_600,
      stopBits: 1,
      echo: false,
      halfDuplex,
      devices,
      clock,
      random: random.split(name),
    });
    const openWire: OpenWire = (spec, events) => line.open(spec, events);
    lines[name] = line;
    const spec = { path: line.path, baud: 9_600, stopBits: 1 as const };
    buses[name] = createBus({ id: name, line: spec, openWire, clock, echo: false });
    return devices;
  };
  const common = (line: DeviceLine) => ({ clock, site, turnaroundMs: TURNAROUND_MS, reply: line.reply });

  const lock = add("lock", true);
  const bays: Array<Bay | undefined> = [];
  bays[LOCK_CHANNEL] = bay;
  lock.add(createLockBoards({ ...common(lock), boards: [{ address: 1, feedback, statusOrder: "last-first", bays }] }));
  const relay = add("relay", true);
  relay.add(createRelayBoards({ ...common(relay), boards: [relayBoard] }));
  const charger = add("charger", true);
  charger.add(createDpmChargers({ ...common(charger), chargers: [undefined, { bay, maxMa: 24_000 }] }));
  const pack = add("pack", false);
  pack.add(createJbdPack({ ...common(pack), bay }));
  const reading = add("reader", false);
  const reader = createCodeReader({ ...common(reading), shown: () => undefined });
  reading.add(reader);
  return {
    clock,
    site,
    bay,
    lines: lines as Record<LineName, SerialLine>,
    buses: buses as Record<LineName, Bus>,
    relayBoard,
    reader,
    newPack: (id, soc = 0.5) => new Pack({ id, cells: 13, capacityMah: 24_000, soc, tempC: 20 }),
  };
}
