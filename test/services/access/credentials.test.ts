/** What a credential is good for, how often, and what is written of it: cards, visitors, codes, and tries that are nobody's fault. */
import { describe, expect, test } from "vitest";
import { type AccessDurable, emptyAccess, foldAccess } from "../../../services/access/durable.ts";
import { noTries } from "../../../services/access/tries.ts";
import { usedMax } from "../../../services/access/used.ts";
import { type AtTheDoor, atTheDoor, configOf, issuer, listOf, NOW, sha256, tokenAt, withList } from "./at-the-door.ts";

const digits = "12345678";
const visitor = { id: "v1", code: sha256(digits), door: "front", from: NOW, until: NOW + 3_600_000 };
const listed = (list: object, config: object = {}) => {
  const door = atTheDoor({ config: configOf({ ...withList, ...config }) });
  door.list(listOf(list));
  return door;
};
const carded = (more: object = {}, config: object = {}) =>
  listed({ cards: [{ card: sha256("red"), member: "m-1", ...more }] }, config);
const granted = (door: AtTheDoor) =>
  door.log.map(({ record }) => record).filter((record) => record.kind === "door-granted");
const mode = (door: AtTheDoor, to: "open" | "closed" | "lockdown" | undefined) =>
  door.order({ verb: "door-mode", door: "front", mode: to, until: undefined, request: "r-1" });

describe("the record of a decision", () => {
  test("of a code names reader, member and use, and nothing that is not known", () => {
    const door = atTheDoor();
    door.show(tokenAt(NOW, { jti: "jti-000x" }));
    expect(granted(door)).toStrictEqual([
      {
        kind: "door-granted",
        door: "front",
        decision: 1,
        by: "token",
        reader: "outside",
        member: "m-0042",
        uses: { name: `token:${issuer.kid}:jti-000x`, untilMs: NOW + 12_000 + 5_000 },
        signedMs: NOW,
        knownMs: NOW,
      },
    ]);
  });

  test("of a visitor names the use and no member", () => {
    const door = listed({ visitorCodes: [visitor] });
    expect(door.show(digits)).toBe("welcome");
    expect(granted(door)).toStrictEqual([
      {
        kind: "door-granted",
        door: "front",
        decision: 1,
        by: "visitor",
        reader: "outside",
        uses: { name: "visitor:v1", untilMs: visitor.until + 5_000 },
        knownMs: NOW,
      },
    ]);
    door.wait(6_000);
    expect(door.show(digits)).toBe("already-used");
  });

  test("of a card names the member, and of an operator the request and no reader", () => {
    const door = carded();
    expect(door.card("red")).toBe("welcome");
    const base = { kind: "door-granted", door: "front", knownMs: NOW };
    expect(granted(door)).toStrictEqual([{ ...base, decision: 1, by: "card", reader: "outside", member: "m-1" }]);
    const desk = atTheDoor();
    const request = { verb: "open-door", request: "op-1", door: "front", untilMs: desk.clock.monotonicMs } as const;
    expect(desk.order(request)).toBe("ok");
    expect(granted(desk)).toStrictEqual([{ ...base, decision: 1, by: "operator", request: "op-1" }]);
    expect(desk.heard.filter((effect) => effect.do === "answer")).toEqual([]);
  });

  test("of a refusal names door, reader and reason; a reader that refuses on and on is written ten times, then once in 12 s", () => {
    const door = atTheDoor();
    door.show("x");
    expect(door.log.at(-1)?.record).toStrictEqual({
      kind: "door-refused",
      door: "front",
      reader: "outside",
      reason: "unreadable",
    });
    for (let n = 0; n < 20; n++) door.show(`x${n}`);
    const refusals = () => door.kinds().filter((kind) => kind === "door-refused").length;
    expect(refusals()).toBe(10);
    door.wait(12_000);
    door.show("y");
    door.show("z");
    expect(refusals()).toBe(11);
  });
});

