/** The judges of what is written, sent, read and said: the disk, the broker's inbox, the readings, the sentences. */
import { describe, expect, test } from "vitest";
import { answersBelong } from "../../../simulator/checkers/answers.ts";
import { brokerShowsTheLog, nobodyIsNamed, ownTopicsOnly } from "../../../simulator/checkers/broker-words.ts";
import { everyEventArrives } from "../../../simulator/checkers/delivery.ts";
import { onlyPossibleValues } from "../../../simulator/checkers/sensors.ts";
import { loopIsOnTime } from "../../../simulator/checkers/timing.ts";
import { type JudgeBench, judgeBench } from "../../support/judge-bench.ts";

const root = "yizhan/1/starter-1/";

/** The station's own end of the broker. */
function connected(bench: JudgeBench) {
  const nobody = { connected: () => {}, disconnected: () => {}, message: () => {} };
  const will = { topic: `${root}availability`, payload: "offline" };
  const link = bench.broker.open({ will } as Parameters<typeof bench.broker.open>[0], nobody);
  bench.seconds(1);
  const publish = (topic: string, payload: string, retain = false): void => {
    link.publish(topic, payload, { qos: 1, retain }, () => undefined);
    bench.seconds(1);
  };
  return { publish, subscribe: (filter: string) => link.subscribe(filter) };
}

const event = (seq: number, id = `e-${seq}`) => JSON.stringify({ id, stream: "swap", seq });

describe("events (I21)", () => {
  test("that come twice, late and out of order are one sequence all the same", () => {
    const bench = judgeBench();
    bench.judge(everyEventArrives);
    const { publish } = connected(bench);
    for (const seq of [1, 3, 2, 2, 3, 4]) publish(`${root}event/swap`, event(seq));
    bench.seconds(1_200);
    bench.finish();
    expect(bench.found).toEqual([]);
    expect(bench.looks()).toBeGreaterThanOrEqual(6);
  });

  test("of which one number was two things are found, and so is what is no event", () => {
    const bench = judgeBench();
    bench.judge(everyEventArrives);
    const { publish } = connected(bench);
    publish(`${root}event/swap`, event(1));
    publish(`${root}event/swap`, event(1, "e-other"));
    publish(`${root}event/swap`, "{}");
    expect(bench.found).toEqual(["I21: swap 1 is e-other, and was e-1", `I21: ${root}event/swap holds no event`]);
  });
});

describe("events of a medium that rots (I21)", () => {
  test.each([
    ["disk-bit-rot", []],
    ["disk-full", ["I21: swap 1 is e-other, and was e-1"]],
  ])("are counted again at once, and after nothing else: %s", (trouble, found) => {
    const bench = judgeBench();
    bench.judge(everyEventArrives);
    const { publish } = connected(bench);
    publish(`${root}event/swap`, event(1));
    bench.troubles.begin(trouble, "disk");
    publish(`${root}event/swap`, event(1, "e-other"));
    expect(bench.found).toEqual(found);
  });
});

describe("faults on the broker (I27)", () => {
  const topic = `${root}fault/smoke/a`;
  const raised = { kind: "fault-raised", code: "smoke", subject: "a" } as const;

  test("stand there as the log holds them", () => {
    const bench = judgeBench();
    bench.judge(brokerShowsTheLog);
    const { publish } = connected(bench);
    bench.record(raised);
    publish(topic, "{}", true);
    bench.seconds(300);
    bench.record({ ...raised, kind: "fault-cleared" });
    publish(topic, "", true);
    bench.seconds(300);
    expect(bench.found).toEqual([]);
    expect(bench.looks()).toBeGreaterThan(5);
  });

  test("that are missing there, or stand there for nothing, are found; a start knows of none", () => {
    const missing = judgeBench();
    missing.judge(brokerShowsTheLog);
    connected(missing);
    missing.record(raised);
    missing.seconds(300);
    expect(missing.found[0]).toBe("I27: smoke/a is raised, and the broker does not show it");
    const left = judgeBench();
    left.judge(brokerShowsTheLog);
    const { publish } = connected(left);
    left.record(raised);
    publish(topic, "{}", true);
    left.record({ kind: "started", version: "1", detail: "" });
    left.seconds(300);
    expect(left.found[0]).toBe("I27: the broker shows smoke/a, which is not raised");
  });
});

describe("what the station publishes (I32, I33)", () => {
  test.each<[string, string]>([
    ["a member's code", '{"member":"yz-member-0007"}'],
    ["a technician's code", '{"by":"yz-technician-0001"}'],
    ["a member's number", '{"member":"m-0001"}'],
    ["a signed code", '{"text":"eyJhbGciOiJFZERTQSJ9.e30.x"}'],
  ])("names nobody: %s is found", (_story, payload) => {
    const bench = judgeBench();
    bench.judge(nobodyIsNamed);
    const { publish } = connected(bench);
    publish(`${root}event/swap`, '{"member":"9f0c1a22"}');
    expect([bench.found, bench.looks()]).toEqual([[], 1]);
    publish(`${root}event/swap`, payload);
    expect(bench.found[0]).toContain(`I32: ${root}event/swap holds`);
  });

  test("stands under its own name, whatever others publish; and it listens to no other station", () => {
    const bench = judgeBench();
    bench.judge(ownTopicsOnly);
    const { publish, subscribe } = connected(bench);
    bench.broker.inject("yizhan/1/elsewhere/request/open", "{}");
    publish(`${root}health`, "{}");
    publish("homeassistant/device/starter-1/config", "{}");
    subscribe(`${root}request/+`);
    bench.seconds(60);
    expect(bench.found).toEqual([]);
    publish("yizhan/1/elsewhere/health", "{}");
    subscribe("yizhan/1/+/request/+");
    bench.seconds(120);
    expect(new Set(bench.found)).toEqual(
      new Set([
        "I33: something is published on yizhan/1/elsewhere/health",
        "I33: the station listens to yizhan/1/+/request/+",
      ]),
    );
  });
});

