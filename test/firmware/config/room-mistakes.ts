/** What can be wrong with the room: its wires, its places, and rules that do not agree with each other. */
import { patched, room } from "./memory-files.ts";
import { type Mistake, mistakesIn } from "./mistake.ts";

const mistake = mistakesIn(room);
const door = "access.doors[0]";

const wires: Mistake[] = [
  mistake("a sensor that does not exist", "sensors: [{ device: air-north }", "sensors: [{ device: «air-nord }", [
    "climate.wires.sensors[0].device",
    "E_CFG_NO_SUCH_DEVICE",
    "air-north",
  ]),
  mistake("a code reader as a sensor of the air", "{ device: air-south }]", "{ device: «phone-codes }]", [
    "climate.wires.sensors[1].device",
    "E_CFG_WRONG_KIND",
    "air-south",
  ]),
  mistake("one sensor in two places", "{ device: air-south }]", "{ device: «air-north }]", [
    "climate.wires.sensors[1].device",
    "E_CFG_DUPLICATE_USE",
    "air-south",
  ]),
  mistake("a relay board as a reader", "device: fridge-codes, at: fridge", "device: «room-5, at: fridge", [
    "room.readers[2].device",
    "E_CFG_WRONG_KIND",
    "fridge-codes",
  ]),
  mistake(
    "one reader at two places",
    "device: gift-codes, at: amenity, amenity: gifts",
    "device: «phone-codes, at: amenity, amenity: gifts",
    ["room.readers[4].device", "E_CFG_DUPLICATE_USE", "gift-codes"],
  ),
  mistake("the reader of a cabinet at the door", "device: door-codes, at: door", "device: «scanner, at: door", [
    "room.readers[0].device",
    "E_CFG_DUPLICATE_USE",
    "door-codes",
  ]),
  mistake(
    "one relay for two locks",
    "{ lock: { device: room-5, relay: 4 } }",
    "{ lock: { device: room-5, relay: «3 } }",
    ["amenities[7].wires.lockers[3].lock.relay", "E_CFG_DUPLICATE_USE", "4"],
  ),
  mistake(
    "one contact for help and door",
    "button: { device: room-1, input: 8 }",
    "button: { device: room-1, input: «1 }",
    ["amenities[8].wires.button.input", "E_CFG_DUPLICATE_USE", "8"],
  ),
  mistake(
    "a relay the board does not have",
    "siren: { device: room-5, relay: 5 }",
    "siren: { device: room-5, relay: «9 }",
    ["amenities[8].wires.siren.relay", "E_CFG_CHANNEL_BEYOND", "8"],
  ),
  mistake("a card reader on a slow line", 'port0", baud: 115200 }', 'port0", baud: «9600 }', [
    "buses[11].baud",
    "E_CFG_BUS_SPEED",
    "115200",
  ]),
  mistake("a card reader on a shared line", "kind: pn532, bus: door-cards", "kind: pn532, bus: «room-air", [
    "devices[25].bus",
    "E_CFG_BUS_NOT_SHARED",
    "door-cards",
  ]),
  mistake("one address for two sensors", "bus: room-air, address: 2", "bus: room-air, address: «1", [
    "devices[19].address",
    "E_CFG_DUPLICATE_ADDRESS",
    "2",
  ]),
  mistake("a sensor at the address of a relay board", "bus: room-air, address: 2", "bus: room-relays, address: «5", [
    "devices[19].address",
    "E_CFG_DUPLICATE_ADDRESS",
    "6",
  ]),
  mistake("a scale that no sensor speaks", "bus: room-air, address: 2", "bus: room-air, address: 2, scale: «20", [
    "devices[19].scale",
    "E_CFG_NOT_ALLOWED",
    "10",
  ]),
];

