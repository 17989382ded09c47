/** What the station notices about its own security, one cause after the other, and that it says so neither too often nor too late. */
import { describe, expect, test } from "vitest";
import type { SecurityMark } from "../../../firmware/runner/platform.ts";
import {
  openSecurityDesk,
  type SecurityDesk,
  type SecurityDeskOptions,
} from "../../../firmware/runner/security-desk.ts";
import type { LinkTrouble } from "../../../hal/ports/broker-link.ts";
import type { Clock } from "../../../hal/ports/clock.ts";
import type { SecurityRecord } from "../../../services/security/records.ts";
import { createVirtualClock, type VirtualClock } from "../../../simulator/clock.ts";

const DAY_MS = 86_400_000;
const builtMs = Date.UTC(2026, 0, 1);

interface Bench {
  readonly desk: SecurityDesk;
  readonly told: SecurityRecord[];
  readonly types: () => string[];
  readonly faults: () => string[];
  readonly notes: string[];
  readonly mark: { text: string | undefined };
  readonly memory: { rssMb: number };
  readonly wall: { offsetMs: number; synchronised: boolean };
  readonly virtual: VirtualClock;
  run(ms: number): void;
}

function bench(
  more: Partial<SecurityDeskOptions> & { readonly markText?: string; readonly wallMs?: number } = {},
): Bench {
  const virtual = createVirtualClock({ wallStartMs: more.wallMs ?? builtMs + DAY_MS });
  const wall = { offsetMs: 0, synchronised: true };
  const clock: Clock = {
    monotonicMs: () => virtual.monotonicMs(),
    wallMs: () => virtual.wallMs() + wall.offsetMs,
    wallSynchronised: () => wall.synchronised,
    after: (delayMs, run) => virtual.after(delayMs, run),
  };
  const told: SecurityRecord[] = [];
  const notes: string[] = [];
  const raised = new Set<string>();
  const memory = { rssMb: 80 };
  const mark = { text: more.markText };
  const marking: SecurityMark = {
    read: () => mark.text,
    write: (text) => {
      mark.text = text;
    },
  };
  const desk = openSecurityDesk({
    clock,
    timeFloorMs: () => builtMs,
    memory: () => memory,
    note: (_level, what) => notes.push(what),
    mark: marking,
    log: { logId: "log-a", lastN: 100 },
    head: () => ({ n: 120, hash: "hash-120" }),
    settings: "settings-a",
    version: "1.2.3",
    crashed: false,
    tell: (record) => told.push(record),
    condition: (code, present) => {
      if (present) raised.add(code);
      else raised.delete(code);
    },
    ...more,
  });
  return {
    desk,
    told,
    types: () => told.map(({ type }) => type),
    faults: () => [...raised],
    notes,
    mark,
    memory,
    wall,
    virtual,
    run: (ms) => virtual.runUntil(virtual.monotonicMs() + ms),
  };
}

describe("at the start", () => {
  test("the device says that it started, and in which version", () => {
    expect(bench().told).toEqual([{ kind: "security-noticed", type: "startup-of-the-device", version: "1.2.3" }]);
  });

  test("a run that did not end well is a reset", () => {
    expect(bench({ crashed: true }).types()).toEqual(["startup-of-the-device", "reset-or-reboot"]);
  });

  const markOf = (logId: string, lastN: number, settings: string) => JSON.stringify({ logId, lastN, settings });

  test.each<[string, string, string[]]>([
    ["the same log, grown", markOf("log-a", 90, "settings-a"), []],
    ["another log", markOf("log-b", 90, "settings-a"), ["security-log-was-cleared another-log"]],
    ["a log that is shorter than it was", markOf("log-a", 101, "settings-a"), ["security-log-was-cleared shorter"]],
    [
      "other settings of security",
      markOf("log-a", 100, "settings-b"),
      ["reconfiguration-of-security-parameters configuration"],
    ],
    ["a mark that makes no sense", "{", []],
    ["a mark of something else", '{"logId":1}', []],
  ])("compared with the mark of the last run: %s", (_, markText, expected) => {
    const { told } = bench({ markText });
    expect(told.slice(1).map(({ type, reason }) => `${type} ${reason}`)).toEqual(expected);
  });

  test("the mark is written once the run has lasted, every hour, and at the end", () => {
    const { mark, run, desk } = bench();
    expect(mark.text).toBeUndefined();
    run(25_000);
    expect(JSON.parse(mark.text ?? "")).toEqual({
      logId: "log-a",
      lastN: 120,
      hash: "hash-120",
      settings: "settings-a",
    });
    mark.text = undefined;
    run(3_500_000);
    expect(mark.text).toBeUndefined();
    run(200_000);
    expect(mark.text).toBeDefined();
    mark.text = undefined;
    desk.close();
    expect(mark.text).toBeDefined();
  });
});

