/** The room of the example on simulated boards, wired as the station wires it; time passes only when told. */

import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import type { OpenExpander } from "../../firmware/expander/expander.ts";
import { emptyImage } from "../../firmware/runner/image.ts";
import { wireHardware } from "../../firmware/runner/wiring.ts";
import type { Card } from "../../hal/ports/card-reader.ts";
import { type Levels, noLevels } from "../../services/levels.ts";
import { type RoomLevels, restingRoom } from "../../services/room/levels.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";
import { createGpioLines } from "../../simulator/wires/gpio-lines.ts";
import { RoomLines } from "./room-lines.ts";

const loaded = loadConfig("examples/room-station.yaml");
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const { file, station } = loaded.config;
const { access, climate, fridge, amenities = [] } = file;
const rules = station.room;
const front = access?.doors[0];
if (!front || !climate || !fridge || !rules) throw new Error("the example has no room");

/** The example's room: its rules, and what it is wired to. */
export const example = { ...loaded.config, rules, front, climate, fridge };

export type AnyWires = Readonly<Record<string, never>>;
export const wiresOf = (id: string): AnyWires => {
  const entry = amenities.find((one) => one.id === id);
  if (entry === undefined) throw new Error(`no ${id}`);
  return entry.wires as unknown as AnyWires;
};

/** Another configuration of the same lines, and what opens its expander boards. */
export interface RigOptions {
  readonly config?: LoadedConfig;
  readonly openExpander?: (clock: VirtualClock) => OpenExpander;
}

export function roomRig({ config: { file, station } = example, openExpander }: RigOptions = {}) {
  const clock = createVirtualClock({ wallStartMs: Date.UTC(2026, 0, 15) });
  const lines = new RoomLines(file, clock);
  const image = emptyImage(station);
  const noticed: number[] = [];
  const codes: string[] = [];
  const cards: { reader: string; card: Card }[] = [];
  const hardware = wireHardware({
    file,
    platform: {
      clock,
      openWire: lines.openWire,
      textFiles: lines.textFiles,
      gpio: createGpioLines(),
      openExpander: openExpander?.(clock),
    },
    image,
    events: {
      noticed: () => noticed.push(clock.nowMs),
      scanned: () => undefined,
      busHealth: () => undefined,
      roomCode: (reader, text) => codes.push(`${reader} ${text}`),
      roomCard: (reader, card) => cards.push({ reader, card }),
    },
  });
  const { room } = image;
  if (room === undefined) throw new Error("the image has no room");
  const levelsOf = (wanted: Partial<RoomLevels>): Levels => ({ ...noLevels, room: { ...restingRoom, ...wanted } });
  /** The loop's scan: what is wanted is leased four times a second. */
  const hold = (wanted: Partial<RoomLevels>, ms: number): void => {
    const levels = levelsOf(wanted);
    for (let passed = 0; passed < ms; passed += 250) {
      hardware.apply(levels, clock.nowMs + 1_900);
      lines.pass(250);
    }
  };
  lines.pass(12_000);
  return { clock, lines, hardware, room, noticed, codes, cards, hold };
}
