/** When a recording is written, what a damaged one says, and what a process that ends by an error leaves. */

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Build } from "../../../firmware/recorder/deck.ts";
import { readRecording } from "../../../firmware/recorder/read.ts";
import { compareBuilds, replay } from "../../../firmware/recorder/replay.ts";
import { grantLevels } from "../../../services/station/grant.ts";
import { readBack, recordedInMemory, textOfRecording, thisBuild } from "../../support/recorded-station.ts";
import { starterSimulation } from "../../support/starter-simulation.ts";

function recordedStation(limits = {}) {
  const kept = recordedInMemory(limits);
  const station = starterSimulation("recorder", { record: kept.record });
  const smoke = (on: boolean) => station.simulation.world.setSmoke("a", on);
  const causes = () => [...kept.files.keys()].map((name) => /Z-(.*)\.jsonl/.exec(name)?.[1]);
  return { kept, station, smoke, causes };
}

const { kept, station } = recordedStation();
station.minutes(1);
kept.recorder().write("asked");
station.minutes(1);
const [whole = new Uint8Array()] = [...kept.files.values()];

describe("a recording", () => {
  test("is refused as a whole wherever it is cut off", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (at) => {
        const read = readRecording(whole.subarray(0, at));
        expect(read.is).toBe("refused");
        if (read.is === "refused") expect(read.why).toMatch(/cut off|empty|no recording/);
      }),
      { numRuns: 60 },
    );
  });

  test("is refused or read as it was when one bit of it is turned, and never read as another one", () => {
    const text = JSON.stringify(readBack(whole).lines);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length * 8 - 1 }), (bit) => {
        const flipped = Uint8Array.from(whole);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const read = readRecording(flipped);
        if (read.is === "recording") expect(JSON.stringify(read.recording.lines)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  test("of another format, or that is none, says so", () => {
    const says = (text: string) => readRecording(new TextEncoder().encode(text));
    expect(says("")).toEqual({ is: "refused", why: "the file is empty" });
    expect(says("hello")).toEqual({ is: "refused", why: "the file is no recording, or is damaged" });
  });

  test("from which a step was taken out in the middle says so", () => {
    const lines = textOfRecording(whole).trimEnd().split("\n");
    const at = lines.findIndex((line, index) => index > lines.length / 2 && line.includes('"event"'));
    const without = lines.toSpliced(at, 1).map((line) => `${line}\n`);
    expect(readRecording(gzipSync(without.join("")))).toEqual({
      is: "refused",
      why: "steps are missing in the middle of the file",
    });
    const spoilt = lines.with(at, "{}").map((line) => `${line}\n`);
    expect(readRecording(gzipSync(spoilt.join("")))).toEqual({
      is: "refused",
      why: `line ${at + 1} is no line of a recording`,
    });
  });

  test("ends at once when the state it begins in is not the recorded one", () => {
    const recording = readBack(whole);
    const other = { ...recording, begins: { ...recording.begins, stopping: true } };
    expect(replay(other, thisBuild).difference).toMatchObject({ what: "state", step: 0 });
  });

  test("shows a lost reading as a decision or a level that differs", () => {
    const recording = readBack(whole);
    const lines = recording.lines.map((line) => ("readings" in line ? { ...line, readings: [] } : line));
    expect(replay({ ...recording, lines }, thisBuild).difference).toBeDefined();
  });
});

