/**
 * The controller's end of the guardian: starts the process, passes orders and beats, and tells what became of the output.
 * It watches the guardian as the guardian watches us: one that died, or stopped answering beats, is killed and started
 * anew, because its first act is to drop the output. It never arms by itself.
 */
import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Clock, Timer } from "../../hal/ports/clock.ts";

export interface MasterEnable {
  /** Directory of the GPIO class. */
  readonly root: string;
  readonly chipLabel: string;
  readonly line: number;
  readonly inverted: boolean;
}

/** `off.why`: start, asked, timeout, fault … as the guardian says it. `lost`: nobody holds the output until `off` comes. */
export type GuardianState =
  | { readonly is: "starting" }
  | { readonly is: "off"; readonly why: string }
  | { readonly is: "on" }
  | { readonly is: "fault"; readonly why: string }
  | { readonly is: "lost"; readonly why: string }
  | { readonly is: "closed" };

export interface GuardianOptions {
  readonly output: MasterEnable;
  readonly clock: Clock;
  /** Told every change, in order, never from within a call of the link. */
  readonly onState: (state: GuardianState) => void;
  /** Told when a beat reached the guardian late: the loop was held up, but not long enough to lose the output. */
  readonly onLate?: (gapMs: number) => void;
  readonly beatTimeoutMs?: number;
  /** The guardian kills a process that beat and then was silent for so long. Default 60,000 ms. */
  readonly hungMs?: number;
  /** The program that runs the guardian; this process's own Node unless told. */
  readonly executable?: string;
  readonly script?: string;
}

export interface GuardianLink {
  /** Asks for the output on; the answer is the state `on`. Ask only when the true state of the station has been read. */
  arm(): void;
  /** The loop has made progress. At least every 250 ms. */
  beat(): void;
  /** Asks for the output off. */
  drop(): void;
  /** Drops, ends the guardian and settles once it is gone, at the latest after four seconds. */
  close(done: () => void): void;
  state(): GuardianState;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const BEAT_TIMEOUT_MS = 800;
/** A disk or a name server that blocks may take half a minute, and the loop comes back by itself. */
const HUNG_MS = 60_000;
/** A guardian that left this many beats unanswered for this long is taken for dead. Both, because we may be the late one. */
const UNANSWERED_MAX = 3;
const SILENT_MAX_MS = 1_500;
const START_MAX_MS = 10_000;
const CLOSE_MAX_MS = 1_000;
/** How long the guardian that is run to its end at a close may take: a start of Node on a small computer. */
const LAST_MAX_MS = 3_000;
/** The first restart follows at once, because until then nobody can drop the output. */
const RESTART_AGAIN_MS = 200;
const RESTART_MAX_MS = 30_000;
/** One that lived this long starts the restart delays from the beginning. */
const HEALTHY_MS = 60_000;
const UNSENT_MAX = 4_096;
const LINE_MAX = 1_024;

/** The guardian is run by Node itself, so from the sources (tests) the built one is taken. */
export function guardianScript(): string {
  const here = import.meta.url;
  const built = here.endsWith(".ts") ? "../../dist/firmware/guardian/guardian-main.js" : "./guardian-main.js";
  return fileURLToPath(new URL(built, here));
}

class Link implements GuardianLink {
  private current: GuardianState = { is: "starting" };
  private child: Child | undefined;
  private rest = "";
  private complaint = "";
  private unanswered = 0;
  private askedMs = 0;
  private startedMs = 0;
  private restartMs = 0;
  private restart: Timer | undefined;
  private deadline: Timer | undefined;
  /** Whether the guardian has said that the output is off and that it listens. */
  private ready = false;
  private closing = false;
  private readonly closers: Array<() => void> = [];
  private readonly options: GuardianOptions;

  constructor(options: GuardianOptions) {
    this.options = options;
    this.start();
  }

  state(): GuardianState {
    return this.current;
  }

  arm(): void {
    if (this.current.is === "off" || this.current.is === "fault") this.send("arm");
  }

  drop(): void {
    this.send("off");
  }

  beat(): void {
    if (this.child === undefined || !this.ready) return;
    const nowMs = this.options.clock.monotonicMs();
    if (this.unanswered === 0) this.askedMs = nowMs;
    if (this.unanswered >= UNANSWERED_MAX && nowMs - this.askedMs > SILENT_MAX_MS) {
      this.giveUp(this.child, `answered no beat for ${Math.round(nowMs - this.askedMs)} ms`);
      return;
    }
    this.unanswered++;
    this.send("b");
  }

  close(done: () => void): void {
    const { clock } = this.options;
    if (this.current.is === "closed") {
      clock.after(0, done);
      return;
    }
    this.closers.push(done);
    if (this.closing) return;
    this.closing = true;
    this.restart?.cancel();
    this.deadline?.cancel();
    if (this.child === undefined) {
      this.dropWithout();
      return;
    }
    this.send("off");
    this.child.stdin.end();
    this.deadline = clock.after(CLOSE_MAX_MS, () => this.dropWithout());
  }

