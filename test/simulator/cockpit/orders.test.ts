/** Orders of the cockpit: each is done or refused in words of both languages, and a refused one changes nothing. */
import { describe, expect, test } from "vitest";
import { carryOut } from "../../../simulator/cockpit/orders.ts";
import { faults } from "../../../simulator/faults/catalogue.ts";
import { FaultDirector } from "../../../simulator/faults/director.ts";
import { struckStation } from "../../support/struck-station.ts";

function crew() {
  const run = struckStation({ seed: "crew" });
  const { simulation } = run;
  const director = new FaultDirector(simulation, simulation.config, []);
  const speeds: number[] = [];
  const order = (body: unknown) => carryOut({ simulation, director, setSpeed: (times) => speeds.push(times) }, body);
  return { run, director, speeds, order };
}

/** Of one station, for orders that leave no trace. */
const shared = crew();
const provenElsewhere = faults.find(({ provenBy }) => provenBy !== undefined)?.name;

describe("an order is refused, and nothing has changed:", () => {
  test.each([
    ["nothing at all", null, "not an order"],
    ["a word", "strike", "not an order"],
    ["something nobody can do", { do: "explode" }, "do: "],
    ["a field that is not known", { do: "mend", n: 1, hard: true }, "not an order"],
    ["a strike without a fault", { do: "strike" }, "fault: "],
    ["a fault that is not known", { do: "strike", fault: "smok" }, "did you mean smoke?"],
    [
      "a place that is not there",
      { do: "strike", fault: "smoke", where: "cabinet z" },
      "nothing to break now (cabinet z)",
    ],
    ["a strike for no time", { do: "strike", fault: "smoke", lastsS: 0 }, "lastsS: "],
    ["a strike for longer than a day", { do: "strike", fault: "smoke", lastsS: 86_401 }, "lastsS: "],
    [
      "a fault that a test proves",
      { do: "strike", fault: provenElsewhere },
      "cannot strike in a simulation; see test/",
    ],
    ["mending what never broke", { do: "mend", n: 7 }, "over already"],
    ["mending half a thing", { do: "mend", n: 1.5 }, "n: "],
    ["a manner that nobody has", { do: "visit", does: "sings" }, "does: "],
    ["a debt that nobody has", { do: "visit", does: "returns-for-debt" }, "does: "],
    ["a cabinet that is not there", { do: "visit", does: "proper", cabinet: "q" }, "there is no cabinet q; there is a"],
    ["time that runs back", { do: "speed", times: -1 }, "times: "],
    ["time that runs too fast", { do: "speed", times: 3_601 }, "times: "],
    ["time that is no number", { do: "speed", times: "fast" }, "times: "],
  ])("%s", (_what, body, says) => {
    const { order, run, director, speeds } = shared;
    const answer = order(body);
    expect(answer.ok).toBe(false);
    expect(answer.says.en).toContain(says);
    expect(answer.says.zh).toMatch(/\p{Script=Han}/u);
    expect(director.strikes()).toEqual([]);
    expect(speeds).toEqual([]);
    expect(run.events.filter(({ type }) => type === "arrived" || type === "smoke")).toEqual([]);
  });
});

describe("an order is done:", () => {
  test("a strike at the place that was said, for as long as was said, and not a second longer", () => {
    const { order, run, director } = crew();
    expect(order({ do: "strike", fault: "smoke", where: "cabinet a", lastsS: 90 })).toEqual({
      ok: true,
      says: expect.objectContaining({ en: expect.stringContaining("(cabinet a): struck") }),
    });
    const smoke = () => run.simulation.world.truth.cabinets[0]?.smoke;
    expect(smoke()).toBe(true);
    run.seconds(89);
    expect(smoke()).toBe(true);
    expect(director.strikes()).toHaveLength(1);
    run.seconds(2);
    expect(smoke()).toBe(false);
    expect(director.strikes()).toEqual([]);
    expect(order({ do: "mend", n: 1 }).says.en).toBe("that is over already");
  });

  test("the same place is not broken twice, and can be again once it is mended", () => {
    const { order } = crew();
    const smoke = { do: "strike", fault: "smoke", where: "cabinet a", lastsS: 600 };
    expect(order(smoke).ok).toBe(true);
    expect(order(smoke).says.en).toContain("finds nothing to break now");
    expect(order({ do: "mend", n: 1 })).toMatchObject({ ok: true, says: { en: "mended", zh: "已修复" } });
    expect(order(smoke).ok).toBe(true);
    expect(order({ do: "mend", n: 2 }).ok).toBe(true);
  });

  test("a fault is struck by its number in the catalogue as well", () => {
    const { order, director } = crew();
    expect(order({ do: "strike", fault: "P1" }).ok).toBe(true);
    expect(director.strikes().map(({ fault }) => fault)).toEqual(["mains-cut-idle"]);
  });

  test("what is told of a strike from here is what is told of a planned one", () => {
    const { order, director } = crew();
    const told: string[] = [];
    director.onLanded = ({ planned, where }) => told.push(`${planned.fault} ${where}`);
    order({ do: "strike", fault: "smoke" });
    expect(told).toEqual(["smoke cabinet a"]);
  });

  test("riders come until nobody is left to come", () => {
    const { order, run } = crew();
    const answers = Array.from({ length: 500 }, () => order({ do: "visit", does: "proper" }));
    expect(answers[0]).toMatchObject({ ok: true, says: { en: expect.stringMatching(/^rider \d+ comes to a$/) } });
    expect(answers.at(-1)).toMatchObject({ ok: false, says: { en: "every rider is under way; try again soon" } });
    const came = run.events.filter(({ type }) => type === "arrived").length;
    expect(came).toBe(answers.filter(({ ok }) => ok).length);
  });

  test.each([
    [0, "time stands still"],
    [0.5, "time runs × 0.5"],
    [3_600, "time runs × 3600"],
  ])("time × %d", (times, says) => {
    const { order, speeds } = shared;
    expect(order({ do: "speed", times })).toMatchObject({ ok: true, says: { en: says } });
    expect(speeds.splice(0)).toEqual([times]);
  });
});

test("every fault that can strike here is answered in words, whatever the station has to break", () => {
  const { order, director } = crew();
  for (const { name, provenBy } of faults) {
    if (provenBy !== undefined) continue;
    const answer = order({ do: "strike", fault: name });
    expect(answer.says.en, name).toMatch(/struck$|waits for its moment$|finds nothing to break now/);
    for (const { n } of director.strikes()) expect(order({ do: "mend", n }).ok, name).toBe(true);
    expect(director.strikes(), name).toEqual([]);
  }
});
