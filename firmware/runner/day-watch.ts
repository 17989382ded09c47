/**
 * Tells the core which date it is at the station: at midnight, by the calendar, and after a start as soon as a time source has
 * confirmed the clock, so that a day whose midnight passed in the dark is closed then. What a date means is the core's to decide.
 */
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { Schedule } from "../../hal/ports/schedule.ts";
import type { StationEvent } from "../../services/events.ts";
import { dateInZone } from "./dates.ts";

const lookMs = 10_000;

export interface DayWatchPorts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly timeZone: string;
  post(event: Extract<StationEvent, { type: "date" }>): void;
}

/** Returns how to stop it; what the schedule holds is the schedule's to close. */
export function watchDay({ clock, schedule, timeZone, post }: DayWatchPorts): () => void {
  let timer: Timer | undefined;
  const tell = (wallMs: number): void =>
    post({ type: "date", date: dateInZone(wallMs, timeZone), known: clock.wallSynchronised() });
  const look = (): void => {
    if (clock.wallSynchronised()) tell(clock.wallMs());
    else timer = clock.after(lookMs, look);
  };
  schedule.add({ name: "close-day", expression: "0 0 * * *", timeZone }, tell);
  look();
  return () => timer?.cancel();
}
