/** People whom a fault sends to the room, each with a story of their own. It has struck once the story came to its point. */
import type { Person, Surroundings } from "../room/person.ts";
import type { Story } from "../room/script.ts";
import type { Told } from "../room/tricks.ts";
import type { FaultGround, Strike } from "./fault.ts";

export interface Sent {
  readonly story: (person: Person, around: Surroundings) => Story<void>;
  /** The fault is over; the story goes on to its own end. */
  readonly end?: () => void;
}

/** Undefined where there is no room, or no door in it. */
export function sends(ground: FaultGround, name: string, make: (told: Told) => Sent): Strike | undefined {
  const { simulation, random, troubles } = ground;
  const { room } = simulation.world;
  const door = room === undefined ? undefined : [...room.room.doors.keys()][0];
  if (room === undefined || door === undefined) return undefined;
  const where = `door ${door}`;
  const over = troubles.begin(name, where);
  const { story, end } = make(ground.landed);
  room.send(story, random);
  return {
    where,
    lurks: true,
    end: () => {
      over();
      end?.();
    },
  };
}
