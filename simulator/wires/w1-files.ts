/** The w1_slave files of the cabinets' DS18B20 thermometers: each read converts, which takes 0.75 s. */
import { encodeW1Slave } from "../../hal/codecs/w1-slave.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { TextFiles } from "../../hal/ports/text-files.ts";

const CONVERSION_MS = 750;

/** `sensors`: temperature by file path. */
export function createW1Files(sensors: ReadonlyMap<string, () => number>, clock: Clock): TextFiles {
  return {
    read(path, done) {
      const tempC = sensors.get(path);
      if (tempC === undefined)
        clock.after(0, () => done({ error: `ENOENT: no such file or directory, open '${path}'` }));
      else clock.after(CONVERSION_MS, () => done({ text: encodeW1Slave(tempC()) }));
    },
  };
}
