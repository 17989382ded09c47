/** Every fault there is, by class. A name stands for the same fault for ever: scenario files of old failures use it. */
import { actuatorFaults } from "./actuator.ts";
import { busFaults } from "./bus.ts";
import { clockFaults } from "./clock.ts";
import { diskFaults } from "./disk.ts";
import type { Fault } from "./fault.ts";
import { maliciousFaults } from "./malicious.ts";
import { networkFaults } from "./network.ts";
import { powerFaults } from "./power.ts";
import { processFaults } from "./process.ts";
import { riderFaults } from "./rider.ts";
import { sensorFaults } from "./sensor.ts";

export const faults: readonly Fault[] = [
  ...powerFaults,
  ...busFaults,
  ...sensorFaults,
  ...actuatorFaults,
  ...riderFaults,
  ...networkFaults,
  ...clockFaults,
  ...diskFaults,
  ...processFaults,
  ...maliciousFaults,
];

const byName = new Map(faults.map((fault) => [fault.name, fault]));

export const faultNamed = (name: string): Fault | undefined => byName.get(name) ?? faults.find(({ id }) => id === name);