const places: Mistake[] = [
  mistake(
    "a reader at a door that is not there",
    "device: door-cards, at: door, door: front",
    "device: door-cards, at: door, door: «frond",
    ["room.readers[1].door", "E_CFG_NO_SUCH_PLACE", "front"],
  ),
  mistake("a reader at an amenity that is not there", "amenity: dryer }", "amenity: «drier }", [
    "room.readers[5].amenity",
    "E_CFG_NO_SUCH_PLACE",
    "dryer",
  ]),
  mistake("a reader at the first-aid cabinet", "amenity: dryer }", "amenity: «first-aid }", [
    "room.readers[5].amenity",
    "E_CFG_READER_PLACE",
    "microwave",
  ]),
  mistake("a reader nowhere", "device: fridge-codes, at: fridge }", "device: fridge-codes, at: «frigde }", [
    "room.readers[2].at",
    "E_CFG_NOT_ALLOWED",
    "fridge",
  ]),
  mistake(
    "a chamber with itself",
    "      mode: members-only\n",
    "      mode: members-only\n      interlockWith: «front\n",
    [`${door}.interlockWith`, "E_CFG_NO_SUCH_PLACE"],
  ),
  mistake("two amenities of one name", "  - id: ventilation\n", "  - id: «light\n", [
    "amenities[6].id",
    "E_CFG_DUPLICATE_ID",
    "light-2",
  ]),
  mistake("two readers of one name", "- { id: dryer, device", "- { id: «gifts, device", [
    "room.readers[5].id",
    "E_CFG_DUPLICATE_ID",
    "gifts-2",
  ]),
  mistake(
    "two keys of one name",
    "codes-2026, publicKey: ",
    `codes-2026, publicKey: ${"A".repeat(43)} }, { kid: «codes-2026, publicKey: `,
    ["access.issuers[1].kid", "E_CFG_DUPLICATE_ID", "codes-2"],
  ),
];

const strike = "strike: { device: room-1, relay: 1 }";
const magnet = "magnet: { device: room-1, relay: 1 }";
const shut = "shut: { device: room-1, input: 1 }";
const wiresOfDoor = "      wires:\n        ";
const markedDoor = `      «wires:\n        `;

const rules: Mistake[] = [
  mistake("a door that nothing opens", `${wiresOfDoor}${strike}\n        ${shut}`, `${wiresOfDoor}«${shut}`, [
    `${door}.wires`,
    "E_CFG_RULE",
  ]),
  mistake(
    "a door with strike and magnet",
    wiresOfDoor + strike,
    `${wiresOfDoor}«${strike}\n        magnet: { device: room-1, relay: 8 }`,
    [`${door}.wires`, "E_CFG_RULE"],
  ),
  mistake("a magnet whose supply the exit does not break", strike, magnet, [
    `${door}.exitBreaksPower`,
    "E_CFG_RULE",
    undefined,
    "    - «id: front",
  ]),
  mistake(
    "a magnet without an exit contact",
    `${wiresOfDoor}${strike}\n        ${shut}\n        exitRequest: { device: room-1, input: 2 }`,
    `      exitBreaksPower: true\n${markedDoor}${magnet}\n        ${shut}`,
    [`${door}.wires.exitRequest`, "E_CFG_RULE"],
  ),
  mistake(
    "a magnet on a header line",
    wiresOfDoor + strike,
    `      exitBreaksPower: true\n${wiresOfDoor}magnet: { gpio: «5 }`,
    [`${door}.wires.magnet.gpio`, "E_CFG_MAGNET_UNTIMED"],
  ),
  mistake("a door without its contact", `${wiresOfDoor}${strike}\n        ${shut}`, markedDoor + strike, [
    `${door}.wires.shut`,
    "E_CFG_MISSING_KEY",
  ]),
  mistake("a feed with nothing behind it", "    heater: { device: room-1, relay: 2 }\n", "", [
    "climate.wires.heater",
    "E_CFG_RULE",
    undefined,
    "  «wires:\n    sensors:",
  ]),
  mistake("cooling below where heating ends", '"05:30", heatC: 20', '"05:30", coolC: 22, heatC: 23', [
    "climate.periods",
    "E_CFG_RULE",
    undefined,
    '«- { from: "00:00", heatC: 18',
  ]),
  mistake("periods out of order", '{ from: "22:00", heatC: 18', '{ from: "05:00", heatC: 18', [
    "climate.periods",
    "E_CFG_RULE",
    undefined,
    '«- { from: "00:00", heatC: 18',
  ]),
  mistake("a time that is none", 'from: "05:30"', 'from: «"5.30"', ["climate.periods[1].from", "E_CFG_FORMAT"]),
  mistake("a heater said twice", "  periods:\n", "  «hasHeater: false\n  periods:\n", [
    "climate.hasHeater",
    "E_CFG_UNKNOWN_KEY",
  ]),
  mistake("no sensor of the air", "sensors: [{ device: air-north }, { device: air-south }]", "sensors: «[]", [
    "climate.wires.sensors",
    "E_CFG_LENGTH",
  ]),
  mistake("a compressor that starts colder than it stops", "  perDay: 2\n", "  perDay: 2\n  onC: «3\n", [
    "fridge.onC",
    "E_CFG_RULE",
  ]),
  mistake("a defrost heater that nothing ends", "    evaporator: { device: fridge-ice }\n", "", [
    "fridge.wires.evaporator",
    "E_CFG_RULE",
    undefined,
    "  «wires:\n    air:",
  ]),
  mistake("a boiler that does not know its level", "      filled: { device: room-2, input: 2 }\n", "", [
    "amenities[0].wires.filled",
    "E_CFG_MISSING_KEY",
    undefined,
    "    «wires:\n      temperature:",
  ]),
  mistake("a boiler that does not know of a leak", "      leaking: { device: room-1, input: 3 }\n", "", [
    "amenities[0].wires.leaking",
    "E_CFG_MISSING_KEY",
    undefined,
    "    «wires:\n      temperature:",
  ]),
  mistake("a kind of amenity that is none", "kind: microwave", "kind: «mikrowave", [
    "amenities[2].kind",
    "E_CFG_NOT_ALLOWED",
    "microwave",
  ]),
  mistake(
    "lockers without a lock",
    "{ lock: { device: room-3, relay: 6 }, power: { device: room-4, relay: 6 } }",
    "«{ power: { device: room-4, relay: 6 } }",
    ["amenities[1].wires.lockers[5].lock", "E_CFG_MISSING_KEY"],
  ),
];

