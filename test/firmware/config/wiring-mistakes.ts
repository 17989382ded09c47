/** Buses, devices and bays that do not fit each other. */
import { type Mistake, mistake } from "./mistake.ts";

/** The thermometer's line, with an expander board after it. */
const AIR = "path: /sys/bus/w1/devices/28-0000000000a1/w1_slave }";
const board = (fields: string): string => `${AIR}\n  - { kind: firmata, ${fields} }`;

const expanderMistakes: Mistake[] = [
  mistake(
    "an expander board on another line's port",
    AIR,
    board('id: board, path: «"/dev/serial/by-path/platform-usb-0:1.1.1:1.3-port0"'),
    ["devices[13].path", "E_CFG_DUPLICATE_PATH"],
  ),
  mistake("an expander board with a bus", AIR, board("id: board, path: /dev/ttyAMA3, «bus: codes"), [
    "devices[13].bus",
    "E_CFG_UNKNOWN_KEY",
    "baud",
  ]),
  mistake("an expander board named like a line", AIR, board("id: «codes, path: /dev/ttyAMA3"), [
    "devices[13].id",
    "E_CFG_DUPLICATE_ID",
    "codes-2",
  ]),
  mistake(
    "two points of one name",
    AIR,
    board("id: board, path: /dev/ttyAMA3, inputs: [{ id: a, pin: 0, kind: raw }], outputs: [{ id: «a, pin: 3 }]"),
    ["devices[13].outputs[0].id", "E_CFG_DUPLICATE_ID", "a-2"],
  ),
  mistake(
    "one pin for two outputs",
    AIR,
    board("id: board, path: /dev/ttyAMA3, outputs: [{ id: a, pin: 3 }, { id: b, pin: «3 }]"),
    ["devices[13].outputs[1].pin", "E_CFG_DUPLICATE_USE"],
  ),
  mistake(
    "an analog input that no board has",
    AIR,
    board("id: board, path: /dev/ttyAMA3, inputs: [{ id: a, pin: «16, kind: raw }]"),
    ["devices[13].inputs[0].pin", "E_CFG_OUT_OF_RANGE", "15"],
  ),
  mistake(
    "an input of a misspelt kind",
    AIR,
    board("id: board, path: /dev/ttyAMA3, inputs: [{ id: a, pin: 0, kind: «thermister }]"),
    ["devices[13].inputs[0].kind", "E_CFG_NOT_ALLOWED", "thermistor"],
  ),
];

export const wiringMistakes: Mistake[] = [
  mistake("a bay number twice", "- { bay: 3,", "- { bay: «2,", ["cabinets[0].bays[2].bay", "E_CFG_DUPLICATE_BAY", "3"]),
  mistake("a bus id twice", "id: packline-1, path", "id: «codes, path", [
    "buses[4].id",
    "E_CFG_DUPLICATE_ID",
    "codes-2",
  ]),
  mistake("a device id twice", "- { id: pack-4,", "- { id: «pack-3,", [
    "devices[10].id",
    "E_CFG_DUPLICATE_ID",
    "pack-4",
  ]),
  mistake(
    "two buses on one port",
    '"/dev/serial/by-path/platform-usb-0:1.1.1:1.3-port0"',
    '«"/dev/serial/./by-path/platform-usb-0:1.1.1:1.2-port0"',
    ["buses[3].path", "E_CFG_DUPLICATE_PATH"],
  ),
  mistake("a bus that does not exist", "bus: packline-2", "bus: «packlin-2", [
    "devices[8].bus",
    "E_CFG_NO_SUCH_BUS",
    "packline-2",
  ]),
  mistake("a device that does not exist", "device: charger-3 }", "device: «charger-33 }", [
    "cabinets[0].bays[2].charger.device",
    "E_CFG_NO_SUCH_DEVICE",
    "charger-3",
  ]),
  mistake("a charger as a lock", "device: lock, channel: 2", "device: «charger-1, channel: 2", [
    "cabinets[0].bays[1].lock.device",
    "E_CFG_WRONG_KIND",
    "lock",
  ]),
  mistake("two locks on one channel", "device: lock, channel: 2", "device: lock, channel: «1", [
    "cabinets[0].bays[1].lock.channel",
    "E_CFG_DUPLICATE_CHANNEL",
    "2",
  ]),
  mistake("a channel the board does not have", "device: lock, channel: 4", "device: lock, channel: «9", [
    "cabinets[0].bays[3].lock.channel",
    "E_CFG_CHANNEL_BEYOND",
    "8",
  ]),
  mistake("an input the board does not have", "device: relay-1, input: 8 }", "device: relay-1, input: «9 }", [
    "cabinets[0].bays[3].presence.input",
    "E_CFG_CHANNEL_BEYOND",
    "8",
  ]),
  mistake("one relay for two loads", "fan: { device: relay-2, relay: 1 }", "fan: { device: relay-1, relay: 1 }", [
    "cabinets[0].bays[0].contactor.relay",
    "E_CFG_DUPLICATE_USE",
    undefined,
    "contactor: { device: relay-1, relay: «1 }",
  ]),
  mistake(
    "one input for two contacts",
    "smoke: { device: relay-2, input: 1 }",
    "smoke: { device: relay-1, input: 1 }",
    ["cabinets[0].bays[0].door.input", "E_CFG_DUPLICATE_USE", undefined, "door: { device: relay-1, input: «1 }"],
  ),
  mistake("one charger for two bays", "device: charger-3 }", "device: «charger-2 }", [
    "cabinets[0].bays[2].charger.device",
    "E_CFG_DUPLICATE_USE",
    "charger-3",
  ]),
  mistake("one pack link for two bays", "device: pack-3 }", "device: «pack-2 }", [
    "cabinets[0].bays[2].pack.device",
    "E_CFG_DUPLICATE_USE",
    "pack-3",
  ]),
  mistake("one header line for two things", "smoke: { device: relay-2, input: 1 }", "smoke: { gpio: «17 }", [
    "cabinets[0].smoke.gpio",
    "E_CFG_DUPLICATE_USE",
    "18",
  ]),
  mistake("one address twice on a bus", "bus: chargers, address: 2", "bus: chargers, address: «1", [
    "devices[4].address",
    "E_CFG_DUPLICATE_ADDRESS",
    "2",
  ]),
  mistake("a pack link on a shared bus", "bus: packline-4 }", "bus: «packline-3 }", [
    "devices[10].bus",
    "E_CFG_BUS_NOT_SHARED",
    "packline-4",
  ]),
  mistake("chargers and relays on one bus", "bus: chargers, address: 4", "bus: «relays, address: 4", [
    "devices[6].bus",
    "E_CFG_BUS_MIXED",
  ]),
  mistake("a header line without its section", "gpio: { driver: onoff, chipLabel: pinctrl-bcm2711 }", "", [
    "masterEnable.gpio",
    "E_CFG_NO_GPIO",
    "gpio: {}",
    "masterEnable: { «gpio",
  ]),
  ...expanderMistakes,
];