describe("the recorder", () => {
  test("writes once for a fault that comes and goes, and not before what followed it is known", () => {
    const { station: here, smoke, causes } = recordedStation();
    for (let times = 0; times < 5; times++) {
      smoke(true);
      here.minutes(1);
      smoke(false);
      here.minutes(3);
    }
    expect(causes()).toEqual(["smoke"]);
    here.minutes(60);
    smoke(true);
    here.minutes(1);
    expect(causes()).toEqual(["smoke", "smoke"]);
  });

  test("lets no error hide a danger that follows it", () => {
    const { station: here, smoke, causes } = recordedStation();
    const raise = (code: string, subject: string) => here.simulation.station.condition(code, subject, true);
    raise("config-refused", "station");
    here.minutes(1);
    raise("bus-lost", "relays-9");
    here.minutes(1);
    expect(causes()).toEqual(["config-refused"]);
    smoke(true);
    here.minutes(1);
    expect(causes()).toEqual(["config-refused", "smoke"]);
  });

  test("writes one recording after the other when it is asked while it writes", () => {
    const { kept: files, station: here, causes } = recordedStation();
    files.recorder().write("asked");
    files.recorder().write("asked");
    here.minutes(1);
    expect(causes()).toEqual(["asked", "asked"]);
  });

  test("forgets the oldest when it may keep little, and what is left replays", () => {
    const limits = { bytesMax: 150_000, segmentBytesMax: 40_000 };
    const { kept: files, station: here } = recordedStation(limits);
    here.minutes(15);
    expect(files.recorder().bytes()).toBeLessThan(limits.bytesMax + limits.segmentBytesMax);
    files.recorder().write("asked");
    here.minutes(1);
    const recording = readBack([...files.files.values()][0] ?? new Uint8Array());
    expect(recording.begins.bayLookMs).toBeGreaterThan(60_000);
    expect(replay(recording, thisBuild).difference).toBeUndefined();
  });

  test("hears of a reading that came between a decision and its levels", () => {
    const { kept: files, station: here } = recordedStation();
    const { loop, hardware, context } = here.simulation.station;
    const [recorder, nowMs] = [files.recorder(), here.simulation.clock.monotonicMs()];
    const readings = hardware.image;
    const cabinet = readings.cabinets.a;
    if (cabinet === undefined) throw new Error("no cabinet");
    const state = loop.state();
    recorder.enters(state, { event: { type: "noticed" }, readings, nowMs, wallMs: here.simulation.clock.wallMs() });
    recorder.decided([]);
    cabinet.smoke = { value: true, atMs: nowMs, quality: "good" };
    const input = { nowMs, readings, masterEnabled: true };
    const calm = grantLevels(state, { ...input, readings: { ...readings, cabinets: {} } }, context);
    const grant = grantLevels(state, input, context);
    expect(grant).not.toEqual(calm);
    recorder.granted(input, grant);
    recorder.crashed();
    const recording = readBack([...files.files.values()][0] ?? new Uint8Array());
    expect(recording.lines.at(-1)).toHaveProperty("readings");
    expect(replay(recording, thisBuild).difference).toBeUndefined();
  });

  test("leaves the step that failed as the last one when the process ends by an error", () => {
    const { kept: files, station: here } = recordedStation();
    const { loop, hardware } = here.simulation.station;
    const nowMs = here.simulation.clock.monotonicMs();
    const event = { type: "scan", cabinet: "a", digest: "f".repeat(64) } as const;
    const input = { event, readings: hardware.image, nowMs, wallMs: here.simulation.clock.wallMs() };
    files.recorder().enters(loop.state(), input);
    files.recorder().crashed();
    const [[name, bytes] = ["", new Uint8Array()]] = [...files.files];
    expect(name).toContain("-crash.");
    const recording = readBack(bytes);
    expect(recording.lines.at(-1)).toMatchObject({ unfinished: true, event: { type: "scan" } });
    const failing: Build = {
      ...thisBuild,
      stepStation(was, asked, context) {
        if (asked.event.type === "scan") throw new Error("as it did in the street");
        return thisBuild.stepStation(was, asked, context);
      },
    };
    expect(replay(recording, failing).difference).toBeUndefined();
    expect(replay(recording, thisBuild).difference).toMatchObject({ what: "failure", one: "the step failed" });
    expect(compareBuilds(recording, failing, thisBuild).difference).toMatchObject({
      what: "failure",
      one: "as it did in the street",
    });
  });
});
