/** The example room on a virtual clock without a controller: a test switches the loads itself and sees what really happens. */
import { fileURLToPath } from "node:url";
import { loadConfig } from "../../../firmware/config/load.ts";
import type { JournalRecord } from "../../../services/journal/records.ts";
import type { Checker, WiredCheckerSetup } from "../../../simulator/checkers/checker.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { Troubles } from "../../../simulator/faults/troubles.ts";
import { createRandom } from "../../../simulator/random.ts";
import type { TruthEvent } from "../../../simulator/truth-types.ts";
import { createWorld } from "../../../simulator/world.ts";

const noon = Date.parse("2026-01-15T12:00:00+08:00");

export function exampleRoom() {
  const loaded = loadConfig(fileURLToPath(new URL("../../../examples/room-station.yaml", import.meta.url)));
  if (!loaded.ok) throw new Error("the example station with a room is not valid");
  return loaded.config;
}

export function roomBench(outdoorC = 0, wallStartMs = noon) {
  const config = exampleRoom();
  const clock = createVirtualClock({ wallStartMs });
  const world = createWorld({
    config: config.file,
    room: config.station.room,
    clock,
    random: createRandom("room"),
    options: { credentials: [], weather: { fixedC: outdoorC }, room: { startC: 18, troublesPerDay: 0 } },
  });
  const scene = world.room;
  if (scene === undefined) throw new Error("the example has no room");
  const events: TruthEvent[] = [];
  world.onTruth((event) => events.push(event));
  const found: string[] = [];
  const checkers: Checker[] = [];
  const troubles = new Troubles(clock);
  const setup: WiredCheckerSetup = {
    world,
    clock,
    troubles,
    config: config.station,
    file: config.file,
    report: (invariant, what) => found.push(`${invariant}: ${what}`),
    looked: () => undefined,
  };
  return {
    clock,
    world,
    events,
    room: scene.room,
    book: scene.book,
    troubles,
    found,
    pass: (seconds: number) => void clock.runUntil(clock.nowMs + seconds * 1_000),
    load: (name: string, on: boolean) => scene.room.circuits.sink(name)(on),
    /** Lets a judge watch, looking every ten seconds as in a run. */
    judge(make: (setup: WiredCheckerSetup) => Checker): void {
      const checker = make(setup);
      world.onTruth((event) => checker.onTruth?.(event));
      checkers.push(checker);
      const look = (): void => {
        checker.onLook?.();
        clock.after(10_000, look);
      };
      clock.after(10_000, look);
    },
    /** The controller writes this into its log. */
    records: (record: JournalRecord) => {
      for (const checker of checkers) checker.onRecord?.(record);
    },
    /** Somebody shows something at a reader, as the truth has it. */
    shown(reader: string, member: string, good = true, bad: "forged" | "replayed" = "forged"): void {
      scene.room.tellShown({ reader, credential: good ? "code" : bad, member, good });
    },
  };
}

export type RoomBench = ReturnType<typeof roomBench>;
