/** What of the room may hang on an expander board: the fridge's thermistor, a light, a fan. */
import { describe, expect, test } from "vitest";
import { noLevels } from "../../../services/levels.ts";
import { restingRoom } from "../../../services/room/levels.ts";
import type { VirtualClock } from "../../../simulator/clock.ts";
import { simulatedExpander } from "../../../simulator/wires/expander-points.ts";
import { roomRig } from "../../support/room-rig.ts";
import { loadText, patched, room } from "../config/memory-files.ts";

const lastDevice = "  - { id: dryer-codes, kind: gm65, bus: dryer-codes }\n";
const changes: readonly (readonly [string, string])[] = [
  [
    lastDevice,
    `${lastDevice}  - id: board
    kind: firmata
    path: /dev/serial/by-id/board
    inputs: [{ id: cold, pin: 0, kind: thermistor }]
    outputs: [{ id: fan, pin: 3 }, { id: glow, pin: 5 }]
`,
  ],
  ["air: { device: fridge-air }", "air: { device: board, channel: cold }"],
  ["power: { device: room-2, relay: 8 }", "power: { device: board, channel: fan, sharePct: 60 }"],
  ["lamp: { device: room-2, relay: 7 }", "lamp: { device: board, channel: glow }"],
];
const loaded = loadText(changes.reduce((text, [from, to]) => patched(text, from, to), room));
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const { config } = loaded;

function rig() {
  let pluggedIn = true;
  let opened: ReturnType<typeof simulatedExpander> | undefined;
  // Half of the supply at a divider of two equal resistances: 25 °C.
  const world = { answers: () => pluggedIn, share: () => 0.5 };
  const openExpander = (clock: VirtualClock) => (entry: Parameters<typeof simulatedExpander>[0]) => {
    opened = simulatedExpander(entry, clock, world);
    return opened;
  };
  const made = roomRig({ config, openExpander });
  const share = (output: string): number => opened?.outputs.get(output)?.driven() ?? Number.NaN;
  const unplug = (): void => {
    pluggedIn = false;
  };
  return { ...made, share, unplug };
}

describe("an expander board in the room", () => {
  test("tells the fridge's temperature by its thermistor, which is stale soon after the plug is pulled", () => {
    const { lines, room: image, unplug } = rig();
    expect(image.fridge.airC?.value).toBeCloseTo(25, 1);
    expect(image.fridge.airC?.quality).toBe("good");
    unplug();
    lines.pass(4_000);
    expect(image.fridge.airC?.quality).toBe("stale");
  });

  test("drives a load in part while it is wanted, and lets go when nobody renews it", () => {
    const { lines, hold, share } = rig();
    hold({ amenities: { ventilation: { power: true }, light: { lamp: false } } }, 3_000);
    expect([share("fan"), share("glow")]).toEqual([0.6, 0]);
    hold({ amenities: { ventilation: { power: false }, light: { lamp: true } } }, 1_000);
    expect([share("fan"), share("glow")]).toEqual([0, 1]);
    expect(lines.allOn()).toEqual([]);
    lines.pass(2_000);
    expect(share("glow")).toBe(0);
  });

  test("lets go of everything with the rest", () => {
    const { clock, lines, hardware, share } = rig();
    const wanted = { ...restingRoom, amenities: { ventilation: { power: true } } };
    hardware.apply({ ...noLevels, room: wanted }, clock.nowMs + 1_900);
    lines.pass(100);
    expect(share("fan")).toBe(0.6);
    hardware.allOff();
    lines.pass(100);
    expect(share("fan")).toBe(0);
  });
});
