// exec → outputs safe: from the moment the controller is started until the guardian has written the master enable off and
// every relay board has got the frame that switches all its relays off. A predecessor left the enable on.
import { readFileSync, rmSync, watch } from "node:fs";
import { join } from "node:path";
import { amount, atMost, figure, median } from "./figures.mjs";
import { end, start, until } from "./processes.mjs";
import { missingTools } from "./pseudo-terminals.mjs";
import { setMasterEnable, startController, startStation } from "./station.mjs";

const RUNS = 7;

async function nodeStart() {
  const fromMs = performance.now();
  const child = start(process.execPath, ["-e", "0"], { stdio: "ignore" });
  await new Promise((done) => child.once("exit", done));
  return performance.now() - fromMs;
}

const includes = (bytes, frame) => Buffer.from(bytes).includes(frame);

/** Resolves with the time at which each board of each tapped line had got its frame. */
function watchBoards(station, encodeAllOff) {
  const waiting = new Map();
  for (const { id, kind, bus, address } of station.file.devices) {
    if (kind === "waveshare-relay-d")
      waiting.set(id, { bus, frame: Buffer.from(encodeAllOff(address)), atMs: undefined });
  }
  for (const [bus, tap] of Object.entries(station.taps)) {
    let got = Buffer.alloc(0);
    tap.onBytes = (chunk) => {
      const nowMs = performance.now();
      got = Buffer.concat([got, chunk]);
      for (const board of waiting.values()) {
        if (board.bus === bus && includes(got, board.frame)) board.atMs ??= nowMs;
      }
    };
  }
  return waiting;
}

/** The guardian claims the line by writing its level into `direction`, as the kernel's interface wants it. */
function watchEnable(gpioLine) {
  const seen = { atMs: undefined };
  const file = join(gpioLine, "direction");
  const watcher = watch(file, () => {
    if (readFileSync(file, "utf8").trim() === "low") seen.atMs ??= performance.now();
  });
  return { seen, close: () => watcher.close() };
}

async function startOnce(station, encodeAllOff) {
  rmSync(join(station.directory, "state"), { recursive: true, force: true });
  setMasterEnable(station.gpioLine, true);
  const boards = watchBoards(station, encodeAllOff);
  const enable = watchEnable(station.gpioLine);
  const fromMs = performance.now();
  const controller = startController(station);
  const safe = () => enable.seen.atMs !== undefined && [...boards.values()].every(({ atMs }) => atMs !== undefined);
  const over = () => controller.exitCode !== null;
  await until(() => safe() || over(), { timeoutMs: 30_000, what: "safe outputs" });
  if (over()) throw new Error(`the controller ended: ${controller.complaints}`);
  enable.close();
  await end(controller);
  const boardsMs = Math.max(...[...boards.values()].map(({ atMs }) => atMs)) - fromMs;
  const enableMs = enable.seen.atMs - fromMs;
  return { enableMs, boardsMs, safeMs: Math.max(enableMs, boardsMs) };
}

export const startBench = {
  name: "start",
  latency: true,
  title: "exec → outputs safe, real process, reference station",
  async run({ root, quick, say }) {
    const missing = missingTools();
    if (missing !== undefined) return { skipped: missing };
    const { encodeAllOff } = await import(`${root}/dist/hal/codecs/waveshare-relay-d.js`);
    const station = await startStation({ root, taps: ["relays-a", "relays-b", "relays-c"], followGpio: false });
    const runs = [];
    const bare = [];
    try {
      for (let run = 0; run < (quick ? 3 : RUNS); run++) {
        say(`start ${run + 1}`);
        bare.push(await nodeStart());
        runs.push(await startOnce(station, encodeAllOff));
      }
    } finally {
      await station.stop();
    }
    const of = (key) => median(runs.map((run) => run[key])) / 1_000;
    const baseline = { name: "`node -e 0` from start to end", value: median(bare) / 1_000 };
    const all = runs.map(({ safeMs }) => safeMs / 1_000);
    return {
      figures: [
        figure({
          name: "exec → outputs safe",
          value: of("safeMs"),
          unit: "s",
          limit: atMost(0.6),
          baseline,
          note: `median of ${runs.length}, from ${amount(Math.min(...all), "s")} to ${amount(Math.max(...all), "s")}`,
        }),
        figure({ name: "exec → master enable off (guardian)", value: of("enableMs"), unit: "s" }),
        figure({ name: "exec → all-off frame at the last of 12 relay boards", value: of("boardsMs"), unit: "s" }),
      ],
      notes: ["files were in the page cache; the master enable alone takes the supply from every contactor"],
      raw: { runs, bare },
    };
  },
};
