/** The fridge's thermistor on an expander board, wired as the station wires it: from the board's share to the room's readings. */
import { expect, test } from "vitest";
import type { OpenExpander } from "../../../firmware/expander/expander.ts";
import { emptyImage } from "../../../firmware/runner/image.ts";
import { wireHardware } from "../../../firmware/runner/wiring.ts";
import { encodeNtc } from "../../../hal/codecs/ntc-thermistor.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { createGpioLines } from "../../../simulator/wires/gpio-lines.ts";
import { expanderBench, expanderEntry } from "../../support/expander-bench.ts";
import { RoomLines } from "../../support/room-lines.ts";
import { example } from "../../support/room-rig.ts";

const [thermistor] = expanderEntry.inputs;
if (thermistor?.kind !== "thermistor") throw new Error("the entry has no thermistor");
const { fridge } = example;
const air = { device: expanderEntry.id, channel: thermistor.id };
const file = {
  ...example.file,
  devices: [...example.file.devices, expanderEntry],
  fridge: { ...fridge, wires: { ...fridge.wires, air } },
};

function start() {
  const clock = createVirtualClock({ wallStartMs: Date.UTC(2026, 0, 15) });
  const lines = new RoomLines(file, clock);
  const image = emptyImage(example.station);
  const bench: { current?: ReturnType<typeof expanderBench> } = {};
  const health: string[] = [];
  const openExpander: OpenExpander = (entry) => {
    bench.current = expanderBench(clock, entry);
    return bench.current.expander;
  };
  const hardware = wireHardware({
    file,
    platform: { clock, openWire: lines.openWire, textFiles: lines.textFiles, gpio: createGpioLines(), openExpander },
    image,
    events: {
      noticed: () => undefined,
      scanned: () => undefined,
      busHealth: (bus, lost, why) => health.push(`${bus} ${lost ? "lost" : "open"}: ${why}`),
      roomCode: () => undefined,
      roomCard: () => undefined,
    },
  });
  const { board, processes } = bench.current ?? expanderBench(clock);
  const read = () => image.room?.fridge.airC;
  return { clock, lines, hardware, board, processes, health, read };
}

test("reaches the fridge's rules as its air, grows stale when the plug is pulled, and comes back", () => {
  const { lines, board, read, health } = start();
  board.share = encodeNtc(4.5, thermistor);
  lines.pass(5_000);
  expect(read()).toMatchObject({ value: 4.5, quality: "good" });
  board.unplug();
  lines.pass(3_100);
  expect(read()).toMatchObject({ value: 4.5, quality: "stale" });
  board.plug();
  lines.pass(15_000);
  expect(read()).toMatchObject({ value: 4.5, quality: "good" });
  expect(health.filter((line) => line.startsWith("expander "))).toEqual([
    "expander open: Played 2.5",
    "expander lost: it was unplugged",
    "expander lost: /dev/expander is not there",
    "expander open: Played 2.5",
  ]);
});

test("ends with the hardware: no process is left and none is started", () => {
  const { lines, hardware, processes } = start();
  lines.pass(2_000);
  hardware.close();
  lines.pass(60_000);
  expect(processes).toHaveLength(1);
  expect(processes[0]?.alive).toBe(false);
});
