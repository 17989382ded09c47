/**
 * The w1_slave files of the station's DS18B20 thermometers: each read converts, which takes 0.75 s. Each may be broken by itself:
 * gone, frozen, drifted, or with a file that holds anything at all.
 */
import { encodeW1Slave } from "../../hal/codecs/w1-slave.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { TextFiles } from "../../hal/ports/text-files.ts";
import type { ProbeFaults } from "../fault-types.ts";

const CONVERSION_MS = 750;

/** One thermometer: what it feels, and what is wrong with it. */
export class Probe {
  readonly faults: ProbeFaults = { offsetC: 0, frozen: false, gone: false, text: undefined };
  private readonly felt: () => number;
  private last: string | undefined;

  constructor(felt: () => number) {
    this.felt = felt;
  }

  /** Undefined: there is no file. */
  text(): string | undefined {
    const { offsetC, frozen, gone, text } = this.faults;
    if (gone) return undefined;
    if (text !== undefined) return text;
    if (!frozen || this.last === undefined) this.last = encodeW1Slave(this.felt() + offsetC);
    return this.last;
  }
}

/** `probes`: by file path. */
export function createW1Files(probes: ReadonlyMap<string, Probe>, clock: Clock): TextFiles {
  return {
    read(path, done) {
      const probe = probes.get(path);
      const missing = () => done({ error: `ENOENT: no such file or directory, open '${path}'` });
      if (probe === undefined || probe.faults.gone) clock.after(0, missing);
      else
        clock.after(CONVERSION_MS, () => {
          const text = probe.text();
          if (text === undefined) missing();
          else done({ text });
        });
    },
  };
}
