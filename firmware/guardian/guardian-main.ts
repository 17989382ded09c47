/**
 * The guardian: a second, tiny process that owns the master-enable output and keeps it on only while heartbeats come
 * through its standard input. It drops the output when the beat stops (controller killed, stopped or blocked) and stays off
 * until it is armed afresh. A controller that once spoke and then said nothing for a minute hangs for good: it is killed, so that
 * whatever started it starts another. It reads no configuration, shares no code with the controller, and imports node:fs alone, so that
 * nothing that can break there can break here.
 *
 * In, one a line: `arm` (on, and beats count from now), `b` (a beat), `off` (drop at once). End of input: drop, exit.
 * Out, one a line: `ready` (the output is off), `on`, `off asked|timeout|eof|fault|bug …`, `late <ms>` (a beat came late), `b`
 * (a beat was heard), `fault <why>` (the output does not obey), `failed <why>` (could not start; it exits with 1), `hung` (the
 * controller is killed now).
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
  /** A controller that was silent for so long is killed. */
  readonly hungMs: number;
}

const RETRY_MS = 50;
/** udev hands exported files to the gpio group a moment after the export. */
const PERMISSION_TRIES = 50;
const PERMISSION_PAUSE_MS = 10;
/** Reports nobody reads must not pile up. */
const UNREAD_MAX = 4_096;
const INPUT_LINE_MAX = 64;
/** A silence is counted in looks, so that a guardian that stood still together with the controller does not blame it. */
const HUNG_LOOKS = 12;
/** Time for the last word to leave. */
const EXIT_MS = 20;
/** A debugger (SIGUSR1) and core dumps (SIGABRT, SIGQUIT) are among what must not stop it either. */
const IGNORED_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGABRT", "SIGUSR1", "SIGUSR2", "SIGALRM"] as const;

function parseOptions(json: string | undefined): Options {
  const given: unknown = JSON.parse(json ?? "null");
  if (typeof given !== "object" || given === null) throw new Error("the first argument must be a JSON object");
  const { root, chipLabel, line, inverted, beatTimeoutMs, hungMs } = given as Record<string, unknown>;
  if (typeof root !== "string" || typeof chipLabel !== "string" || typeof inverted !== "boolean") {
    throw new Error("root and chipLabel must be text, inverted true or false");
  }
  if (typeof line !== "number" || !Number.isInteger(line) || line < 0) throw new Error("line must be a whole number");
  if (typeof beatTimeoutMs !== "number" || !(beatTimeoutMs >= 100 && beatTimeoutMs <= 1_500)) {
    throw new Error("beatTimeoutMs must be from 100 to 1500, so that everything is off within 2 s");
  }
  if (typeof hungMs !== "number" || !(hungMs >= beatTimeoutMs))
    throw new Error("hungMs must be no less than beatTimeoutMs");
  return { root, chipLabel, line, inverted, beatTimeoutMs, hungMs };
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
  if ((seen[0] === 0x31) !== high)
    throw new Error(`the line reads ${high ? "low" : "high"} after it was set otherwise`);
}

/** The output, kept at a level against whoever takes it away. */
interface Output {
  /** Whether the line now reads as asked. A failure is reported. */
  set(on: boolean): boolean;
}

function openOutput(options: Options): Output {
  let descriptor: number | undefined = claim(options);

  function level(on: boolean): void {
    descriptor ??= claim(options);
    try {
      setLevel(descriptor, on !== options.inverted);
    } catch (error) {
      const dead = descriptor;
      descriptor = undefined;
      closeSync(dead);
      throw error;
    }
  }

  return {
    set(on) {
      // Twice, because a line unexported under us obeys again once it is claimed anew.
      for (let tried = 1; ; tried++) {
        try {
          level(on);
          return true;
        } catch (error) {
          if (tried < 2) continue;
          report(`fault ${messageOf(error)}`);
          return false;
        }
      }
    },
  };
}

interface Guard {
  arm(): void;
  beat(): void;
  /** Off at once; a line that does not obey is tried until it does, then `done` runs. */
  drop(why: string, done?: () => void): void;
}

