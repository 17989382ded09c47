import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DECODE_PROTOCOLS } from "../../firmware/cli/decode.ts";
import { encodeJbdReply } from "../../hal/codecs/jbd.ts";
import { hexOf } from "../hal/codecs/golden.ts";
import { decode } from "./decode-run.ts";

describe("any bytes at all", () => {
  const options = ["", "req", "resp", "event"].map((way) => (way === "" ? [] : ["--direction", way]));

  test("no input makes it throw, and every answer is JSON with the right exit code", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...DECODE_PROTOCOLS),
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        fc.constantFrom(...options),
        async (protocol, bytes, direction) => {
          const { exit, out, err } = await decode(protocol, hexOf(bytes), ...direction);
          expect([0, 1]).toContain(exit);
          if (exit === 0) JSON.parse(out);
          else expect(JSON.parse(err).error.message).not.toBe("");
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("a JBD reply with one byte changed is refused, but for the register, which the vendor's checksum leaves out", async () => {
    const reply = fc.uint8Array({ maxLength: 60 }).map((data) => encodeJbdReply(4, 0, data));
    await fc.assert(
      fc.asyncProperty(reply, fc.nat(), fc.integer({ min: 1, max: 255 }), async (bytes, anywhere, change) => {
        const at = anywhere % bytes.length;
        fc.pre(at !== 1);
        const spoiled = Uint8Array.from(bytes);
        spoiled[at]! ^= change;
        expect((await decode("jbd", hexOf(spoiled))).exit).toBe(1);
      }),
    );
  });
});
