/** People who mean harm, each by its injector: what they get by it, told by locks and doors, the broker's inbox and the log. */
import { describe, expect, test } from "vitest";
import type { JournalRecord } from "../../../services/journal/records.ts";
import type { AskerKey } from "../../../services/requests/asker.ts";
import { exampleConfig } from "../../support/starter-simulation.ts";
import { type StruckOptions, type StruckStation, struckStation } from "../../support/struck-station.ts";

interface Told extends StruckStation {
  readonly records: JournalRecord[];
}

function station(options: StruckOptions = {}): Told {
  const records: JournalRecord[] = [];
  const onRecord = (record: JournalRecord): void => void records.push(record);
  return Object.assign(struckStation({ ...options, more: { ...options.more, onRecord } }), { records });
}

const room = (seed: string): Told =>
  station({
    example: "room-station",
    seed,
    world: { room: { visitsPerDay: 0, troublesPerDay: 0 } },
    beforeS: 150,
  });

const pulses = ({ events }: StruckStation): number => events.filter(({ type }) => type === "coil").length;
const enteredBy = ({ events }: StruckStation): string[] =>
  events.flatMap((event) => (event.type === "room-door" && event.open ? [event.by] : []));
const shown = ({ events }: StruckStation): string[] =>
  events.flatMap((event) => (event.type === "room-shown" ? [event.credential] : []));
const refusals = ({ records }: Told): string[] =>
  records.flatMap((record) => (record.kind === "request-refused" ? [record.reason] : []));

/** Every topic on which the station itself says something from now on. */
function topicsOf({ simulation }: StruckStation): Set<string> {
  const topics = new Set<string>();
  simulation.broker?.subscribe("#", ({ topic }) => {
    if (!/^yizhan\/1\/[^/]+\/(request|access-list)/.test(topic)) topics.add(topic);
  });
  return topics;
}

describe("at the door", () => {
  test("no forged, replayed, expired or other door's code opens it, and whoever has a good one comes in", () => {
    const run = room("bad codes");
    const good = run.strike("sleeper-inside");
    run.secondsUntil(() => good.landedMs !== undefined, "somebody with a good code", 60);
    run.seconds(20);
    expect(enteredBy(run)).toEqual(["outside"]);
    const wanted = ["forged", "expired", "wrong-door", "replayed"];
    for (let tries = 0; tries < 40 && !wanted.every((which) => shown(run).includes(which)); tries++) {
      const strike = run.strike("bad-code");
      run.seconds(12);
      strike.end();
    }
    expect(wanted.filter((which) => !shown(run).includes(which))).toEqual([]);
    expect(enteredBy(run)).toEqual(["outside"]);
    good.end();
    expect(run.violations()).toEqual([]);
  });

  test("a copy of a member's card is asked to sign, cannot, and opens nothing", () => {
    const run = room("copied");
    for (let copies = 0; copies < 4; copies++) {
      run.strike("copied-card");
      run.seconds(15);
    }
    expect(shown(run)).toEqual(["false-card", "false-card", "false-card", "false-card"]);
    expect(enteredBy(run)).toEqual([]);
    const card = run.events.flatMap((event) => (event.type === "room-said" ? [event.sentence] : []));
    expect(new Set(card)).not.toContain("door-welcome");
    expect(card.length).toBeGreaterThan(0);
    expect(run.violations()).toEqual([]);
  });

  test("at a cabinet without a room, a code that nobody issued opens nothing", () => {
    const run = station({ seed: "unissued" });
    run.strike("bad-code");
    run.seconds(20);
    expect(pulses(run)).toBe(0);
    expect(run.events.flatMap((event) => (event.type === "prompt" ? [event.prompt.promptId] : []))).toEqual([
      "refused-unknown",
    ]);
    expect(run.visit()).toBe("swapped");
    expect(run.violations()).toEqual([]);
  });

  test("an old list that is signed as well as today's is refused, and withdraws nothing that was withdrawn", () => {
    const run = room("old list");
    const strike = run.strike("old-signed-list");
    run.seconds(10);
    expect(run.records.filter(({ kind }) => kind === "access-list-refused")).toEqual([
      { kind: "access-list-refused", reason: "list-not-newer" },
    ]);
    strike.end();
    // It is what the broker hands to a station that starts anew, too.
    run.strike("old-signed-list");
    run.simulation.computer.powerLost();
    run.simulation.computer.powerBack();
    run.minutes(3);
    expect(run.records.filter(({ kind }) => kind === "access-list-accepted")).toHaveLength(1);
    expect(run.violations()).toEqual([]);
  });
});

const ops: AskerKey = { id: "ops", role: "supervisor", publicKey: "A".repeat(43) };

/** A station that takes signed requests alone. */
function signedStation(seed: string): Told {
  const config = exampleConfig("starter-cabinet");
  const requests = { signatures: "required", keys: new Map([["ops", ops]]) } as const;
  return station({ seed, more: { config: { ...config, requests } } });
}

