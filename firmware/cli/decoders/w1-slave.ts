/** `decode sysfs-w1_slave`: the text of a DS18B20's file. */
import { decodeW1Slave } from "../../../hal/codecs/w1-slave.ts";
import { type Decoded, type Input, refused } from "./result.ts";

export function decodeW1SlaveFile(input: Input): Decoded {
  const text = new TextDecoder("utf-8").decode(input.bytes);
  const reading = decodeW1Slave(text);
  if (reading.valid) return { is: "decoded", fields: { valid: true, temperature_C: reading.tempC } };
  return refused("E_VALUE", reading.reason, { valid: false, reason: reading.reason });
}
