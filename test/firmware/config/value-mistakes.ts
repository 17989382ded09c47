/** Values and texts that are wrong by themselves. */
import { type Mistake, mistake } from "./mistake.ts";

export const valueMistakes: Mistake[] = [
  mistake("a number in quotes", "siteLimitW: 3000 ", 'siteLimitW: «"3000" ', [
    "station.siteLimitW",
    "E_CFG_WRONG_TYPE",
    "3000",
  ]),
  mistake("a number with its unit", "siteLimitW: 3000 ", "siteLimitW: «3.5kW ", [
    "station.siteLimitW",
    "E_CFG_WRONG_TYPE",
    "3500",
  ]),
  mistake("a broken number", "channel: 3 }", "channel: «2.6 }", [
    "cabinets[0].bays[2].lock.channel",
    "E_CFG_WRONG_TYPE",
    "3",
  ]),
  mistake("a number too large", "siteLimitW: 3000 ", "siteLimitW: «900000 ", [
    "station.siteLimitW",
    "E_CFG_OUT_OF_RANGE",
    "500000",
  ]),
  mistake("a number too small", "siteLimitW: 3000 ", "siteLimitW: «30 ", [
    "station.siteLimitW",
    "E_CFG_OUT_OF_RANGE",
    "1000",
  ]),
  mistake("an infinite number", "siteLimitW: 3000 ", "siteLimitW: «.inf ", [
    "station.siteLimitW",
    "E_CFG_WRONG_TYPE",
    "500000",
  ]),
  mistake("a speed no adapter has", "baud: 38400", "baud: «38000", ["buses[1].baud", "E_CFG_NOT_ALLOWED", "38400"]),
  mistake("yes for true", "id: codes,", "id: codes, echo: «yes,", ["buses[3].echo", "E_CFG_WRONG_TYPE", "true"]),
  mistake("a number for an id", "- id: a", "- id: «007", ["cabinets[0].id", "E_CFG_WRONG_TYPE", '"007"']),
  mistake("capitals in an id", "id: starter-1", "id: «Starter_1", ["station.id", "E_CFG_FORMAT", "starter-1"]),
  mistake("a misspelt choice", "feedback: closing", "feedback: «closed", [
    "devices[0].feedback",
    "E_CFG_NOT_ALLOWED",
    "closing",
  ]),
  mistake("a misspelt kind", "kind: gm65", "kind: «gm56", ["devices[11].kind", "E_CFG_NOT_ALLOWED", "gm65"]),
  mistake("a kind left out", "kind: gm65, ", "", [
    "devices[11].kind",
    "E_CFG_MISSING_KEY",
    undefined,
    "«{ id: scanner, bus",
  ]),
  mistake("a misspelt key", "siteLimitW:", "«sitelimitw:", ["station.sitelimitw", "E_CFG_UNKNOWN_KEY", "siteLimitW"]),
  mistake("a misspelt section", "gpio: { driver: onoff, c", "«gpios: {}\ngpio: { c", [
    "gpios",
    "E_CFG_UNKNOWN_KEY",
    "gpio",
  ]),
  mistake("a misspelt required key", "lock: { device: lock, channel: 4 }", "lock: { device: lock, «chanel: 4 }", [
    "cabinets[0].bays[3].lock.chanel",
    "E_CFG_UNKNOWN_KEY",
    "channel",
  ]),
  mistake("a key of nothing known", "siteLimitW: 3000 ", "«colour: red ", ["station.colour", "E_CFG_UNKNOWN_KEY"]),
  mistake("a key of the prototype", "siteLimitW: 3000 ", "«__proto__: {} ", ["station.__proto__", "E_CFG_UNKNOWN_KEY"]),
  mistake("a required key left out", "members:\n  file: members.yaml", "«members: {}", [
    "members.file",
    "E_CFG_MISSING_KEY",
  ]),
  mistake("a bay without its charger", "charger: { device: charger-3 }, ", "", [
    "cabinets[0].bays[2].charger",
    "E_CFG_MISSING_KEY",
    undefined,
    "«{ bay: 3,",
  ]),
  mistake("a section with nothing in it", "mqtt:\n  url: mqtt://127.0.0.1:1883", "«swap:", [
    "swap",
    "E_CFG_WRONG_TYPE",
    "{}",
  ]),
  mistake("a list where a mapping belongs", "gpio: { driver: onoff, chipLabel: pinctrl-bcm2711 }", "gpio: «[onoff]", [
    "gpio",
    "E_CFG_WRONG_TYPE",
  ]),
  mistake("a text that is too long", "zh: 起步换电柜", `zh: «${"柜".repeat(61)}`, [
    "station.name.zh",
    "E_CFG_LENGTH",
    "柜".repeat(60),
  ]),
  mistake(
    "an input and a header line at once",
    "presence: { device: relay-1, input: 2 }",
    "presence: { device: relay-1, input: 2, «gpio: 4 }",
    ["cabinets[0].bays[0].presence.gpio", "E_CFG_UNKNOWN_KEY"],
  ),
  mistake("a broker without its scheme", "url: mqtt://127.0.0.1:1883", "url: «127.0.0.1:1883", [
    "mqtt.url",
    "E_CFG_FORMAT",
    "mqtt://127.0.0.1:1883",
  ]),
];

export const textMistakes: Mistake[] = [
  mistake("a tab", "  siteLimitW: 3000 ", "«\tsiteLimitW: 3000 ", [
    "station.siteLimitW",
    "E_CFG_YAML_TAB",
    "  siteLimitW: 3000",
  ]),
  mistake("a tab after spaces", "  timeZone: Asia", " «\ttimeZone: Asia", [
    "station.timeZone",
    "E_CFG_YAML_TAB",
    "  timeZone: Asia/Shanghai",
  ]),
  mistake("a key twice", "  timeZone: Asia/Shanghai", "  «id: other", ["station.id", "E_CFG_YAML_DUPLICATE_KEY"]),
  mistake("an alias to nothing", "timeZone: Asia/Shanghai", "timeZone: «*zone", [
    "station.timeZone",
    "E_CFG_YAML_ALIAS",
  ]),
  mistake("a tag", "timeZone: Asia/Shanghai", "timeZone: !secret «zone", ["station.timeZone", "E_CFG_YAML_TAG"]),
  mistake("a list as a key", "  timeZone: Asia", "  ? «[a]\n  : 1\n  timeZone: Asia", ["station", "E_CFG_YAML_KEY"]),
];
