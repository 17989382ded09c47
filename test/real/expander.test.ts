/**
 * A Firmata board on a pseudo-terminal: the built expander process with the real johnny-five and the real serialport talks to
 * it in the protocol's own bytes, while plugs are pulled, the board restarts, and processes are killed and stopped.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { FirmataEntry } from "../../firmware/config/schema-expander.ts";
import type { Expander } from "../../firmware/expander/expander.ts";
import { openExpander } from "../../firmware/expander/open-expander.ts";
import { forkExpander } from "../../firmware/platform/fork-expander.ts";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { encodeNtc, type NtcDivider } from "../../hal/codecs/ntc-thermistor.ts";
import type { PwmOutput } from "../../hal/ports/pwm-output.ts";
import type { Reading } from "../../hal/ports/reading.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import { RealFirmataBoard } from "../support/real-firmata-board.ts";
import { missingTools, type RealStation, startRealStation } from "../support/real-station.ts";
import { until } from "../support/until.ts";

const socat = spawnSync("socat", ["-V"]).error === undefined;
const PERIOD_MS = 200;
/** A loaded machine's event loop may be this late; the rule itself is held exactly by the tests in virtual time. */
const LATE_MS = 1_000;
const divider: NtcDivider = { nominalOhm: 10_000, betaK: 3_950, seriesOhm: 10_000, thermistorTo: "ground" };
const holder = fileURLToPath(new URL("./expander-holder.mjs", import.meta.url));
const clock = nodeClock();
const directory = mkdtempSync(join(tmpdir(), "yizhan-expander-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Station {
  readonly real: RealFirmataBoard;
  readonly expander: Expander;
  readonly air: Thermometer;
  readonly fan: PwmOutput;
  readonly told: Array<Reading<number> & { readonly toldMs: number }>;
  readonly pids: number[];
  readonly notes: string[];
  /** Holds the fan as the station's loop would, until it is asked no more. */
  readonly renewing: { share: number };
}

const entryOn = (path: string): FirmataEntry => ({
  id: "expander",
  kind: "firmata",
  path,
  baud: 57_600,
  periodMs: PERIOD_MS,
  inputs: [{ id: "fridge-air", pin: 0, kind: "thermistor", ...divider }],
  outputs: [{ id: "fan", pin: 3 }],
});

const open: Station[] = [];
let made = 0;

async function start(options: { readonly plugged?: boolean } = {}): Promise<Station> {
  const real = new RealFirmataBoard(clock, directory, `board-${made++}`);
  if (options.plugged ?? true) await real.plug();
  const pids: number[] = [];
  const notes: string[] = [];
  const started = (pid: number | undefined): void => {
    if (pid !== undefined) pids.push(pid);
  };
  const expander = openExpander(entryOn(real.path), {
    clock,
    fork: forkExpander({ started }),
    note: (level, what, detail) => notes.push(`${level} ${what} ${JSON.stringify(detail)}`),
  });
  const air = expander.thermometers.get("fridge-air") as Thermometer;
  const fan = expander.outputs.get("fan") as PwmOutput;
  const told: Station["told"] = [];
  air.watch((reading) => told.push({ ...reading, toldMs: clock.monotonicMs() }));
  const renewing = { share: 0 };
  const station: Station = { real, expander, air, fan, told, pids, notes, renewing };
  const renew = (): void => {
    if (!open.includes(station)) return;
    if (renewing.share > 0) fan.hold(renewing.share, clock.monotonicMs() + 1_900);
    clock.after(250, renew);
  };
  open.push(station);
  renew();
  return station;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

afterEach(async () => {
  for (const { expander, real, pids } of open.splice(0)) {
    expander.close();
    await until(() => !pids.some(isRunning), { what: "the expander processes to end" });
    await real.unplug();
  }
});

const readsNear = ({ air, notes }: Station, tempC: number): Promise<void> =>
  until(() => air.reading().quality === "good" && Math.abs(air.reading().value - tempC) < 0.2, {
    timeoutMs: 30_000,
    what: () => `${tempC} °C; there was ${JSON.stringify(air.reading())}, and ${notes.join("; ")}`,
  });

/** The value turns stale three periods after its last report, not when somebody happens to look. */
async function turnsStale({ air, told }: Station): Promise<void> {
  await until(() => air.reading().quality === "stale", { timeoutMs: 5_000, what: "a stale reading" });
  const stale = told.findLast(({ quality }) => quality === "stale");
  const afterMs = (stale?.toldMs ?? 0) - (stale?.atMs ?? 0);
  expect(afterMs).toBeGreaterThanOrEqual(3 * PERIOD_MS - 1);
  expect(afterMs).toBeLessThan(3 * PERIOD_MS + LATE_MS);
}

describe.runIf(socat)("a Firmata board on a pseudo-terminal", () => {
  test("is read through johnny-five in a process of its own: a thermistor in degrees, a fan in part", async () => {
    const station = await start();
    station.real.board.feed(0, encodeNtc(4.5, divider));
    await readsNear(station, 4.5);
    expect(station.pids).toHaveLength(1);
    expect(station.notes.at(-1)).toContain("StandardFirmata.ino 2.5");
    station.renewing.share = 0.4;
    await until(() => Math.abs(station.real.board.driven(3) - 0.4) < 0.01, { what: "the fan" });
    await until(() => station.fan.state() !== "unknown" && station.fan.state() !== 0, { what: "the board's word" });
    expect(station.fan.state()).toBeCloseTo(0.4, 2);
  });

  test("that is unplugged turns stale in time, and recovers by itself when it is plugged in again", async () => {
    const station = await start();
    station.real.board.feed(0, encodeNtc(4.5, divider));
    await readsNear(station, 4.5);
    await station.real.unplug();
    await turnsStale(station);
    expect(station.fan.state()).toBe("unknown");
    await station.real.plug();
    station.real.board.feed(0, encodeNtc(6, divider));
    await readsNear(station, 6);
  });

  test("that restarts is met anew by itself", async () => {
    const station = await start();
    station.real.board.feed(0, encodeNtc(4.5, divider));
    await readsNear(station, 4.5);
    station.real.board.restart();
    await turnsStale(station);
    await readsNear(station, 4.5);
    expect(station.notes.some((note) => note.includes("restarted"))).toBe(true);
    expect(station.pids).toHaveLength(2);
  });

  test("that was not there at the start keeps nobody waiting, and is read once it comes", async () => {
    const beforeMs = clock.monotonicMs();
    const station = await start({ plugged: false });
    expect(clock.monotonicMs() - beforeMs).toBeLessThan(LATE_MS);
    expect(station.air.reading()).toMatchObject({ value: Number.NaN, quality: "stale" });
    await until(() => station.notes.some((note) => note.includes("is not there")), { what: "the missing line" });
    await station.real.plug();
    station.real.board.feed(0, encodeNtc(4.5, divider));
    await readsNear(station, 4.5);
    expect(station.pids).toHaveLength(1);
  });

  test.each(["SIGKILL", "SIGSTOP"] as const)("whose process gets a %s is read again by a new one", async (signal) => {
    const station = await start();
    station.real.board.feed(0, encodeNtc(4.5, divider));
    await readsNear(station, 4.5);
    const [pid] = station.pids;
    process.kill(pid as number, signal);
    await turnsStale(station);
    await readsNear(station, 4.5);
    expect(station.pids).toHaveLength(2);
    expect(isRunning(pid as number)).toBe(false);
  });

  test("drives nothing any more when the station stops renewing, although its process lives", async () => {
    const station = await start();
    await until(() => station.notes.some((note) => note.includes("ready")), { what: "the board" });
    station.renewing.share = 1;
    await until(() => station.real.board.driven(3) === 1, { what: "the fan" });
    station.renewing.share = 0;
    await until(() => station.real.board.driven(3) === 0, { timeoutMs: 2_000 + LATE_MS, what: "the fan to stop" });
    await until(() => station.fan.state() === 0, { what: "the board's word" });
  });

  test("is let go when the station closes, and no process is left behind", async () => {
    const station = await start();
    await until(() => station.notes.some((note) => note.includes("ready")), { what: "the board" });
    station.renewing.share = 1;
    await until(() => station.real.board.driven(3) === 1, { what: "the fan" });
    station.expander.close();
    await until(() => station.real.board.driven(3) === 0, { what: "the fan to stop" });
    await until(() => !station.pids.some(isRunning), { what: "the process to end" });
  });
});

describe.runIf(socat)("an output of a Firmata board", () => {
  let controller: ChildProcess | undefined;
  let real: RealFirmataBoard | undefined;

  afterEach(async () => {
    controller?.kill("SIGKILL");
    await real?.unplug();
  });

  test.each(["SIGKILL", "SIGSTOP"] as const)(
    "is off within its lease when the controller gets a %s",
    async (signal) => {
      real = new RealFirmataBoard(clock, directory, `held-${signal}`);
      const { board } = real;
      await real.plug();
      const pids: number[] = [];
      controller = spawn(process.execPath, [holder, JSON.stringify(entryOn(real.path))], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      createInterface({ input: controller.stdout as NodeJS.ReadableStream }).on("line", (line) =>
        pids.push(Number(line)),
      );
      await until(() => board.driven(3) === 1, { timeoutMs: 20_000, what: "the fan" });
      controller.kill(signal);
      await until(() => board.driven(3) === 0, { timeoutMs: 2_000 + LATE_MS, what: "the fan to stop" });
      controller.kill("SIGKILL");
      await until(() => pids.length === 1 && !pids.some(isRunning), { what: "the expander process to end with it" });
    },
  );
});

describe.runIf(missingTools().length === 0)("yizhan run with a Firmata board in its configuration", () => {
  let station: RealStation | undefined;
  let real: RealFirmataBoard | undefined;

  afterEach(async () => {
    await station?.stop();
    await real?.unplug();
  });

  test("opens it in a process of its own, tells its loss as a lost line, and meets it again", async () => {
    real = new RealFirmataBoard(clock, directory, "run");
    await real.plug();
    real.board.feed(0, encodeNtc(4.5, divider));
    const { id, kind, path } = entryOn(real.path);
    const device = `  - { id: ${id}, kind: ${kind}, path: "${path}", inputs: [{ id: fridge-air, pin: 0, kind: thermistor }] }`;
    station = await startRealStation({ edit: (yaml) => yaml.replace(/^devices:$/m, `devices:\n${device}`) });
    const { controllerLines } = station;
    const times = (...words: string[]): number =>
      controllerLines.filter((line) => words.every((word) => line.includes(word))).length;
    station.startController();
    const met = '"why":"StandardFirmata.ino 2.5"';
    await until(() => times('"bus open"', met) === 1, {
      timeoutMs: 30_000,
      what: () => `the board; there was ${controllerLines.join(" ")}`,
    });
    await real.unplug();
    // As a line that closed or as a write that failed, whichever the process meets first.
    await until(() => times('"bus lost"', '"bus":"expander"') > 0, {
      timeoutMs: 30_000,
      what: () => `the loss; there was ${controllerLines.join(" ")}`,
    });
    await real.plug();
    await until(() => times('"bus open"', met) === 2, { timeoutMs: 30_000, what: "the board again" });
  });
});
