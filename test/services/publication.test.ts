import { describe, expect, test } from "vitest";
import { eventTypes } from "../../services/contract/event-payloads.ts";
import { memberMark } from "../../services/contract/publication.ts";
import { emptyDurable } from "../../services/journal/durable.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { applyEntry, publicationOf } from "../../services/publication.ts";
import { memberName, pack } from "../support/bench-config.ts";
import { StationBench } from "../support/station-bench.ts";

const rider = memberName(1);

describe("a proper swap as others hear of it", () => {
  const bench = new StationBench();
  bench.swapProperly(rider, pack("yz-own-1"));
  const events = bench.told.flatMap(({ effect }) => (effect.do === "record" && effect.publish ? [effect.publish] : []));

  test("is seven events of one stream, numbered from 1", () => {
    const types = ["started", "door-opened", "deposited", "accepted", "door-opened", "taken", "completed"];
    expect(events.map(({ type, stream, seq }) => [stream, seq, type])).toEqual(
      types.map((type, at) => ["swap", at + 1, type]),
    );
  });

  test("names the bays, the packs and a mark of the member that is the same each time", () => {
    const mark = memberMark(rider);
    expect(events[0]?.data).toEqual({ swap: "s-000001", cabinet: "c-1", member: mark, inBay: 1, outBay: 2 });
    expect(events[3]?.data).toEqual({ swap: "s-000001", cabinet: "c-1", bay: 1, packId: "yz-own-1", socPct: 20 });
    expect(events[6]?.data).toMatchObject({ outcome: "completed", member: mark, bay: 2, tookPackId: "yz-full-2" });
    expect(events[6]?.data.durationMs).toBeGreaterThan(1_000);
  });
});

describe("the mark of a member", () => {
  test("is eight hex digits, tells riders apart, and holds nothing of the name", () => {
    const marks = new Set(Array.from({ length: 2_000 }, (_, n) => memberMark(memberName(n))));
    expect(marks.size).toBe(2_000);
    for (const mark of marks) expect(mark).toMatch(/^[0-9a-f]{8}$/);
  });
});

describe("every kind of record", () => {
  const swap = {
    id: "s-1",
    cabinet: "c-1",
    member: rider,
    inBay: 1,
    outBay: 2,
    spares: [],
    packIn: undefined,
    startedAt: 0,
    because: undefined,
  };
  const records: readonly JournalRecord[] = [
    { kind: "swap-reserved", swap: { ...swap, pays: undefined } },
    { kind: "swap-reserved", swap: { ...swap, inBay: undefined, pays: "s-0" } },
    { kind: "swap-bay-chosen", swap: "s-1", outBay: 3, spares: [] },
    { kind: "swap-stage", swap: "s-1", stage: "returning", bay: 1, because: "foreign-pack" },
    { kind: "swap-ended", swap: "s-1", outcome: "not-taken" },
    { kind: "swap-ended", swap: "s-1", outcome: "interrupted" },
    { kind: "swap-ended", swap: "s-1", outcome: "foreign-pack" },
    { kind: "scan-refused", cabinet: "c-1", member: rider, reason: "fire" },
    { kind: "lock-out", bay: 1, lockOut: "pending-check", reason: "suspended-open", by: "swap", member: rider },
    { kind: "lock-out", bay: 1, lockOut: "none", reason: "checked", by: "operator" },
    { kind: "fault-raised", code: "smoke", subject: "c-1" },
    { kind: "fault-cleared", code: "a-code-of-tomorrow", subject: "c-1" },
    { kind: "request-answered", id: "op-1", verb: "lock-out", status: "ok" },
    { kind: "security-noticed", type: "setting-system-time", reason: "synchronised", detail: "x".repeat(500) },
    { kind: "request-refused", verb: "lock-out", id: "op-1", reason: "expired", suppressed: 3 },
    { kind: "day-closed", counts: { ...emptyDurable.today, date: "2026-01-31" } },
    { kind: "started", version: "0.1.0", detail: "log whole" },
    { kind: "stopping", detail: "asked to" },
    { kind: "outbox-cursor", upTo: 3 },
    { kind: "checkpoint", durable: emptyDurable },
  ];
  const durable = applyEntry(emptyDurable, {
    record: { kind: "swap-reserved", swap: { ...swap, pays: undefined } },
    at: 0,
  });
  const told = records.map((record) => publicationOf(record, durable));

  test("has its event, or is nobody's business", () => {
    const types = told.map((publication) => publication && `${publication.kind}/${publication.type}`);
    expect(types).toEqual([
      "swap/started",
      "swap/resumed",
      "swap/bay-chosen",
      "swap/returning",
      "swap/owed",
      "swap/interrupted",
      "swap/cancelled",
      "swap/refused",
      "bay/lock-out",
      "bay/lock-out-ended",
      "fault/raised",
      "fault/cleared",
      "request/answered",
      "security/setting-system-time",
      "security/attempted-replay-attacks",
      "report/day-closed",
      "station/started",
      "station/stopping",
      undefined,
      undefined,
    ]);
  });

  test("is of a type that the contract knows, and names no member", () => {
    for (const publication of told) {
      if (publication === undefined) continue;
      expect(eventTypes[publication.kind]).toContain(publication.type);
      expect(JSON.stringify(publication)).not.toContain(rider);
    }
  });
});