describe("a card", () => {
  test("is good until its last millisecond, and without an end for ever", () => {
    const until = (more: object) => carded(more).card("red");
    expect([until({ until: NOW }), until({ until: NOW - 1 }), until({})]).toEqual(["welcome", "expired", "welcome"]);
  });

  test("proves itself by a challenge of its own, and one that failed uses none up", () => {
    expect(carded().card("red", "answered", "")).toBe("already-used");
    expect([carded().card("red", "none"), carded().card("red", "failed")]).toEqual([
      "challenge-required",
      "challenge-failed",
    ]);
    const door = carded();
    expect(door.card("red", "failed", "n-1")).toBe("challenge-failed");
    door.wait(3_000);
    expect(door.card("red", "answered", "n-1")).toBe("welcome");
    door.wait(6_000);
    expect(door.card("red", "answered", "n-1")).toBe("already-used");
  });

  test("is nothing without a list, and nothing when it or its member is revoked", () => {
    expect(atTheDoor().card("red")).toBe("list-too-old");
    const cards = [{ card: sha256("red"), member: "m-1" }];
    expect(listed({ cards, revokedCards: [sha256("red")] }).card("red")).toBe("card-revoked");
    expect(listed({ cards, revokedMembers: ["m-1"] }).card("red")).toBe("member-revoked");
    expect(listed({ cards }).card("blue")).toBe("unknown-card");
  });

  test("lets staff in where a member and a visitor are kept out", () => {
    const closed = (door: AtTheDoor) => {
      mode(door, "closed");
      return door;
    };
    expect(closed(carded()).card("red")).toBe("staff-only");
    expect(closed(carded({ role: "staff" })).card("red")).toBe("welcome");
    expect(closed(listed({ visitorCodes: [visitor] })).show(digits)).toBe("staff-only");
  });
});

describe("a member who came in", () => {
  const antiPassbackMs = 60_000;
  const again = (afterMs: number, config: object = { antiPassbackMs }) => {
    const door = carded({}, config);
    door.card("red");
    door.wait(afterMs);
    return door.card("red");
  };

  test("is not let in again within the time that is set, and to the millisecond after it", () => {
    expect([again(antiPassbackMs - 1), again(antiPassbackMs), again(6_000, {})]).toEqual([
      "came-in-already",
      "welcome",
      "welcome",
    ]);
  });

  test("in the same instant came in already; later than now is nothing that is known, and a visitor is nobody", () => {
    const cameIn = (atMs: number): AccessDurable => ({ ...emptyAccess, cameIn: { "m-1": atMs, undefined: NOW } });
    const shown = (atMs: number) => {
      const door = atTheDoor({ config: configOf({ ...withList, antiPassbackMs }), durable: cameIn(atMs) });
      door.list(listOf({ cards: [{ card: sha256("red"), member: "m-1" }], visitorCodes: [visitor] }));
      return [door.card("red"), door];
    };
    expect(shown(NOW)[0]).toBe("came-in-already");
    expect(shown(NOW + 1)[0]).toBe("welcome");
    const [, door] = shown(NOW);
    expect((door as AtTheDoor).show(digits)).toBe("welcome");
  });
});