const lastDevice = "  - { id: dryer-codes, kind: gm65, bus: dryer-codes }\n";
/** The room with an expander board, whose thermistor is the fridge's thermometer. */
const expanded = mistakesIn(
  patched(
    room,
    lastDevice,
    `${lastDevice}  - id: board
    kind: firmata
    path: /dev/serial/by-id/board
    inputs: [{ id: cold, pin: 0, kind: thermistor }, { id: daylight, pin: 1, kind: raw }]
    outputs: [{ id: fan, pin: 3 }, { id: glow, pin: 5 }]
`,
  ).replace("air: { device: fridge-air }", "air: { device: board, channel: cold }"),
);
const air = "air: { device: board, channel: cold }";
const lamp = "lamp: { device: room-2, relay: 7 }";

const channels: Mistake[] = [
  expanded("a thermistor that is not on the board", air, "air: { device: board, channel: «colt }", [
    "fridge.wires.air.channel",
    "E_CFG_CHANNEL_BEYOND",
    "cold",
  ]),
  expanded("a light sensor as a thermometer", air, "air: { device: board, channel: «daylight }", [
    "fridge.wires.air.channel",
    "E_CFG_CHANNEL_BEYOND",
    "cold",
  ]),
  expanded("a board without the name of its thermistor", air, "«air: { device: board }", [
    "fridge.wires.air.channel",
    "E_CFG_MISSING_KEY",
  ]),
  expanded(
    "a channel of a sensor that has none",
    "outside: { device: outside }",
    "outside: { device: outside, «channel: cold }",
    ["room.outside.channel", "E_CFG_UNKNOWN_KEY"],
  ),
  expanded(
    "one thermistor in two places",
    "outside: { device: outside }",
    "outside: { device: board, channel: «cold }",
    ["room.outside.channel", "E_CFG_DUPLICATE_USE"],
  ),
  expanded("an expander board as a sensor of the air", "{ device: air-south }]", "{ device: «board }]", [
    "climate.wires.sensors[1].device",
    "E_CFG_WRONG_KIND",
    "air-south",
  ]),
  expanded(
    "an expander board as the boiler's thermometer",
    "temperature: { device: boiler }",
    "temperature: { device: «board }",
    ["amenities[0].wires.temperature.device", "E_CFG_WRONG_KIND", "boiler"],
  ),
  expanded(
    "a cooler on an expander board",
    "cooler: { device: room-1, relay: 4 }",
    "cooler: { device: «board, relay: 4 }",
    ["climate.wires.cooler.device", "E_CFG_WRONG_KIND", "room-1"],
  ),
  expanded("a light on an output that is not on the board", lamp, "lamp: { device: board, channel: «glo }", [
    "amenities[5].wires.lamp.channel",
    "E_CFG_CHANNEL_BEYOND",
    "glow",
  ]),
  expanded("a light with more than all of its power", lamp, "lamp: { device: board, channel: glow, sharePct: «120 }", [
    "amenities[5].wires.lamp.sharePct",
    "E_CFG_OUT_OF_RANGE",
    "100",
  ]),
];

export const roomMistakes: readonly Mistake[] = [...wires, ...places, ...rules, ...channels];
