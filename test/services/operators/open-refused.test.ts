import { describe, expect, test } from "vitest";
import { emptyDurable } from "../../../services/journal/durable.ts";
import type { OrderRefusal } from "../../../services/requests/reasons.ts";
import { fullPack, memberName } from "../../support/bench-config.ts";
import { answersTo, order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);

/** Asked, and given all the time it could want. */
function asked(bench: StationBench, bay: number): string {
  const id = order(bench, { verb: "open", bay });
  bench.pass(12_000);
  return id;
}

type Prepare = (bench: StationBench) => unknown;
type Case = readonly [reason: OrderRefusal, when: string, prepare: Prepare];

describe("an opening is refused, and no lock moves", () => {
  const swapping = (bench: StationBench) => bench.scan(rider);
  const cases: readonly Case[] = [
    [
      "smoke",
      "when there is smoke in the cabinet",
      (bench) => {
        bench.smoke["c-1"] = true;
      },
    ],
    [
      "runaway",
      "when thermal runaway is latched in the cabinet",
      () => {
        const latches = { "c-1": { cabinet: "c-1", why: "runaway", since: 1 } } as const;
        return new StationBench({ durable: { ...emptyDurable, safety: { ...emptyDurable.safety, latches } } });
      },
    ],
    [
      "emergency-stop",
      "when the emergency stop is pressed",
      () => {
        const bench = new StationBench({ allSafety: true });
        bench.safety.emergencyStop = true;
        return bench;
      },
    ],
    [
      "hot-pack",
      "when the pack in the bay is hot",
      (bench) => {
        bench.bay(2).pack = { ...fullPack("yz-full-2"), cellTempsC: [20, 61] };
      },
    ],
    ["busy", "when a rider swaps at the cabinet", swapping],
    [
      "recovering",
      "when a swap from before a restart still waits for its bays",
      (bench) => {
        swapping(bench);
        bench.bay(1).contacts = "lost";
        bench.restart();
        bench.pass(500);
      },
    ],
    ["door-open", "when another door of the cabinet stands open", (bench) => bench.open(4)],
    [
      "operator-at-work",
      "when another request opens a door there",
      (bench) => {
        bench.bay(3).stuckMa = 5_000;
        order(bench, { verb: "open", bay: 3, id: "the-other" });
      },
    ],
    [
      "bay-not-seen",
      "when its contacts are not heard",
      (bench) => {
        bench.bay(2).contacts = "lost";
        bench.pass(6_000);
      },
    ],
    [
      "live-connector",
      "when the current does not stop",
      (bench) => {
        bench.bay(2).stuckMa = 5_000;
      },
    ],
    [
      "current-unknown",
      "when neither pack nor charger says that there is no current",
      (bench) => {
        bench.bay(2).silent = true;
        bench.chargers = "silent";
        bench.pass(31_000);
      },
    ],
    ["stopping", "when the controller is about to stop", (bench) => bench.step({ type: "stopping" })],
    [
      "cannot-record",
      "when the log cannot be written",
      (bench) => bench.step({ type: "condition", code: "log-failed", subject: "station", present: true }),
    ],
    [
      "lock-busy",
      "when its lock was pulsed three times just now",
      (bench) => {
        bench.bay(2).lock = "stuck";
        asked(bench, 2);
      },
    ],
  ];

  test.each(cases)("%s: %s", (reason, _when, prepare) => {
    const bay = 2;
    const plain = new StationBench();
    const prepared = prepare(plain);
    const bench = prepared instanceof StationBench ? prepared : plain;
    const before = bench.pulses.filter((pulse) => pulse.bay === bay).length;
    const id = asked(bench, bay);
    expect(answersTo(bench, id)).toEqual([{ status: "refused", reason }]);
    expect(bench.pulses.filter((pulse) => pulse.bay === bay)).toHaveLength(before);
  });

  test("no-such-bay: when there is none of that number", () => {
    const bench = new StationBench();
    expect(answersTo(bench, asked(bench, 99))).toEqual([{ status: "refused", reason: "no-such-bay" }]);
  });

  test("expired: when it waited for the current past its own expiry", () => {
    const bench = new StationBench();
    bench.bay(2).stuckMa = 5_000;
    const id = order(bench, { verb: "open", bay: 2, expiresAt: bench.wallMs + 1_500 });
    bench.pass(1_500);
    bench.bay(2).stuckMa = 0;
    bench.pass(10_000);
    expect(answersTo(bench, id)).toEqual([{ status: "refused", reason: "expired" }]);
    expect(bench.pulses).toEqual([]);
  });
});

describe("an opening under way stops", () => {
  /** The first of three pulses was in vain. */
  function trying(): { bench: StationBench; id: string } {
    const bench = new StationBench({ allSafety: true });
    bench.bay(2).lock = "stuck";
    const id = order(bench, { verb: "open", bay: 2 });
    bench.pass(500);
    expect(bench.pulses).toHaveLength(1);
    return { bench, id };
  }

  const causes: readonly (readonly [OrderRefusal, Prepare])[] = [
    [
      "smoke",
      (bench) => {
        bench.smoke["c-1"] = true;
      },
    ],
    [
      "hot-pack",
      (bench) => {
        bench.bay(2).pack = { ...fullPack("yz-full-2"), cellTempsC: [61] };
      },
    ],
    ["stopping", (bench) => bench.step({ type: "stopping" })],
    [
      "emergency-stop",
      (bench) => {
        bench.safety.emergencyStop = true;
      },
    ],
  ];

  test.each(causes)("at %s, and the asker hears of it", (reason, cause) => {
    const { bench, id } = trying();
    cause(bench);
    bench.pass(10_000);
    expect(bench.pulses).toHaveLength(1);
    expect(answersTo(bench, id)).toEqual([{ status: "error", reason }]);
    expect(bench.state.openings).toEqual({});
  });

  test("when the log fails: the pulse behind the lost record is not driven, and the asker hears why", () => {
    const bench = new StationBench();
    bench.bay(2).stuckMa = 5_000;
    const id = order(bench, { verb: "open", bay: 2 });
    bench.diskFails = true;
    bench.bay(2).stuckMa = 0;
    bench.pass(5_000);
    expect(bench.pulses).toEqual([]);
    expect(answersTo(bench, id)).toEqual([{ status: "error", reason: "cannot-record" }]);
    bench.mendDisk();
    bench.pass(5_000);
    expect(bench.pulses).toEqual([]);
    expect(bench.remembered()).toEqual(bench.state.durable);
  });

  test("at a power cut, at every one of its records: it is answered as interrupted, and nothing fires", () => {
    const whole = new StationBench();
    const id = asked(whole, 2);
    const first = whole.records.findIndex(({ kind }) => kind === "request-taken");
    const last = whole.records.findIndex(({ kind }) => kind === "request-answered");
    expect(last - first).toBeGreaterThanOrEqual(3);
    for (let records = first + 1; records <= last; records++) {
      const bench = new StationBench();
      asked(bench, 2);
      bench.restart(records);
      bench.told.length = 0;
      bench.pass(20_000);
      expect(bench.pulses).toEqual([]);
      expect(answersTo(bench, id)).toEqual([{ status: "error", reason: "interrupted-by-restart" }]);
      bench.restart();
      bench.told.length = 0;
      bench.pass(5_000);
      expect(answersTo(bench, id)).toEqual([]);
    }
  });
});
