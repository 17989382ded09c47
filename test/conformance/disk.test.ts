import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { nodeDisk } from "../../firmware/platform/node-disk.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { simulatedDisk } from "../../simulator/disk.ts";
import { createRandom } from "../../simulator/random.ts";
import { diskConformance } from "./disk.ts";

const root = mkdtempSync(join(tmpdir(), "yizhan-disk-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let directories = 0;

diskConformance("a real directory", () => ({
  disk: nodeDisk(join(root, `${++directories}`, "log")),
  until: (condition) =>
    new Promise((resolve) => {
      const look = (): void => {
        if (condition()) resolve();
        else setImmediate(look);
      };
      look();
    }),
}));

diskConformance("the simulated disk", () => {
  const clock = createVirtualClock({ wallStartMs: 0 });
  return {
    disk: simulatedDisk({ clock, random: createRandom("conformance") }),
    until: async (condition) => {
      while (!condition()) if (!clock.step()) throw new Error("nothing left to happen");
    },
  };
});
