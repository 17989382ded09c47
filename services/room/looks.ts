/** What each service of the room sees at one look, put together from the image. It fills nothing in: unheard stays unheard. */
import type { HotWaterLook } from "../amenities/hot-water.ts";
import type { OutletLook } from "../amenities/outlets.ts";
import type { RescueLook } from "../amenities/rescue-cabinet.ts";
import type { ClimateLook } from "../climate/readings.ts";
import type { FridgeLook } from "../fridge/look.ts";
import { fresh, type Reading } from "../reading.ts";
import { allShut, mayBeOccupied, occupiedOf, type RoomContext } from "./draft.ts";
import type { RoomDurable } from "./durable.ts";
import type { AmenityReadings } from "./readings.ts";

/** The air outside changes slowly; older than this it says nothing about the coming hours. */
const outsideHeardMs = 900_000;

export function climateLook(durable: RoomDurable, context: RoomContext): ClimateLook {
  const { readings, now, civil, powered, stopped } = context;
  return {
    nowMs: now.monotonicMs,
    minuteOfDay: civil?.minute,
    sensors: readings.air,
    occupied: occupiedOf(durable, context),
    doorShut: allShut(context),
    outsideC: fresh(readings.outsideC, now.monotonicMs, outsideHeardMs),
    powered: powered && !stopped,
  };
}

/** The air around the fridge is that of the room, by the first thermometer that tells. */
function ambientC({ readings }: RoomContext): Reading<number> | undefined {
  const told = readings.air.find((reading) => reading?.quality === "good");
  return told === undefined ? undefined : { ...told, value: told.value.tempC };
}

export function fridgeLook(context: RoomContext): FridgeLook {
  const { readings, now, civil } = context;
  const wall = civil === undefined ? undefined : { ms: now.wallMs, date: civil.date, minuteOfDay: civil.minute };
  return { nowMs: now.monotonicMs, wall, ambientC: ambientC(context), ...readings.fridge };
}

const nothingHeard: AmenityReadings = { contacts: {}, tempC: undefined, pulled: undefined };

export const amenityReadings = ({ readings }: RoomContext, id: string): AmenityReadings =>
  readings.amenities[id] ?? nothingHeard;

export function hotWaterLook(context: RoomContext, id: string): HotWaterLook {
  const { contacts, tempC } = amenityReadings(context, id);
  return {
    nowMs: context.now.monotonicMs,
    boilerC: tempC,
    filled: contacts.filled,
    leaking: contacts.leaking,
    stopped: context.stopped || !context.powered,
  };
}

export const outletLook = (durable: RoomDurable, context: RoomContext): OutletLook => ({
  nowMs: context.now.monotonicMs,
  mayBeOccupied: mayBeOccupied(durable, context),
  stopped: context.stopped || !context.powered,
});

export function rescueLook(context: RoomContext, id: string): RescueLook {
  const { contacts } = amenityReadings(context, id);
  return { nowMs: context.now.monotonicMs, shut: contacts.shut, inPlace: contacts.inPlace };
}
