/**
 * I19: after a start nothing has current before the controller has seen, and nobody's door opens who does not ask. Outputs are what
 * really switches, sight is what the line said.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { TruthEvent } from "../truth-types.ts";
import type { BookCheckerSetup, Checker, WireCheckerSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";
import { isNotOurs, isWelded } from "./excuses.ts";

/** Relays that were leased just before the computer died are still on for so long. */
const leaseMs = 2_200;

/** Lines that must have said something before anything of a bay may move: its contacts, its pack and its lock. */
function linesOf(file: ConfigFile): ReadonlyMap<number, readonly string[]> {
  const buses = new Map(
    file.devices.flatMap((device) => ("bus" in device && device.bus ? [[device.id, device.bus] as const] : [])),
  );
  const bus = (point: object | undefined): string | undefined =>
    point !== undefined && "device" in point ? buses.get(String(point.device)) : undefined;
  return new Map(
    file.cabinets.flatMap(({ bays }) =>
      bays.map(({ bay, door, presence }) => {
        const found = [bus(door), bus(presence)].filter((one) => one !== undefined);
        return [bay, [...new Set(found)]] as const;
      }),
    ),
  );
}

export function blindAfterStart(setup: WireCheckerSetup): Checker {
  const { world, file, ears, clock, report, looked } = setup;
  const era = controllerEra(setup);
  const lines = linesOf(file);
  function unseen(bay: number): string | undefined {
    return (lines.get(bay) ?? []).find((bus) => ears.hears(bus) && (ears.heardMs(bus) ?? -1) < era.bornMs);
  }
  /** An output of a bay was switched on. */
  function on(bay: number, what: string): void {
    looked();
    const bus = unseen(bay);
    if (bus !== undefined && era.runs) report("I19", `${what} of bay ${bay} is on before ${bus} said anything`);
  }
  function born(): void {
    looked();
    if (clock.nowMs - (era.diedMs ?? Number.NEGATIVE_INFINITY) <= leaseMs) return;
    for (const { bay, contactorRelayOn, heaterRelayOn } of world.truth.bays) {
      if (contactorRelayOn || heaterRelayOn) report("I19", `bay ${bay} is fed while the controller starts`);
    }
    const closed = world.room?.room.circuits.closedNow.find((load) => !isWelded(load, setup));
    if (closed !== undefined) report("I19", `${closed} is on while the controller starts`);
  }
  return {
    invariant: "I19",
    says: "after a start every output is off until the lines of its inputs were heard",
    looksAt: "outputs after a start, and what the lines of their inputs said by then",
    excuses: "relays leased 2 s before the controller died",
    onTruth(event: TruthEvent) {
      if (event.type === "computer" && event.on) born();
      // A welded contactor conducts whatever its relay does, a stuck heater as well.
      else if (event.type === "contactor" && event.closed && world.truth.bay(event.bay).contactorRelayOn)
        on(event.bay, "the contactor");
      else if (event.type === "heater" && event.on && world.truth.bay(event.bay).heaterRelayOn)
        on(event.bay, "the heater");
      else if (event.type === "coil" && event.on && !isNotOurs(event.bay, setup)) on(event.bay, "the lock");
    },
  };
}

/** A pulse that was on its way when the computer died is over by then. */
const overMs = 5_000;
/** A code that was shown so shortly before the start comes over the reader's line after it. */
const onItsWayMs = 500;

export function nobodyIsServedUnasked(setup: BookCheckerSetup): Checker {
  const { world, clock, controller, report, looked } = setup;
  /** A process that only stood still goes on with the swap it had; one that started anew takes it up later than it was born. */
  function isGoingOn(cabinet: string, sinceMs: number): boolean {
    const swap = controller.state().swaps[cabinet];
    return swap !== undefined && !swap.unattended && swap.startedMs < sinceMs;
  }
  /** Where a code was shown since the last start, and bays that an operator opens. */
  const askedMs = new Map<string, number>();
  const ordered = new Set<number>();
  let bornMs: number | undefined;
  function fired(bay: number, sinceMs: number): void {
    if (isNotOurs(bay, setup) || clock.nowMs - sinceMs < overMs) return;
    looked();
    const { cabinet } = world.truth.bay(bay);
    const isAsked = (askedMs.get(cabinet) ?? Number.NEGATIVE_INFINITY) >= sinceMs - onItsWayMs;
    if (!isAsked && !ordered.has(bay) && !isGoingOn(cabinet, sinceMs))
      report("I19", `the lock of bay ${bay} fires after a start, and nobody showed a code`);
  }
  return {
    invariant: "I19-riders",
    says: "after a start no lock fires for a swap before somebody has shown a code at that cabinet",
    looksAt: "lock coils after a start, against codes that were shown and orders of operators",
    excuses: "a coil that is driven at its board and not over its line, and a process that only stood still",
    onRecord(record) {
      if (record.kind === "operator-opening") ordered.add(record.bay);
    },
    onTruth(event) {
      if (event.type === "computer") {
        bornMs = event.on ? event.atMs : undefined;
        ordered.clear();
      }
      if (event.type === "scan") askedMs.set(event.cabinet, event.atMs);
      if (event.type === "coil" && event.on && bornMs !== undefined) fired(event.bay, bornMs);
    },
  };
}
