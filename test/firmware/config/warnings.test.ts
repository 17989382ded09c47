import { describe, expect, test } from "vitest";
import { loadText, patched, room, starter, unmark } from "./memory-files.ts";

const port = '"/dev/serial/by-path/platform-usb-0:1.1.1:1.3-port0"';

describe("advice does not make a file invalid", () => {
  test.each<[string, string, string, [string, string, string?]]>([
    ["a port whose name moves", port, "«/dev/ttyUSB0", ["buses[3].path", "W_CFG_TTY_NAME", "/dev/serial/by-path/…"]],
    [
      "a bus that nothing uses",
      "  - { id: codes",
      "  - { id: «spare, path: /dev/spare }\n  - { id: codes",
      ["buses[3].id", "W_CFG_UNUSED_BUS"],
    ],
    [
      "a thermometer that nothing uses",
      "    thermometer: { device: air }\n",
      "",
      ["devices[12].id", "W_CFG_UNUSED_DEVICE"],
    ],
    ["no master enable", "masterEnable: { gpio: 17 }\n", "", ["masterEnable", "W_CFG_NO_MASTER_ENABLE"]],
    [
      "a heater that no board times",
      "heater: { device: relay-1, relay: 8 }",
      "heater: { gpio: «5 }",
      ["cabinets[0].bays[3].heater.gpio", "W_CFG_UNTIMED_OUTPUT"],
    ],
    [
      "an emergency stop that a broken wire disables",
      "siteLimitW: 3000",
      "siteLimitW: 3000\n  «emergencyStop: { device: relay-2, input: 4 } #",
      ["station.emergencyStop", "W_CFG_STOP_POLARITY", "inverted: true"],
    ],
    [
      "a zone whose sign confuses",
      "Asia/Shanghai",
      "«Etc/GMT-8",
      ["station.timeZone", "W_CFG_TIME_ZONE_SIGN", "Asia/Shanghai"],
    ],
    [
      "a pattern without ends",
      "members.yaml",
      'members.yaml\npacks: { idPattern: «"yz-[0-9]+" }',
      ["packs.idPattern", "W_CFG_ID_PATTERN_OPEN", "^yz-[0-9]+$"],
    ],
    [
      "a line to the broker that is not encrypted",
      "url: mqtt://127.0.0.1:1883",
      "url: «mqtt://mqtt.example.com:1883",
      ["mqtt.url", "W_CFG_MQTT_PLAIN", "mqtts://mqtt.example.com:8883"],
    ],
    [
      "a path that is no sensor",
      "28-0000000000a1/w1_slave",
      "28-0000000000a1",
      ["devices[12].path", "W_CFG_SENSOR_PATH", "/sys/bus/w1/devices/28-0000000000a1/w1_slave"],
    ],
    [
      "requests that need no signature",
      "requests: { signatures: required }",
      "requests: { signatures: «optional }",
      ["requests.signatures", "W_CFG_UNSIGNED_REQUESTS"],
    ],
    ["nobody who could sign", "requests: { signatures: required }", "", ["requests", "W_CFG_UNSIGNED_REQUESTS"]],
  ])("%s is told as a warning", (_, from, to, [path, code, nearest]) => {
    const marked = patched(starter, from, to);
    const { text, ...place } = marked.includes("«") ? unmark(marked) : { text: marked };
    const loaded = loadText(text);
    expect(loaded.ok).toBe(true);
    expect(loaded.warnings).toHaveLength(1);
    expect(loaded.warnings[0]).toMatchObject({ path, code, ...place });
    expect(loaded.warnings[0]?.nearest).toBe(nearest);
  });

  test("what a broken entry would have used is not called unused", () => {
    const loaded = loadText(patched(starter, "kind: gm65", "kind: gm56"));
    expect(loaded).toMatchObject({ ok: false, warnings: [] });
  });

  test("the whole room deserves none", () => {
    expect(loadText(room)).toMatchObject({ ok: true, warnings: [] });
  });

  test.each<[string, string, string, [string, string]]>([
    [
      "a heater that only its own relay switches off",
      "    heater: { device: room-1, relay: 2 }\n    heaterFeed: { device: room-1, relay: 3 }",
      "    «heater: { device: room-1, relay: 2 }",
      ["climate.wires.heater", "W_CFG_NO_FEED"],
    ],
    [
      "a boiler that only its own relay switches off",
      "element: { device: room-2, relay: 1 }\n      feed: { device: room-2, relay: 2 }",
      "«element: { device: room-2, relay: 1 }",
      ["amenities[0].wires.element", "W_CFG_NO_FEED"],
    ],
    [
      "a sensor of the air that nothing watches",
      "sensors: [{ device: air-north }, { device: air-south }]",
      "sensors: [«{ device: air-north }]",
      ["climate.wires.sensors[0]", "W_CFG_ONE_SENSOR"],
    ],
    [
      "a compressor that no board times",
      "compressor: { device: room-1, relay: 6 }",
      "compressor: { gpio: «5 }",
      ["fridge.wires.compressor.gpio", "W_CFG_UNTIMED_OUTPUT"],
    ],
    [
      "a strike that no board times",
      "strike: { device: room-1, relay: 1 }",
      "strike: { gpio: «5 }",
      ["access.doors[0].wires.strike.gpio", "W_CFG_UNTIMED_OUTPUT"],
    ],
    [
      "a fridge nobody can show a code at",
      "{ id: fridge, device: fridge-codes, at: fridge }",
      "{ id: fridge, device: fridge-codes, at: amenity, amenity: microwave }",
      ["fridge", "W_CFG_NO_READER"],
    ],
    [
      "a door that no key lets anybody in at",
      `  issuers: [{ kid: codes-2026, publicKey: ${"A".repeat(43)} }]\n`,
      "",
      ["access.issuers", "W_CFG_NO_ISSUER"],
    ],
  ])("%s is told as a warning", (_, from, to, [path, code]) => {
    const marked = patched(room, from, to);
    const { text, ...place } = marked.includes("«") ? unmark(marked) : { text: marked };
    const loaded = loadText(text);
    expect(loaded.ok).toBe(true);
    const other = loaded.warnings.filter(({ code: told }) => told !== "W_CFG_UNUSED_DEVICE");
    expect(other).toHaveLength(1);
    expect(other[0]).toMatchObject({ path, code, ...place });
  });
});
