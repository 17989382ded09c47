/**
 * A simulated Firmata board at the far end of a pair of pseudo-terminals by socat, which can be plugged in and out. It is reset
 * when it is plugged in, as a board is that takes its power from the line.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nodeWire } from "../../firmware/platform/node-wire.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { Wire } from "../../hal/ports/wire.ts";
import { createFirmataBoard, type SimulatedFirmataBoard } from "../../simulator/wires/firmata-board.ts";
import { until } from "./until.ts";

export class RealFirmataBoard {
  readonly path: string;
  readonly board: SimulatedFirmataBoard;
  private lines: ChildProcess | undefined;
  private wire: Wire | undefined;
  private readonly openWire = nodeWire();

  constructor(clock: Clock, directory: string, name: string) {
    this.path = join(directory, name);
    this.board = createFirmataBoard({ clock, reply: (bytes) => this.wire?.write(bytes) });
  }

  async plug(): Promise<void> {
    const { path } = this;
    this.lines = spawn("socat", [`pty,raw,echo=0,link=${path}`, `pty,raw,echo=0,link=${path}.far`], {
      stdio: "ignore",
    });
    await until(() => existsSync(path) && existsSync(`${path}.far`), { what: "the pseudo-terminals" });
    let opened = false;
    this.wire = this.openWire(
      { path: `${path}.far`, baud: 57_600, stopBits: 1 },
      {
        opened: () => {
          opened = true;
        },
        bytes: (chunk) => this.board.receive(chunk, chunk.length),
        closed: () => undefined,
      },
    );
    await until(() => opened, { what: "the board's end of the line" });
    this.board.restart();
  }

  async unplug(): Promise<void> {
    this.wire?.close();
    this.wire = undefined;
    this.board.powerLost();
    const { lines } = this;
    this.lines = undefined;
    if (lines === undefined) return;
    lines.kill("SIGKILL");
    await until(() => lines.exitCode !== null || lines.signalCode !== null, { what: "the pseudo-terminals to go" });
    // A killed socat leaves its links behind; a pulled plug leaves none.
    for (const path of [this.path, `${this.path}.far`]) rmSync(path, { force: true });
  }
}
