/** All seeded bugs, in the order of their numbers. */
import { dangerBugs } from "./bugs/danger.ts";
import { deliveryBugs } from "./bugs/delivery.ts";
import { hardwareBugs } from "./bugs/hardware.ts";
import { ledgerBugs } from "./bugs/ledger.ts";
import { operatorBugs } from "./bugs/operators.ts";
import { peopleBugs } from "./bugs/people.ts";
import { plainBugs } from "./bugs/plain.ts";
import { plainBoardBugs } from "./bugs/plain-boards.ts";
import { plainDoorBugs } from "./bugs/plain-doors.ts";
import { plainPeopleBugs } from "./bugs/plain-people.ts";
import { plainRoomBugs } from "./bugs/plain-room.ts";
import { plainWarmthBugs } from "./bugs/plain-warmth.ts";
import { powerBugs } from "./bugs/power.ts";
import { processBugs } from "./bugs/process.ts";
import { pulseBugs } from "./bugs/pulses.ts";
import { requestBugs } from "./bugs/requests.ts";
import { restartBugs } from "./bugs/restart.ts";
import { securityBugs } from "./bugs/security.ts";
import { stationBugs } from "./bugs/station.ts";
import { swapBugs } from "./bugs/swap.ts";
import { watchBugs } from "./bugs/watches.ts";
import type { SeededBug } from "./seeded-bug.ts";

export interface BugGroup {
  readonly title: string;
  readonly bugs: readonly SeededBug[];
}

export const bugGroups: readonly BugGroup[] = [
  { title: "The swap", bugs: swapBugs },
  { title: "Restarts and the journal", bugs: restartBugs },
  { title: "Charging, heating and interlocks", bugs: powerBugs },
  { title: "Bays, locks and lock-outs", bugs: stationBugs },
  { title: "The process, the log, requests and the lock board", bugs: processBugs },
  { title: "Fire, water and the emergency stop", bugs: dangerBugs },
  { title: "Devices and lines", bugs: hardwareBugs },
  { title: "The watches over a bay", bugs: watchBugs },
  { title: "Operators", bugs: operatorBugs },
  { title: "The ledger", bugs: ledgerBugs },
  { title: "Who may ask", bugs: requestBugs },
  { title: "The way of an event to the operator", bugs: deliveryBugs },
  { title: "Trust", bugs: securityBugs },
  { title: "People and members", bugs: peopleBugs },
  { title: "Plain mistakes", bugs: [...plainBugs, ...plainRoomBugs, ...plainBoardBugs] },
  { title: "Pulses behind a slow disk", bugs: pulseBugs },
  {
    title: "Plain mistakes with packs, people and doors",
    bugs: [...plainWarmthBugs, ...plainPeopleBugs, ...plainDoorBugs],
  },
];

export const seededBugs: readonly SeededBug[] = bugGroups.flatMap(({ bugs }) => bugs);
