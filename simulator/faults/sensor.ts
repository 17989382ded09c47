/** Faults of what senses: probes, contacts, smoke heads, and the BMS of a pack. */
import type { Fault } from "./fault.ts";
import { contactFaults } from "./sensor-contacts.ts";
import { packFaults } from "./sensor-packs.ts";
import { probeFaults } from "./sensor-probes.ts";

export const sensorFaults: readonly Fault[] = [...probeFaults, ...contactFaults, ...packFaults];
