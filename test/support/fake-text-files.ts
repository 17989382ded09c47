/** Sensor files in memory. A missing one is an error, a slow one takes its time; each read settles on the clock. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { TextFiles } from "../../hal/ports/text-files.ts";

export interface FakeTextFiles extends TextFiles {
  set(path: string, text: string | undefined): void;
  /** How long a read takes (a DS18B20 converts for 750 ms). */
  readMs: number;
  /** Reads begun so far. */
  readonly reads: number;
}

export function fakeTextFiles(clock: Clock): FakeTextFiles {
  const texts = new Map<string, string>();
  let reads = 0;
  const files: FakeTextFiles = {
    readMs: 750,
    get reads() {
      return reads;
    },
    set(path, text) {
      if (text === undefined) texts.delete(path);
      else texts.set(path, text);
    },
    read(path, done) {
      reads++;
      clock.after(files.readMs, () => {
        const text = texts.get(path);
        done(text === undefined ? { error: `${path} is not there` } : { text });
      });
    },
  };
  return files;
}
