/**
 * What really went over the lines: when the controller last got a whole answer of a device, and what it told boards to do. It listens
 * on the hardware side, so that no driver can say it heard what nobody sent. It judges nothing, and knows no line that is not modelled.
 */
import type { ConfigFile } from "../../firmware/config/schema.ts";
import type { VirtualClock } from "../clock.ts";
import type { World } from "../world-types.ts";

/** A request that reached the devices. `bytes[0..length)` is not kept. */
export type Asked = (bytes: Uint8Array, length: number) => void;

/** When the last whole answer came, and the last one that begins with each byte: an address where several share a line. */
interface Heard {
  askedMs: number | undefined;
  readonly listeners: Asked[];
  lastMs: number | undefined;
  readonly byAddress: Float64Array;
}

export class Ears {
  private readonly clock: VirtualClock;
  private readonly heard = new Map<string, Heard>();

  constructor(world: World, file: ConfigFile, clock: VirtualClock) {
    this.clock = clock;
    const known = new Set(world.linePaths);
    for (const { id, path } of file.buses) {
      if (!known.has(path)) continue;
      const byAddress = new Float64Array(256).fill(Number.NaN);
      const heard: Heard = { askedMs: undefined, lastMs: undefined, byAddress, listeners: [] };
      this.heard.set(id, heard);
      world.line(path).ear = {
        asked: (bytes, length) => {
          heard.askedMs = this.clock.nowMs;
          for (const listener of heard.listeners) listener(bytes, length);
        },
        answered: (bytes) => {
          const nowMs = this.clock.nowMs;
          heard.byAddress[bytes[0] ?? 0] = nowMs;
          heard.lastMs = nowMs;
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
    const heard = this.heard.get(bus);
    if (address === undefined || heard === undefined) return heard?.lastMs;
    const atMs = heard.byAddress[address] ?? Number.NaN;
    return Number.isNaN(atMs) ? undefined : atMs;
  }

  /** When a request last reached the devices of this line. */
  askedMs(bus: string): number | undefined {
    return this.heard.get(bus)?.askedMs;
  }

  /** Every request that reaches the devices of this line. */
  onAsked(bus: string, listener: Asked): void {
    this.heard.get(bus)?.listeners.push(listener);
  }
}
