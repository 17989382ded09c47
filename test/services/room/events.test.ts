/** What the outside hears of the room: every record has its event or is nobody's business, and no event says who somebody is. */
import { describe, expect, test } from "vitest";
import { EventData, eventTypes } from "../../../services/contract/event-payloads.ts";
import { memberMark } from "../../../services/contract/publication.ts";
import { schemaProblem } from "../../../services/contract/topics.ts";
import { emptyDurable } from "../../../services/journal/durable.ts";
import { publicationOf } from "../../../services/publication.ts";
import type { RoomRecord } from "../../../services/room/records.ts";

const member = "m-20731";
const mark = memberMark(member);
const entitlement = "gift-2026-spring-20731";
const asker = { request: "op-1", key: "ling", role: "supervisor" } as const;

type Told = readonly [record: RoomRecord, shown: string | undefined, data?: object];

const told: readonly Told[] = [
  [
    {
      kind: "door-granted",
      door: "front",
      decision: 7,
      by: "token",
      reader: "qr",
      member,
      uses: { name: "phone/secret-jti", untilMs: 5 },
      signedMs: 3,
      knownMs: 4,
    },
    "door/granted",
    { door: "front", decision: 7, way: "token", reader: "qr", member: mark },
  ],
  [
    { kind: "door-granted", door: "front", decision: 8, by: "operator", request: "op-1", knownMs: 4 },
    "door/granted",
    { door: "front", decision: 8, way: "operator", request: "op-1" },
  ],
  [
    { kind: "door-grant-ended", door: "front", decision: 7, used: true },
    "door/entered",
    { door: "front", decision: 7 },
  ],
  [{ kind: "door-grant-ended", door: "front", decision: 8, used: false }, "door/not-entered"],
  [
    { kind: "door-refused", door: "front", reader: "qr", reason: "wrong-door", member },
    "door/refused",
    { door: "front", reader: "qr", reason: "wrong-door", member: mark },
  ],
  [{ kind: "door-left", door: "front" }, "door/left", { door: "front" }],
  [{ kind: "door-forced", door: "front" }, "door/forced", { door: "front" }],
  [{ kind: "door-forced-cleared", door: "front", ...asker }, "door/forced-cleared", { door: "front", ...asker }],
  [
    { kind: "door-mode-ordered", door: "front", mode: "closed", until: 1_769_836_200_000, ...asker },
    "door/mode-ordered",
    { door: "front", mode: "closed", until: "2026-01-31T05:10:00.000Z", ...asker },
  ],
  [
    { kind: "door-mode-ordered", door: "front", mode: undefined, until: undefined, ...asker },
    "door/mode-ordered",
    { door: "front", mode: "schedule", ...asker },
  ],
  [{ kind: "occupancy-set", count: 4, ...asker }, "door/occupancy-set", { inside: 4, ...asker }],
  [{ kind: "access-list-accepted", version: 41, digest: "d", issuedAt: 5 }, "door/list-accepted", { version: "41" }],
  [{ kind: "access-list-refused", reason: "list-not-newer" }, "door/list-refused", { reason: "list-not-newer" }],
  [{ kind: "access-time", floorMs: 5 }, undefined],
  [{ kind: "climate-latched", why: "welded" }, "climate/latched", { reason: "welded" }],
  [{ kind: "climate-reset", by: member }, "climate/reset", { member: mark }],
  [{ kind: "climate-mode", mode: "frost-only", by: "desk" }, "climate/mode-set", { mode: "frost-only", by: "desk" }],
  [{ kind: "fridge-released", id: "d-1", member, date: "2026-01-31" }, "fridge/released", { member: mark }],
  [{ kind: "fridge-not-taken", id: "d-1", member, date: "2026-01-31" }, "fridge/not-taken", { member: mark }],
  [{ kind: "fridge-restocked", count: 48, by: "desk" }, "fridge/restocked", { left: 48, by: "desk" }],
  [{ kind: "fridge-restock-wanted", left: 9 }, "fridge/restock-wanted", { left: 9 }],
  [{ kind: "fridge-blocked", aboveMs: 14_400_000.4 }, "fridge/blocked", { aboveMs: 14_400_000 }],
  [{ kind: "fridge-logged", aboveMs: 0, addedWh: 4, warm: false }, undefined],
  [{ kind: "service-opened", at: "fridge", by: member }, "fridge/opened-for-service", { member: mark }],
  [
    { kind: "service-refused", at: "fridge", reason: "fridge-quota", member },
    "fridge/refused",
    { reason: "fridge-quota", member: mark },
  ],
  [
    { kind: "service-refused", at: "phones", reason: "lockers-full" },
    "amenity/refused",
    { amenity: "phones", reason: "lockers-full" },
  ],
  [{ kind: "amenity-used", id: "oven", use: "outlet" }, "amenity/used", { amenity: "oven" }],
  [{ kind: "amenity-latched", id: "tea", why: "leak" }, "amenity/latched", { amenity: "tea", reason: "leak" }],
  [{ kind: "amenity-reset", id: "tea", by: member }, "amenity/reset", { amenity: "tea", member: mark }],
  [
    { kind: "locker-assigned", id: "phones", locker: 2, member },
    "amenity/locker-assigned",
    { amenity: "phones", locker: 2, member: mark },
  ],
  [{ kind: "locker-released", id: "phones", locker: 2 }, "amenity/locker-released", { amenity: "phones", locker: 2 }],
  [{ kind: "gift-filled", id: "gifts", locker: 1 }, "amenity/gift-filled", { amenity: "gifts", locker: 1 }],
  [{ kind: "gift-given", id: "gifts", locker: 1, entitlement }, "amenity/gift-given", { amenity: "gifts", locker: 1 }],
  [{ kind: "gift-kept", id: "gifts", locker: 1, entitlement }, "amenity/gift-kept", { amenity: "gifts", locker: 1 }],
  [{ kind: "rescue-opened", id: "aid" }, "amenity/rescue-opened", { amenity: "aid" }],
  [{ kind: "aed-taken", id: "aid" }, "amenity/aed-taken", { amenity: "aid" }],
  [{ kind: "aed-returned", id: "aid" }, "amenity/aed-returned", { amenity: "aid" }],
  [{ kind: "help-called", id: "sos" }, "help/called", { amenity: "sos" }],
  [{ kind: "help-answered", id: "sos", by: "desk" }, "help/answered", { amenity: "sos", by: "desk" }],
];

