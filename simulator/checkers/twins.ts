/**
 * Which loads a foreign word may switch, and which charger it may turn up. Of two boards with one address each does what the other is
 * told, and where both say the same nobody can tell that there are two: the controller hears one board as ever and another one not at
 * all, as if that had no supply. It excuses nothing that hangs on the board whose address it is: that one is told what is meant for it.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import { amenityWire, climateOutput, fridgeOutput } from "../room/names.ts";
import type { WiredCheckerSetup } from "./checker.ts";

/** The board of each load of the room, by the load's name. */
export function boardsOfRoom({ climate, fridge, amenities }: ConfigFile): Map<string, string> {
  const boards = new Map<string, string>();
  const add = (name: string, wire: unknown): void => {
    const board = boardOf(wire);
    if (board !== undefined) boards.set(name, board);
  };
  add(climateOutput("cooler"), climate?.wires.cooler);
  add(fridgeOutput("compressor"), fridge?.wires.compressor);
  add(fridgeOutput("defrostHeater"), fridge?.wires.defrostHeater);
  for (const { id, wires } of amenities ?? [])
    for (const [what, wire] of Object.entries(wires)) add(amenityWire(id, what), wire);
  return boards;
}

/** The board of each bay's heater. */
export const boardsOfHeaters = ({ cabinets }: ConfigFile): Map<number, string | undefined> =>
  new Map(cabinets.flatMap(({ bays }) => bays.map(({ bay, heater }) => [bay, boardOf(heater)] as const)));

/** A relay of a board; a line of the computer's header hears nobody. */
export const boardOf = (wire: unknown): string | undefined =>
  typeof wire === "object" && wire !== null && "relay" in wire && "device" in wire && typeof wire.device === "string"
    ? wire.device
    : undefined;

/** Whether this board bears, or bore at most `withinMs` ago, the address of another one on its line. */
export function hearsForeignWords(
  board: string | undefined,
  { file, troubles }: Pick<WiredCheckerSetup, "file" | "troubles">,
  withinMs = 0,
): boolean {
  const own = file.devices.find(({ id }) => id === board);
  if (own === undefined || !("bus" in own)) return false;
  return file.devices.some(
    (other) =>
      other.kind === own.kind &&
      other.id !== own.id &&
      other.bus === own.bus &&
      troubles?.active("two-on-one-address", `device ${other.id}`, withinMs) === true,
  );
}
