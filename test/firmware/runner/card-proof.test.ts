/** Cards at a reader of the room: what each is worth, and what leaves of it. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { rawOf, verifyEd25519 } from "../../../firmware/config/ed25519.ts";
import { proveCard, type ShownCard, signedByCard } from "../../../firmware/runner/card-proof.ts";
import { hardwareEvents } from "../../../firmware/runner/hardware-events.ts";
import { CARD_CHALLENGE_BYTES } from "../../../hal/codecs/card-apdu.ts";
import type { StationEvent } from "../../../services/events.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { createRandom } from "../../../simulator/random.ts";
import { type FakeCard, fakeCardReader } from "../../support/fake-card-reader.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
const done = Uint8Array.of(0x90, 0x00);
const notFound = Uint8Array.of(0x6a, 0x82);
const own = generateKeyPairSync("ed25519");
const other = generateKeyPairSync("ed25519");

type Sign = (challenge: Uint8Array) => Uint8Array;

const proofOf = (signed: string, by = own, shown = own): Uint8Array =>
  Uint8Array.of(
    ...Buffer.from(rawOf(shown.publicKey), "base64url"),
    ...sign(null, Buffer.from(signed), by.privateKey),
    ...done,
  );
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const honest: Sign = (challenge) => proofOf(signedByCard(hexOf(challenge)));

/** A card with the application, which answers a challenge so. */
const speaking = (answerTo: Sign, selected = done): FakeCard => ({
  uid: "04416D412B0289",
  uidFixed: true,
  speaks: true,
  answer: (command) => (command[1] === 0xa4 ? selected : answerTo(command.subarray(5, 5 + CARD_CHALLENGE_BYTES))),
});

function show(card: FakeCard, seed = "cards"): ShownCard[] {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const reader = fakeCardReader(clock);
  const told: ShownCard[] = [];
  const tools = { digest, verify: verifyEd25519, random: createRandom(seed) };
  reader.watch((seen) =>
    proveCard(
      seen,
      (...asked) => reader.exchange(...asked),
      tools,
      (shown) => told.push(shown),
    ),
  );
  reader.hold(card);
  clock.runUntil(1_000);
  return told;
}

describe("a card", () => {
  test("that signs the challenge is known by its key, not by its number", () => {
    const [shown, ...more] = show(speaking(honest));
    expect(more).toEqual([]);
    expect(shown).toMatchObject({ card: digest(rawOf(own.publicKey)), challenge: "answered" });
    expect(shown?.nonce).toMatch(/^[0-9a-f]{32}$/);
  });

  test("is asked something else each time", () => {
    const nonces = ["a", "b", "c"].map((seed) => show(speaking(honest), seed)[0]?.nonce);
    expect(new Set(nonces).size).toBe(3);
  });

  test.each<[string, Sign]>([
    ["signs another challenge", () => proofOf(signedByCard("00".repeat(CARD_CHALLENGE_BYTES)))],
    ["signs the bare challenge", (challenge) => proofOf(hexOf(challenge))],
    ["shows a key that is not the one it signs with", (challenge) => proofOf(signedByCard(hexOf(challenge)), other)],
    ["answers too little", (challenge) => honest(challenge).subarray(1)],
    ["answers too much", (challenge) => Uint8Array.of(0, ...honest(challenge))],
    ["refuses", () => Uint8Array.of(0x69, 0x82)],
    ["answers nothing but its status", () => done],
  ])("that %s has failed", (_, answerTo) => {
    expect(show(speaking(answerTo))).toEqual([{ card: digest("04416d412b0289"), challenge: "failed", nonce: "" }]);
  });

  test("that speaks and has no such application is only a number", () => {
    expect(show(speaking(honest, notFound))).toEqual([
      { card: digest("04416d412b0289"), challenge: "none", nonce: "" },
    ]);
  });

  test("that goes silent in the middle has failed", () => {
    const mute = { ...speaking(honest), answer: (command: Uint8Array) => (command[1] === 0xa4 ? done : undefined) };
    expect(show(mute)).toMatchObject([{ challenge: "failed" }]);
  });

  test("that cannot be asked is only a number", () => {
    const plain = { uid: "04416D412B0289", uidFixed: true, speaks: false };
    expect(show(plain)).toEqual([{ card: digest("04416d412b0289"), challenge: "none", nonce: "" }]);
  });

  test("whose number is drawn anew names nobody, not even a card that has that number for good", () => {
    const [phone] = show({ uid: "08A1B2C3", uidFixed: false, speaks: false });
    const [card] = show({ uid: "08A1B2C3", uidFixed: true, speaks: false });
    expect(phone?.card).not.toBe(card?.card);
  });
});

describe("what a reader says to the core", () => {
  test("is the code with its digest, and the card as a digest; neither reaches a note", () => {
    const posted: StationEvent[] = [];
    const notes: unknown[] = [];
    const events = hardwareEvents(
      { note: (...said) => notes.push(said), digest, verify: verifyEd25519, random: createRandom("events") },
      { post: (event) => posted.push(event), bayChanged: () => undefined, roomChanged: () => undefined },
    );
    events.roomCode("front", "eyJ.secret.code");
    const card = { uid: "04416D412B0289", uidFixed: true, speaks: false };
    events.roomCard("front", card, (_card, _command, told) => told({ is: "mute" }));
    expect(posted).toEqual([
      { type: "room-code", reader: "front", text: "eyJ.secret.code", digest: digest("eyJ.secret.code") },
      { type: "room-card", reader: "front", card: digest("04416d412b0289"), challenge: "none", nonce: "" },
    ]);
    expect(notes).toEqual([]);
  });
});
