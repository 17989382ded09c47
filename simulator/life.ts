/**
 * One life of the controller's computer, from its start to the moment its power goes: every port it was given goes dead at once.
 * Nothing that was under way ever calls back, lines fall silent, and header lines fall to where they stood before anybody drove
 * them. What the disk had not synced is torn elsewhere (`disk.ts`).
 */
import type { BrokerLink, OpenBrokerLink } from "../hal/ports/broker-link.ts";
import type { Clock, Timer } from "../hal/ports/clock.ts";
import type { Gpio, GpioInput, GpioOutput } from "../hal/ports/gpio.ts";
import type { TextFiles } from "../hal/ports/text-files.ts";
import type { OpenWire, Wire } from "../hal/ports/wire.ts";

export interface LifeOptions {
  readonly clock: Clock;
  readonly openWire: OpenWire;
  readonly gpio: Gpio;
  readonly textFiles: TextFiles;
  readonly openBroker: OpenBrokerLink | undefined;
  /** Wall time is confirmed this long after the start: a computer without a battery asks the network first. */
  readonly timeKnownMs: number;
}

const never: Timer = { cancel: () => undefined };

export class Life {
  readonly clock: Clock;
  readonly openWire: OpenWire;
  readonly gpio: Gpio;
  readonly textFiles: TextFiles;
  readonly openBroker: OpenBrokerLink | undefined;
  private alive = true;
  private readonly options: LifeOptions;
  private readonly bornMs: number;
  private readonly wires: Wire[] = [];
  private readonly links: BrokerLink[] = [];
  private readonly inputs: GpioInput[] = [];
  private readonly driven: { readonly output: GpioOutput; readonly before: boolean }[] = [];

  constructor(options: LifeOptions) {
    this.options = options;
    this.bornMs = options.clock.monotonicMs();
    this.clock = this.ownClock();
    this.openWire = this.ownWires();
    this.gpio = this.ownGpio();
    this.textFiles = {
      read: (path, done) => options.textFiles.read(path, (read) => this.ifAlive(() => done(read))),
    };
    const { openBroker } = options;
    this.openBroker = openBroker === undefined ? undefined : this.ownBroker(openBroker);
  }

  private ifAlive(then: () => void): void {
    if (this.alive) then();
  }

  private ownClock(): Clock {
    const { clock, timeKnownMs } = this.options;
    return {
      monotonicMs: () => clock.monotonicMs(),
      wallMs: () => clock.wallMs(),
      wallSynchronised: () => clock.wallSynchronised() && clock.monotonicMs() - this.bornMs >= timeKnownMs,
      after: (delayMs, run) => (this.alive ? clock.after(delayMs, () => this.ifAlive(run)) : never),
    };
  }

  private ownWires(): OpenWire {
    return (spec, events) => {
      const wire = this.options.openWire(spec, {
        opened: () => this.ifAlive(() => events.opened()),
        bytes: (bytes) => this.ifAlive(() => events.bytes(bytes)),
        closed: (why) => this.ifAlive(() => events.closed(why)),
      });
      this.wires.push(wire);
      return wire;
    };
  }

  private ownGpio(): Gpio {
    const { gpio } = this.options;
    return {
      openOutput: (line, initiallyHigh) => {
        const output = gpio.openOutput(line, initiallyHigh);
        this.driven.push({ output, before: initiallyHigh });
        return { ...output, write: (high) => this.ifAlive(() => output.write(high)) };
      },
      openInput: (line) => {
        const input = gpio.openInput(line);
        this.inputs.push(input);
        return { ...input, watch: (onLevel) => input.watch((high) => this.ifAlive(() => onLevel(high))) };
      },
    };
  }

  private ownBroker(open: OpenBrokerLink): OpenBrokerLink {
    return (options, events) => {
      const link = open(options, {
        connected: () => this.ifAlive(() => events.connected()),
        disconnected: (why) => this.ifAlive(() => events.disconnected(why)),
        attemptFailed: (trouble, why) => this.ifAlive(() => events.attemptFailed?.(trouble, why)),
        message: (message) => this.ifAlive(() => events.message(message)),
      });
      this.links.push(link);
      return {
        publish: (topic, payload, how, done) =>
          link.publish(topic, payload, how, (failure) => this.ifAlive(() => done(failure))),
        subscribe: (filter) => link.subscribe(filter),
        close: (done) => link.close(() => this.ifAlive(done)),
      };
    };
  }

  get isAlive(): boolean {
    return this.alive;
  }

  /** `hungUp`: how the broker notices that nobody is there any more. */
  end(hungUp: () => void): void {
    if (!this.alive) return;
    this.alive = false;
    hungUp();
    for (const wire of this.wires) wire.close();
    for (const link of this.links) link.close(() => undefined);
    for (const input of this.inputs) input.close();
    for (const { output, before } of this.driven) output.write(before);
  }
}
