/** A busy hour of a whole simulated station: its recording decides bit for bit alike, and names nobody. */
import { describe, expect, test } from "vitest";
import type { Build } from "../../../firmware/recorder/deck.ts";
import { compareBuilds, replay } from "../../../firmware/recorder/replay.ts";
import { recordNight } from "../../support/recorded-night.ts";
import { readBack, textOfRecording, thisBuild } from "../../support/recorded-station.ts";
import { leaks } from "../../support/secrets.ts";

const night = recordNight("night", 35);
const files = [...night.kept.files];
const [lastName, lastBytes] = files.at(-1) ?? ["", new Uint8Array()];
const recording = readBack(lastBytes);

const kindsOf = (): Map<string, number> => {
  const kinds = new Map<string, number>();
  for (const line of recording.lines) {
    if (!("effects" in line)) continue;
    for (const effect of line.effects as readonly { do: string; record?: { kind: string } }[]) {
      const kind = effect.record?.kind ?? effect.do;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  return kinds;
};

describe("a busy hour at a station with a room", () => {
  test("holds what the test is about: swaps, doors, lockers, drinks, lists, requests and smoke", () => {
    const kinds = kindsOf();
    const wanted = [
      ...["swap-ended", "door-granted", "door-refused", "access-list-accepted", "access-list-refused", "gift-given"],
      ...["fridge-released", "locker-assigned", "request-answered", "fault-raised", "pack-bound", "operator-opened"],
    ];
    expect(wanted.filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(recording.lines.filter((line) => "verified" in line).length).toBeGreaterThan(10);
  });

  test("is written by itself when something smokes, with what came after it", () => {
    const smoke = files.find(([name]) => name.endsWith("-smoke.jsonl.gz"));
    expect(smoke).toBeDefined();
    const ofSmoke = readBack(smoke?.[1] ?? new Uint8Array());
    expect(ofSmoke.header.cause).toBe("smoke");
    expect(replay(ofSmoke, thisBuild).difference).toBeUndefined();
    const raised = ofSmoke.lines.findIndex((line) => JSON.stringify(line).includes('"code":"smoke"'));
    expect(raised).toBeGreaterThan(0);
    expect(ofSmoke.lines.length - raised).toBeGreaterThan(100);
  });

  test("replays to the same effects, levels and states, bit for bit", () => {
    const replayed = replay(recording, thisBuild);
    expect(replayed.difference).toBeUndefined();
    expect(replayed.steps).toBe(recording.steps);
    expect(replayed.statesCompared).toBe(recording.header.segments);
    expect(lastName).toMatch(/^recording-\d{8}T\d{9}Z-asked\.jsonl\.gz$/);
  });

  test("names no member, holds no code, no digest and no key", () => {
    const written = files.map(([where, bytes]) => ({ where, text: textOfRecording(bytes) }));
    expect(night.secrets.length).toBeGreaterThan(600);
    expect(leaks(written, night.secrets)).toEqual([]);
  });

  test("decides otherwise as soon as one rule does, and the first decision that differs is named", () => {
    const hasty: Build = {
      ...thisBuild,
      name: "hasty",
      stepStation(was, input, context) {
        const step = thisBuild.stepStation(was, input, context);
        const refuses = step.effects.some((effect) => effect.do === "record" && effect.record.kind === "door-refused");
        return refuses ? { ...step, effects: [] } : step;
      },
    };
    const { difference } = compareBuilds(recording, thisBuild, hasty);
    expect(difference).toMatchObject({ what: "effects", other: [] });
    expect(JSON.stringify(difference?.one)).toContain("door-refused");
    expect(replay(recording, hasty).difference).toMatchObject({ step: difference?.step, what: "effects", other: [] });
    expect(compareBuilds(recording, thisBuild, thisBuild).difference).toBeUndefined();
  });

  test("shows a rule about levels that changed, though every effect stays the same", () => {
    const careless: Build = {
      ...thisBuild,
      name: "careless",
      grantLevels(state, input, context) {
        const { levels, removed } = thisBuild.grantLevels(state, input, context);
        return { levels, removed: removed.filter(({ reason }) => reason !== "smoke") };
      },
    };
    expect(replay(recording, careless).difference).toMatchObject({ what: "removed" });
    expect(compareBuilds(recording, thisBuild, careless).difference).toMatchObject({ what: "removed", other: [] });
  });
});
