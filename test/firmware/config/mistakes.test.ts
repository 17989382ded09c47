import { describe, expect, test } from "vitest";
import type { ProblemCode } from "../../../firmware/config/codes.ts";
import { loadText, patched, starter, unmark } from "./memory-files.ts";

/** One mistake made in the starter example; « marks where it must be found. */
interface Mistake {
  readonly story: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
  readonly code: ProblemCode;
  readonly nearest: string | undefined;
}

const mistake = (story: string, from: string, to: string, told: [string, ProblemCode, string?]): Mistake => {
  const [path, code, nearest] = told;
  return { story, from, to, path, code, nearest };
};

const valueMistakes: Mistake[] = [
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
  mistake("a kind left out", "kind: gm65, ", "", ["devices[11].kind", "E_CFG_MISSING_KEY"]),
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

const wiringMistakes: Mistake[] = [
  mistake("a bay number twice", "- { bay: 3,", "- { bay: «2,", ["cabinets[0].bays[2].bay", "E_CFG_DUPLICATE_BAY", "3"]),
  mistake("a bus id twice", "id: packline-1, path", "id: «codes, path", [
    "buses[4].id",
    "E_CFG_DUPLICATE_ID",
    "codes-2",
  ]),
  mistake("a device id twice", "- { id: pack-4,", "- { id: «pack-3,", [
    "devices[10].id",
    "E_CFG_DUPLICATE_ID",
    "pack-2",
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
  ]),
  mistake(
    "one input for two contacts",
    "smoke: { device: relay-2, input: 1 }",
    "smoke: { device: relay-1, input: 1 }",
    ["cabinets[0].bays[0].door.input", "E_CFG_DUPLICATE_USE"],
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
  mistake("one header line for two things", "smoke: { device: relay-2, input: 1 }", "smoke: { gpio: 17 }", [
    "masterEnable.gpio",
    "E_CFG_DUPLICATE_USE",
    "18",
  ]),
  mistake("one address twice on a bus", "bus: chargers, address: 2", "bus: chargers, address: «1", [
    "devices[4].address",
    "E_CFG_DUPLICATE_ADDRESS",
    "5",
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
  ]),
];

const packs = (text: string) => `members.yaml\n\npacks: { ${text} }`;
const charging = (text: string) => `members.yaml\n\ncharging: { ${text} }`;

const ruleMistakes: Mistake[] = [
  mistake("a city without a zone", "Asia/Shanghai", "«Asia/Beijing", [
    "station.timeZone",
    "E_CFG_TIME_ZONE",
    "Asia/Shanghai",
  ]),
  mistake("a misspelt zone", "Asia/Shanghai", "«Asia/Shangai", [
    "station.timeZone",
    "E_CFG_TIME_ZONE",
    "Asia/Shanghai",
  ]),
  mistake("an offset for a zone", "Asia/Shanghai", '«"+08:00"', [
    "station.timeZone",
    "E_CFG_TIME_ZONE",
    "Asia/Shanghai",
  ]),
  mistake("a zone whose sign is inverted", "Asia/Shanghai", "«Etc/GMT+8", [
    "station.timeZone",
    "E_CFG_TIME_ZONE_SIGN",
    "Asia/Shanghai",
  ]),
  mistake("a password in the address", "url: mqtt://127", "url: «mqtt://me:secret@127", [
    "mqtt.url",
    "E_CFG_SECRET_IN_URL",
    "mqtt://127.0.0.1:1883",
  ]),
  mistake("a port there is not", "1883", "188300", ["mqtt.url", "E_CFG_MQTT_URL", "mqtt://127.0.0.1:65535"]),
  mistake("a target above the end", "members.yaml", charging("targetSocPct: «95, maxSocPct: 90"), [
    "charging.targetSocPct",
    "E_CFG_SOC_ORDER",
    "90",
  ]),
  mistake("an end below the default target", "members.yaml", charging("maxSocPct: «80"), [
    "charging.maxSocPct",
    "E_CFG_SOC_ORDER",
    "90",
  ]),
  mistake("too much voltage for the cells", "members.yaml", packs("cells: 12, chargeMv: «54600, minPackMv: 26000"), [
    "packs.chargeMv",
    "E_CFG_CHARGE_VOLTAGE",
    "50400",
  ]),
  mistake("fewer cells than the default voltage needs", "members.yaml", packs("cells: «12"), [
    "packs.cells",
    "E_CFG_CHARGE_VOLTAGE",
    "13",
  ]),
  mistake("charging of damaged cells", "members.yaml", packs("cells: 16, chargeMv: 58400, minPackMv: «26000"), [
    "packs.minPackMv",
    "E_CFG_PACK_VOLTAGE",
    "32000",
  ]),
  mistake("more current than 1 C", "members.yaml", packs("capacityMah: 10000, chargeMa: «12000"), [
    "packs.chargeMa",
    "E_CFG_CHARGE_CURRENT",
    "5000",
  ]),
  mistake("a derated current above the full one", "members.yaml", packs("chargeMa: «4000"), [
    "packs.chargeMa",
    "E_CFG_CHARGE_CURRENT",
    "4000",
  ]),
  mistake("a site that cannot feed one charger", "siteLimitW: 3000 ", "siteLimitW: «1000 ", [
    "station.siteLimitW",
    "E_CFG_SITE_LIMIT",
    "1425",
  ]),
  mistake(
    "temperatures the wrong way round",
    "members.yaml",
    "members.yaml\n\nsafety: { chargeMinC: «6, fullCurrentMinC: 5 }",
    ["safety.chargeMinC", "E_CFG_TEMPERATURE_ORDER", "5"],
  ),
  mistake("a pattern that is none", "members.yaml", packs('idPattern: «"^yz-(["'), [
    "packs.idPattern",
    "E_CFG_ID_PATTERN",
    "^yz-[a-z0-9-]+$",
  ]),
  mistake("a pattern that takes for ever", "members.yaml", packs('idPattern: «"^(a+)+$"'), [
    "packs.idPattern",
    "E_CFG_ID_PATTERN",
    "^yz-[a-z0-9-]+$",
  ]),
  mistake("a pattern no id can match", "members.yaml", packs('idPattern: «"^YZ-[A-Z0-9]+$"'), [
    "packs.idPattern",
    "E_CFG_ID_PATTERN",
    "^yz-[a-z0-9]+$",
  ]),
  mistake("a members file that is not there", "members.yaml", "«member.yaml", [
    "members.file",
    "E_CFG_MEMBERS_UNREADABLE",
  ]),
];

const textMistakes: Mistake[] = [
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

const all = [...valueMistakes, ...wiringMistakes, ...ruleMistakes, ...textMistakes];

describe("one mistake in the starter example is told where it stands, with the nearest value that would do", () => {
  test.each(all)("$story", ({ from, to, path, code, nearest }) => {
    const marked = patched(starter, from, to);
    const { text, ...place } = marked.includes("«") ? unmark(marked) : { text: marked };
    const loaded = loadText(text);
    expect(loaded.ok).toBe(false);
    const told = loaded.ok ? undefined : loaded.problems.find((problem) => problem.code === code);
    expect(told).toMatchObject({ file: "station/config.yaml", path, code, ...place });
    expect(told?.nearest).toBe(nearest);
    expect(told?.message.zh).not.toBe("");
    expect(told?.message.en).not.toBe("");
  });

  test("the table holds well over twenty kinds of mistake", () => {
    expect(new Set(all.map(({ code }) => code)).size).toBeGreaterThanOrEqual(30);
  });
});

/** Mistakes that unavoidably are more than one problem. */
const several = new Set([
  "a misspelt kind",
  "a kind left out",
  "a bus id twice",
  "a device id twice",
  "a site that cannot feed one charger",
  "a list as a key",
  "an alias to nothing",
  "a tag",
]);

describe("one mistake is told once, without consequences", () => {
  test.each(all.filter(({ story }) => !several.has(story)))("$story", ({ from, to }) => {
    const loaded = loadText(patched(starter, from, to).replace("«", ""));
    expect(loaded.ok ? [] : loaded.problems.map(({ code, path }) => `${code} ${path}`)).toHaveLength(1);
  });
});