  /** No guardian obeys: one more is run to its end. Given no input, it drops the output and leaves. */
  private dropWithout(): void {
    const { child } = this;
    this.child = undefined;
    this.deadline?.cancel();
    child?.kill("SIGKILL");
    const finish = (): void => this.finishClose();
    this.deadline = this.options.clock.after(LAST_MAX_MS, finish);
    try {
      const last = this.spawnGuardian("ignore");
      last.on("error", finish);
      last.on("exit", finish);
    } catch {
      finish();
    }
  }

  private finishClose(): void {
    this.deadline?.cancel();
    this.child = undefined;
    this.current = { is: "closed" };
    for (const done of this.closers.splice(0)) done();
  }

  private start(): void {
    const { clock } = this.options;
    this.restart = undefined;
    this.startedMs = clock.monotonicMs();
    let child: Child;
    try {
      child = this.spawnGuardian("pipe") as Child;
    } catch (error) {
      this.lost(`could not be started: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    this.child = child;
    this.ready = false;
    this.rest = "";
    this.complaint = "";
    this.unanswered = 0;
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (chunk: string) => this.hear(child, chunk));
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (chunk: string) => {
      this.complaint = (this.complaint + chunk).slice(-LINE_MAX);
    });
    // Writing to a dead guardian fails here; its end is told by `close`.
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => this.giveUp(child, `could not be started: ${error.message}`));
    child.on("close", (code, signal) => this.exited(child, signal ?? `code ${code}`));
    this.deadline = clock.after(START_MAX_MS, () => this.giveUp(child, `not ready within ${START_MAX_MS} ms`));
  }

  private spawnGuardian(stdio: "pipe" | "ignore"): ChildProcess {
    const { output, executable, script, beatTimeoutMs, hungMs } = this.options;
    const times = { beatTimeoutMs: beatTimeoutMs ?? BEAT_TIMEOUT_MS, hungMs: hungMs ?? HUNG_MS };
    const given = JSON.stringify({ ...output, ...times });
    // Its own session, so that no signal to our process group reaches it, and no environment, so that nothing meant for us
    // (NODE_OPTIONS with an inspector) does either.
    return spawn(executable ?? process.execPath, [script ?? guardianScript(), given], {
      stdio,
      detached: true,
      env: {},
      cwd: "/",
    });
  }

  private send(line: string): void {
    const { child } = this;
    if (child === undefined || child.stdin.writableLength > UNSENT_MAX || !child.stdin.writable) return;
    child.stdin.write(`${line}\n`);
  }

  private hear(child: Child, chunk: string): void {
    if (child !== this.child) return;
    const lines = (this.rest + chunk).split("\n");
    this.rest = (lines.pop() ?? "").slice(-LINE_MAX);
    for (const line of lines) this.understand(line);
  }

  private understand(line: string): void {
    const space = line.indexOf(" ");
    const word = space < 0 ? line : line.slice(0, space);
    const more = space < 0 ? "" : line.slice(space + 1);
    switch (word) {
      case "b":
        this.unanswered = 0;
        return;
      case "ready":
        this.ready = true;
        if (!this.closing) this.deadline?.cancel();
        this.become({ is: "off", why: "start" });
        return;
      case "on":
        this.become({ is: "on" });
        return;
      case "off":
        this.become({ is: "off", why: more });
        return;
      case "late":
        this.options.onLate?.(Number(more));
        return;
      case "fault":
        this.become({ is: "fault", why: more });
        return;
      case "failed":
        this.complaint = more;
        return;
    }
  }

  private become(state: GuardianState): void {
    if (this.closing) return;
    const same = this.current.is === state.is && JSON.stringify(this.current) === JSON.stringify(state);
    this.current = state;
    if (!same) this.options.onState(state);
  }

  private exited(child: Child, how: string): void {
    const complaint = this.complaint.trim();
    this.giveUp(child, complaint === "" ? `ended (${how})` : `ended (${how}): ${complaint}`);
  }

  private giveUp(child: Child, why: string): void {
    if (child !== this.child) return;
    this.child = undefined;
    child.kill("SIGKILL");
    child.stdin.destroy();
    if (!this.closing) this.lost(why);
    else if (child.exitCode === 0) this.finishClose();
    else this.dropWithout();
  }

  private lost(why: string): void {
    const { clock } = this.options;
    this.deadline?.cancel();
    if (clock.monotonicMs() - this.startedMs > HEALTHY_MS) this.restartMs = 0;
    // Told in a turn of its own, because this may be inside a beat or the constructor.
    const delayMs = this.restartMs;
    this.restartMs = Math.min(Math.max(2 * delayMs, RESTART_AGAIN_MS), RESTART_MAX_MS);
    this.restart = clock.after(delayMs, () => this.start());
    this.current = { is: "lost", why };
    clock.after(0, () => {
      if (!this.closing) this.options.onState({ is: "lost", why });
    });
  }
}

export function startGuardian(options: GuardianOptions): GuardianLink {
  return new Link(options);
}