describe("trust between broker and station", () => {
  test.each<[LinkTrouble, string, string]>([
    ["refused", "failed-to-authenticate-at-broker", "station-untrusted"],
    ["broker-certificate", "invalid-broker-certificate", "broker-untrusted"],
    ["broker-certificate-dates", "invalid-broker-certificate", "broker-untrusted"],
    ["station-certificate", "invalid-station-certificate", "station-untrusted"],
    ["station-certificate-dates", "invalid-station-certificate", "station-untrusted"],
    ["tls-version", "invalid-tls-version", "broker-untrusted"],
    ["tls-cipher-suite", "invalid-tls-cipher-suite", "broker-untrusted"],
  ])("%s is told as %s, and raises %s until there is a connection", (trouble, type, fault) => {
    const { desk, told, faults } = bench();
    desk.attemptFailed(trouble, "why");
    expect(told.at(-1)).toEqual({ kind: "security-noticed", type, reason: trouble, detail: "why" });
    expect(faults()).toEqual([fault]);
    desk.connected();
    expect(faults()).toEqual([]);
  });

  test("a broker that is simply not there is no matter of security", () => {
    const { desk, told, faults } = bench();
    desk.attemptFailed("unreachable", "ECONNREFUSED");
    expect(told).toHaveLength(1);
    expect(faults()).toEqual([]);
  });

  test("the same trouble for a week is told once an hour, with how often it came meanwhile", () => {
    const { desk, told, run } = bench();
    for (let minute = 0; minute < 7 * 24 * 60; minute++) {
      desk.attemptFailed("refused", "not authorised");
      run(60_000);
    }
    const refusals = told.filter(({ type }) => type === "failed-to-authenticate-at-broker");
    expect(refusals).toHaveLength(7 * 24);
    expect(refusals[1]?.suppressed).toBe(59);
  });

  test("after a connection the next trouble is told at once", () => {
    const { desk, told } = bench();
    desk.attemptFailed("refused", "x");
    desk.connected();
    desk.attemptFailed("refused", "x");
    expect(told).toHaveLength(3);
  });
});

describe("a clock that cannot be right (a computer without one, after the mains came back)", () => {
  test.each<[string, number, boolean]>([
    ["1970, and no time source yet", 0, false],
    ["1970, and a time source that claims it", 0, true],
    ["before this version was built", builtMs - DAY_MS, true],
    ["plausible, but not confirmed", builtMs + DAY_MS, false],
  ])(
    "%s: a certificate it speaks against is no attack; the station says what is wrong and works on",
    (_, wallMs, synced) => {
      const { desk, told, faults, wall, notes } = bench({ wallMs });
      wall.synchronised = synced;
      for (const trouble of ["broker-certificate-dates", "station-certificate-dates"] as const) {
        desk.attemptFailed(trouble, "certificate is not yet valid");
        expect(faults()).toEqual(["clock-unset"]);
      }
      expect(told).toHaveLength(1);
      expect(notes.at(-1)).toMatch(/clock is wrong/);
      desk.connected();
      expect(faults()).toEqual([]);
    },
  );

  test("any other fault of a certificate is told all the same", () => {
    const { desk, faults, wall } = bench({ wallMs: 0 });
    wall.synchronised = false;
    desk.attemptFailed("broker-certificate", "unable to get issuer certificate");
    expect(faults()).toEqual(["broker-untrusted"]);
  });

  test("being set is told: by how much, and whether a time source vouches for it", () => {
    const { told, wall, run } = bench({ wallMs: 0 });
    wall.synchronised = false;
    run(30_000);
    wall.offsetMs = builtMs + DAY_MS;
    wall.synchronised = true;
    run(60_000);
    expect(told.slice(1)).toEqual([
      {
        kind: "security-noticed",
        type: "setting-system-time",
        reason: "synchronised",
        detail: `by ${(builtMs + DAY_MS) / 1_000} s`,
      },
    ]);
  });

  test.each([6_000, -6_000, -14 * DAY_MS])("a jump of %i ms is told once", (byMs) => {
    const { types, wall, run } = bench();
    run(30_000);
    wall.offsetMs += byMs;
    run(60_000);
    expect(types()).toEqual(["startup-of-the-device", "setting-system-time"]);
  });

  test("drift, and slewing, are not jumps", () => {
    const { types, wall, run } = bench();
    for (let minute = 0; minute < 600; minute++) {
      wall.offsetMs += 1_000;
      run(60_000);
    }
    expect(types()).toEqual(["startup-of-the-device"]);
  });
});

describe("memory", () => {
  test("above its limit is told once and stands as a fault until it is well below again", () => {
    const { types, faults, memory, run } = bench();
    memory.rssMb = 401;
    run(60_000);
    expect(types()).toEqual(["startup-of-the-device", "memory-exhaustion"]);
    memory.rssMb = 350;
    run(60_000);
    expect(faults()).toEqual(["memory-low"]);
    memory.rssMb = 250;
    run(60_000);
    expect(faults()).toEqual([]);
    memory.rssMb = 401;
    run(60_000);
    expect(types()).toHaveLength(3);
  });
});
