/**
 * Warmth: the frost floor holds as long as everything it needs is there, nothing heats blindly, nothing heats and cools at once, no
 * element glows without water. Judged by the air and the water themselves.
 */
import { climateOutput } from "../room/names.ts";
import type { AirSensor, RoomWorld } from "../room/room-world.ts";
import type { Checker, CheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";
import { isWelded } from "./excuses.ts";

/** A cold room with a sound heater is above the floor after this long. */
const recoverMs = 45 * 60_000;
/** A door open this long lets out more than any heater gives. */
const doorOpenMs = 60_000;
const blindMsMax = 10_000;
const frozenMsMax = 60_000;
/** The controller's own scan and the wire, beside what the rule gives. */
const slackMs = 1_000;
const floorSlackC = 0.3;

const isBlind = ({ fault }: AirSensor): boolean => fault === "gone" || fault === "short" || fault === "open";

export function frostFloorHolds(setup: CheckerSetup): Checker {
  const { world, config, report, clock, looked } = setup;
  const era = controllerEra(setup);
  let badMs = clock.nowMs;
  let openSinceMs: number | undefined;
  let told = false;
  function excuse(room: RoomWorld): boolean {
    const open = [...room.doors.values()].some((door) => door.isOpen);
    openSinceMs = open ? (openSinceMs ?? clock.nowMs) : undefined;
    const isLongOpen = openSinceMs !== undefined && clock.nowMs - openSinceMs > doorOpenMs;
    const anySound = [...room.sensors.values()].some(({ fault }) => fault === undefined);
    return !era.isUp || isLongOpen || !anySound || world.truth.emergencyStop;
  }
  return {
    invariant: "R-frost",
    says: "the room stays above its frost floor while there is mains, a sound heater and one sound sensor",
    looksAt: "the air of the room",
    excuses: "no mains, no sound sensor, a door left open",
    onLook() {
      const room = world.room?.room;
      const climate = config.room?.climate;
      if (room === undefined || climate === undefined) return;
      if (excuse(room)) badMs = clock.nowMs;
      looked();
      const { airC } = room.shell;
      const isCold = airC < climate.frostC - floorSlackC;
      if (isCold && !told && clock.nowMs - badMs > recoverMs) report("R-frost", `the room has ${airC.toFixed(1)} °C`);
      told = isCold;
    },
  };
}

/** Since when no sensor means anything, and since when the heater has been on. */
class BlindTimes {
  private blindSinceMs: number | undefined;
  private heatsSinceMs: number | undefined;

  /** How much too long the heater has been on; 0 or less when it may be. */
  look(room: RoomWorld, nowMs: number): number {
    const sensors = [...room.sensors.values()];
    const allBad = sensors.length > 0 && sensors.every(({ fault }) => fault !== undefined);
    this.blindSinceMs = allBad ? (this.blindSinceMs ?? nowMs) : undefined;
    this.heatsSinceMs = room.heats ? (this.heatsSinceMs ?? nowMs) : undefined;
    if (this.blindSinceMs === undefined || this.heatsSinceMs === undefined) return 0;
    if (sensors.every(isBlind)) return nowMs - this.blindSinceMs - blindMsMax;
    // A frozen sensor shows itself only while the heater is on.
    return nowMs - Math.max(this.blindSinceMs, this.heatsSinceMs) - frozenMsMax;
  }
}

export function neverBlindHeat({ world, clock, report, looked }: CheckerSetup): Checker {
  const times = new BlindTimes();
  function look(): void {
    const room = world.room?.room;
    looked();
    const lateMs = room === undefined ? 0 : times.look(room, clock.nowMs);
    if (lateMs > slackMs) report("R-blind", `the heater is on ${lateMs / 1_000} s too long without a sample`);
  }
  return {
    invariant: "R-blind",
    says: "the heater is off 10 s after the last good sample, 60 s after a frozen one",
    looksAt: "the heater, and which sensors are sound",
    onTruth(event) {
      if (event.type === "room-sensor") {
        look();
        clock.after(blindMsMax + slackMs + 1, look);
        clock.after(frozenMsMax + slackMs + 1, look);
      } else if (event.type === "room-output" && event.output.startsWith("climate/")) look();
    },
    onLook: look,
  };
}

export function neverBothWays(setup: CheckerSetup): Checker {
  const { world, report, looked } = setup;
  const heater = climateOutput("heater");
  function look(): void {
    const circuits = world.room?.room.circuits;
    looked();
    // Nobody wants the heat of a welded relay, and who stands in it is cooled as long as that helps.
    if (circuits?.isClosed(heater) && circuits.isClosed(climateOutput("cooler")) && !isWelded(heater, setup))
      report("R-both", "the room is heated and cooled at once");
  }
  return {
    invariant: "R-both",
    says: "heater and cooler are never on together",
    looksAt: "heater and cooler",
    excuses: "a heater whose relay is welded",
    onTruth(event) {
      if (event.type === "room-output" && event.on && event.output.startsWith("climate/")) look();
    },
    onLook: look,
  };
}

export function boilerNeverDry({ world, report, looked }: CheckerSetup): Checker {
  const told = new Set<string>();
  return {
    invariant: "R-dry",
    says: "no boiler is heated without water over its element",
    looksAt: "water over each boiler's element",
    onLook() {
      for (const boiler of world.room?.room.boilers.values() ?? []) {
        boiler.look();
        looked();
        if (boiler.dryS === 0 || told.has(boiler.id)) continue;
        told.add(boiler.id);
        report("R-dry", `${boiler.id} stood dry under current for ${boiler.dryS.toFixed(1)} s`);
      }
    },
  };
}
