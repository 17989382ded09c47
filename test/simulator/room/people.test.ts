import { describe, expect, test } from "vitest";
import { verifyEd25519 } from "../../../firmware/config/ed25519.ts";
import { credentialDigest } from "../../../firmware/config/hash.ts";
import { proveCard, type ShownCard } from "../../../firmware/runner/card-proof.ts";
import { AccessConfig } from "../../../services/access/config.ts";
import { judgeList } from "../../../services/access/list.ts";
import { judgeToken } from "../../../services/access/token.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { createRandom } from "../../../simulator/random.ts";
import { copiedCard, foreignCard, memberCard } from "../../../simulator/room/cards.ts";
import { createIssuer, simulatedAuthority, simulatedIssuer } from "../../../simulator/room/issuer.ts";
import { Office } from "../../../simulator/room/office.ts";
import type { SimulatedCard } from "../../../simulator/wires/card-reader.ts";
import { createWorld } from "../../../simulator/world.ts";
import { exampleRoom } from "./room-bench.ts";

const noon = Date.parse("2026-01-15T12:00:00+08:00");

/** The example room with people, and a puppet that unlocks, or does not, for whoever shows what is good. */
function dayWith(unlocks: boolean, seed = "people") {
  const config = exampleRoom();
  const clock = createVirtualClock({ wallStartMs: noon });
  const world = createWorld({
    config: config.file,
    room: config.station.room,
    clock,
    random: createRandom(seed),
    options: {
      credentials: Array.from({ length: 50 }, (_unused, rider) => `code-${rider}`),
      arrivalsPerDay: 0,
      weather: { fixedC: 15 },
      room: { visitsPerDay: 200, troublesPerDay: 0 },
    },
  });
  const scene = world.room;
  if (scene === undefined) throw new Error("the example has no room");
  const strike = scene.room.circuits.sink("door/front/strike");
  world.onTruth((event) => {
    if (event.type !== "room-shown" || !event.reader.startsWith("front")) return;
    const { reader, good } = event;
    clock.after(100, () => {
      strike(good && unlocks);
      scene.say(reader, good && unlocks ? "door-welcome" : "staff-only");
      clock.after(5_000, () => strike(false));
    });
  });
  world.start();
  clock.runUntil(12 * 3_600_000);
  return { book: scene.book, room: scene.room };
}

describe("people", () => {
  test("come in by a good code, stay, and leave by the handle; nobody is lost", () => {
    const { book, room } = dayWith(true);
    expect(book.letIn).toBeGreaterThan(50);
    expect(book.exits + room.people).toBeGreaterThanOrEqual(book.letIn - 1);
    expect(book.exitsLate).toBe(0);
    expect(book.notLetIn).toBeGreaterThan(0);
    expect(book.warmMinutes).toBeGreaterThan(0);
  });

  test("leave again when nothing opens, in words", () => {
    const { book, room } = dayWith(false);
    expect(book).toMatchObject({ letIn: 0, exits: 0 });
    expect(book.notLetIn).toBeGreaterThan(50);
    expect(room.people).toBe(0);
    expect(book.refusals["staff-only"]).toBeGreaterThan(100);
  });

  test("do the same with the same seed", () => {
    expect(dayWith(true, "one").book).toEqual(dayWith(true, "one").book);
    expect(dayWith(true, "one").book).not.toEqual(dayWith(true, "two").book);
  });
});

const issuer = createIssuer("seed");

test("the phones' codes are good for their door, and the forger's are not", () => {
  const context = {
    audience: "room-1/front",
    time: { floorMs: 0, nowMs: noon, synchronised: true, behind: false },
    keyOf: (kid: string) => (kid === simulatedIssuer ? { kid, publicKey: issuer.publicKey } : undefined),
    isRevokedKey: () => false,
    verify: verifyEd25519,
    tokenLifeMsMax: 15_000,
    skewMs: 2_000,
    unsynchronisedLeapMs: 0,
  };
  const signed = { station: "room-1", door: "front", member: "m-0001", jti: "visit-00001", nowMs: noon };
  expect(judgeToken(issuer.code(signed), context)).toMatchObject({ member: "m-0001", role: "member" });
  expect(judgeToken(issuer.forged(signed), context)).toBe("bad-signature");
  expect(judgeToken(issuer.code({ ...signed, station: "elsewhere" }), context)).toBe("wrong-door");
  expect(judgeToken(issuer.code({ ...signed, nowMs: noon - 120_000 }), context)).toBe("expired");
});

describe("the office", () => {
  function officeBench() {
    const clock = createVirtualClock({ wallStartMs: noon });
    const members = Array.from({ length: 30 }, (_unused, at) => `m-${at}`);
    const random = createRandom("office");
    const office = new Office({ issuer, station: "room-1", door: "front", clock, random, seed: "seed", members });
    const texts: string[] = [];
    office.publish = (text) => texts.push(text);
    office.start();
    clock.runUntil(10_000);
    return { clock, office, members, texts };
  }

  test("signs a list that the door takes, with everything in it", () => {
    const { texts } = officeBench();
    const text = texts[0] ?? "";
    const judged = judgeList(
      { text, digest: credentialDigest(text) },
      {
        station: "room-1",
        config: AccessConfig.parse({ authorities: [{ kid: simulatedAuthority, publicKey: issuer.authorityKey }] }),
        verify: verifyEd25519,
        time: { floorMs: 0, nowMs: noon + 10_000, synchronised: true, behind: false },
        monotonicMs: 10_000,
        known: { version: 0, digest: "" },
      },
    );
    expect(judged).toMatchObject({ version: 2 });
    if (typeof judged === "string") return;
    expect(judged.revokedMembers.size).toBeGreaterThan(1);
    expect(judged.cards.size).toBe(30);
    expect(judged.visitorCodes.size).toBe(6);
  });

  test("holds a station to a revocation only after it had time to hear of it", () => {
    const { office, members, clock } = officeBench();
    const revoked = (upMs: number) => members.filter((member) => office.isRevoked(member, upMs));
    expect(revoked(1e9)).toEqual([]);
    clock.runUntil(200_000);
    expect(revoked(1_000)).toEqual([]);
    expect(revoked(1e9).length).toBeGreaterThan(1);
  });

  test("gives each visitor code once", () => {
    const { office } = officeBench();
    const codes = Array.from({ length: 7 }, () => office.visitorCode());
    expect(new Set(codes).size).toBe(7);
    expect(codes[6]).toBeUndefined();
    expect(codes[0]).toMatch(/^\d{8}$/);
  });
});

describe("cards", () => {
  function proof(card: SimulatedCard): ShownCard | undefined {
    let told: ShownCard | undefined;
    let step = 0;
    proveCard(
      { uid: card.uid, uidFixed: true, speaks: card.answer !== undefined },
      (_card, command, done) => {
        const answer = card.answer?.(command, step++);
        done(answer === undefined ? { is: "mute" } : { is: "answered", answer });
      },
      { digest: credentialDigest, verify: verifyEd25519, random: createRandom("reader") },
      (shown) => {
        told = shown;
      },
    );
    return told;
  }

  test("a member's card proves itself; a copy cannot, and another key is somebody else", () => {
    const { card, identity } = memberCard("seed", "m-0001");
    expect(proof(card)).toMatchObject({ challenge: "answered", card: identity });
    expect(proof(copiedCard("m-0001"))).toMatchObject({ challenge: "none" });
    const foreign = proof(foreignCard("seed", "m-0001"));
    expect(foreign?.challenge).toBe("answered");
    expect(foreign?.card).not.toBe(identity);
  });
});
