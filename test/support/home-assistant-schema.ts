/**
 * What Home Assistant demands of a device discovery message, as far as it concerns what we announce: the keys that each platform
 * needs and may have, and the words it allows in them. Written after the MQTT integration's documentation and
 * `homeassistant/components/mqtt/{schemas,discovery,sensor,binary_sensor,lock,event}.py`, `…/sensor/const.py` (2024.11 and
 * later). Unknown keys are refused here, although Home Assistant would drop them, because they would be mistakes of ours.
 */
import { z } from "zod";

/** `valid_publish_topic` and `valid_subscribe_topic`, without wildcards. */
const topic = z
  .string()
  .min(1)
  .max(65_535)
  .regex(/^[^+#]+$/);
const template = z.string().regex(/\{\{.*\}\}/);
const entityId = (platform: string) => z.string().regex(new RegExp(`^${platform}\\.[a-z0-9_]+$`));

const availability = z.array(z.strictObject({ topic })).min(1);

const shared = <P extends string>(platform: P) => ({
  platform: z.literal(platform),
  unique_id: z.string().min(1),
  default_entity_id: entityId(platform).optional(),
  name: z.string().min(1).nullable(),
  availability: availability.optional(),
  availability_mode: z.literal(["all", "any", "latest"]).optional(),
  // The other category, `config`, is refused for what only tells.
  entity_category: z.literal("diagnostic").optional(),
});

/** Units that go with a class (`DEVICE_CLASS_UNITS`); those we use. */
const classUnits: Readonly<Record<string, readonly string[]>> = {
  battery: ["%"],
  temperature: ["°C"],
  humidity: ["%"],
  energy: ["Wh"],
  voltage: ["V"],
  current: ["A"],
  power: ["W"],
  duration: ["ms", "s"],
  data_size: ["MB"],
  timestamp: [],
  enum: [],
};

/** `validate_sensor_state_and_device_class_config`: an enumeration has words, neither unit nor state class; a unit has its class. */
function sensorProblem(sensor: z.output<typeof sensorFields>): string | undefined {
  const { device_class, options, state_class, unit_of_measurement: unit } = sensor;
  if (options !== undefined && device_class !== "enum") return "options only with the class enum";
  if (device_class === "enum" && (options === undefined || state_class !== undefined || unit !== undefined))
    return "an enum has options, and neither a unit nor a state class";
  if (device_class === "timestamp" && (state_class !== undefined || unit !== undefined))
    return "a timestamp has no unit";
  if (device_class === undefined) return unit === undefined ? undefined : "a unit without a class";
  const units = classUnits[device_class];
  if (units === undefined) return `no such class: ${device_class}`;
  return unit === undefined
    ? units.length === 0
      ? undefined
      : "a class without its unit"
    : units.includes(unit)
      ? undefined
      : "a unit of another class";
}

const sensorFields = z.strictObject({
  ...shared("sensor"),
  state_topic: topic,
  value_template: template.optional(),
  device_class: z.string().optional(),
  state_class: z.literal(["measurement", "total", "total_increasing"]).optional(),
  unit_of_measurement: z.string().optional(),
  suggested_display_precision: z.int().min(0).optional(),
  options: z.array(z.string().min(1)).min(1).optional(),
  expire_after: z.int().positive().optional(),
});

const sensor = sensorFields.superRefine((value, context) => {
  const problem = sensorProblem(value);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

const binarySensor = z.strictObject({
  ...shared("binary_sensor"),
  state_topic: topic,
  value_template: template.optional(),
  device_class: z.literal(["door", "light", "occupancy", "problem", "running", "safety", "smoke", "tamper"]).optional(),
  expire_after: z.int().positive().optional(),
});

const lock = z.strictObject({
  ...shared("lock"),
  command_topic: topic,
  command_template: template.optional(),
  state_topic: topic.optional(),
  value_template: template.optional(),
  optimistic: z.boolean().optional(),
});

const event = z.strictObject({
  ...shared("event"),
  state_topic: topic,
  event_types: z.array(z.string().min(1)).min(1),
  value_template: template.optional(),
});

/** An entry with its platform alone takes the component away. */
export const removal = z.strictObject({ platform: z.literal(["sensor", "binary_sensor", "lock", "event"]) });

export const component = z.union([removal, sensor, binarySensor, lock, event]);

const device = z.strictObject({
  identifiers: z.array(z.string().min(1)).min(1),
  name: z.string().min(1),
  manufacturer: z.string().optional(),
  model: z.string().optional(),
  sw_version: z.string().optional(),
  via_device: z.string().optional(),
});

export const deviceMessage = z.strictObject({
  device,
  origin: z.strictObject({ name: z.string().min(1), sw_version: z.string().optional() }),
  qos: z.literal([0, 1, 2]).optional(),
  availability: availability.optional(),
  components: z.record(z.string().regex(/^[a-zA-Z0-9_-]+$/), component),
});
export type DeviceMessage = z.output<typeof deviceMessage>;

/** `TOPIC_MATCHER` of discovery.py, for devices. */
export const deviceTopic = /^[a-zA-Z0-9_/-]+\/device\/[a-zA-Z0-9_-]+\/config$/;

/** States that each platform understands; anything else is a warning in Home Assistant's log and no change. */
export const understood: Readonly<
  Record<string, (state: string, component: Readonly<Record<string, unknown>>) => boolean>
> = {
  lock: (state) => ["LOCKED", "UNLOCKED", "LOCKING", "UNLOCKING", "OPEN", "OPENING", "JAMMED", "None"].includes(state),
  binary_sensor: (state) => ["ON", "OFF", "None"].includes(state),
  sensor: (state, { options, state_class, device_class }) => {
    if (state === "None") return true;
    if (Array.isArray(options)) return options.includes(state);
    if (device_class === "timestamp") return !Number.isNaN(Date.parse(state));
    return state_class === undefined ? state.length > 0 && state.length <= 255 : /^-?\d+(\.\d+)?$/.test(state);
  },
};
