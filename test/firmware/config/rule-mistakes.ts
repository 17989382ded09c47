/** Numbers that contradict each other, and texts with a meaning. */
import { type Mistake, mistake } from "./mistake.ts";

const packs = (text: string) => `members.yaml\n\npacks: { ${text} }`;
const charging = (text: string) => `members.yaml\n\ncharging: { ${text} }`;

export const ruleMistakes: Mistake[] = [
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
  mistake("a port there is not", "url: mqtt://127.0.0.1:1883", "url: «mqtt://127.0.0.1:188300", [
    "mqtt.url",
    "E_CFG_MQTT_URL",
    "mqtt://127.0.0.1:65535",
  ]),
  mistake(
    "a certificate on a line without TLS",
    "url: mqtt://127.0.0.1:1883",
    "url: mqtt://127.0.0.1:1883\n  caFile: «ca.crt",
    ["mqtt.caFile", "E_CFG_TLS_UNUSED", "mqtts://127.0.0.1:8883"],
  ),
  mistake(
    "a certificate without its key",
    "url: mqtt://127.0.0.1:1883",
    "url: mqtts://127.0.0.1:8883\n  «certFile: station.crt",
    ["mqtt.certFile", "E_CFG_TLS_INCOMPLETE"],
  ),
  mistake(
    "a key without its certificate",
    "url: mqtt://127.0.0.1:1883",
    "url: mqtts://[::1]\n  «keyFile: station.key",
    ["mqtt.keyFile", "E_CFG_TLS_INCOMPLETE"],
  ),
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
