/** The cockpit shows what is so, and beside it what the controller holds to be so. */
import { expect, test } from "vitest";
import { startCockpit } from "../../../simulator/cockpit/cockpit.ts";
import { carryOut } from "../../../simulator/cockpit/orders.ts";
import { type BayView, cockpitView } from "../../../simulator/cockpit/view.ts";
import { faults } from "../../../simulator/faults/catalogue.ts";
import { FaultDirector } from "../../../simulator/faults/director.ts";
import { struckStation } from "../../support/struck-station.ts";

function bench(example: "starter-cabinet" | "reference-station" = "starter-cabinet") {
  const run = struckStation({ seed: "seen", example });
  const { simulation } = run;
  const director = new FaultDirector(simulation, simulation.config, []);
  const view = () => cockpitView(simulation, director);
  const bay = (number: number): BayView => {
    const found = view().cabinets[0]?.bays.find((one) => one.bay === number);
    if (found === undefined) throw new Error(`no bay ${number} is shown`);
    return found;
  };
  const order = (body: unknown) => carryOut({ simulation, director, setSpeed: () => undefined }, body);
  return { simulation, run, director, view, bay, order };
}

test("a station at rest is shown as it is: packs in three bays, ready, and nothing broken", () => {
  const { view, bay } = bench();
  const now = view();
  expect(now).toMatchObject({ controllerRuns: true, mainsOn: true, masterEnable: true, emergencyStop: false });
  expect(now).toMatchObject({ alarmOn: false, broken: [], violations: 0, simulatedMs: 120_000 });
  expect(now.looks).toBeGreaterThan(0);
  const bays = now.cabinets[0]?.bays ?? [];
  expect(bays.map(({ pack, state }) => [pack !== undefined, state])).toContainEqual([false, "empty"]);
  expect(bays.filter(({ pack }) => pack !== undefined)).toHaveLength(3);
  const full = bays.find(({ pack }) => pack !== undefined)?.bay ?? 0;
  expect(bay(full)).toMatchObject({ doorOpen: false, state: "ready", pack: { socPct: 99 } });
});

test("smoke that strikes stands under the cabinet, in the alarm, under what is broken and what the controller complains of", () => {
  const { view, order, run } = bench("reference-station");
  expect(order({ do: "strike", fault: "smoke", where: "cabinet a", lastsS: 3_600 })).toMatchObject({ ok: true });
  run.seconds(10);
  const now = view();
  expect(now.alarmOn).toBe(true);
  expect(now.cabinets[0]?.signs).toEqual(expect.arrayContaining(["smoke", "alarm"]));
  expect(now.broken).toEqual([
    { n: 1, fault: "smoke", says: expect.anything(), where: "cabinet a", waits: false, endsInS: 3_590 },
  ]);
  expect(now.faults.map(({ code, subject }) => `${code}/${subject}`)).toContain("smoke/a");
  for (const { says, mend } of now.faults) {
    expect(says.zh).toMatch(/\p{Script=Han}/u);
    expect(mend).not.toBe("");
  }
  expect(order({ do: "mend", n: 1 })).toMatchObject({ ok: true });
  run.seconds(1);
  expect(view()).toMatchObject({ broken: [], violations: 0 });
  expect(view().cabinets[0]?.signs).not.toContain("smoke");
});

test("a fault that waits for its moment is told apart from one that has struck", () => {
  const { view, order, run } = bench();
  order({ do: "strike", fault: "process-killed", lastsS: 3_600 });
  expect(view().broken).toMatchObject([{ fault: "process-killed", waits: true }]);
  run.visit();
  expect(view().broken.filter(({ waits }) => waits)).toEqual([]);
});

test("a rider's visit shows: people, an open door that the controller knows of, the sentence in both languages", () => {
  const { view, order, run } = bench();
  expect(order({ do: "visit", does: "proper", cabinet: "a" })).toMatchObject({ ok: true });
  run.secondsUntil(() => view().cabinets[0]?.bays.some(({ doorOpen }) => doorOpen) ?? false, "an open door", 300);
  const [cabinet] = view().cabinets;
  expect(cabinet?.people).toBe(1);
  expect(cabinet?.says?.zh).toMatch(/\p{Script=Han}/u);
  expect(cabinet?.says?.en).toMatch(/[a-z]/);
});

test("the page offers every fault that a simulation can show, and only places of this station", async () => {
  const { simulation, director } = bench();
  const speed = { times: 60 };
  const cockpit = await startCockpit({
    simulation,
    director,
    port: 0,
    clock: simulation.clock,
    language: "zh",
    speed,
    failed: () => undefined,
  });
  try {
    cockpit.told("11:00:00  something");
    const about = (await (await fetch(`${cockpit.url}/about`)).json()) as {
      language: string;
      faults: { fault: string }[];
      places: string[];
    };
    expect(about.language).toBe("zh");
    const shown = faults.filter(({ provenBy }) => provenBy === undefined).map(({ name }) => name);
    expect(about.faults.map(({ fault }) => fault)).toEqual(shown);
    expect(about.places).toEqual(
      expect.arrayContaining(["cabinet a", "bay 4", "line relays", "device relay-1", "sensor air"]),
    );
    expect(about.places).not.toContain("bay 5");
    const moment = (await (await fetch(`${cockpit.url}/moment`)).json()) as { speed: number; lines: string[] };
    expect(moment).toMatchObject({ speed: 60, lines: ["11:00:00  something"] });
    const faster = await fetch(`${cockpit.url}/order`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ do: "speed", times: 600 }),
    });
    expect(faster.status).toBe(200);
    expect(speed.times).toBe(600);
  } finally {
    await cockpit.close();
  }
});
