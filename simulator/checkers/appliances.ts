/** I11: whatever is on for a time goes off in time. Judged by the relays; how long each may be on stands in the configuration. */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { AmenityConfig } from "../../services/amenities/config.ts";
import type { StationConfig } from "../../services/config.ts";
import { amenityWire, fridgeOutput } from "../room/names.ts";
import type { Checker, WiredCheckerSetup } from "./checker.ts";
import { isWelded } from "./excuses.ts";
import { boardOf, boardsOfHeaters, boardsOfRoom, hearsForeignWords } from "./twins.ts";

/** The last scan before its time was over may have leased it for so long. */
const slackMs = 2_500;

function amenityLimits(amenity: AmenityConfig): (readonly [string, number])[] {
  const wire = (what: string) => amenityWire(amenity.id, what);
  switch (amenity.kind) {
    case "microwave":
    case "socket":
      return [[wire("power"), amenity.maxOnMs]];
    case "hot-water":
      return [
        [wire("element"), amenity.heatMsMax],
        [wire("tap"), amenity.pourMsMax],
      ];
    default:
      return [];
  }
}

const heaterOf = (bay: number): string => `heater of bay ${bay}`;
const extinguisherOf = (cabinet: string): string => `extinguisher of ${cabinet}`;

/** How long each output may be on in one go. */
function limits({ room, bays, cabinets, charging, safety }: StationConfig): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const bay of bays) if (bay?.hasHeater) all.set(heaterOf(bay.bay), charging.heaterMaxOnMs);
  for (const { id, hasAerosol } of cabinets) if (hasAerosol) all.set(extinguisherOf(id), safety.aerosolMs);
  for (const amenity of room?.amenities ?? []) for (const [name, maxMs] of amenityLimits(amenity)) all.set(name, maxMs);
  if (room?.fridge !== undefined) all.set(fridgeOutput("defrostHeater"), room.fridge.defrostMsMax);
  return all;
}

/** The board that each output hangs on. */
function boardsOf(file: ConfigFile): ReadonlyMap<string, string | undefined> {
  const boards = new Map<string, string | undefined>(boardsOfRoom(file));
  for (const { id, aerosol } of file.cabinets) boards.set(extinguisherOf(id), boardOf(aerosol));
  for (const [bay, board] of boardsOfHeaters(file)) boards.set(heaterOf(bay), board);
  return boards;
}

export function timedThingsEnd(setup: WiredCheckerSetup): Checker {
  const { world, file, config, clock, troubles, report, looked } = setup;
  const maxMs = limits(config);
  const boards = boardsOf(file);
  const onSinceMs = new Map<string, number>();
  /** What a foreign word switched goes off with its last lease. */
  const isExcused = (name: string): boolean =>
    isWelded(name, { troubles }) || hearsForeignWords(boards.get(name), setup, slackMs);
  function judge(name: string, nowMs: number): void {
    const forMs = nowMs - (onSinceMs.get(name) ?? nowMs);
    looked();
    if (forMs > (maxMs.get(name) ?? 0) + slackMs && !isExcused(name))
      report("I11", `${name} is on for ${Math.round(forMs / 1_000)} s`);
  }
  function turned(name: string, on: boolean, atMs: number): void {
    if (!maxMs.has(name)) return;
    if (on) onSinceMs.set(name, onSinceMs.get(name) ?? atMs);
    else if (onSinceMs.has(name)) {
      judge(name, atMs);
      onSinceMs.delete(name);
    }
  }
  return {
    invariant: "I11",
    says: "whatever is on for a time is off when its longest time is over: bay heaters, extinguishers, outlets, boilers, taps, defrosting",
    looksAt: "how long each timed output really was on",
    excuses:
      "a heater that is stuck on: its relay is judged; a boiler's relay that is welded: its feed is judged; what hangs on a board that bears another's address, and does what that one is told",
    everyMs: 30_000,
    onTruth(event) {
      if (event.type === "room-output") turned(event.output, event.on, event.atMs);
      else if (event.type === "aerosol") turned(extinguisherOf(event.cabinet), event.on, event.atMs);
    },
    onLook() {
      const { nowMs } = clock;
      // Relays of bay heaters: a heater that is stuck on asks nobody.
      for (const { bay, heaterRelayOn } of world.truth.bays) turned(heaterOf(bay), heaterRelayOn, nowMs);
      for (const name of onSinceMs.keys()) judge(name, nowMs);
    },
  };
}
