import { describe, expect, test } from "vitest";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { confirmWord } from "../../../services/operators/confirm.ts";
import type { OrderRefusal } from "../../../services/requests/reasons.ts";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { answersTo, order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);

function askWord(bench: StationBench): string {
  const [answer] = answersTo(bench, order(bench, { verb: "open-all", cabinet: "c-1" }));
  return String(answer?.data?.confirm);
}

const confirmed = (bench: StationBench, confirm = askWord(bench)): string =>
  order(bench, { verb: "open-all", cabinet: "c-1", confirm });

describe("opening a whole cabinet", () => {
  test("takes two steps: the first moves nothing and tells what would be opened", () => {
    const bench = new StationBench();
    bench.bay(3).pack = { ...fullPack("yz-full-3"), cellTempsC: [61] };
    const id = order(bench, { verb: "open-all", cabinet: "c-1" });
    bench.pass(30_000);
    expect(answersTo(bench, id)).toMatchObject([
      { status: "ok", data: { holdsS: 60, bays: [1, 2, 4], skipped: [{ bay: 3, reason: "hot-pack" }] } },
    ]);
    expect(bench.pulses).toEqual([]);
  });

  test("then opens one bay after another, each written down before its pulse, and lists them", () => {
    const bench = new StationBench({ stock: { 2: fullPack("yz-full-2"), 3: pack("yz-low-3") } });
    bench.pass(3_000);
    const id = confirmed(bench);
    bench.pass(500);
    expect(bench.pulses).toHaveLength(1);
    bench.pass(20_000);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([1, 2, 3, 4]);
    const gaps = bench.pulses.slice(1).map(({ nowMs }, at) => nowMs - (bench.pulses[at]?.nowMs ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(400);
    expect(answersTo(bench, id)).toEqual([{ status: "ok", data: { opened: [1, 2, 3, 4], skipped: [] } }]);
    expect(bench.records.filter(({ kind }) => kind === "operator-opening")).toHaveLength(4);
    expect(bench.remembered()).toEqual(bench.state.durable);
  });

  test("skips what may not be opened and says why: a hot pack, a live connector, a bay not heard, a stuck lock", () => {
    const stock = { 1: fullPack("yz-1"), 2: fullPack("yz-2"), 3: fullPack("yz-3"), 4: fullPack("yz-4") };
    const bench = new StationBench({ baysEach: 5, stock });
    bench.bay(1).pack = { ...fullPack("yz-1"), cellTempsC: [20, 65] };
    bench.bay(2).stuckMa = 5_000;
    bench.bay(3).contacts = "lost";
    bench.bay(4).lock = "stuck";
    bench.pass(6_000);
    const id = confirmed(bench);
    bench.pass(30_000);
    const skipped = [
      { bay: 1, reason: "hot-pack" },
      { bay: 2, reason: "live-connector" },
      { bay: 3, reason: "bay-not-seen" },
      { bay: 4, reason: "lock-failed" },
    ];
    expect(answersTo(bench, id)).toEqual([{ status: "ok", data: { opened: [5], skipped } }]);
    expect([...new Set(bench.pulses.map(({ bay }) => bay))]).toEqual([4, 5]);
  });

  test("is refused as a whole when not one bay could be opened", () => {
    const bench = new StationBench({ baysEach: 1, stock: { 1: fullPack("yz-1") } });
    bench.bay(1).stuckMa = 5_000;
    const id = confirmed(bench);
    bench.pass(10_000);
    const skipped = [{ bay: 1, reason: "live-connector" }];
    expect(answersTo(bench, id)).toEqual([
      { status: "refused", reason: "nothing-opened", data: { opened: [], skipped } },
    ]);
  });

  test("holds every bay of the cabinet dead from the start, not only the one whose turn it is", () => {
    const bench = new StationBench({ stock: { 3: pack("yz-low-3"), 4: pack("yz-low-4") } });
    bench.pass(3_000);
    expect(bench.granted.bays[4]?.chargeMa).toBeGreaterThan(0);
    bench.bay(1).lock = "stuck";
    confirmed(bench);
    bench.pass(750);
    expect([3, 4].map((bay) => bench.granted.bays[bay]?.chargeMa)).toEqual([0, 0]);
  });

  test.each([
    ["smoke", (bench: StationBench) => Object.assign(bench.smoke, { "c-1": true })],
    ["stopping", (bench: StationBench) => bench.step({ type: "stopping" })],
  ] as const)("stops at %s where it stands, and the answer says what was done until then", (reason, cause) => {
    const bench = new StationBench();
    const id = confirmed(bench);
    bench.until(() => bench.openBays().length === 2, "two doors");
    bench.pass(250);
    cause(bench);
    const before = bench.pulses.length;
    bench.pass(20_000);
    expect(bench.pulses.length).toBe(before);
    const [answer, ...more] = answersTo(bench, id);
    expect(more).toEqual([]);
    expect(answer).toMatchObject({ status: "error", reason, data: { opened: [1, 2] } });
  });

  test("is not resumed after a power cut; the bays that were opened stay the operator's", () => {
    const bench = new StationBench();
    const id = confirmed(bench);
    bench.until(() => bench.openBays().length === 2, "two doors");
    const before = bench.pulses.length;
    bench.restart();
    bench.told.length = 0;
    bench.pass(30_000);
    expect(bench.pulses).toEqual([]);
    expect(before).toBeLessThan(4);
    expect(answersTo(bench, id)).toEqual([{ status: "error", reason: "interrupted-by-restart" }]);
    expect(Object.keys(bench.state.durable.operators.opened)).toEqual(expect.arrayContaining(["1", "2"]));
  });

  test("keeps riders away until every door is shut and looked at", () => {
    const bench = new StationBench();
    confirmed(bench);
    bench.scan(rider);
    bench.pass(300_000);
    bench.scan(rider);
    expect(bench.ends).toEqual(["operator-at-work", "operator-at-work"]);
    for (const bay of bench.openBays()) bench.shut(bay);
    bench.pass(5_000);
    bench.swapProperly(rider, pack("yz-own-1"));
    expect(bench.ends.at(-1)).toBe("completed");
  });
});

describe("the word", () => {
  test("holds for one minute, once, and only for its cabinet", () => {
    const bench = new StationBench({ cabinets: 2 });
    const wrong = (id: string) => expect(answersTo(bench, id)).toEqual([{ status: "refused", reason: "wrong-word" }]);
    const late = askWord(bench);
    bench.pass(60_250);
    wrong(confirmed(bench, late));
    wrong(order(bench, { verb: "open-all", cabinet: "c-2", confirm: askWord(bench) }));
    wrong(confirmed(bench, "nonsense"));
    const word = askWord(bench);
    wrong(confirmed(bench, `${word}x`));
    // One try: a wrong word takes the right one with it.
    wrong(confirmed(bench, word));
    expect(bench.pulses).toEqual([]);
    confirmed(bench);
    bench.pass(250);
    expect(bench.pulses).toHaveLength(1);
  });

  test("of before a restart opens nothing", () => {
    const bench = new StationBench();
    const word = askWord(bench);
    bench.restart();
    bench.pass(3_000);
    expect(answersTo(bench, confirmed(bench, word))).toEqual([{ status: "refused", reason: "wrong-word" }]);
  });

  test("is another one for another request, and easy to read out", () => {
    const words = Array.from({ length: 200 }, (_, n) => confirmWord(`station c-1 op-${n} 1769800000000`));
    expect(new Set(words).size).toBe(200);
    for (const word of words) expect(word).toMatch(/^[bcdfghjkmnpqrstvwxz2-9]{6}$/);
  });
});

describe("opening a whole cabinet is refused, in both steps", () => {
  type Prepare = (bench: StationBench) => unknown;
  const cases: readonly (readonly [OrderRefusal, Prepare])[] = [
    ["smoke", (bench) => Object.assign(bench.smoke, { "c-1": true })],
    [
      "runaway",
      () => {
        const latches = { "c-1": { cabinet: "c-1", why: "runaway", since: 1 } } as const;
        return new StationBench({ durable: { ...emptyDurable, safety: { ...emptyDurable.safety, latches } } });
      },
    ],
    [
      "emergency-stop",
      () => {
        const bench = new StationBench({ allSafety: true });
        bench.safety.emergencyStop = true;
        return bench;
      },
    ],
    ["busy", (bench) => bench.scan(rider)],
    [
      "recovering",
      (bench) => {
        bench.scan(rider);
        bench.bay(1).contacts = "lost";
        bench.restart();
        bench.pass(500);
      },
    ],
    [
      "operator-at-work",
      (bench) => {
        bench.bay(3).stuckMa = 5_000;
        order(bench, { verb: "open", bay: 3, id: "the-other" });
      },
    ],
    ["updating", (bench) => order(bench, { verb: "update-mode", on: true })],
    ["stopping", (bench) => bench.step({ type: "stopping" })],
    [
      "cannot-record",
      (bench) => bench.step({ type: "condition", code: "log-failed", subject: "station", present: true }),
    ],
  ];

  test.each(cases)("%s", (reason, prepare) => {
    const plain = new StationBench();
    const prepared = prepare(plain);
    const bench = prepared instanceof StationBench ? prepared : plain;
    const before = bench.pulses.length;
    const ids = [
      order(bench, { verb: "open-all", cabinet: "c-1", id: "first" }),
      order(bench, { verb: "open-all", cabinet: "c-1", id: "second", confirm: "bcdfgh" }),
    ];
    for (const id of ids) expect(answersTo(bench, id)).toEqual([{ status: "refused", reason }]);
    expect(bench.pulses).toHaveLength(before);
  });

  test("no-such-cabinet", () => {
    const bench = new StationBench();
    const id = order(bench, { verb: "open-all", cabinet: "c-9" });
    expect(answersTo(bench, id)).toEqual([{ status: "refused", reason: "no-such-cabinet" }]);
  });
});
