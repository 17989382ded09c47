import { describe, expect, test } from "vitest";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { opensAtStart, opensWithinHour, withOpening } from "../../../services/operators/opens.ts";
import type { OperatorRequest } from "../../../services/operators/requests.ts";
import { answersTo, order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const hourMs = 3_600_000;

/** Opens a bay, takes nothing, shuts it, and waits until the bay is the rules' again. */
function openOnce(bench: StationBench, who: Partial<OperatorRequest> = {}, bay = 1): string | undefined {
  const id = order(bench, { verb: "open", bay, ...who } as never);
  bench.pass(3_000);
  if (bench.openBays().includes(bay)) bench.shut(bay);
  bench.pass(32_000);
  const [answer] = answersTo(bench, id);
  return answer?.reason ?? answer?.status;
}

const times = (count: number, each: () => string | undefined): (string | undefined)[] =>
  Array.from({ length: count }, each);

const chen = { key: "chen", role: "technician" } as const;
const zhou = { key: "zhou", role: "supervisor" } as const;

describe("bays opened one by one", () => {
  test("are six an hour; the seventh is refused, told as a security event, and moves no lock", () => {
    const bench = new StationBench();
    expect(times(6, () => openOnce(bench))).toEqual(new Array(6).fill("ok"));
    const pulses = bench.pulses.length;
    expect(openOnce(bench)).toBe("opens-per-hour");
    expect(bench.pulses).toHaveLength(pulses);
    const refused = bench.disk.find(({ record }) => record.kind === "request-refused");
    expect(refused?.record).toMatchObject({ reason: "opens-per-hour", verb: "open" });
    expect(refused?.publish).toMatchObject({ stream: "security", type: "broker-failed-to-authenticate" });
  });

  test("are counted for each key by itself, and for all unsigned requests together", () => {
    const bench = new StationBench();
    times(6, () => openOnce(bench, chen));
    expect(openOnce(bench, chen)).toBe("opens-per-hour");
    expect(openOnce(bench, zhou)).toBe("ok");
    expect(times(7, () => openOnce(bench)).at(-1)).toBe("opens-per-hour");
  });

  test("are possible again an hour after the first of the six", () => {
    const bench = new StationBench();
    times(6, () => openOnce(bench, chen));
    bench.pass(hourMs - 6 * 35_000 - 5_000, 5_000);
    expect(openOnce(bench, chen)).toBe("opens-per-hour");
    expect(openOnce(bench, chen)).toBe("ok");
  });

  test("are not forgotten by a restart, nor because a clock is set forward by a year", () => {
    const bench = new StationBench();
    times(6, () => openOnce(bench, chen));
    bench.restart();
    bench.pass(12_000);
    expect(openOnce(bench, chen)).toBe("opens-per-hour");
    const again = new StationBench();
    times(6, () => openOnce(again, chen));
    again.wallMs += 365 * 24 * hourMs;
    expect(openOnce(again, chen)).toBe("opens-per-hour");
  });

  test("are refused sooner where the configuration says so, and never later", () => {
    const strict = new StationBench({ requests: { opensPerHour: 2 } });
    expect(times(3, () => openOnce(strict))).toEqual(["ok", "ok", "opens-per-hour"]);
    const loose = new StationBench({ requests: { opensPerHour: 60 } });
    expect(times(7, () => openOnce(loose)).at(-1)).toBe("opens-per-hour");
  });

  test("of two cabinets at once do not slip through together", () => {
    const bench = new StationBench({ cabinets: 2, requests: { opensPerHour: 1 } });
    bench.chargers = "silent";
    const first = order(bench, { verb: "open", bay: 2, ...chen });
    const second = order(bench, { verb: "open", bay: 5, ...chen });
    bench.pass(10_000);
    expect(answersTo(bench, second)).toMatchObject([{ reason: "opens-per-hour" }]);
    expect(answersTo(bench, first)).toHaveLength(1);
  });

  test("that were refused for what stands in the bay do not count", () => {
    const bench = new StationBench();
    bench.open(4);
    bench.pass(2_000);
    expect(times(8, () => openOnce(bench)).at(-1)).toBe("door-open");
    bench.shut(4);
    bench.pass(32_000);
    expect(openOnce(bench)).toBe("ok");
  });
});

describe("the memory of openings", () => {
  const now = { nowMs: 10_000, wallMs: 5 * hourMs, startedMs: 0 };

  test.each([
    ["an hour ago to the millisecond", 4 * hourMs, 0],
    ["a moment less than an hour ago", 4 * hourMs + 1, 1],
    ["in the future, because a clock was set back", 9 * hourMs, 1],
  ])("counts what the log has from %s", (_, at, counted) => {
    const watch = opensAtStart({ ...emptyDurable, operators: { ...emptyDurable.operators, opens: { chen: [at] } } });
    expect(opensWithinHour(watch, "chen", now)).toBe(counted);
    expect(opensWithinHour(watch, "chen", { ...now, nowMs: hourMs })).toBe(0);
  });

  test("who opened longest ago is forgotten first, also where a key is called by a number", () => {
    let opens = withOpening({}, "key-first", 1);
    opens = withOpening(opens, "7", 2);
    for (let n = 3; n < 258; n++) opens = withOpening(opens, `key-${n}`, n);
    expect(Object.keys(opens)).not.toContain("key-first");
    expect(opens["7"]).toEqual([2]);
  });

  test("is bounded, and forgets who opened something longest ago", () => {
    let opens = {};
    for (let n = 0; n < 1_000; n++) opens = withOpening(opens, `key-${n}`, n);
    expect(Object.keys(opens)).toHaveLength(256);
    expect(opens).not.toHaveProperty("key-0");
    for (let n = 0; n < 1_000; n++) opens = withOpening(opens, "key-999", n);
    expect(opens).toMatchObject({ "key-999": [994, 995, 996, 997, 998, 999] });
  });
});
