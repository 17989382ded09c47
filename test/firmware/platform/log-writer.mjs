// Writes to the log in the given directory as fast as it can, two appends at a time, and prints the number of every
// record once it is acknowledged. It runs the built files and ends only by being killed.
import { writeSync } from "node:fs";
import { openLog } from "../../../dist/firmware/log/log.js";
import { nodeClock } from "../../../dist/firmware/platform/node-clock.js";
import { nodeDisk } from "../../../dist/firmware/platform/node-disk.js";

const { log } = openLog({
  disk: nodeDisk(process.argv[2]),
  clock: nodeClock(),
  logId: "00112233445566778899aabbccddeeff",
  boot: `pid-${process.pid}`,
  maxBytes: 64 * 16_384,
  segmentBytes: 16_384,
  queueMax: 100,
  checkpoint: () => ({ kind: "checkpoint" }),
  onFault: (fault) => {
    process.stderr.write(`${JSON.stringify(fault)}\n`);
    process.exit(1);
  },
});
log.start();

function more() {
  const first = log.append(
    [{ record: { kind: "note", text: "x".repeat(100) } }, { record: { kind: "note" } }],
    (failure) => {
      if (failure !== undefined) process.exit(2);
      // Synchronous, so that a kill cannot fall between the acknowledgement and its telling, only after both.
      writeSync(1, `${first + 1}\n`);
      more();
    },
  );
}
more();
more();
