import { describe, expect, test } from "vitest";
import { AccessConfig } from "../../../services/access/config.ts";
import { configOf, listOf, NOW, sha256, withList } from "../access/at-the-door.ts";
import { RoomBench, roomConfig } from "./room-bench.ts";

const hour = 3_600_000;
const rules = roomConfig({ access: AccessConfig.parse(configOf(withList)) });

/** A list that is heard now: a guest of another station, and care packages for both. */
function hear(bench: RoomBench, more: object = {}): void {
  const text = listOf({
    codes: [{ code: sha256("guest"), member: "m-guest" }],
    entitlements: [
      { name: "winter-1", member: "m-1", until: NOW + 100 * hour },
      { name: "winter-2", member: "m-guest", until: NOW + 100 * hour },
    ],
    ...more,
  });
  bench.send({ type: "access-list", text, digest: sha256(text) });
}

function filled(): RoomBench {
  const bench = new RoomBench(rules);
  for (const locker of [1, 2]) bench.disk.push({ record: { kind: "gift-filled", id: "gifts", locker }, at: NOW });
  bench.restart();
  hear(bench);
  return bench;
}

const opened = (bench: RoomBench): string[] =>
  Object.entries(bench.levels().amenities.gifts ?? {}).flatMap(([output, on]) => (on === true ? [output] : []));

describe("a care package", () => {
  test("is handed out to whoever it is for, once, and its locker opens when that is written down", () => {
    const bench = filled();
    bench.show("gifts-reader", "code-1");
    expect(opened(bench)).toEqual(["lock-1"]);
    expect(bench.disk.at(-1)?.record).toEqual({ kind: "gift-given", id: "gifts", locker: 1, entitlement: "winter-1" });
    bench.pass(2_000);
    expect(opened(bench)).toEqual([]);
    bench.show("gifts-reader", "code-1");
    expect(bench.says).toEqual(["gift-take", "gift-taken"]);
  });

  test("stays where it is when the code was shown to a station that stood still; whoever is there shows it again", () => {
    const bench = filled();
    const digest = sha256("code-1");
    bench.send({ type: "room-code", reader: "gifts-reader", text: "code-1", digest, late: true });
    bench.send({
      type: "room-card",
      reader: "gifts-reader",
      card: digest,
      challenge: "answered",
      nonce: "n",
      late: true,
    });
    expect([opened(bench), bench.says]).toEqual([[], ["show-again", "show-again"]]);
    bench.show("gifts-reader", "code-1");
    expect(opened(bench)).toEqual(["lock-1"]);
  });

  test("is handed out to a member of another station as well, whom only the list knows", () => {
    const bench = filled();
    bench.show("gifts-reader", "guest");
    expect(bench.says).toEqual(["gift-take"]);
    bench.pass(2_000);
    bench.show("fridge-reader", "guest");
    expect(bench.says).toEqual(["gift-take", "drink-taken"]);
  });

  test("of whoever comes while another locker is opening is not used up: they hear so, and get it after", () => {
    const bench = filled();
    bench.show("gifts-reader", "code-1");
    bench.show("gifts-reader", "guest");
    expect(bench.says).toEqual(["gift-take", "lockers-busy"]);
    expect(opened(bench)).toEqual(["lock-1"]);
    bench.pass(2_000);
    bench.show("gifts-reader", "guest");
    expect([opened(bench), bench.says.at(-1)]).toEqual([["lock-2"], "gift-take"]);
  });

  test("is not handed out a second time by another row of lockers", () => {
    const { readers, amenities } = rules;
    const gifts = amenities.filter(({ id }) => id === "gifts");
    const bench = new RoomBench({
      ...rules,
      amenities: [...amenities, ...gifts.map((row) => ({ ...row, id: "more-gifts" }))],
      readers: [...readers, { id: "more-reader", place: { at: "amenity", amenity: "more-gifts" } }],
    });
    for (const id of ["gifts", "more-gifts"])
      bench.disk.push({ record: { kind: "gift-filled", id, locker: 1 }, at: NOW });
    bench.restart();
    hear(bench);
    bench.show("gifts-reader", "code-1");
    bench.pass(2_000);
    bench.show("more-reader", "code-1");
    bench.show("more-reader", "guest");
    expect(bench.says).toEqual(["gift-take", "gift-taken", "gift-take"]);
  });

  test("stays where it is while nobody is entitled, or the disk does not take it down", () => {
    const bench = filled();
    bench.show("gifts-reader", "code-2");
    bench.diskDoes = "fails";
    bench.show("gifts-reader", "code-1");
    bench.pass(500);
    expect(opened(bench)).toEqual([]);
    expect(bench.says).toEqual(["gift-not-entitled", "not-written"]);
  });

  test.each(["fails", "hangs"] as const)(
    "that stayed in its locker because the disk %s is still its member's",
    (does) => {
      const bench = filled();
      bench.diskDoes = does;
      bench.show("gifts-reader", "code-1");
      bench.pass(6_000);
      bench.diskDoes = "writes";
      const turn = bench.state.amenities.gifts;
      if (turn?.kind === "lockers" && turn.turn !== undefined)
        bench.send({ type: "room-written", token: turn.turn.token });
      expect([opened(bench), bench.says]).toEqual([[], ["not-written"]]);
      expect(bench.durable.lockers.gifts).toMatchObject({ filled: [1, 2], given: [] });
      bench.show("gifts-reader", "code-1");
      expect([opened(bench), bench.says]).toEqual([["lock-1"], ["not-written", "gift-take"]]);
    },
  );

  test("is not given by a list that is too old, and a member of the file still gets a drink", () => {
    const bench = filled();
    bench.nowMs += 73 * hour;
    bench.wallMs += 73 * hour;
    bench.pass(2_000);
    for (const reader of ["gifts-reader", "fridge-reader"]) bench.show(reader, "code-1");
    bench.show("fridge-reader", "guest");
    expect(bench.says).toEqual(["gift-offline", "drink-taken", "list-too-old"]);
  });

  test("is given to a card that proved itself, and not to a copy of its number", () => {
    const bench = filled();
    hear(bench, { version: 2, issuedAt: NOW + 1, cards: [{ card: sha256("card"), member: "m-1" }] });
    const card = { type: "room-card", reader: "gifts-reader", card: sha256("card"), nonce: "n" } as const;
    bench.send({ ...card, challenge: "none" });
    bench.send({ ...card, challenge: "failed" });
    expect(opened(bench)).toEqual([]);
    bench.send({ ...card, challenge: "answered" });
    expect(bench.says).toEqual(["challenge-required", "challenge-failed", "gift-take"]);
  });

  test("is not given to a revoked member, who gets no drink either", () => {
    const bench = filled();
    hear(bench, { version: 2, issuedAt: NOW + 1, revokedMembers: ["m-1"] });
    for (const reader of ["gifts-reader", "fridge-reader"]) bench.show(reader, "code-1");
    expect(bench.says).toEqual(["member-revoked", "member-revoked"]);
  });

  test("is remembered as given over a power cut in the moment it was given", () => {
    const bench = filled();
    bench.show("gifts-reader", "code-1");
    bench.restart();
    hear(bench);
    bench.show("gifts-reader", "code-1");
    expect(bench.says.at(-1)).toBe("gift-taken");
    expect(opened(bench)).toEqual([]);
  });
});
