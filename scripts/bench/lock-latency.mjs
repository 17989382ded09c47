// command → lock bytes, on a real process: from the bytes of a rider's code on the scanner's line until the five bytes that
// drive the coil arrive at the far end of the lock board's line. Between them the controller checks the member, reserves the
// bays, writes that to its log and syncs it.
import { fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { amount, atMost, figure, median, percentile } from "./figures.mjs";
import { end, startPart, until } from "./processes.mjs";
import { farEnd, missingTools, openPseudoTerminals } from "./pseudo-terminals.mjs";
import { startController, startStation, untilArmed } from "./station.mjs";

/** No lock is pulsed a fourth time within 30 s, and the same bay is offered every time. */
const SCAN_GAP_MS = 10_400;
const PULSE_MAX_MS = 20_000;
/** What a reservation takes in the log; measured below, this is only the size of the floor's record. */
const RECORD_BYTES = 420;

/** Watches the lines of one cabinet: when the board was asked and answered, and when a coil is driven. */
function watchLocks(tap, parseLockRequest) {
  const seen = { pulsedMs: undefined, asking: [] };
  let buffer = new Uint8Array(0);
  tap.onBytes = (chunk) => {
    const nowMs = performance.now();
    buffer = Buffer.concat([buffer, chunk]);
    for (let parsed = parseLockRequest(buffer, buffer.length); parsed.is !== "short"; ) {
      if (parsed.is === "frame" && parsed.value.do === "pulse") seen.pulsedMs ??= nowMs;
      else if (parsed.is === "frame") seen.asking.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY });
      buffer = buffer.subarray(Math.max(1, parsed.used));
      parsed = parseLockRequest(buffer, buffer.length);
    }
  };
  const { write } = tap;
  tap.write = (bytes) => {
    write(bytes);
    const last = seen.asking.at(-1);
    if (last !== undefined) last.toMs = Math.min(last.toMs, performance.now());
  };
  return seen;
}

/** The least any controller could do on the same lines and the same disk, asked in turn with the controller itself. */
async function openFloor(station) {
  const path = join(station.directory, "tty-floor");
  const ptys = await openPseudoTerminals([path]);
  const part = startPart(new URL("./echo.mjs", import.meta.url).pathname, {
    root: station.root,
    path,
    file: join(station.directory, "state", "floor"),
    recordBytes: RECORD_BYTES,
  });
  await new Promise((ready) => part.once("message", ready));
  const { nodeWire } = await import(`${station.root}/dist/firmware/platform/node-wire.js`);
  let got = 0;
  let answered;
  const wire = await new Promise((open) => {
    const opening = nodeWire()(
      { path: farEnd(path), baud: 9600, stopBits: 1 },
      {
        opened: () => open(opening),
        bytes: (chunk) => {
          got += chunk.length;
          if (got >= 5) answered?.();
        },
        closed: (why) => {
          throw new Error(why);
        },
      },
    );
  });
  return {
    async ask(text) {
      got = 0;
      const fromMs = performance.now();
      await new Promise((done) => {
        answered = done;
        wire.write(Buffer.from(`${text}\r\n`));
      });
      return performance.now() - fromMs;
    },
    async close() {
      wire.close();
      await end(part);
      await ptys.close();
    },
  };
}

function syncOnce(descriptor) {
  const fromMs = performance.now();
  writeSync(descriptor, new Uint8Array(RECORD_BYTES).fill(0x20));
  fdatasyncSync(descriptor);
  return performance.now() - fromMs;
}

async function scanOnce(station, cabinet, { code, codec }) {
  const { seen, scanner, bay } = cabinet;
  seen.pulsedMs = undefined;
  // An answer that is still missing belongs to the line's state; older ones do not.
  seen.asking.splice(0, Math.max(0, seen.asking.length - 1));
  station.doors.delete(bay);
  const fromMs = performance.now();
  station.taps[scanner].write(codec.encodeGm65Code(code));
  cabinet.scannedMs = fromMs;
  await until(() => seen.pulsedMs !== undefined, { timeoutMs: PULSE_MAX_MS, what: `a pulse for ${code}`, everyMs: 2 });
  const tookMs = seen.pulsedMs - fromMs;
  const idle = !seen.asking.some((asked) => asked.fromMs <= fromMs && asked.toMs >= fromMs);
  const behind = seen.asking.filter((asked) => asked.fromMs > fromMs && asked.fromMs < seen.pulsedMs).length;
  await until(() => [...station.doors.values()].every((open) => !open), { timeoutMs: 10_000, what: "shut doors" });
  return { tookMs, idle, behind };
}

