import { lockBoard8a } from "../../hal/drivers/lock-8a.ts";
import type { Lock } from "../../hal/ports/lock.ts";
import { deviceBench, LOCK_CHANNEL } from "../support/device-bench.ts";
import { fakeLock } from "../support/fake-lock.ts";
import { lockConformance } from "./lock.ts";

for (const feedback of ["closing", "opening"] as const) {
  lockConformance(`the 8A lock board (${feedback} contacts)`, (clock) => {
    const { bay, buses, lines } = deviceBench(clock, feedback);
    const board = lockBoard8a(
      { address: 1, channels: 12, feedback, statusOrder: "last-first" },
      { bus: buses.lock, clock },
    );
    return {
      lock: board.lock(LOCK_CHANNEL) as Lock,
      noticeMs: 8_000,
      pulses: () => bay.lock.pulses,
      shut: () => void bay.shut(),
      answering: (answers) => {
        lines.lock.faults.silent = !answers;
      },
    };
  });
}

lockConformance("the fake", (clock) => {
  const lock = fakeLock(clock);
  return { lock, noticeMs: 1_000, pulses: () => lock.pulses, shut: lock.shut, answering: lock.answering };
});
