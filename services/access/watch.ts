/** Which faults of doors, readers, list and clock are there now: derived at every scan, raised and cleared by the catalogue. */
import { isHeld } from "./door.ts";
import type { AccessFault } from "./faults.ts";
import { isWayOff } from "./list.ts";
import { doorHeardMs } from "./readings.ts";
import { type AccessContext, type AccessState, sightOfDoor } from "./state.ts";
import { knownTime } from "./time.ts";
import { isBlocked } from "./tries.ts";

export interface PresentFault {
  readonly code: AccessFault;
  /** A door, a reader, or `access` for what belongs to neither. */
  readonly subject: string;
}

function ofDoors(state: AccessState, context: AccessContext): PresentFault[] {
  const { monotonicMs } = context.now;
  // Right after a start nothing was heard yet.
  const settled = monotonicMs - state.bootMs > doorHeardMs;
  return context.config.doors.flatMap((door) => {
    const own = state.doors[door.id];
    if (own === undefined) return [];
    const sight = sightOfDoor(context, door.id);
    const present: Partial<Record<AccessFault, boolean>> = {
      "door-forced": Object.hasOwn(state.durable.forced, door.id),
      "door-held": isHeld(own, monotonicMs, door),
      "door-tamper": own.tampered,
      "door-lock-power": door.hasLockPower && own.lockPower === "lost",
      "door-contact-lost": settled && sight.shut === undefined,
      "door-exit-lost": settled && door.hasExitRequest && sight.exit === undefined,
    };
    const codes = Object.keys(present) as AccessFault[];
    return codes.filter((code) => present[code] === true).map((code) => ({ code, subject: door.id }));
  });
}

export function accessFaults(state: AccessState, context: AccessContext): readonly PresentFault[] {
  const { now, config } = context;
  const time = knownTime(now, state.mark, config.skewMs);
  const blocked = Object.entries(state.readers)
    .filter(([, { tries }]) => isBlocked(tries, now.monotonicMs))
    .map(([subject]) => ({ code: "door-reader-blocked", subject }) as const);
  const found: PresentFault[] = [...ofDoors(state, context), ...blocked];
  const wantsList = config.doors.length > 0 && config.authorities.length > 0;
  if (wantsList && isWayOff("visitor", state.list, { time, monotonicMs: now.monotonicMs }, config))
    found.push({ code: "access-list-old", subject: "access" });
  if (time.behind) found.push({ code: "clock-behind-signed", subject: "access" });
  return found;
}
