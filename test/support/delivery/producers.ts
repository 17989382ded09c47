/** The two processes that a delivery campaign compares, each started, killed and started again on what it kept. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = (name: string): string => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));

/** Timings of the line, the same for both: short, so that thousands of breaks fit into a minute. */
export const LINE = {
  keepaliveS: 2,
  ackDeadlineMs: 700,
  connectTimeoutMs: 1_000,
  backOffMinMs: 20,
  backOffMaxMs: 200,
} as const;

abstract class Producer {
  child: ChildProcess | undefined;
  peakRssMb = 0;
  private readonly name: string;
  private readonly settings: object;

  constructor(name: string, settings: object) {
    this.name = name;
    this.settings = settings;
  }

  protected abstract heard(message: Record<string, unknown>): void;
  protected started(): void {}

  start(): void {
    const settings = JSON.stringify({ ...this.settings, link: LINE });
    const child = fork(script(this.name), [settings], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    child.on("message", (message: Record<string, unknown>) => {
      if (typeof message.peakRssMb === "number") this.peakRssMb = Math.max(this.peakRssMb, message.peakRssMb);
      this.heard(message);
    });
    this.child = child;
    this.started();
  }

  /** As a power cut ends a process. Whatever it said before is still heard. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const gone = once(child, "exit");
    const silent = once(child, "disconnect");
    child.kill("SIGKILL");
    await Promise.all([gone, silent]);
  }
}

export interface StationReport {
  readonly queued: number;
  readonly published: number;
  readonly inFlightMost: number;
  readonly logBytes: number;
  readonly done: boolean;
}

export class StationProducer extends Producer {
  /** Events that the log acknowledged, over all lives. */
  acknowledged = 0;
  inFlightMost = 0;
  logBytesMost = 0;
  queued = 0;
  done = false;
  /** It has delivered something since it was started. */
  working = false;
  readonly troubles: string[] = [];

  constructor(settings: { readonly directory: string; readonly url: string; readonly events: number }) {
    super("station", settings);
  }

  protected override started(): void {
    this.working = false;
  }

  protected override heard(message: Record<string, unknown> & Partial<StationReport>): void {
    if ((message.published ?? 0) > 0) this.working = true;
    if (typeof message.trouble === "string") this.troubles.push(message.trouble);
    if (typeof message.found === "number" && message.found < this.acknowledged)
      this.troubles.push(`found ${message.found} events where ${this.acknowledged} were acknowledged`);
    if (typeof message.acknowledged === "number") this.acknowledged = message.acknowledged;
    this.inFlightMost = Math.max(this.inFlightMost, message.inFlightMost ?? 0);
    this.logBytesMost = Math.max(this.logBytesMost, message.logBytes ?? 0);
    this.queued = message.queued ?? this.queued;
    this.done = message.done ?? this.done;
  }
}

export class BareProducer extends Producer {
  /** Events handed to the client. */
  offered = 0;
  confirmed = 0;
  /** Events whose callback said that they were not sent. The rest of what is missing went with the killed processes. */
  failed = 0;
  waiting = 0;
  private asked = 0;
  private before = { confirmed: 0, failed: 0 };

  constructor(settings: { readonly url: string }) {
    super("bare", settings);
  }

  /** Hands over everything up to `number` that was not handed over before. */
  offer(number: number): void {
    if (this.child?.connected !== true || number <= this.asked) return;
    this.child.send({ from: this.asked + 1, to: number });
    this.asked = number;
  }

  protected override started(): void {
    this.asked = this.offered;
    this.before = { confirmed: this.confirmed, failed: this.failed };
  }

  protected override heard(message: Record<string, unknown>): void {
    if (typeof message.offered === "number") this.offered = message.offered;
    if (typeof message.confirmed === "number") this.confirmed = this.before.confirmed + message.confirmed;
    if (typeof message.failed === "number") this.failed = this.before.failed + message.failed;
    if (typeof message.waiting === "number") this.waiting = message.waiting;
  }
}
