/** What the hardware says, as events of the core. It keeps nothing but what was said last of each line, so as not to repeat it. */
import type { StationEvent } from "../../services/events.ts";
import { proveCard } from "./card-proof.ts";
import type { HardwareEvents } from "./hardware.ts";
import type { Platform } from "./platform.ts";

export interface HardwareEar {
  post(event: StationEvent): void;
  bayChanged(bay: number): void;
  /** A contact that belongs to no bay changed. */
  roomChanged(): void;
}

export type EventTools = Pick<Platform, "note" | "digest" | "verify" | "random">;

export function hardwareEvents(tools: EventTools, ear: HardwareEar): HardwareEvents {
  const { note, digest } = tools;
  const noted = new Map<string, string>();
  return {
    noticed: (bay) => {
      ear.post({ type: "noticed" });
      if (bay === undefined) ear.roomChanged();
      else ear.bayChanged(bay);
    },
    scanned: (cabinet, text) => ear.post({ type: "scan", cabinet, digest: digest(text) }),
    roomCode: (reader, text) => ear.post({ type: "room-code", reader, text, digest: digest(text) }),
    roomCard: (reader, card, ask) =>
      proveCard(card, ask, tools, (shown) => ear.post({ type: "room-card", reader, ...shown })),
    busHealth: (bus, lost, why) => {
      // A line is tried again every few seconds; what did not change is not said again.
      if (noted.get(bus) !== why) note(lost ? "warn" : "info", lost ? "bus lost" : "bus open", { bus, why });
      noted.set(bus, why);
      ear.post({ type: "condition", code: "bus-lost", subject: bus, present: lost });
    },
  };
}
