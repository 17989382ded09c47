import { describe, expect, test } from "vitest";
import { peopleChange } from "../../../services/contract/deadband.ts";
import { EventData } from "../../../services/contract/event-payloads.ts";
import { contract, payloadProblem, schemaProblem } from "../../../services/contract/topics.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { type DayTotals, nobody } from "../../../services/people/counts.ts";
import { alarmsIn, peopleView, reportEvent } from "../../../services/people/view.ts";

const day = (date: string, drink: number): DayTotals => ({
  date,
  people: { ...nobody, drink },
  alarms: { smoke: 1, "made-up": 1 },
});
const durable = {
  ...emptyDurable,
  today: { ...emptyDurable.today, date: "2026-02-01" },
  people: {
    ...emptyDurable.people,
    today: { ...nobody, swap: 2, help: 1 },
    days: [day("2026-01-30", 3), day("2026-01-31", 4)],
  },
};

describe("the topic", () => {
  test("tells of today and of the days before it, as the contract says", () => {
    const view = peopleView(durable);
    expect(payloadProblem(contract.people, view)).toBeUndefined();
    expect(view).toMatchObject({ date: "2026-02-01", served: 3, week: { days: 2, served: 7, alarms: 4 } });
    expect(view.week.people.drink).toBe(7);
  });

  test("says null while the station does not know the date", () => {
    expect(peopleView(emptyDurable).date).toBeNull();
    expect(payloadProblem(contract.people, peopleView(emptyDurable))).toBeUndefined();
  });

  test("may wait while only counts move, and does not wait at midnight", () => {
    const view = peopleView(durable);
    expect(peopleChange(view, { ...view })).toBe("none");
    expect(peopleChange(view, { ...view, served: 4 })).toBe("drift");
    expect(peopleChange(view, { ...view, date: "2026-02-02" })).toBe("step");
  });
});

describe("the events", () => {
  test("of a day carry its people and its alarms, the most frequent first", () => {
    const alarms = { "bay-door-left-open": 3, smoke: 1, "bus-lost": 3 };
    const people = { ...nobody, entry: 5 };
    const { data, type } = reportEvent({ kind: "day-closed", counts: durable.today, people, alarms });
    expect(type).toBe("day-closed");
    expect(schemaProblem(EventData, data)).toBeUndefined();
    expect(data).toMatchObject({ served: 5, people });
    expect(data.alarms).toEqual([
      { code: "bay-door-left-open", times: 3 },
      { code: "bus-lost", times: 3 },
      { code: "smoke", times: 1 },
    ]);
  });

  test("of a week carry each of its days and their sum", () => {
    const { data } = reportEvent({ kind: "week-closed", days: durable.people.days });
    expect(schemaProblem(EventData, data)).toBeUndefined();
    expect(data).toMatchObject({ served: 7, alarms: [{ code: "smoke", times: 2 }] });
    expect(data.days?.map(({ date, served, alarms }) => [date, served, alarms])).toEqual([
      ["2026-01-30", 3, 2],
      ["2026-01-31", 4, 2],
    ]);
  });

  test("of a day that an older controller closed are good ones as well", () => {
    const { data } = reportEvent({ kind: "day-closed", counts: durable.today });
    expect(schemaProblem(EventData, data)).toBeUndefined();
  });
});

test("what is only worth knowing is no alarm", () => {
  expect(alarmsIn({ smoke: 2, "a-code-of-tomorrow": 1 })).toBe(3);
});