const rows = told.map(([record, shown, data]) => ({ record, shown, data }));

describe("every record of the room", () => {
  test.each(rows)("$record.kind has its event, or is nobody's business (%#)", ({ record, shown, data }) => {
    const publication = publicationOf(record, emptyDurable);
    expect(publication && `${publication.kind}/${publication.type}`).toBe(shown);
    if (data !== undefined) expect(publication?.data).toEqual(data);
  });

  test("is told in the words of the contract, in the stream of its kind", () => {
    for (const [record] of told) {
      const publication = publicationOf(record, emptyDurable);
      if (publication === undefined) continue;
      expect(eventTypes[publication.kind]).toContain(publication.type);
      expect(publication.stream).toBe(publication.kind);
      expect(schemaProblem(EventData, publication.data)).toBeUndefined();
    }
  });

  test("names no member, no credential and no entitlement", () => {
    const text = JSON.stringify(told.map(([record]) => publicationOf(record, emptyDurable)));
    expect(text).not.toContain(member);
    expect(text).not.toContain(entitlement);
    expect(text).not.toContain("secret-jti");
  });

  test("of every kind of event was shown here at least once", () => {
    const types = new Set(told.map(([, shown]) => shown));
    for (const kind of ["door", "climate", "fridge", "amenity", "help"] as const)
      for (const type of eventTypes[kind]) expect(types, `${kind}/${type}`).toContain(`${kind}/${type}`);
  });
});
