/**
 * What the services need to know about the station: rules and numbers, no wires. Every number has its unit in the name,
 * a default, and hard bounds that a configuration cannot leave. Sources are named where a number is not ours.
 */
import { z } from "zod";
import type { RoomConfig } from "./room/config.ts";
import { bayLimits } from "./safety/bay-limits.ts";

const ms = (description: string, fallback: number, min: number, max: number) =>
  z.int().min(min).max(max).default(fallback).meta({ unit: "ms", description });

export const SwapConfig = z
  .strictObject({
    insertWindowMs: ms("How long the empty bay waits for the rider's pack.", 60_000, 10_000, 300_000),
    takeWindowMs: ms("How long the full bay waits to be emptied.", 60_000, 10_000, 300_000),
    doorFeedbackMs: ms("How long a door may take to be seen open after a pulse.", 900, 200, 5_000),
    pulsesPerDoor: z.int().min(1).max(3).default(3).meta({ description: "Lock pulses tried on one door." }),
    reopenTries: z.int().min(0).max(5).default(3).meta({ description: "Times a door shut too early is opened again." }),
    inspectMs: ms("How long a deposited pack has to identify itself.", 10_000, 3_000, 30_000),
    presenceSettleMs: ms("How long contacts settle after a door shuts, before they are believed.", 1_200, 200, 5_000),
    chargerOffWaitMs: ms(
      "How long a charger may take to fall below 0.1 A before the door opens.",
      4_000,
      1_000,
      10_000,
    ),
    doorOpenAlarmMs: ms("A door left open this long raises a fault.", 60_000, 10_000, 600_000),
    debtOverdueMs: ms("A debt older than this is reported as overdue.", 86_400_000, 60_000, 604_800_000),
    higherSoc: z.literal(["offer", "swap"]).default("offer").meta({
      description:
        "A returned pack holds more charge than the one to be handed out. `offer`: give it back and say so, and swap all the same when the rider scans again; `swap`: swap at once.",
    }),
    strictOwner: z.boolean().default(true).meta({ description: "Refuse a pack that was handed to another member." }),
  })
  .meta({ description: "The swap transaction: windows and tries." });
export type SwapConfig = z.output<typeof SwapConfig>;

export const PackClass = z
  .strictObject({
    idPattern: z
      .string()
      .default("^yz-[a-z0-9-]+$")
      .meta({ description: "Regular expression an own pack's id matches." }),
    cells: z.int().min(6).max(24).default(13).meta({ description: "Cells in series." }),
    capacityMah: z
      .int()
      .min(1_000)
      .max(200_000)
      .default(24_000)
      .meta({ unit: "mAh", description: "Nominal capacity." }),
    chargeMa: z
      .int()
      .min(100)
      .max(24_000)
      .default(12_000)
      .meta({ unit: "mA", description: "Full charging current (0.5 C)." }),
    chargeMv: z
      .int()
      .min(20_000)
      .max(60_000)
      .default(54_600)
      .meta({ unit: "mV", description: "Constant voltage (13 × 4.2 V)." }),
    minPackMv: z
      .int()
      .min(10_000)
      .max(60_000)
      .default(26_000)
      .meta({ unit: "mV", description: "Below this no charging starts." }),
  })
  .meta({ description: "The kind of pack this station swaps." });
export type PackClass = z.output<typeof PackClass>;

export const ChargingConfig = z
  .strictObject({
    targetSocPct: z
      .int()
      .min(50)
      .max(100)
      .default(90)
      .meta({ unit: "%", description: "Lowest charge that is handed out." }),
    maxSocPct: z.int().min(50).max(100).default(100).meta({ unit: "%", description: "Charging ends here." }),
    chargerEfficiency: z.number().min(0.5).max(1).default(0.92).meta({ description: "Mains to pack." }),
    heaterW: z.int().min(0).max(500).default(100).meta({ unit: "W", description: "Power of one bay heater." }),
    fanW: z.int().min(0).max(500).default(30).meta({ unit: "W", description: "Power of a cabinet's fan." }),
    restingW: z
      .number()
      .min(0)
      .max(50)
      .default(3)
      .meta({ unit: "W", description: "What a charger draws while it delivers nothing." }),
    warmToC: z
      .number()
      .min(1)
      .max(20)
      .default(6)
      .meta({ unit: "°C", description: "Cold packs are warmed to this first." }),
    deratedMa: z
      .int()
      .min(0)
      .max(24_000)
      .default(4_800)
      .meta({ unit: "mA", description: "Current from 0 to 5 °C (0.2 C)." }),
    heaterMaxOnMs: ms("A bay heater never runs longer than this in one go.", 7_200_000, 60_000, 14_400_000),
    noRiseMs: ms(
      "Each degree of warming may take this long: 100 W warm a 7.5 kg pack by 0.2 to 0.6 °C a minute, after a start.",
      900_000,
      60_000,
      1_800_000,
    ),
  })
  .meta({ description: "Charging: first come, first served, under the site limit." });
