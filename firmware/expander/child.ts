/**
 * The expander process: johnny-five, the board's line and nothing else of the station. It lives as long as its channel to the
 * controller; signals meant for the controller do not end it, because outputs are set to 0 first.
 */
import { openFirmataBoard } from "../../hal/drivers/firmata-board.ts";
import { nodeClock } from "../platform/node-clock.ts";
import { nodeWire } from "../platform/node-wire.ts";
import { keepBoard } from "./board-keeper.ts";

/** Time for the last word to leave. */
const EXIT_MS = 50;

const clock = nodeClock();
const openWire = nodeWire();
const keeper = keepBoard({
  clock,
  openBoard: (options, events) => openFirmataBoard(options, { openWire, clock }, events),
  send: (report) => {
    // Fails when the controller is gone, which `disconnect` tells.
    if (process.connected) process.send?.(report, () => undefined);
  },
  exit: () => void clock.after(EXIT_MS, () => process.exit(0)),
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);
process.on("message", (message) => keeper.hear(message));
process.on("disconnect", () => keeper.orphaned());