async function measure(station, controller, { scans, codec, parseLockRequest, say }) {
  const cabinets = station.file.cabinets.map(({ id, scanner, bays }) => {
    const busOf = (device) => station.file.devices.find((candidate) => candidate.id === device).bus;
    const locks = busOf(bays[0].lock.device);
    const seen = watchLocks(station.taps[locks], parseLockRequest);
    return { id, scanner: busOf(scanner.device), seen, scannedMs: Number.NEGATIVE_INFINITY };
  });
  const found = { scans: [], floor: [], echo: [], sync: [] };
  const floor = await openFloor(station);
  const descriptor = openSync(join(station.directory, "state", "sync"), "a");
  // An uneven pause, so that the scans meet every phase of the polls: a fixed sequence, the same in each run.
  let phase = 7;
  for (let scan = 0; scan < scans; scan++) {
    if (controller.exitCode !== null) throw new Error(`the controller ended: ${controller.complaints}`);
    const cabinet = cabinets[scan % cabinets.length];
    phase = (phase * 137 + 71) % 1_009;
    await pause(Math.max(0, cabinet.scannedMs + SCAN_GAP_MS - performance.now()) + phase / 2);
    const code = `yz-member-${String((scan % 60) + 1).padStart(4, "0")}`;
    found.scans.push(await scanOnce(station, cabinet, { code, codec }));
    found.echo.push(await floor.ask("echo-member-0001"));
    found.floor.push(await floor.ask("sync-member-0001"));
    found.sync.push(syncOnce(descriptor));
    say(`${scan + 1} of ${scans} scans`);
  }
  await floor.close();
  return found;
}

function summarise({ scans, floor, echo, sync }) {
  const all = scans.map(({ tookMs }) => tookMs);
  const idle = scans.filter((scan) => scan.idle).map(({ tookMs }) => tookMs);
  const behind = scans.filter((scan) => scan.idle && scan.behind > 0).length;
  const bare = "a bare process: sync, then five bytes";
  const pair = (percent, values) => ({
    baseline: { name: `${bare}, p${percent}`, value: percentile(floor, percent) },
    value: percentile(values, percent),
    unit: "ms",
  });
  return {
    figures: [
      figure({ name: "code → lock bytes, line idle, p50", ...pair(50, idle) }),
      figure({
        name: "code → lock bytes, line idle, p99",
        limit: atMost(10),
        ...pair(99, idle),
        note: `${idle.length} of ${all.length} codes found the lock line idle, ${behind} of them had to wait for a poll that was sent after the code came`,
      }),
      figure({ name: "code → lock bytes, all codes, p99", limit: atMost(70), ...pair(99, all) }),
    ],
    notes: [
      `record synced on this disk (write + fdatasync, ${RECORD_BYTES} B): p50 ${amount(median(sync), "ms")}, p99 ${amount(percentile(sync, 99), "ms")}`,
      `bare echo over the same pseudo-terminals: p50 ${amount(median(echo), "ms")}, p99 ${amount(percentile(echo, 99), "ms")}`,
      `p99 of ${all.length} is the worst of them; p95 ${amount(percentile(all, 95), "ms")}, of the bare process ${amount(percentile(floor, 95), "ms")}`,
      "a pseudo-terminal has no wire time: five bytes at 9600 baud take 5.2 ms more to their last bit",
    ],
    raw: { scans, floor, echo, sync },
  };
}

export const lockLatency = {
  name: "lock-latency",
  latency: true,
  title: "a rider's code → the bytes that drive the lock, real process, reference station",
  async run({ root, quick, say }) {
    const missing = missingTools();
    if (missing !== undefined) return { skipped: missing };
    const taps = ["locks-a", "locks-b", "locks-c", "codes-a", "codes-b", "codes-c"];
    const codec = await import(`${root}/dist/hal/codecs/gm65.js`);
    const { parseLockRequest } = await import(`${root}/dist/hal/codecs/lock-8a.js`);
    // A rider who shuts the door on nothing: the bay is free again at once, and the next code can be shown.
    const station = await startStation({ root, taps, extra: "swap: { reopenTries: 0 }\n", world: { initialSoc: 1 } });
    const controller = startController(station);
    try {
      await untilArmed(station, controller);
      // Until all doors, packs and lines have been seen.
      await pause(5_000);
      const scans = quick ? 9 : 60;
      return summarise(await measure(station, controller, { scans, codec, parseLockRequest, say }));
    } finally {
      await end(controller);
      await station.stop();
    }
  },
};