describe("readings (I23, I24)", () => {
  const good = <T>(bench: JudgeBench, value: T) => ({ value, atMs: bench.clock.nowMs, quality: "good" });
  const told = { packId: "yz-1", packMv: 50_000, packMa: 0, socPct: 95, cellTempsC: [15], cellsMv: [3_900] };

  test.each<[string, object, boolean]>([
    ["a plain pack", {}, false],
    ["a pack of 655 V", { packMv: 655_350 }, true],
    ["a charge of 255 %", { socPct: 255 }, true],
    ["a cell of -273 °C", { cellTempsC: [15, -273] }, true],
    ["a charge that is no number", { socPct: Number.NaN }, true],
  ])("%s", (_story, change, isFound) => {
    const bench = judgeBench();
    bench.judge(onlyPossibleValues);
    bench.controller.readings.bays = [undefined, { pack: good(bench, { ...told, ...change }) }];
    bench.seconds(30);
    expect(bench.found).toHaveLength(isFound ? 1 : 0);
    expect(bench.looks()).toBe(1);
  });

  function heldOf(bay: object, renamed?: string, ...broken: ("answers-misnamed" | "device-slow")[]): string[] {
    const bench = judgeBench();
    if (renamed !== undefined) {
      bench.troubles.begin("pack-changes-id", renamed)();
      bench.seconds(70);
    }
    for (const name of broken) bench.troubles.begin(name, "device relay-1");
    bench.judge(answersBelong);
    for (let look = 0; look < 4; look++) {
      bench.seconds(9);
      const readings = {
        doorShut: good(bench, true),
        present: good(bench, true),
        pack: good(bench, told),
        ...Object.fromEntries(Object.entries(bay).map(([key, value]) => [key, good(bench, value)])),
      };
      bench.controller.readings.bays = [undefined, readings];
      bench.seconds(1);
    }
    return bench.found;
  }

  test("are what that very bay's contacts and pack say", () => {
    expect(heldOf({})).toEqual([]);
    expect(heldOf({ doorShut: false })[0]).toBe("I24: bay 1: its door is shut");
    expect(heldOf({ present: false })[0]).toBe("I24: bay 1: there is something in it");
    expect(heldOf({ pack: { ...told, packId: "yz-2" } })[0]).toBe("I24: bay 1: yz-1 stands in it, not yz-2");
    expect(heldOf({ pack: { ...told, socPct: 40 } })[0]).toBe("I24: bay 1: its pack has 95 %, not 40 %");
  });

  test("a name that a pack wore is believed until somebody asked again, that of another bay's pack is not", () => {
    for (const [where, found] of [
      ["bay 1", 0],
      ["bay 2", 1],
    ] as const) {
      const renamed = heldOf({ pack: { ...told, packId: "yz-2" } }, where);
      expect(Math.min(1, renamed.length)).toBe(found);
    }
  });

  test("an answer under another address that comes when that address is asked is believed by anybody; in time by nobody", () => {
    const wrong = { doorShut: false };
    expect(heldOf(wrong, undefined, "answers-misnamed", "device-slow")).toEqual([]);
    expect(heldOf(wrong, undefined, "answers-misnamed")).not.toEqual([]);
    expect(heldOf(wrong, undefined, "device-slow")).not.toEqual([]);
  });

  test("a relay that nobody means to be on is found", () => {
    const bench = judgeBench();
    bench.judge(answersBelong);
    bench.bay(2).contactorRelayOn = true;
    bench.controller.levels = { bays: [undefined, undefined, { chargeMa: 12_000, heater: false }] };
    bench.seconds(60);
    expect(bench.found).toEqual([]);
    bench.controller.levels = { bays: [] };
    bench.seconds(40);
    expect(bench.found[0]).toBe("I24: the contactor of bay 2 is on, and nobody means it to be");
  });
});

describe("the loop (I22)", () => {
  function lateBy(lateMs: number, times: number): string[] {
    const bench = judgeBench();
    bench.judge(loopIsOnTime);
    for (let scan = 0; scan < 1_000; scan++) {
      bench.scan();
      bench.seconds((250 + (scan < times ? lateMs : 0)) / 1_000);
    }
    bench.finish();
    return bench.found;
  }

  test("may be late now and then, and no more", () => {
    expect(lateBy(90, 500)).toEqual([]);
    expect(lateBy(400, 3)).toEqual([]);
    expect(lateBy(400, 5)).toEqual(["I22: 5 of 1000 scans were late, by up to 400 ms"]);
  });
});
