/** An expander board in the room: what refers to it, and what is told when that cannot be. */
import { describe, expect, test } from "vitest";
import { loadText, patched, room } from "./memory-files.ts";
import { mistakesIn } from "./mistake.ts";

const AIR = "  - { id: fridge-air, kind: w1-thermometer, path: /sys/bus/w1/devices/28-0000000000b2/w1_slave }\n";
const BOARD =
  "  - { id: board, kind: firmata, path: /dev/serial/by-id/usb-board, inputs: [{ id: air, pin: 0, kind: thermistor }, { id: light, pin: 1, kind: raw }] }\n";
const boarded = patched(
  patched(room, AIR, BOARD),
  "air: { device: fridge-air }",
  "air: { device: board, channel: air }",
);
const mistake = mistakesIn(boarded);

test("the fridge's air may be a thermistor of a board", () => {
  const loaded = loadText(boarded);
  expect(loaded).toMatchObject({ ok: true, warnings: [] });
  if (!loaded.ok) return;
  expect(loaded.config.file.fridge?.wires.air).toEqual({ device: "board", channel: "air" });
});

test("a board that nothing refers to is told as unused", () => {
  const loaded = loadText(patched(room, AIR, AIR + BOARD));
  expect(loaded.warnings.map(({ code, path }) => `${code} ${path}`)).toEqual([
    expect.stringMatching(/^W_CFG_UNUSED_DEVICE devices/),
  ]);
});

test("a board at a name that moves is told as a warning", () => {
  const loaded = loadText(boarded.replace("/dev/serial/by-id/usb-board", "/dev/ttyACM0"));
  expect(loaded.warnings.map(({ code }) => code)).toEqual(["W_CFG_TTY_NAME"]);
});

const to = (point: string): string => `air: { ${point} }`;
const HERE = to("device: board, channel: air");

describe("a reference to a board that cannot be is told once, with the nearest that can", () => {
  test.each([
    mistake("a thermistor that the board does not have", HERE, to("device: board, channel: «ari"), [
      "fridge.wires.air.channel",
      "E_CFG_CHANNEL_BEYOND",
      "air",
    ]),
    mistake("a light sensor as a thermometer", HERE, to("device: board, channel: «light"), [
      "fridge.wires.air.channel",
      "E_CFG_CHANNEL_BEYOND",
      "air",
    ]),
    mistake("a board that does not exist", HERE, to("device: «bord, channel: air"), [
      "fridge.wires.air.device",
      "E_CFG_NO_SUCH_DEVICE",
      "board",
    ]),
    mistake(
      "a thermistor where a defrost heater goes by it",
      "evaporator: { device: fridge-ice }",
      "evaporator: { device: fridge-ice, «channel: air }",
      ["fridge.wires.evaporator.channel", "E_CFG_UNKNOWN_KEY"],
    ),
  ])("$story", ({ text, told, nearest }) => {
    const loaded = loadText(text);
    expect(loaded.ok).toBe(false);
    const problems = loaded.ok ? [] : loaded.problems;
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ file: "station/config.yaml", ...told });
    expect(problems[0]?.nearest).toBe(nearest);
  });
});
