import { describe, expect, test } from "vitest";
import { watchDay } from "../../../firmware/runner/day-watch.ts";
import type { StationEvent } from "../../../services/events.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { cronerSchedule } from "../../../simulator/schedule.ts";

const hourMs = 3_600_000;
/** 22:00 in Shanghai on Saturday, 2026-01-31. */
const wallStartMs = Date.UTC(2026, 0, 31, 14);

function watched(options: { synchronised: boolean }) {
  const clock = createVirtualClock({ wallStartMs, ...options });
  const schedule = cronerSchedule(clock);
  const told: Extract<StationEvent, { type: "date" }>[] = [];
  const stop = watchDay({ clock, schedule, timeZone: "Asia/Shanghai", post: (event) => told.push(event) });
  return { clock, schedule, told, stop, says: () => told.map(({ date, known }) => `${date}${known ? "" : "?"}`) };
}

describe("the date at the station", () => {
  test("is told at the start where the clock is confirmed, and at every midnight in the station's own zone", () => {
    const { clock, says } = watched({ synchronised: true });
    expect(says()).toEqual(["2026-01-31"]);
    clock.runUntil(2 * hourMs - 1_000);
    expect(says()).toHaveLength(1);
    clock.runUntil(27 * hourMs);
    expect(says()).toEqual(["2026-01-31", "2026-02-01", "2026-02-02"]);
  });

  test("waits for a time source, and is told as soon as there is one", () => {
    const { clock, says } = watched({ synchronised: false });
    clock.runUntil(hourMs);
    expect(says()).toEqual([]);
    clock.jumpWall(3 * 24 * hourMs);
    clock.setSynchronised(true);
    clock.runUntil(hourMs + 11_000);
    expect(says()[0]).toBe("2026-02-03");
    clock.runUntil(hourMs + 120_000);
    expect(new Set(says())).toEqual(new Set(["2026-02-03"]));
  });

  test("comes at midnight without any network, and says that nobody confirmed it", () => {
    const { clock, says } = watched({ synchronised: false });
    clock.runUntil(3 * hourMs);
    expect(says()).toEqual(["2026-02-01?"]);
  });

  test("is told no more after a stop", () => {
    const { clock, schedule, says, stop } = watched({ synchronised: false });
    stop();
    schedule.close();
    clock.setSynchronised(true);
    clock.runUntil(3 * hourMs);
    expect(says()).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});
