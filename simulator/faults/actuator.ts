/** Faults of what moves, heats, charges and cools. */
import { bayActuatorFaults } from "./actuator-bays.ts";
import { roomActuatorFaults } from "./actuator-room.ts";
import type { Fault } from "./fault.ts";

export const actuatorFaults: readonly Fault[] = [...bayActuatorFaults, ...roomActuatorFaults];
