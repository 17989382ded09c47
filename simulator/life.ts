/**
 * One life of the controller's process, from its start to its end: every port it was given goes dead at once, and nothing that was
 * under way ever calls back. When the power goes, header lines fall to where they stood before anybody drove them; when only the
 * process dies they stay, and the guardian, which is another process, lets its own line fall. A process may also stand still: then
 * what was due waits for it, timers first, as a blocked event loop finds them. What the disk had not synced is torn elsewhere.
 */
import type { BrokerLink, OpenBrokerLink } from "../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../hal/ports/clock.ts";
import type { AppendFile, Disk } from "../hal/ports/disk.ts";
import type { Gpio, GpioInput, GpioOutput } from "../hal/ports/gpio.ts";
import type { TextFiles } from "../hal/ports/text-files.ts";
import type { OpenWire, Wire } from "../hal/ports/wire.ts";
import type { VirtualClock } from "./clock.ts";
import type { ComputerWall } from "./computer-wall.ts";
import type { Gate, QueuedTimer } from "./timer-queue.ts";

export interface LifeOptions {
  readonly clock: VirtualClock;
  readonly wall: ComputerWall;
  readonly openWire: OpenWire;
  readonly gpio: Gpio;
  readonly textFiles: TextFiles;
  readonly disk: Disk;
  readonly openBroker: OpenBrokerLink | undefined;
  /** Wall time is confirmed this long after the start: a computer without a battery asks the network first. */
  readonly timeKnownMs: number;
  /** An error that nobody expected left the controller's code; the process ends itself. */
  readonly crashed?: () => void;
}

/** Thrown into the controller on purpose. Everything else that it throws is a bug of ours, and ends the run. */
class PlantedError extends Error {}

const never: Timer = { cancel: () => undefined };

export class Life implements Gate {
  readonly clock: Clock;
  readonly openWire: OpenWire;
  readonly gpio: Gpio;
  readonly textFiles: TextFiles;
  readonly disk: Disk;
  readonly openBroker: OpenBrokerLink | undefined;
  /** Of the guardian's process: it goes on while the controller stands still, and lets its line fall when the controller is gone. */
  readonly guardian: { readonly clock: Clock; openOutput: Gpio["openOutput"] };
  private alive = true;
  private stands = false;
  private bugPlanted = false;
  private depth = 0;
  private dueWhileStanding: QueuedTimer[] = [];
  private heardWhileStanding: (() => void)[] = [];
  private readonly options: LifeOptions;
  private readonly bornMs: number;
  private readonly wires: Wire[] = [];
  private readonly links: BrokerLink[] = [];
  private readonly inputs: GpioInput[] = [];
  private readonly driven: { readonly output: GpioOutput; readonly before: boolean }[] = [];
  private readonly guarded: { readonly output: GpioOutput; readonly before: boolean }[] = [];

  constructor(options: LifeOptions) {
    this.options = options;
    this.bornMs = options.clock.monotonicMs();
    this.clock = this.ownClock();
    this.openWire = this.ownWires();
    this.gpio = this.ownGpio();
    this.guardian = {
      clock: options.clock,
      openOutput: (line, high) => this.ownOutput(options.gpio.openOutput(line, high), high, this.guarded),
    };
    this.textFiles = {
      read: (path, done) => options.textFiles.read(path, (read) => this.hears(() => done(read))),
    };
    this.disk = this.ownDisk();
    const { openBroker } = options;
    this.openBroker = openBroker === undefined ? undefined : this.ownBroker(openBroker);
  }

  get isAlive(): boolean {
    return this.alive;
  }

  get standsStill(): boolean {
    return this.alive && this.stands;
  }

  /** The process stands still from now on, or goes on. Returns whether that is new. */
  stand(still: boolean): boolean {
    if (!this.alive || still === this.stands) return false;
    this.stands = still;
    if (!still) this.catchUp();
    return true;
  }

  private catchUp(): void {
    const { dueWhileStanding, heardWhileStanding } = this;
    this.dueWhileStanding = [];
    this.heardWhileStanding = [];
    // One that was set again meanwhile comes at its new time.
    for (const timer of dueWhileStanding) if (timer.at === "taken") this.due(timer);
    for (const run of heardWhileStanding) this.hears(run);
  }

  /** A signal from the service manager: a process that stands still finds it when it goes on. */
  signal(run: () => void): void {
    this.hears(run);
  }

  /** The next thing that the controller does with a port throws at it. */
  plantBug(): void {
    this.bugPlanted = true;
  }

  /** `hungUp`: how the broker notices that nobody is there any more. */
  end(how: "power-lost" | "process-died", hungUp: () => void): void {
    if (!this.alive) return;
    this.alive = false;
    hungUp();
    for (const wire of this.wires) wire.close();
    for (const link of this.links) link.close(() => undefined);
    for (const input of this.inputs) input.close();
    const falls = how === "power-lost" ? [...this.guarded, ...this.driven] : this.guarded;
    for (const { output, before } of falls) output.write(before);
  }

