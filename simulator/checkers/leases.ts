/**
 * I3: nothing stays on that nobody renews. Judged on the wire (what relay boards are told) and by the relays themselves once the
 * controller is dead or its loop stands still.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import { parseModbusRequest } from "../../hal/codecs/modbus-rtu.ts";
import { relayCommandOf } from "../../hal/codecs/waveshare-relay-d.ts";
import type { BayTruth, CabinetTruth } from "../truth-types.ts";
import type { Checker, CheckerSetup, WireCheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";
import { isNotOurs, isWelded } from "./excuses.ts";

const leaseMs = 2_000;
/** A command under way when the controller died arrives a moment later, and the board counts from then. */
const slackMs = 150;
const writeOne = 5;
const writeMany = 15;

/** What has current now although only a lease may give it any. Welded relays are the hardware's own doing: relays are judged. */
function energised(setup: CheckerSetup): string | undefined {
  const { world } = setup;
  const { truth } = world;
  const inBay = ({ bay, contactorRelayOn, heaterRelayOn, coilSinceMs }: BayTruth): string | undefined => {
    if (contactorRelayOn) return `the contactor of bay ${bay}`;
    if (heaterRelayOn) return `the heater of bay ${bay}`;
    // A coil is timed by its board, and a shorted driver asks nobody: that is another judge's.
    const isPulse = coilSinceMs !== undefined && truth.nowMs - coilSinceMs < leaseMs && !isNotOurs(bay, setup);
    return isPulse ? `the lock of bay ${bay}` : undefined;
  };
  const inCabinet = ({ id, fanOn, alarmOn, aerosolOn }: CabinetTruth): string | undefined => {
    const what = fanOn ? "fan" : alarmOn ? "alarm" : aerosolOn ? "extinguisher" : undefined;
    return what === undefined ? undefined : `the ${what} of ${id}`;
  };
  const ofStation = truth.alarmOn ? "the station's alarm" : truth.exitFreed ? "the exit's release" : undefined;
  return (
    firstOf(truth.bays, inBay) ??
    firstOf(truth.cabinets, inCabinet) ??
    ofStation ??
    world.room?.room.circuits.closedNow.find((load) => !isWelded(load, setup))
  );
}

function firstOf<T>(all: readonly T[], of: (one: T) => string | undefined): string | undefined {
  for (const one of all) {
    const found = of(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Relay boards by bus, each with the addresses there. */
function relayBoards(file: ConfigFile): ReadonlyMap<string, ReadonlySet<number>> {
  const boards = new Map<string, Set<number>>();
  for (const device of file.devices) {
    if (device.kind !== "waveshare-relay-d") continue;
    const known = boards.get(device.bus) ?? new Set();
    boards.set(device.bus, known.add(device.address));
  }
  return boards;
}

/** What is wrong with a request that switches relays; undefined for a timed one that is short enough, and for switching off. */
function unleased(bytes: Uint8Array, length: number): string | undefined {
  const parsed = parseModbusRequest(bytes, length);
  if (parsed.is !== "frame") return undefined;
  const { value } = parsed;
  if (value.function === writeMany) return value.data.some((byte) => byte !== 0) ? "several relays held on" : undefined;
  const command = relayCommandOf(value);
  if (command === undefined || command.do === "off") return undefined;
  if (command.do !== "flash-on") return `a relay told to ${command.do} without a time`;
  return command.tenths * 100 > leaseMs ? `a relay on for ${command.tenths / 10} s` : undefined;
}

export function relaysAreLeased({ file, ears, report, looked }: WireCheckerSetup): Checker {
  const boards = relayBoards(file);
  function judge(bus: string, bytes: Uint8Array, length: number): void {
    const address = bytes[0] ?? 0;
    if (boards.get(bus)?.has(address) !== true) return;
    looked();
    const wrong = unleased(bytes, length);
    if (wrong !== undefined) report("I3-wire", `board ${address} on ${bus}: ${wrong}`);
  }
  for (const bus of boards.keys()) {
    ears.onAsked(bus, (bytes, length) => {
      if (bytes[1] === writeOne || bytes[1] === writeMany) judge(bus, bytes, length);
    });
  }
  return {
    invariant: "I3-wire",
    says: "no relay board is told to hold anything on for longer than 2 s",
    looksAt: "every request that reaches a relay board",
  };
}

export function outputsNeedLeases(setup: CheckerSetup): Checker {
  const { clock, report, looked } = setup;
  const era = controllerEra(setup);
  let scannedMs = clock.nowMs;
  let scansSeen = false;
  function look(): void {
    const deadMs = era.runs ? (scansSeen ? clock.nowMs - Math.max(scannedMs, era.bornMs) : 0) : sinceDeath();
    if (deadMs <= leaseMs + slackMs) return;
    looked();
    const what = energised(setup);
    if (what !== undefined) report("I3", `${what} is on ${Math.round(deadMs)} ms after the last scan`);
  }
  const sinceDeath = (): number => clock.nowMs - (era.diedMs ?? clock.nowMs);
  return {
    invariant: "I3",
    says: "every output is off 2 s after nobody renews it: when the controller is dead, or its loop stands still",
    looksAt: "relays, coils and outputs of the room after the controller died or its loop stood still",
    everyMs: 1_000,
    onScan(nowMs) {
      scannedMs = nowMs;
      scansSeen = true;
    },
    onTruth(event) {
      if (event.type === "computer" && !event.on) clock.after(leaseMs + slackMs + 1, look);
    },
    onLook: look,
  };
}
