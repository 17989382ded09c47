/**
 * Starts the expander process with a channel to it. It is given no environment and a session of its own, so that neither
 * options nor signals meant for the controller reach it; its complaints are kept for the report of its end.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ForkExpander } from "../expander/child-process.ts";

const COMPLAINT_MAX = 400;

/** The process is run by Node itself, so from the sources (tests) the built one is taken. */
function expanderScript(): string {
  const here = import.meta.url;
  const built = here.endsWith(".ts") ? "../../dist/firmware/expander/child.js" : "../expander/child.js";
  return fileURLToPath(new URL(built, here));
}

export interface ForkExpanderOptions {
  readonly script?: string;
  /** Told the number of every process that was started. */
  readonly started?: (pid: number | undefined) => void;
}

export function forkExpander(options: ForkExpanderOptions = {}): ForkExpander {
  return (events) => {
    let over = false;
    let complaint = "";
    let child: ChildProcess | undefined;
    const end = (how: string): void => {
      if (over) return;
      over = true;
      events.ended(complaint === "" ? how : `${how}: ${complaint}`);
    };
    try {
      child = fork(options.script ?? expanderScript(), [], {
        env: {},
        execArgv: [],
        detached: true,
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      // Told in a turn of its own: the caller does not hold the process yet.
      queueMicrotask(() => end(`the expander process could not be started: ${why}`));
      return { send: () => undefined, release: () => undefined, kill: () => undefined };
    }
    const running = child;
    options.started?.(running.pid);
    running.stderr?.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).trim().slice(-COMPLAINT_MAX);
    });
    running.on("message", (message) => {
      if (!over) events.message(message);
    });
    running.on("error", (error) => end(`the expander process: ${error.message}`));
    running.on("close", (code, signal) => end(`the expander process ended (${signal ?? `code ${code}`})`));
    return {
      // A message to a process that just died fails in the callback; its end is told by `close`.
      send: (message) => {
        if (running.connected) running.send(message, () => undefined);
      },
      release: () => {
        if (running.connected) running.disconnect();
      },
      kill: () => void running.kill("SIGKILL"),
    };
  };
}
