import { encodeW1Slave } from "../../hal/codecs/w1-slave.ts";
import { w1Thermometer } from "../../hal/drivers/w1-thermometer.ts";
import { fakeTextFiles } from "../support/fake-text-files.ts";
import { fakeThermometer } from "../support/fake-thermometer.ts";
import { thermometerConformance } from "./thermometer.ts";

const PATH = "/sys/bus/w1/devices/28-0000072f4f2a/w1_slave";
/** A failed read: the kernel keeps the last good bytes in line 2, and its number still parses. */
const BAD_CRC = "62 ff 4b 46 7f ff 0e 10 c9 : crc=c8 NO\n72 01 4b 46 7f ff 0e 10 57 t=23125\n";

thermometerConformance("the DS18B20 driver", (clock) => {
  const files = fakeTextFiles(clock);
  const thermometer = w1Thermometer(files, clock, { path: PATH });
  return {
    thermometer,
    noticeMs: 15_000,
    set(sample) {
      if (sample === "silent") files.set(PATH, undefined);
      else files.set(PATH, sample === "nonsense" ? BAD_CRC : encodeW1Slave(sample));
    },
  };
});

thermometerConformance("the fake", (clock) => {
  const thermometer = fakeThermometer(clock);
  return { thermometer, noticeMs: 3_500, set: thermometer.set };
});
