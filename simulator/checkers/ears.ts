/**
 * What really went over the lines: when the controller last got a whole answer of a device, and what it told boards to do. It listens
 * on the hardware side, so that no driver can say it heard what nobody sent. It judges nothing, and knows no line that is not modelled.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { VirtualClock } from "../clock.ts";
import type { World } from "../world-types.ts";

/** A request that reached the devices of a line. `bytes[0..length)` is not kept. */
export type Asked = (bus: string, bytes: Uint8Array, length: number) => void;

export class Ears {
  private readonly clock: VirtualClock;
  /** By bus, then by the first byte of the answer: a device's address where several share a line. */
  private readonly heard = new Map<string, Map<number, number>>();
  private readonly lastMs = new Map<string, number>();
  private readonly listeners: Asked[] = [];

  constructor(world: World, file: ConfigFile, clock: VirtualClock) {
    this.clock = clock;
    const known = new Set(world.linePaths);
    for (const { id, path } of file.buses) {
      if (!known.has(path)) continue;
      const heard = new Map<number, number>();
      this.heard.set(id, heard);
      world.line(path).ear = {
        asked: (bytes, length) => {
          for (const listener of this.listeners) listener(id, bytes, length);
        },
        answered: (bytes) => {
          const nowMs = this.clock.nowMs;
          heard.set(bytes[0] ?? -1, nowMs);
          this.lastMs.set(id, nowMs);
        },
      };
    }
  }

  /** Whether anything of this line can be heard here at all. */
  hears(bus: string): boolean {
    return this.heard.has(bus);
  }

  /** When the controller last got a whole answer; of any device of the line where `address` is left out. */
  heardMs(bus: string, address?: number): number | undefined {
    return address === undefined ? this.lastMs.get(bus) : this.heard.get(bus)?.get(address);
  }

  onAsked(listener: Asked): void {
    this.listeners.push(listener);
  }
}
