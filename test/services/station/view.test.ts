import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eventPayloads } from "../../../services/contract/event-payloads.ts";
import { isoFromMs } from "../../../services/contract/iso-time.ts";
import type { Publication } from "../../../services/contract/publication.ts";
import { contract, schemaProblem } from "../../../services/contract/topics.ts";
import { ledgerView } from "../../../services/ledger/view.ts";
import {
  bayAvailable,
  bayState,
  bayView,
  cabinetView,
  faultView,
  powerView,
  type ViewInput,
} from "../../../services/station/view.ts";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { StationBench } from "../../support/station-bench.ts";
import { doOne, history, newBench, propertyRuns } from "./histories.ts";

function inputOf(bench: StationBench): ViewInput {
  const { state, granted, nowMs, wallMs } = bench;
  return { state, readings: bench.readings(), granted, nowMs, wallMs };
}

/** Everything the station shows at this instant, with the row of the contract it belongs to. */
function shown(
  bench: StationBench,
): { readonly row: "bay" | "cabinet" | "power" | "ledger" | "fault"; readonly payload: unknown }[] {
  const input = inputOf(bench);
  const { context } = bench;
  const bays = Array.from({ length: bench.config.bays.length - 1 }, (_, at) => bayView(input, at + 1, context));
  return [
    ...bays.map((payload) => ({ row: "bay" as const, payload })),
    ...bench.config.cabinets.map(({ id }) => ({ row: "cabinet" as const, payload: cabinetView(input, id, context) })),
    { row: "power", payload: powerView(input, context) },
    { row: "ledger", payload: ledgerView(bench.state.durable, bench.wallMs, context.config.swap.debtOverdueMs) },
    ...Object.values(bench.state.faults).map((fault) => ({
      row: "fault" as const,
      payload: faultView(fault, input, "ntp"),
    })),
  ];
}

function problemsShown(bench: StationBench): string[] {
  return shown(bench).flatMap(({ row, payload }) => {
    const problem = schemaProblem(contract[row].payload, payload);
    return problem === undefined ? [] : [`${row}: ${problem}: ${JSON.stringify(payload)}`];
  });
}

/** Cabinets whose counts do not add up to their bays. */
function miscounted(bench: StationBench): string[] {
  return bench.config.cabinets.flatMap(({ id, bays }) => {
    const view = cabinetView(inputOf(bench), id, bench.context);
    const { ready, charging, warming, waiting, empty, reserved, outOfService } = view;
    const counted = ready + charging + warming + waiting + empty + reserved + outOfService;
    return counted === bays.length ? [] : [`${id}: ${counted} of ${bays.length}`];
  });
}

type Told = Publication & { readonly seq: number };

const publications = (bench: StationBench): Told[] =>
  bench.told.flatMap(({ effect }) => (effect.do === "record" && effect.publish !== undefined ? [effect.publish] : []));

/** As the outbox sends it. */
function eventProblem({ kind, stream, type, seq, data }: Told, at: number): string | undefined {
  const event = { event_type: type, id: `log-${seq}`, stream, seq, at: isoFromMs(at), clock: "ntp", data };
  return schemaProblem(eventPayloads[kind], event);
}