function guard(output: Output, beatTimeoutMs: number): Guard {
  let armed = false;
  /** Whether a late beat would still be news. */
  let expected = false;
  let beatMs = 0;
  let watch: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function drop(why: string, done?: () => void): void {
    clearTimeout(watch);
    clearTimeout(retry);
    armed = false;
    expected = expected && why === "timeout";
    // First the line, then the word about it.
    if (output.set(false)) {
      report(why === "start" ? "ready" : `off ${why}`);
      done?.();
    } else {
      retry = setTimeout(() => drop(why, done), RETRY_MS);
    }
  }

  /** Beats already waiting in the pipe are read first: a guardian that was held up itself must not drop a living one. */
  function expire(): void {
    setImmediate(() => {
      if (!armed) return;
      const leftMs = beatMs + beatTimeoutMs - performance.now();
      if (leftMs > 0) watch = setTimeout(expire, Math.ceil(leftMs));
      else drop("timeout");
    });
  }

  function arm(): void {
    clearTimeout(watch);
    clearTimeout(retry);
    if (!output.set(true)) {
      drop("fault");
      return;
    }
    armed = true;
    expected = true;
    beatMs = performance.now();
    watch = setTimeout(expire, beatTimeoutMs);
    report("on");
  }

  function beat(): void {
    const nowMs = performance.now();
    if (expected && nowMs - beatMs > beatTimeoutMs / 2) report(`late ${Math.round(nowMs - beatMs)}`);
    expected = armed;
    beatMs = nowMs;
    report("b");
  }

  return { arm, beat, drop };
}

/** Ends the process that started this one once it spoke and then was silent for `hungMs`. Returns what each word calls. */
function endWhenHung(hungMs: number): () => void {
  const controller = process.ppid;
  let silentLooks: number | undefined;
  function look(): void {
    // Beats already waiting in the pipe are read first.
    setImmediate(() => {
      if (silentLooks === undefined || ++silentLooks <= HUNG_LOOKS) return;
      silentLooks = undefined;
      report("hung");
      // A child whose parent died has another: nobody else is ever killed.
      if (process.ppid === controller) process.kill(controller, "SIGKILL");
    });
  }
  setInterval(look, hungMs / HUNG_LOOKS).unref();
  return () => {
    silentLooks = 0;
  };
}

/** Standard input, a line at a time. The controller's death ends it. */
function listen(onLine: (line: string) => void, onEnd: () => void): void {
  let rest = "";
  let ended = false;
  const end = (): void => {
    if (!ended) onEnd();
    ended = true;
  };
  process.stdin.setEncoding("latin1");
  process.stdin.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = (lines.pop() ?? "").slice(-INPUT_LINE_MAX);
    for (const line of lines) onLine(line);
  });
  process.stdin.on("end", end);
  process.stdin.on("close", end);
  process.stdin.on("error", end);
}

function main(): void {
  // The controller's end is seen in the pipe; no signal to it, to its group or to its service may end the guardian first.
  for (const signal of IGNORED_SIGNALS) process.on(signal, () => undefined);
  process.stdout.on("error", () => undefined);
  let output: Output;
  let options: Options;
  try {
    options = parseOptions(process.argv[2]);
    output = openOutput(options);
  } catch (error) {
    process.exitCode = 1;
    report(`failed ${messageOf(error)}`);
    return;
  }
  const { arm, beat, drop } = guard(output, options.beatTimeoutMs);
  const heard = endWhenHung(options.hungMs);
  process.on("uncaughtException", (error) => {
    drop(`bug ${messageOf(error)}`, () => setTimeout(() => process.exit(1), EXIT_MS));
  });
  drop("start");
  listen(
    (line) => {
      heard();
      if (line === "b") beat();
      else if (line === "arm") arm();
      else if (line === "off") drop("asked");
    },
    () => drop("eof", () => setTimeout(() => process.exit(0), EXIT_MS)),
  );
}

main();
