/** Codes for visitors: whose door, whose hours, and never without a clock that is sure. */
import { describe, expect, test } from "vitest";
import { atTheDoor, configOf, listOf, NOW, sha256, withList } from "./at-the-door.ts";

const hourMs = 3_600_000;
const visitor = { id: "v1", code: sha256("12345678"), door: "front", from: NOW, until: NOW + hourMs };
const { skewMs } = configOf();

function shown(more: object, afterMs = 0, synchronised = true): string | undefined {
  const door = atTheDoor({ config: configOf(withList) });
  door.list(listOf({ visitorCodes: [{ ...visitor, ...more }] }));
  door.clock.synchronised = synchronised;
  door.wait(afterMs);
  return door.show("12345678");
}

describe("a visitor's code", () => {
  test.each<[string, object, number, string]>([
    ["of this door, in its hours", {}, 0, "welcome"],
    ["that nobody listed", { code: sha256("87654321") }, 0, "unknown-code"],
    ["of another door", { door: "back" }, 0, "wrong-door"],
    ["before its hours", { from: NOW + hourMs / 2 }, 0, "not-yet-valid"],
    ["as early as clocks may differ", { from: NOW + skewMs }, 0, "welcome"],
    ["after its hours", { until: NOW + 1_000 }, 1_001 + skewMs, "expired"],
  ])("%s", (_says, more, afterMs, answer) => {
    expect(shown(more, afterMs)).toBe(answer);
  });

  test("opens nothing while the clock is not confirmed, because its hours are all that it has", () => {
    expect(shown({}, 0, false)).toBe("clock-unsynchronised");
  });

  test("is eight to twelve digits; anything else is taken for a signed code", () => {
    const door = atTheDoor({ config: configOf(withList) });
    door.list(listOf({}));
    const answers = ["1234567", "12345678", "123456789012", "1234567890123", "1234567x", "x12345678", "12345678x"].map(
      (text) => {
        const fresh = atTheDoor({ config: configOf(withList) });
        fresh.list(listOf({}));
        return fresh.show(text);
      },
    );
    expect(answers).toEqual(["unreadable", "unknown-code", "unknown-code", ...new Array(4).fill("unreadable")]);
  });
});

describe("a list heard again", () => {
  test("is no younger for it, and is not written down twice", () => {
    const door = atTheDoor({ config: configOf(withList) });
    const text = listOf({ version: 3 });
    door.list(text);
    const first = door.state().list;
    door.wait(hourMs);
    expect(door.list(text)).toEqual([]);
    expect(door.state().list).toBe(first);
    const after = door.list(listOf({ version: 4 }));
    expect(after.map((effect) => effect.do)).toEqual(["record", "keep-list"]);
    expect(door.log.at(-1)?.record).toMatchObject({ kind: "access-list-accepted", version: 4 });
  });

  test("after a restart is taken up again from what was kept, without another record", () => {
    const door = atTheDoor({ config: configOf(withList) });
    const text = listOf({ version: 3 });
    door.list(text);
    door.restart();
    const records = door.log.length;
    expect(door.list(text)).toEqual([]);
    expect([door.state().list?.version, door.log.length]).toEqual([3, records]);
  });

  test("says of each member what that one may take, everything of one together", () => {
    const door = atTheDoor({ config: configOf(withList) });
    const may = (id: string, member: string) => ({ name: id, member, until: NOW + hourMs });
    const code = { code: sha256("7"), member: "m-1" };
    door.list(listOf({ entitlements: [may("tea", "m-1"), may("tea", "m-2"), may("gift", "m-1")], codes: [code] }));
    const list = door.state().list;
    expect([...(list?.entitlements ?? [])].map(([member, all]) => [member, all.map((one) => one.name)])).toEqual([
      ["m-1", ["tea", "gift"]],
      ["m-2", ["tea"]],
    ]);
    expect(list?.codes.get(sha256("7"))?.member).toBe("m-1");
  });
});

describe("the doors of a chamber", () => {
  test.each([
    ["the first names the second", [{ id: "front", interlockWith: "inner" }, { id: "inner" }]],
    ["the second names the first", [{ id: "front" }, { id: "inner", interlockWith: "front" }]],
  ])("are a pair when %s", (_says, doors) => {
    const door = atTheDoor({ config: configOf({ doors }) });
    const ask = (request: string) => door.order({ verb: "open-door", request, door: "front", untilMs: 2_000_000 });
    const inner = door.contacts.inner;
    if (inner === undefined) throw new Error("there is no inner door");
    inner.shut = false;
    door.tick();
    expect(ask("op-1")).toBe("other-door-open");
    inner.shut = true;
    door.tick();
    expect(ask("op-2")).toBe("ok");
  });
});
