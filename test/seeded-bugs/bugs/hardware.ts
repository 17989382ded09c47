/** Mistakes between the wires and the readings: leases, answers of the wrong device, values that are old or impossible. */
import type { SeededBug } from "../seeded-bug.ts";

const relay = "hal/drivers/relay-output.ts";
const charger = "hal/drivers/dpm86.ts";
const packLink = "hal/drivers/jbd-pack-link.ts";
const modbus = "hal/codecs/modbus-rtu.ts";

export const hardwareBugs: readonly SeededBug[] = [
  {
    id: "b-79",
    title: "A relay's flash outlives its lease by a rounding",
    standsFor: ["I3"],
    file: relay,
    find: "return Math.floor((this.leaseUntilMs - this.startsMs()) / STEP_MS);",
    replace: "return Math.ceil((this.leaseUntilMs - this.startsMs()) / STEP_MS);",
    caughtBy: ["test/hal/drivers/waveshare-relay-d.test.ts", "test/hal/drivers/leases.property.test.ts"],
  },
  {
    id: "b-80",
    title: "A lease of any length is taken: the longer of the two bounds holds",
    standsFor: ["I3"],
    file: relay,
    find: "on ? Math.min(untilMs, this.nowMs() + LEASE_MS_MAX)",
    replace: "on ? Math.max(untilMs, this.nowMs() + LEASE_MS_MAX)",
    caughtBy: ["test/hal/drivers/waveshare-relay-d.test.ts", "test/hal/drivers/leases.property.test.ts"],
  },
  {
    id: "b-81",
    title: "A charger whose lease ran out is only noted as unwanted, and goes on",
    standsFor: ["I3", "I8"],
    file: charger,
    find: "      this.wanted = undefined;\n      this.step();",
    replace: "      this.wanted = undefined;",
    caughtBy: ["test/conformance/charger.test.ts"],
  },
  {
    id: "b-82",
    title: "A charger that holds other limits than it was told is switched on",
    standsFor: ["I24", "I8"],
    file: charger,
    find: "    if (same(setpoint, this.written)) this.meter.confirm(setpoint);",
    replace: "    if (same(setpoint, setpoint)) this.meter.confirm(setpoint);",
    caughtBy: ["test/hal/drivers/dpm86.test.ts"],
  },
  {
    id: "b-83",
    title: "A pack that comes after a silence passes for the one before it",
    standsFor: ["I5", "E25"],
    file: packLink,
    find: "      this.sampled.stale();\n      this.forgetPack();",
    replace: "      this.sampled.stale();",
    caughtBy: ["test/hal/drivers/jbd-pack-link.test.ts"],
  },
  {
    id: "b-84",
    title: "A pack's impossible temperature is believed",
    standsFor: ["I23"],
    file: "hal/drivers/jbd-plausible.ts",
    find: "if (tempC < TEMP_C_MIN || tempC > TEMP_C_MAX) return false;",
    replace: "if (tempC < TEMP_C_MIN && tempC > TEMP_C_MAX) return false;",
    caughtBy: ["test/hal/drivers/jbd-pack-link.test.ts"],
  },
  {
    id: "b-85",
    title: "What is learnt of a silent device makes its reading good again",
    standsFor: ["I23"],
    file: "hal/drivers/sampled.ts",
    find: "this.replace({ value, atMs: this.current.atMs, quality: this.current.quality });",
    replace: 'this.replace({ value, atMs: this.current.atMs, quality: "good" });',
    caughtBy: ["test/hal/drivers/sampled.test.ts"],
  },
  {
    id: "b-86",
    title: "A thermometer's power-on value is a temperature",
    standsFor: ["I23", "I6"],
    file: "hal/drivers/w1-thermometer.ts",
    find: "decoded.tempC === POWER_ON_C",
    replace: "decoded.tempC > POWER_ON_C",
    caughtBy: ["test/hal/drivers/w1-thermometer.test.ts"],
  },
  {
    id: "b-87",
    title: "A contact whose line cannot be read keeps saying what it said last",
    standsFor: ["I12", "I23"],
    file: "hal/drivers/gpio-contact.ts",
    find: '      if (reading.quality === "good") tell({ ...reading, quality: "stale" });\n',
    replace: "",
    caughtBy: ["test/hal/drivers/gpio-contact.test.ts"],
  },
  {
    id: "b-88",
    title: "Another device's answer is taken for that of the one that was asked",
    standsFor: ["I24"],
    file: modbus,
    find: "  if (bytes[0] !== address) {",
    replace: "  if (bytes[0] === 0) {",
    caughtBy: ["test/hal/codecs/modbus-rtu.test.ts"],
  },
  {
    id: "b-89",
    title: "An answer for another coil counts, because its echo is only compared to its second byte",
    standsFor: ["I24"],
    file: modbus,
    find: "  const end = Math.min(length, 6);",
    replace: "  const end = Math.min(length, 2);",
    caughtBy: ["test/hal/codecs/modbus-rtu.test.ts"],
  },
];
