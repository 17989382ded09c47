// The one log on a real disk: appends that are acknowledged only when they are synced, one at a time and ten together, beside
// bare writes of the same bytes.
import { fdatasync, mkdtempSync, openSync, readdirSync, statSync, write } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { amount, figure, median } from "./figures.mjs";
import { deleteAtExit } from "./processes.mjs";

const ROUNDS = 7;
const ROUND_MS = 1_000;

const draft = (at) => ({
  record: {
    kind: "swap-stage",
    swap: `s-${String(at).padStart(6, "0")}`,
    stage: "in-accepted",
    bay: (at % 36) + 1,
    packId: "yz-0421",
    socPct: 21,
  },
  publish: {
    kind: "swap",
    stream: "swap",
    seq: at,
    data: {
      event_type: "accepted",
      swap: `s-${String(at).padStart(6, "0")}`,
      bay: (at % 36) + 1,
      packId: "yz-0421",
      socPct: 21,
    },
  },
});

async function openOneLog(root, directory) {
  const from = (module) => import(`${root}/dist/${module}`);
  const { openLog } = await from("firmware/log/log.js");
  const { nodeDisk } = await from("firmware/platform/node-disk.js");
  const { nodeClock } = await from("firmware/platform/node-clock.js");
  const faults = [];
  const { log } = openLog({
    disk: nodeDisk(directory),
    clock: nodeClock(),
    logId: "0".repeat(32),
    boot: "bench",
    maxBytes: 512 * 1_048_576,
    segmentBytes: 1_048_576,
    queueMax: 2_000,
    checkpoint: () => ({ kind: "checkpoint", durable: {} }),
    onFault: (fault) => faults.push(fault),
  });
  log.start();
  return { log, faults };
}

/** One after the other until the round is over; returns how many appends were acknowledged a second. */
async function round(once, group) {
  const untilMs = performance.now() + ROUND_MS;
  const fromMs = performance.now();
  let done = 0;
  while (performance.now() < untilMs) {
    await once();
    done += group;
  }
  return (done * 1_000) / (performance.now() - fromMs);
}

export const logBench = {
  name: "log",
  title: "appends to the one log a second, each acknowledged after fdatasync",
  async run({ root, quick, say }) {
    const directory = deleteAtExit(mkdtempSync(join(tmpdir(), "yizhan-bench-log-")));
    const { log, faults } = await openOneLog(root, directory);
    let at = 0;
    const append = (group) => () =>
      new Promise((done, failed) => {
        const drafts = Array.from({ length: group }, () => draft(++at));
        log.append(drafts, (failure) => (failure === undefined ? done() : failed(new Error(failure.message))));
      });
    await append(1)();
    // The bytes that one entry really takes.
    const sizes = () => readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
    const before = sizes();
    await append(10)();
    const entryBytes = Math.round((sizes() - before) / 10);
    const descriptor = openSync(join(directory, "bare"), "a");
    const bare = (group) => {
      const bytes = new Uint8Array(entryBytes * group).fill(0x20);
      return () => new Promise((done) => write(descriptor, bytes, () => fdatasync(descriptor, done)));
    };
    const found = [];
    for (const group of [1, 10]) {
      const own = [];
      const floor = [];
      for (let turn = 0; turn < (quick ? 2 : ROUNDS); turn++) {
        say(`groups of ${group}, round ${turn + 1}`);
        floor.push(await round(bare(group), group));
        own.push(await round(append(group), group));
      }
      found.push({ group, own: median(own), floor: median(floor) });
    }
    await new Promise((closed) => log.close(closed));
    if (faults.length > 0) throw new Error(`the log complained: ${JSON.stringify(faults)}`);
    return {
      figures: found.map(({ group, own, floor }) =>
        figure({
          name: group === 1 ? "one entry, one sync" : `${group} entries, one sync`,
          value: own,
          unit: "/s",
          baseline: { name: `write + fdatasync of the same ${entryBytes * group} bytes`, value: floor },
          note: `${amount((group * 1_000) / own, "ms")} until all are acknowledged`,
        }),
      ),
      notes: [
        `${entryBytes} bytes an entry; a swap of the reference station writes about 7 entries, so 400 a day are 0.03 a second`,
      ],
    };
  },
};