  /** A timer that comes due while the process stands still waits for it, and can still be called off. */
  due(timer: QueuedTimer): void {
    if (!this.alive) return;
    if (this.stands) {
      this.dueWhileStanding.push(timer);
      return;
    }
    const run = timer.take();
    if (run !== undefined) this.enter(run, undefined);
  }

  /** Whatever comes in from outside comes through here. */
  private hears(run: () => void): void {
    if (!this.alive) return;
    if (this.stands) this.heardWhileStanding.push(run);
    else this.enter(run, undefined);
  }

  /** Bytes that wait for the process wait in the kernel's own buffer. */
  private hearsLater(hear: (bytes: Uint8Array) => void, bytes: Uint8Array): void {
    const kept = Uint8Array.from(bytes);
    this.hears(() => hear(kept));
  }

  private enter<T>(run: (given: T) => void, given: T): void {
    this.depth++;
    try {
      run(given);
    } catch (error) {
      // From within something that called the controller back at once, it must get out of that first.
      if (!(error instanceof PlantedError) || this.depth > 1) throw error;
      this.options.crashed?.();
    } finally {
      this.depth--;
    }
  }

  private act(): void {
    if (!this.bugPlanted || this.depth !== 1 || !this.alive) return;
    this.bugPlanted = false;
    throw new PlantedError("planted");
  }

  private ownClock(): Clock {
    const { clock, wall, timeKnownMs } = this.options;
    return {
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => wall.wallMs(),
      wallSynchronised: () => wall.isSynchronised && clock.monotonicMs() - this.bornMs >= timeKnownMs,
      after: (delayMs, run) => (this.alive ? clock.through(this, delayMs, run) : never),
      bell: (run) => clock.bell(run, this),
    };
  }

  private ownWires(): OpenWire {
    return (spec, events) => {
      const hear = (bytes: Uint8Array): void => events.bytes(bytes);
      const wire = this.options.openWire(spec, {
        opened: () => this.hears(() => events.opened()),
        bytes: (bytes) => {
          if (this.alive && !this.stands) this.enter(hear, bytes);
          else this.hearsLater(hear, bytes);
        },
        closed: (why) => this.hears(() => events.closed(why)),
      });
      this.wires.push(wire);
      return {
        write: (bytes) => {
          this.act();
          wire.write(bytes);
        },
        close: () => wire.close(),
      };
    };
  }

  private ownGpio(): Gpio {
    const { gpio } = this.options;
    return {
      openOutput: (line, initiallyHigh) =>
        this.ownOutput(gpio.openOutput(line, initiallyHigh), initiallyHigh, this.driven),
      openInput: (line) => {
        const input = gpio.openInput(line);
        this.inputs.push(input);
        return { ...input, watch: (onLevel) => input.watch((high) => this.hears(() => onLevel(high))) };
      },
    };
  }

  private ownOutput(output: GpioOutput, before: boolean, list: { output: GpioOutput; before: boolean }[]): GpioOutput {
    list.push({ output, before });
    return {
      ...output,
      write: (high) => {
        if (this.alive) output.write(high);
      },
    };
  }

  private ownDisk(): Disk {
    const { disk } = this.options;
    const ownFile = (file: AppendFile): AppendFile => ({
      append: (bytes, done) => file.append(bytes, (failure) => this.hears(() => done(failure))),
      close: () => file.close(),
    });
    return {
      names: () => disk.names(),
      read: (name) => disk.read(name),
      truncate: (name, size) => disk.truncate(name, size),
      open: (name, done) =>
        disk.open(name, (opened) => this.hears(() => done("file" in opened ? { file: ownFile(opened.file) } : opened))),
      writeAgain: (name, from, done) => disk.writeAgain(name, from, (failure) => this.hears(() => done(failure))),
      remove: (name, done) => disk.remove(name, (failure) => this.hears(() => done(failure))),
      readAt: (name, offset, length, done) => disk.readAt(name, offset, length, (read) => this.hears(() => done(read))),
    };
  }

  private ownBroker(open: OpenBrokerLink): OpenBrokerLink {
    return (options, events) => {
      const link = open(options, {
        connected: () => this.hears(() => events.connected()),
        disconnected: (why) => this.hears(() => events.disconnected(why)),
        attemptFailed: (trouble, why) => this.hears(() => events.attemptFailed?.(trouble, why)),
        message: (message) => this.hears(() => events.message(message)),
      });
      this.links.push(link);
      return {
        publish: (topic, payload, how, done) => {
          this.act();
          link.publish(topic, payload, how, (failure) => this.hears(() => done(failure)));
        },
        subscribe: (filter) => link.subscribe(filter),
        close: (done) => link.close(() => this.hears(done)),
      };
    };
  }
}
