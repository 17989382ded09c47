/** A simulated Firmata board on a line in memory: bytes take a moment, and the plug can be pulled. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { OpenWire, WireEvents } from "../../hal/ports/wire.ts";
import { createFirmataBoard, type SimulatedFirmataBoard } from "../../simulator/wires/firmata-board.ts";

export interface FirmataLine {
  readonly board: SimulatedFirmataBoard;
  readonly openWire: OpenWire;
  /** How often the line was opened or tried. */
  readonly opens: number;
  readonly isOpen: boolean;
  /** What the controller's side wrote. */
  readonly written: Uint8Array[];
  unplug(): void;
  plug(): void;
  /** Bytes that no board would say. */
  say(...bytes: number[]): void;
}

const DELAY_MS = 1;

export function firmataLine(clock: Clock): FirmataLine {
  let listener: WireEvents | undefined;
  let pluggedIn = true;
  let opens = 0;
  const written: Uint8Array[] = [];
  const say = (bytes: Uint8Array): void => {
    const to = listener;
    clock.after(DELAY_MS, () => {
      if (listener === to) to?.bytes(bytes);
    });
  };
  const board = createFirmataBoard({ clock, reply: say });
  return {
    board,
    written,
    get opens() {
      return opens;
    },
    get isOpen() {
      return listener !== undefined;
    },
    openWire: (line, events) => {
      opens++;
      let open = true;
      clock.after(DELAY_MS, () => {
        if (!open) return;
        if (pluggedIn) {
          listener = events;
          events.opened();
        } else events.closed(`${line.path} is not there`);
      });
      return {
        write(bytes) {
          if (!open || listener !== events) return;
          const copy = Uint8Array.from(bytes);
          written.push(copy);
          clock.after(DELAY_MS, () => {
            if (pluggedIn) board.receive(copy, copy.length);
          });
        },
        close() {
          open = false;
          if (listener === events) listener = undefined;
        },
      };
    },
    unplug() {
      pluggedIn = false;
      board.powerLost();
      const told = listener;
      listener = undefined;
      told?.closed("it was unplugged");
    },
    plug() {
      pluggedIn = true;
      board.restart();
    },
    say: (...bytes) => say(Uint8Array.from(bytes)),
  };
}
