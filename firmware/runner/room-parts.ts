/** The ports of the room, sorted by what they serve. Types only; `room-wiring.ts` builds them. */
import type { CardReader } from "../../hal/ports/card-reader.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { CodeReader } from "../../hal/ports/code-reader.ts";
import type { DigitalInput } from "../../hal/ports/digital-input.ts";
import type { Watch } from "../../hal/ports/reading.ts";
import type { SwitchedOutput } from "../../hal/ports/switched-output.ts";
import type { Thermometer } from "../../hal/ports/thermometer.ts";
import type { AmenityConfig } from "../../services/amenities/config.ts";
import type { RoomSample } from "../../services/climate/readings.ts";
import type { AmenityOutput } from "../../services/room/levels.ts";
import type { AmenityContact } from "../../services/room/readings.ts";

export interface DoorParts {
  readonly id: string;
  readonly strike: SwitchedOutput | undefined;
  readonly magnet: SwitchedOutput | undefined;
  readonly shut: DigitalInput;
  readonly exitRequest: DigitalInput | undefined;
  readonly tamper: DigitalInput | undefined;
  readonly lockPower: DigitalInput | undefined;
}

/** The air at one place of the room. */
export interface AirSensor {
  watch(onSample: Watch<RoomSample>): void;
}

export interface ClimateParts {
  readonly sensors: readonly AirSensor[];
  readonly heater: SwitchedOutput | undefined;
  readonly heaterFeed: SwitchedOutput | undefined;
  readonly cooler: SwitchedOutput | undefined;
  /** A proportional heater is on for its share of this time. */
  readonly heaterCycleMs: number;
}

export interface FridgeParts {
  readonly air: Thermometer;
  readonly evaporator: Thermometer | undefined;
  readonly door: DigitalInput;
  readonly lock: SwitchedOutput;
  readonly compressor: SwitchedOutput;
  readonly defrostHeater: SwitchedOutput | undefined;
}

export interface AmenityParts {
  readonly id: string;
  readonly kind: AmenityConfig["kind"];
  readonly contacts: ReadonlyMap<AmenityContact, DigitalInput>;
  readonly outputs: ReadonlyMap<AmenityOutput, SwitchedOutput>;
  readonly thermometer: Thermometer | undefined;
}

export type ReaderParts =
  | { readonly id: string; readonly reads: "codes"; readonly codes: CodeReader }
  | { readonly id: string; readonly reads: "cards"; readonly cards: CardReader };

export interface RoomParts {
  readonly doors: readonly DoorParts[];
  readonly climate: ClimateParts | undefined;
  readonly fridge: FridgeParts | undefined;
  readonly amenities: readonly AmenityParts[];
  readonly readers: readonly ReaderParts[];
  readonly presence: DigitalInput | undefined;
  readonly outside: Thermometer | undefined;
  /** Says when a latch was seen pulled. */
  readonly clock: Clock;
}