describe("through the broker", () => {
  test.each([
    ["other-station-asks", ["wrong-station", "wrong-station"]],
    ["huge-message", ["too-large", "too-deep", "too-deep", "malformed"]],
  ])("%s moves nothing, is written down, and the station serves on", (fault, expected) => {
    const run = station({ seed: fault });
    const topics = topicsOf(run);
    const strike = run.strike(fault);
    run.seconds(20);
    expect(pulses(run)).toBe(0);
    expect(refusals(run).slice(0, expected.length)).toEqual(expected);
    strike.end();
    expect(run.visit()).toBe("swapped");
    expect([...topics].filter((topic) => !topic.startsWith("yizhan/1/starter-1/"))).toEqual([]);
    expect(run.violations()).toEqual([]);
  });

  test.each(["signed", "open"])("no order with a bad signature or none is obeyed by a station that is %s", (how) => {
    const run = how === "signed" ? signedStation("signatures") : station({ seed: "signatures" });
    run.strike("bad-signature").end();
    run.seconds(20);
    expect(pulses(run)).toBe(0);
    const signed = ["bad-signature", "bad-signature", "unsigned", "unsigned"];
    expect(refusals(run)).toEqual(how === "signed" ? signed : signed.slice(0, 3));
    expect(run.visit()).toBe("swapped");
    expect(run.violations()).toEqual([]);
  });

  test("a thousand orders a second are cut to twenty, while a rider is served beside them and the log stays small", () => {
    const run = station({ seed: "flood" });
    const before = run.simulation.disk.usedBytes();
    const strike = run.strike("command-flood");
    run.seconds(10);
    const stats = run.simulation.station.session?.stats().requests;
    strike.end();
    expect(stats?.refused["too-many"]).toBeGreaterThan(9_000);
    expect((stats?.accepted ?? 0) + (stats?.answered ?? 0)).toBeLessThan(800);
    expect(run.simulation.disk.usedBytes() - before).toBeLessThan(200_000);
    expect(pulses(run)).toBe(0);
    expect(run.visit()).toBe("swapped");
    expect(run.violations()).toEqual([]);
  });

  test("a rider swaps while the flood lasts", () => {
    const run = station({ seed: "flooded" });
    const strike = run.strike("command-flood");
    run.simulation.clock.after(15_000, () => strike.end());
    expect(run.visit()).toBe("swapped");
    expect(run.simulation.station.session?.stats().requests.refused["too-many"]).toBeGreaterThan(9_000);
    expect(run.violations()).toEqual([]);
  });

  test("wildcards and slashes in ids reach no topic, and nothing outside the station's own is ever published", () => {
    const run = station({ seed: "wild" });
    const topics = topicsOf(run);
    run.strike("wildcard-ids");
    run.seconds(30);
    expect(pulses(run)).toBe(0);
    expect(refusals(run).length).toBeGreaterThan(0);
    expect([...topics].filter((topic) => !/^yizhan\/1\/starter-1\/[a-z0-9/-]+$/.test(topic))).toEqual([]);
    expect(run.visit()).toBe("swapped");
    expect(run.violations()).toEqual([]);
  });

  test("control characters in names, ids and codes forge no line: nothing that was written or sent holds one", () => {
    const run = station({ seed: "nasty" });
    const said: string[] = [];
    run.simulation.broker?.subscribe("yizhan/1/starter-1/#", ({ topic, payload }) => {
      if (!topic.includes("/request/")) said.push(new TextDecoder().decode(payload));
    });
    run.strike("control-characters");
    run.seconds(20);
    expect(pulses(run)).toBe(0);
    expect(refusals(run)).toContain("bad-request");
    const { disk } = run.simulation;
    const written = disk.names().map((name) => new TextDecoder().decode(disk.read(name)));
    for (const text of [...said, ...written]) expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    for (const line of written.flatMap((text) => text.split("\n"))) expect(line).not.toMatch(/^fatal/);
    expect(run.visit()).toBe("swapped");
    expect(run.violations()).toEqual([]);
  });
});

describe("an unlock frame that somebody else puts on the bus", () => {
  test.each(["tapped 1", "tapped 2", "tapped 3"])(
    "is a forced door at once, and what was taken is missed (%s)",
    (seed) => {
      const run = station({ seed });
      const strike = run.strike("unlock-on-bus", "bay 2");
      run.secondsUntil(() => run.bay(2).doorOpen, "the door", 10);
      expect(run.secondsUntil(() => run.faults().includes("bay-door-forced/2"), "the alarm", 10)).toBeLessThan(3);
      run.minutes(1);
      const isGone = run.bay(2).pack === undefined;
      expect(run.records.some((record) => record.kind === "pack-gone" && record.bay === 2)).toBe(isGone);
      strike.end();
      expect(run.visit()).toBe("swapped");
      expect(run.violations()).toEqual([]);
    },
  );
});

describe("a log that somebody edited on the card", () => {
  test("breaks its chain: it is told at the next start, and nobody is served as if nothing had been", () => {
    const run = station({ seed: "edited" });
    expect(run.visit()).toBe("swapped");
    const strike = run.strike("disk-edited");
    run.minutes(1);
    strike.end();
    run.minutes(3);
    expect(run.simulation.computer.isAlive).toBe(true);
    expect(run.faults()).toContain("log-corrupt/station");
    // What stands in the bays and has no history any more is set aside until somebody has looked.
    const { lockOuts } = run.simulation.station.loop.state().durable;
    expect(Object.values(lockOuts).map(({ lockOut }) => lockOut)).toEqual(["pending-check", "pending-check"]);
    run.minutes(35);
    expect(run.visit()).toBe("swapped");
    expect(run.faults()).toContain("log-corrupt/station");
    expect(run.violations()).toEqual([]);
  });
});
