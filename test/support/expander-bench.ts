/**
 * The controller's and the expander process's halves of an expander in one virtual time: real supervisor, points and board
 * keeper; the process is a pair of functions that can be killed or stopped, and the board is played at its driver's port.
 */
import type { FirmataEntry } from "../../firmware/config/schema-expander.ts";
import { type BoardKeeper, keepBoard } from "../../firmware/expander/board-keeper.ts";
import type { ForkExpander } from "../../firmware/expander/child-process.ts";
import type { Expander } from "../../firmware/expander/expander.ts";
import { openExpander } from "../../firmware/expander/open-expander.ts";
import type { FirmataBoard, FirmataBoardOptions, FirmataEvents } from "../../hal/drivers/firmata-board.ts";
import type { VirtualClock } from "../../simulator/clock.ts";

const CHANNEL_MS = 1;
const CONFIRM_MS = 1_000;

/** A board at the port of its driver. It has no watchdog: what it was told last, it drives. */
export class PlayedBoard {
  readonly driven = new Map<number, number>();
  /** What it reports for every channel; undefined = it reports nothing. */
  share: number | undefined;
  pluggedIn = true;
  /** How it refuses whoever connects. */
  refusal: string | undefined;
  connections = 0;
  private readonly clock: VirtualClock;
  private lose: ((why: string) => void) | undefined;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  readonly open = (options: FirmataBoardOptions, events: FirmataEvents): FirmataBoard => {
    this.connections++;
    let open = true;
    const end = (is: "absent" | "lost" | "refused", why: string): void => {
      if (!open) return;
      open = false;
      events.ended({ is, why });
    };
    const confirm = (pin: number): void => {
      this.clock.after(5, () => {
        if (open && this.pluggedIn) events.confirmed(pin, this.driven.get(pin) ?? 0);
      });
    };
    const every = (periodMs: number, act: () => void): void => {
      this.clock.after(periodMs, () => {
        if (!open) return;
        if (this.pluggedIn) act();
        every(periodMs, act);
      });
    };
    this.clock.after(10, () => {
      if (!this.pluggedIn) return end("absent", `${options.line.path} is not there`);
      if (this.refusal !== undefined) return end("refused", this.refusal);
      this.lose = (why) => end("lost", why);
      for (const pin of options.pins) this.driven.set(pin, 0);
      if (open) events.ready("Played 2.5");
      for (const pin of options.pins) confirm(pin);
      every(CONFIRM_MS, () => options.pins.forEach(confirm));
      every(options.periodMs, () => {
        const { share } = this;
        if (share !== undefined) for (const channel of options.channels) events.sampled(channel, share);
      });
    });
    return {
      drive: (pin, share) => {
        if (!open || !this.pluggedIn) return;
        this.driven.set(pin, share);
        confirm(pin);
      },
      close: (done) => {
        if (open && this.pluggedIn) for (const pin of options.pins) this.driven.set(pin, 0);
        open = false;
        this.clock.after(1, done);
      },
    };
  };

  unplug(): void {
    this.pluggedIn = false;
    this.driven.clear();
    this.lose?.("it was unplugged");
  }

  plug(): void {
    this.pluggedIn = true;
  }

  restart(): void {
    this.driven.clear();
    this.lose?.("the board restarted");
  }
}

export interface PlayedProcess {
  readonly keeper: BoardKeeper;
  /** Sends what the keeper would never send. */
  say(message: unknown): void;
  /** SIGKILL from outside. */
  die(): void;
  /** SIGSTOP and SIGCONT: what it would say, and what it would hear, waits. */
  stop(): void;
  go(): void;
  readonly alive: boolean;
}

function played(clock: VirtualClock, board: PlayedBoard, processes: PlayedProcess[]): ForkExpander {
  return (events) => {
    let alive = true;
    let stopped = false;
    const waiting: Array<() => void> = [];
    const end = (how: string): void => {
      if (!alive) return;
      alive = false;
      clock.after(CHANNEL_MS, () => events.ended(how));
    };
    const carry = (act: () => void): void => {
      const run = (): void => {
        if (stopped) waiting.push(run);
        else if (alive) act();
      };
      clock.after(CHANNEL_MS, run);
    };
    const say = (message: unknown): void => {
      const text = JSON.stringify(message);
      carry(() => events.message(JSON.parse(text)));
    };
    const keeper = keepBoard({
      clock,
      // The keeper's own timers go on in this process; what a dead or stopped one cannot do is kept from the board.
      openBoard: (options, told) => {
        const opened = board.open(options, told);
        return {
          drive: (pin, share) => {
            if (alive && !stopped) opened.drive(pin, share);
          },
          close: (done) => opened.close(done),
        };
      },
      send: say,
      exit: () => void clock.after(2 * CHANNEL_MS, () => end("ended (code 0)")),
    });
    processes.push({
      keeper,
      say,
      die: () => end("ended (SIGKILL)"),
      stop: () => {
        stopped = true;
      },
      go: () => {
        stopped = false;
        for (const run of waiting.splice(0)) run();
      },
      get alive() {
        return alive;
      },
    });
    return {
      send: (message) => {
        const text = JSON.stringify(message);
        carry(() => keeper.hear(JSON.parse(text)));
      },
      release: () => carry(() => keeper.orphaned()),
      kill: () => end("ended (SIGKILL)"),
    };
  };
}

export interface ExpanderBench {
  readonly expander: Expander;
  readonly board: PlayedBoard;
  /** Every process that was started, the newest last. */
  readonly processes: PlayedProcess[];
  readonly health: Array<{ readonly lost: boolean; readonly why: string }>;
  readonly notes: string[];
}

export const expanderEntry: FirmataEntry = {
  id: "expander",
  kind: "firmata",
  path: "/dev/expander",
  baud: 57_600,
  periodMs: 1_000,
  inputs: [
    {
      id: "fridge-air",
      pin: 0,
      kind: "thermistor",
      nominalOhm: 10_000,
      betaK: 3_950,
      seriesOhm: 10_000,
      thermistorTo: "ground",
    },
    { id: "daylight", pin: 1, kind: "raw" },
  ],
  outputs: [{ id: "fan", pin: 3 }],
};

export function expanderBench(clock: VirtualClock, entry: FirmataEntry = expanderEntry): ExpanderBench {
  const board = new PlayedBoard(clock);
  const processes: PlayedProcess[] = [];
  const health: ExpanderBench["health"] = [];
  const notes: string[] = [];
  const expander = openExpander(entry, {
    clock,
    fork: played(clock, board, processes),
    note: (level, what, detail) => notes.push(`${level} ${what} ${JSON.stringify(detail)}`),
  });
  expander.watch((lost, why) => health.push({ lost, why }));
  return { expander, board, processes, health, notes };
}