describe("a try that is not the fault of whoever stands there", () => {
  const doors = [{ id: "front", interlockWith: "back" }, { id: "back" }];
  const full = Object.fromEntries(Array.from({ length: usedMax }, (_unused, n) => [`n-${n}`, NOW + 1e9]));
  type Row = readonly [
    reason: string,
    door: () => AtTheDoor,
    begin: (door: AtTheDoor) => void,
    end: (door: AtTheDoor) => void,
  ];
  const nothing = () => {};
  const rows: readonly Row[] = [
    ["lockdown", atTheDoor, (door) => mode(door, "lockdown"), (door) => mode(door, undefined)],
    ["staff-only", atTheDoor, (door) => mode(door, "closed"), (door) => mode(door, undefined)],
    ["fire", atTheDoor, (door) => door.setFire(true), (door) => door.setFire(false)],
    [
      "other-door-open",
      () => atTheDoor({ config: configOf({ doors }) }),
      (door) => Object.assign(door.contacts.back ?? {}, { shut: false }),
      (door) => Object.assign(door.contacts.back ?? {}, { shut: true }),
    ],
    [
      "busy",
      atTheDoor,
      (door) => {
        door.setDisk("hangs");
        door.show(tokenAt(NOW));
      },
      (door) => {
        door.setDisk("writes");
        door.wait(5_001);
      },
    ],
    [
      "came-in-already",
      () => atTheDoor({ config: configOf({ antiPassbackMs: 10_000 }) }),
      (door) => {
        door.show(tokenAt(NOW));
      },
      (door) => door.wait(10_001),
    ],
    ["memory-full", () => atTheDoor({ durable: { ...emptyAccess, used: full } }), nothing, nothing],
    [
      "clock-unsynchronised",
      () => atTheDoor({ synchronised: false, wallMs: NOW - 60_000 }),
      nothing,
      (door) => Object.assign(door.clock, { synchronised: true, wallMs: NOW }),
    ],
    ["list-too-old", () => atTheDoor({ config: configOf(withList) }), nothing, (door) => door.list(listOf({}))],
  ];

  test.each(rows)("because of %s does not close the reader", (reason, made, begin, end) => {
    const door = made();
    begin(door);
    const answers = Array.from({ length: 8 }, () => door.show(tokenAt(NOW)));
    expect(answers).toEqual(new Array(8).fill(reason));
    end(door);
    const after = door.show(tokenAt(door.clock.wallMs));
    expect(after).toBe(reason === "memory-full" ? reason : "welcome");
    expect(door.state().readers.outside?.tries).toEqual(noTries);
  });

  test("is told from a wrong one, of which five close the reader", () => {
    const door = atTheDoor();
    const answers = Array.from({ length: 6 }, (_unused, n) => door.show(`wrong-${n}`));
    expect(answers).toEqual([...new Array(5).fill("unreadable"), "too-many-tries"]);
    expect(noTries).toEqual({ wrong: [], blockedUntilMs: 0, pauses: 0 });
  });

  test("is the same thing read again within three seconds of the last time, and is not answered", () => {
    const door = atTheDoor();
    expect([door.show("x"), door.show("x")]).toEqual(["unreadable", undefined]);
    door.wait(2_999);
    expect(door.show("x")).toBeUndefined();
    door.wait(3_000);
    expect(door.show("x")).toBe("unreadable");
  });
});

describe("what a restart remembers", () => {
  const grant = (decision: number, more: object = {}) =>
    ({ kind: "door-granted", door: "front", decision, by: "card", knownMs: 5, ...more }) as const;

  test("begins with nothing", () => {
    expect(emptyAccess).toEqual({
      floorMs: 0,
      used: {},
      list: { version: 0, digest: "" },
      orders: {},
      forced: {},
      cameIn: {},
      inside: 0,
      nextDecision: 1,
    });
  });

  test("is the number behind the highest decision, whatever order they are read in", () => {
    const once = foldAccess(emptyAccess, grant(5), 0);
    expect([once.nextDecision, foldAccess(once, grant(2), 0).nextDecision]).toEqual([6, 6]);
    expect([once.used, once.cameIn]).toEqual([emptyAccess.used, emptyAccess.cameIn]);
  });

  test("is when a door was forced first, and the newest signed time", () => {
    const forced = foldAccess(emptyAccess, { kind: "door-forced", door: "front" }, 7);
    expect(foldAccess(forced, { kind: "door-forced", door: "front" }, 9).forced).toEqual({ front: 7 });
    const later = foldAccess(emptyAccess, { kind: "access-time", floorMs: 9 }, 0);
    expect(later.floorMs).toBe(9);
    expect(foldAccess(later, { kind: "access-time", floorMs: 9 }, 0)).toBe(later);
    expect(foldAccess(later, { kind: "access-time", floorMs: 8 }, 0)).toBe(later);
  });

  test("is who came in last, five hundred of them, in the order they came", () => {
    let was = emptyAccess;
    for (let n = 0; n < 501; n++) was = foldAccess(was, grant(n, { member: `m-${n}`, knownMs: n }), 0);
    expect(Object.keys(was.cameIn)).toHaveLength(500);
    expect([was.cameIn["m-0"], was.cameIn["m-1"], was.cameIn["m-500"]]).toEqual([undefined, 1, 500]);
  });

  test("is no time where nobody ever signed one, however long it runs", () => {
    const door = atTheDoor();
    for (let n = 0; n < 3; n++) door.wait(3_600_000);
    expect(door.kinds()).not.toContain("access-time");
    expect(door.send({ type: "grant-due", door: "cellar", decision: 1 })).toEqual([]);
    expect(atTheDoor({ config: configOf({ ...withList, doors: [], readers: [] }) }).faults()).toEqual([]);
  });
});
