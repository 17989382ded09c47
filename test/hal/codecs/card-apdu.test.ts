import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CARD_CHALLENGE_BYTES,
  encodeChallenge,
  encodeSelectApplication,
  isApplicationSelected,
  parseCardProof,
} from "../../../hal/codecs/card-apdu.ts";
import { PN532_EXCHANGE_BYTES_MAX } from "../../../hal/codecs/pn532-cards.ts";
import { hexOf } from "./golden.ts";

const proof = Uint8Array.from({ length: 96 }, (_, at) => at);
const withStatus = (data: Uint8Array, high: number, low: number) => Uint8Array.of(...data, high, low);

describe("what a card is asked", () => {
  test("SELECT by name, and INTERNAL AUTHENTICATE with the challenge (ISO/IEC 7816-4)", () => {
    expect(hexOf(encodeSelectApplication())).toBe("00A4040007F079697A68616E00");
    expect(hexOf(encodeChallenge(Uint8Array.of(1, 2, 3)))).toBe("008800000301020300");
  });

  test("fits one exchange of the reader", () => {
    expect(encodeChallenge(new Uint8Array(CARD_CHALLENGE_BYTES)).length).toBeLessThan(PN532_EXCHANGE_BYTES_MAX);
  });
});

describe("what a card answers", () => {
  test("is the application when its status is 9000, and nothing else", () => {
    expect(isApplicationSelected(Uint8Array.of(0x90, 0x00))).toBe(true);
    expect(isApplicationSelected(Uint8Array.of(0x6f, 0x00, 0x90, 0x00))).toBe(true);
    for (const answer of [[], [0x90], [0x6a, 0x82], [0x90, 0x01]])
      expect(isApplicationSelected(Uint8Array.from(answer))).toBe(false);
  });

  test("is a proof of 96 bytes and the status 9000", () => {
    const parsed = parseCardProof(withStatus(proof, 0x90, 0x00));
    expect(parsed?.publicKey).toEqual(proof.slice(0, 32));
    expect(parsed?.signature).toEqual(proof.slice(32));
    expect(parseCardProof(withStatus(proof, 0x69, 0x82))).toBeUndefined();
  });

  test("is none in any other length, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 250 }), (data) => {
        fc.pre(data.length !== 96);
        expect(parseCardProof(withStatus(data, 0x90, 0x00))).toBeUndefined();
      }),
    );
  });
});