describe("what the station shows and tells in any history", () => {
  test("fits the contract, event by event and payload by payload, and names no member: a short mark is all that leaves", () => {
    fc.assert(
      fc.property(history, (deeds) => {
        const bench = newBench();
        bench.step({ type: "told", record: { kind: "started", version: "0.1.0", detail: "log whole" } });
        for (const deed of deeds) {
          doOne(bench, deed);
          expect(problemsShown(bench)).toEqual([]);
          expect(JSON.stringify(shown(bench))).not.toContain("member-ling");
          expect(miscounted(bench)).toEqual([]);
        }
        const said = bench.told.filter(({ effect }) => effect.do === "prompt" || effect.do === "respond");
        expect(JSON.stringify([publications(bench), said])).not.toContain("member-ling");
        expect(JSON.stringify(bench.disk)).not.toContain("digest-of");
        const wrong = publications(bench).flatMap((told) => {
          const problem = eventProblem(told, bench.wallMs);
          return problem === undefined ? [] : [`${problem}: ${JSON.stringify(told)}`];
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: propertyRuns },
    );
  });

  test("is numbered without gaps in each stream, restarts included", () => {
    fc.assert(
      fc.property(history, (deeds) => {
        const bench = newBench();
        for (const deed of deeds) if (deed.do !== "disk") doOne(bench, deed);
        const last: Record<string, number> = {};
        for (const { stream, seq } of publications(bench)) {
          expect(seq).toBe((last[stream] ?? 0) + 1);
          last[stream] = seq;
        }
        expect(bench.state.durable.streamSeq).toEqual(last);
      }),
      { numRuns: propertyRuns },
    );
  });
});

describe("the view of a bay", () => {
  test("shows a pack with what people ask about, rounded", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-2", { packMv: 48_123, cellTempsC: [3.14, 9.99] }) } });
    bench.pass(3_000);
    const view = bayView(inputOf(bench), 2, bench.context);
    expect(view).toMatchObject({
      door: "shut",
      lock: "latched",
      state: "charging",
      lockOut: "none",
      pack: { id: "yz-2", socPct: 20, cellTempMinC: 3.1, cellTempMaxC: 10, packV: 48.12, packA: 4.8 },
      charger: { setMa: 4_800, actualMa: 4_800 },
      heater: true,
    });
    expect(view).not.toHaveProperty("reason");
  });

  test("names the protections a pack reports, in words", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-2", { protectionBits: 0b1001 }) } });
    bench.pass(1_000);
    expect(bayView(inputOf(bench), 2, bench.context).pack?.faults).toEqual(["cell-overvoltage", "pack-undervoltage"]);
  });

  test("shows full and empty bays of a running swap as reserved, and the pack inside all the same", () => {
    const bench = new StationBench();
    bench.scan(memberName(1));
    const states = [1, 2, 3, 4].map((bay) => bayState(inputOf(bench), bay, bench.context));
    expect(states).toEqual(["reserved", "reserved", "reserved", "empty"]);
    expect(bayView(inputOf(bench), 2, bench.context).pack?.id).toBe("yz-full-2");
  });

  test("says why a bay is locked out", () => {
    const bench = new StationBench();
    bench.open(1);
    bench.pass(2_000);
    expect(bayView(inputOf(bench), 1, bench.context)).toMatchObject({
      door: "open",
      lock: "released",
      lockOut: "pending-check",
      reason: "door-forced",
      pack: null,
    });
  });

  test("knows nothing of a bay whose contacts are silent, and says it is offline", () => {
    const bench = new StationBench();
    bench.bay(1).contacts = "lost";
    bench.pass(6_000);
    const input = inputOf(bench);
    expect(bayView(input, 1, bench.context)).toMatchObject({
      door: "unknown",
      lock: "unknown",
      state: "occupied-unknown",
    });
    expect([1, 2].map((bay) => bayAvailable(input, bay, bench.context))).toEqual([false, true]);
  });
});

describe("the view of a cabinet and of the site", () => {
  test("says when the next pack is ready, and nothing once one is", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-2", { socPct: 80 }) } });
    bench.pass(3_000);
    const view = cabinetView(inputOf(bench), "c-1", bench.context);
    expect(view).toMatchObject({ charging: 1, empty: 3, ready: 0 });
    expect(view.nextReadyAt).toBe(isoFromMs(bench.wallMs + 12 * 60_000));
    bench.bay(3).pack = fullPack("yz-3");
    bench.pass(2_000);
    expect(cabinetView(inputOf(bench), "c-1", bench.context).nextReadyAt).toBeNull();
  });

  test("adds up the power of chargers and heaters, and keeps the last sentence said", () => {
    const bench = new StationBench({ stock: { 1: pack("yz-1"), 2: pack("yz-2", { cellTempsC: [-5] }) } });
    bench.pass(5_000);
    bench.scan("a stranger");
    const input = inputOf(bench);
    expect(powerView(input, bench.context)).toEqual({ siteW: 726, chargingW: 626, heatingW: 100, limitW: 25_000 });
    const view = cabinetView(input, "c-1", bench.context);
    expect(view).toMatchObject({ powerW: 726, limitW: 25_000, prompt: { id: "refused-unknown" } });
  });

  test("dates a fault back to when it was raised", () => {
    const bench = new StationBench();
    bench.smoke["c-1"] = true;
    bench.until(() => bench.faults.length > 0, "the fault");
    const raisedAt = isoFromMs(bench.wallMs);
    bench.pass(10_000);
    const fault = bench.state.faults["smoke/c-1"];
    if (fault === undefined) throw new Error("no smoke was noticed");
    expect(faultView(fault, inputOf(bench), "unsynced")).toMatchObject({
      severity: "danger",
      since: raisedAt,
      clock: "unsynced",
    });
  });
});
