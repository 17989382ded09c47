/**
 * The one technician on the road: every half hour looks at the bays that the station took out of service, mends what is there
 * to mend, and lifts the lock-out through the same MQTT request as any operator. What the technician knows comes from the
 * retained topics alone.
 */
import type { Clock } from "../hal/ports/clock.ts";
import { isoFromMs } from "../services/contract/iso-time.ts";
import { topicRoot } from "../services/contract/topics.ts";
import type { OperatorsDesk } from "./broker.ts";
import type { World } from "./world-types.ts";

const roundMs = 1_800_000;
const requestLifeMs = 60_000;

export interface TechnicianOptions {
  readonly broker: OperatorsDesk;
  readonly clock: Clock;
  readonly world: World;
  readonly stationId: string;
}

export function createTechnician({ broker, clock, world, stationId }: TechnicianOptions): void {
  const root = topicRoot(stationId);
  let asked = 0;

  function lockedOut(): number[] {
    const bays: number[] = [];
    for (const { bay } of world.truth.bays) {
      const text = broker.retained(`${root}bay/${bay}`);
      if (text === undefined) continue;
      const { lockOut, state } = JSON.parse(text) as { lockOut: string; state: string };
      if (lockOut === "system" || lockOut === "pending-check" || state === "quarantined") bays.push(bay);
    }
    return bays;
  }

  function goRound(): void {
    for (const bay of lockedOut()) {
      world.serviceBay(bay);
      asked++;
      const id = `technician-${asked}`;
      // Contacts settle and the pack is read before the bay is given back.
      clock.after(30_000, () => {
        const expiresAt = isoFromMs(clock.wallMs() + requestLifeMs);
        const request = { id, expiresAt, bay, lockOut: "none", reason: "looked at on site" };
        broker.inject(`${root}request/lock-out`, JSON.stringify(request));
      });
    }
    clock.after(roundMs, goRound);
  }

  clock.after(roundMs, goRound);
}