export type ChargingConfig = z.output<typeof ChargingConfig>;

export const SafetyConfig = z
  .strictObject({
    chargeMinC: z
      .number()
      .min(0)
      .max(20)
      .default(0)
      .meta({ unit: "°C", description: "No charging below; never under 0." }),
    fullCurrentMinC: z.number().min(5).max(25).default(5).meta({ unit: "°C", description: "Full current from here." }),
    chargeMaxC: z
      .number()
      .min(20)
      .max(45)
      .default(45)
      .meta({ unit: "°C", description: "No charging above; at most 45." }),
    hotPackC: z.number().min(45).max(70).default(60).meta({ unit: "°C", description: "A pack this hot is isolated." }),
    packHeardMs: ms("No charging when the pack was last heard longer ago.", 2_000, 500, 5_000),
    contactHeardMs: ms("Door and presence older than this are unknown.", 5_000, 500, 5_000),
    smokeHeardMs: ms("A smoke, conductor, water or emergency-stop input older than this is lost.", 5_000, 500, 10_000),
    runawayC: z.number().min(70).max(100).default(80).meta({
      unit: "°C",
      description: "A cell or the cabinet's air this hot is a sign of thermal runaway; with smoke it is one.",
    }),
    runawayConfirmMs: ms("Smoke and heat must each last this long before they count as runaway.", 3_000, 2_000, 10_000),
    dangerClearMs: ms("Smoke, heat or water must be gone this long before service goes on.", 60_000, 10_000, 600_000),
    aerosolMs: ms("How long the release output is held.", 10_000, 1_000, 30_000),
    aerosolHoldMs: ms("How long the exhaust fan stays off after the release.", 600_000, 60_000, 3_600_000),
    fanDuringAerosol: z
      .boolean()
      .default(false)
      .meta({ description: "Let the exhaust fan run while the agent works, where the agent's maker says so." }),
    ...bayLimits,
  })
  .meta({ description: "Limits of the interlocks. Bounds here are hard: a file outside them is refused." });
export type SafetyConfig = z.output<typeof SafetyConfig>;

/** What operators' requests may do, as far as the station itself watches over it. */
export interface RequestRules {
  /** A whole cabinet is opened only when the second step comes with another key than the first. */
  readonly twoPersons: boolean;
  /** Single bays that one key, or all unsigned requests together, may have opened within an hour. */
  readonly opensPerHour: number;
}

/** What the services see of one cabinet: which bays it has, and what else is wired. */
export interface CabinetLayout {
  readonly id: string;
  readonly bays: readonly number[];
  readonly hasSmoke: boolean;
  readonly hasConductor: boolean;
  readonly hasWater: boolean;
  readonly hasFan: boolean;
  readonly hasAerosol: boolean;
  readonly hasAlarm: boolean;
}

export interface BayLayout {
  readonly bay: number;
  readonly cabinet: string;
  readonly hasHeater: boolean;
  readonly hasDoorSwitch: boolean;
}

/** The whole of what services may know. Built by the configuration reader, fixed for the life of the process. */
export interface StationConfig {
  /** Door, warmth, fridge and amenities; left out where the station is cabinets alone. */
  readonly room?: RoomConfig;
  readonly stationId: string;
  readonly timeZone: string;
  readonly siteLimitW: number;
  readonly hasEmergencyStop: boolean;
  readonly hasAlarm: boolean;
  readonly hasExitRelease: boolean;
  readonly cabinets: readonly CabinetLayout[];
  /** Index = bay number; index 0 is unused. */
  readonly bays: readonly (BayLayout | undefined)[];
  readonly swap: SwapConfig;
  readonly packs: PackClass;
  readonly charging: ChargingConfig;
  readonly safety: SafetyConfig;
  readonly requests: RequestRules;
}
