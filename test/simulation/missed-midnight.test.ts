/** A midnight without power: the day that was open is closed at the first start that knows the date, with what it had. */
import { expect, test } from "vitest";
import type { EventPayload } from "../../services/contract/event-payloads.ts";
import type { PeoplePayload } from "../../services/contract/people-payload.ts";
import { starterSimulation } from "../support/starter-simulation.ts";

/** 23:30 in Liaoyuan on Sunday, 2026-02-01: at midnight a week is over as well. */
const fromMs = Date.UTC(2026, 1, 1, 15, 30);

test("the day and the week are closed at the next start, once, and the new day begins at nothing", () => {
  const { simulation, broker, minutes, retained } = starterSimulation("midnight", { fromMs });
  const reports: EventPayload[] = [];
  broker.subscribe("yizhan/1/+/event/report", ({ payload }) => {
    reports.push(JSON.parse(new TextDecoder().decode(payload)) as EventPayload);
  });
  const shown = () => retained("people") as PeoplePayload;
  minutes(5);
  expect(shown()).toMatchObject({ date: "2026-02-01", served: 0, week: { days: 0 } });
  simulation.world.arrive({ behaviour: "proper", socPct: 30, packC: 10 });
  minutes(20);
  expect(shown()).toMatchObject({ served: 1, today: { swap: 1 } });
  simulation.computer.powerLost();
  minutes(25);
  expect(reports).toEqual([]);
  simulation.computer.powerBack();
  minutes(5);
  expect(reports.map(({ event_type }) => event_type)).toEqual(["day-closed", "week-closed"]);
  expect(reports[0]?.data).toMatchObject({ date: "2026-02-01", completed: 1, served: 1, people: { swap: 1 } });
  expect(reports[1]?.data).toMatchObject({ served: 1, days: [{ date: "2026-02-01", served: 1 }] });
  expect(shown()).toMatchObject({ date: "2026-02-02", served: 0, week: { days: 1, served: 1 } });
  minutes(30);
  expect(reports).toHaveLength(2);
});
