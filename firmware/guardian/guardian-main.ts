/**
 * The guardian: a second, tiny process that owns the master-enable output and keeps it on only while heartbeats come
 * through its standard input. It drops the output when the beat stops (controller killed, stopped or blocked) and stays off
 * until it is armed afresh. It reads no configuration, shares no code with the controller, and imports node:fs alone, so that
 * nothing that can break there can break here.
 *
 * In, one a line: `arm` (on, and beats count from now), `b` (a beat), `off` (drop at once). End of input: drop, exit.
 * Out, one a line: `ready` (the output is off), `on`, `off asked|timeout|eof`, `late <ms>` (a beat came late), `b` (a beat was
 * heard), `fault <why>` (the output does not obey), `failed <why>` (could not start; the process exits with 1).
 */
import { closeSync, constants, existsSync, openSync, readdirSync, readFileSync, readSync, writeSync } from "node:fs";

interface Options {
  /** Directory of the GPIO class. */
  readonly root: string;
  readonly chipLabel: string;
  /** Line of the chip, as printed in the Raspberry Pi documentation (BCM). */
  readonly line: number;
  /** The load is enabled while the line is low. */
  readonly inverted: boolean;
  readonly beatTimeoutMs: number;
}

const RETRY_MS = 50;
/** udev hands exported files to the gpio group a moment after the export. */
const PERMISSION_TRIES = 50;
const PERMISSION_PAUSE_MS = 10;
/** Reports nobody reads must not pile up. */
const UNREAD_MAX = 4_096;
const INPUT_LINE_MAX = 64;

function parseOptions(json: string | undefined): Options {
  const given: unknown = JSON.parse(json ?? "null");
  if (typeof given !== "object" || given === null) throw new Error("the first argument must be a JSON object");
  const { root, chipLabel, line, inverted, beatTimeoutMs } = given as Record<string, unknown>;
  if (typeof root !== "string" || typeof chipLabel !== "string" || typeof inverted !== "boolean") {
    throw new Error("root and chipLabel must be text, inverted true or false");
  }
  if (typeof line !== "number" || !Number.isInteger(line) || line < 0) throw new Error("line must be a whole number");
  if (typeof beatTimeoutMs !== "number" || !(beatTimeoutMs >= 100 && beatTimeoutMs <= 1_500)) {
    throw new Error("beatTimeoutMs must be from 100 to 1500, so that everything is off within 2 s");
  }
  return { root, chipLabel, line, inverted, beatTimeoutMs };
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
}

function report(text: string): void {
  if (process.stdout.writableLength < UNREAD_MAX) process.stdout.write(`${text}\n`);
}

/** sysfs numbers lines over all chips: the chip's base is found by its label, and two of that label are refused. */
function lineDirectory({ root, chipLabel, line }: Options): { directory: string; number: number } {
  const chips = readdirSync(root).filter(
    (name) => /^gpiochip\d+$/.test(name) && readFileSync(`${root}/${name}/label`, "utf8").trim() === chipLabel,
  );
  if (chips.length !== 1) throw new Error(`${chips.length} GPIO chips under ${root} are labelled ${chipLabel}`);
  const number = Number(readFileSync(`${root}/${chips[0]}/base`, "utf8").trim()) + line;
  return { directory: `${root}/gpio${number}`, number };
}

function writeFile(path: string, text: string): void {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_TRUNC);
  try {
    writeSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

function whenPermitted<T>(act: () => T): T {
  for (let tried = 1; ; tried++) {
    try {
      return act();
    } catch (error) {
      const denied = error instanceof Error && "code" in error && error.code === "EACCES";
      if (!denied || tried >= PERMISSION_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PERMISSION_PAUSE_MS);
    }
  }
}

/** Exports the line as an output that is off from its first instant, and returns its open level file. */
function claim(options: Options): number {
  const { directory, number } = lineDirectory(options);
  if (!existsSync(directory)) writeFile(`${options.root}/export`, String(number));
  whenPermitted(() => writeFile(`${directory}/direction`, options.inverted ? "high" : "low"));
  return whenPermitted(() => openSync(`${directory}/value`, "r+"));
}

/** Writes and reads back. Throws when the line does not take the level. */
function setLevel(descriptor: number, high: boolean): void {
  writeSync(descriptor, high ? "1" : "0", 0);
  const seen = new Uint8Array(1);
  readSync(descriptor, seen, 0, 1, 0);
  if ((seen[0] === 0x31) !== high) throw new Error(`the line reads ${high ? "low" : "high"} after it was set otherwise`);
}

function guard(options: Options): void {
  const { inverted, beatTimeoutMs } = options;
  let descriptor = claim(options);
  let armed = false;
  let beatMs = 0;
  let lateTold = true;
  let watch: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  /** Claims the line anew when it does not obey: somebody may have unexported it under us. */
  function force(on: boolean): boolean {
    try {
      setLevel(descriptor, on !== inverted);
      return true;
    } catch {
      try {
        closeSync(descriptor);
      } catch {
        // The number is only replaced below.
      }
    }
    try {
      descriptor = claim(options);
      setLevel(descriptor, on !== inverted);
      return true;
    } catch (error) {
      report(`fault ${messageOf(error)}`);
      return false;
    }
  }

  function drop(why: string): void {
    clearTimeout(watch);
    clearTimeout(retry);
    watch = undefined;
    const wasArmed = armed;
    armed = false;
    // First the line, then the word about it. A line that does not obey is tried until it does.
    if (force(false)) {
      if (wasArmed || why !== "timeout") report(`off ${why}`);
    } else {
      retry = setTimeout(drop, RETRY_MS, why);
    }
  }

  function check(): void {
    watch = undefined;
    const leftMs = beatMs + beatTimeoutMs - performance.now();
    if (leftMs > 0) watch = setTimeout(check, Math.ceil(leftMs));
    else drop("timeout");
  }

  function arm(): void {
    clearTimeout(watch);
    clearTimeout(retry);
    beatMs = performance.now();
    lateTold = false;
    armed = force(true);
    if (!armed) {
      drop("asked");
      return;
    }
    watch = setTimeout(expire, beatTimeoutMs);
    report("on");
  }

  /** Beats that already wait in the pipe are read first: a guardian that was held up itself must not drop a living one. */
  function expire(): void {
    setImmediate(check);
  }

  function beat(): void {
    const nowMs = performance.now();
    const gapMs = nowMs - beatMs;
    if (gapMs > beatTimeoutMs / 2 && !lateTold) report(`late ${Math.round(gapMs)}`);
    // While disarmed the first late beat is told, and no more.
    lateTold = !armed;
    beatMs = nowMs;
    report("b");
  }

  function obey(line: string): void {
    if (line === "b") beat();
    else if (line === "arm") arm();
    else if (line === "off") drop("asked");
  }

  let rest = "";
  process.stdin.setEncoding("latin1");
  process.stdin.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = (lines.pop() ?? "").slice(-INPUT_LINE_MAX);
    for (const line of lines) obey(line);
  });
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    drop("eof");
    leave();
  };
  /** Exits once the line is off; until then the retries keep the process. */
  const leave = (): void => {
    if (retryPending()) setTimeout(leave, RETRY_MS);
    else setTimeout(() => process.exit(0), RETRY_MS);
  };
  const retryPending = (): boolean => !force(false);
  process.stdin.on("end", end);
  process.stdin.on("close", end);
  process.stdin.on("error", end);
  drop("start");
}
