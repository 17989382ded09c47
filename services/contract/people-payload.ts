/**
 * People served in numbers (服务人次): what the retained topic carries, and what the reports of a day and a week say of it. It
 * tells how many and of what kind, and has no field for who.
 */
import { z } from "zod";
import { Id } from "./state-payloads.ts";

const count = (description: string) => z.int().min(0).meta({ description });

export const PeoplePayloadCounts = z
  .strictObject({
    swap: count("Swaps completed."),
    entry: count("Let in by a door and seen to go through it; a door open to everybody counts nobody."),
    drink: count("Drinks taken from the fridge."),
    hotWater: count("Cups of hot water."),
    outlet: count("Uses of the microwave and of timed sockets."),
    phoneLocker: count("Phones put into a charging locker."),
    gift: count("Care packages handed out."),
    help: count("Calls by the help button."),
    rescue: count("Openings of the first-aid cabinet."),
  })
  .meta({ description: "People served, by kind; one person may be served several times." });

export const AlarmCount = z
  .strictObject({ code: Id.meta({ description: "Fault code." }), times: count("How often it was raised.") })
  .meta({ description: "A fault that was raised." });

export const alarmRowsMax = 40;

export const DayRow = z
  .strictObject({
    date: z.iso.date().meta({ description: "The day, station time." }),
    served: count("People served that day, all kinds together."),
    people: PeoplePayloadCounts,
    alarms: count("Warnings, errors and dangers raised that day."),
  })
  .meta({ description: "One day of the week." });

export const PeoplePayload = z
  .strictObject({
    date: z.iso.date().nullable().meta({ description: "Today, station time; null until the date is known." }),
    served: count("People served today, all kinds together."),
    today: PeoplePayloadCounts,
    alarms: count("Warnings, errors and dangers raised today."),
    week: z
      .strictObject({
        days: z.int().min(0).max(7).meta({ description: "How many days these are: the last that were closed." }),
        served: count("People served in them."),
        people: PeoplePayloadCounts,
        alarms: count("Warnings, errors and dangers raised in them."),
      })
      .meta({ description: "The last seven days, without today." }),
  })
  .meta({ description: "How many people the station served." });
export type PeoplePayload = z.output<typeof PeoplePayload>;
