import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as chip from "../../../hal/codecs/pn532.ts";
import * as cards from "../../../hal/codecs/pn532-cards.ts";
import frames from "./frames/pn532-hsu.json" with { type: "json" };
import { bytesOf, deliver, hexOf, naive, type Parser } from "./golden.ts";

interface Captured {
  readonly name: string;
  readonly way: string;
  readonly hex: string;
  readonly command: number;
  readonly expect?: Readonly<Record<string, unknown>>;
  readonly refuse?: boolean;
}

const FRAMES = frames.frames as readonly Captured[];
const VALID = FRAMES.filter(({ refuse }) => refuse !== true);
const parserOf = ({ way, command }: Captured): Parser =>
  way === "req" ? chip.parsePn532 : (bytes, length) => chip.parsePn532Answer(bytes, length, command);
const titled = (list: readonly Captured[]) => list.map((captured) => [captured.hex, captured] as const);
const single = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

function answered(hex: string, command: number): Uint8Array {
  const parsed = chip.parsePn532Answer(bytesOf(hex), bytesOf(hex).length, command);
  if (parsed.is !== "frame" || parsed.value.is !== "answer") throw new Error(JSON.stringify(parsed));
  return parsed.value.data;
}

describe("the captured frames of a PN532", () => {
  test("waking and setting up are byte for byte what a host was seen to send", () => {
    expect(hexOf(chip.withPn532WakeUp(cards.encodePn532Sam()))).toBe(FRAMES[0]?.hex);
    expect(hexOf(cards.encodePn532List())).toBe("0000FF04FCD44A0100E100");
  });

  test.each([
    ["a card of seven bytes", 3, { atqa: 0x44, sak: 0, uid: "04416D412B0289", ats: undefined }, false],
    ["a card of four bytes", 4, { atqa: 4, sak: 8, uid: "D0BBE11A", ats: undefined }, false],
    ["a Chinese CPU card", 5, { atqa: 4, sak: 0x28, uid: "FDE60899" }, true],
  ] as const)("%s is told with its number and whether it can be spoken to", (_, at, card, speaks) => {
    const captured = FRAMES[at] as Captured;
    const found = cards.pn532Found(answered(captured.hex, captured.command));
    expect(found).toMatchObject({ is: "card", card });
    if (found.is !== "card") return;
    expect(captured.expect?.uid).toBe(found.card.uid);
    expect(cards.pn532Speaks(found.card)).toBe(speaks);
    expect(found.card.ats === undefined ? undefined : hexOf(found.card.ats)).toBe(
      speaks ? "7880900220900000000000FDE60899" : undefined,
    );
    // And the device side says the same bytes again.
    expect(hexOf(cards.encodePn532Found(found.card))).toBe(hexOf(answered(captured.hex, captured.command)));
  });

  test.each(titled(VALID))("%s is one value however the line delivers it", (_, captured) => {
    const parse = parserOf(captured);
    const bytes = bytesOf(captured.hex);
    const whole = deliver(parse, [bytes]);
    expect(whole).toMatchObject({ junk: [], left: 0 });
    expect(whole.values).toHaveLength(1);
    expect(deliver(parse, single(bytes))).toEqual(whole);
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(deliver(parse, [bytes.slice(0, cut), bytes.slice(cut)]), `cut after ${cut}`).toEqual(whole);
      expect(parse(bytes, cut).is, `cut to ${cut}`).toBe("short");
    }
    expect(deliver(parse, [Uint8Array.from([...bytes, ...bytes])]).values).toEqual([...whole.values, ...whole.values]);
    for (const noise of ["00", "FF00", "0000000000", "5500", "68656C6C6F", "FFFFFF", "7F"]) {
      expect(deliver(parse, [bytesOf(noise), bytes]).values, `behind ${noise}`).toEqual(whole.values);
    }
  });

  test.each(titled(FRAMES.filter(({ refuse }) => refuse === true)))("%s is refused", (_, captured) => {
    const parse = parserOf(captured);
    expect(deliver(parse, [bytesOf(captured.hex)]).values).toEqual([]);
  });

  test("an answer is only ever taken for the command it answers", () => {
    const list = bytesOf(FRAMES[3]?.hex ?? "");
    for (let command = 0; command < 0x100; command += 2) {
      const parsed = chip.parsePn532Answer(list, list.length, command);
      expect(parsed.is, `command ${command}`).toBe(command === chip.PN532_LIST_PASSIVE_TARGET ? "frame" : "junk");
    }
  });

  test("a refused command is an answer: not acknowledged, or not understood", () => {
    const nack = bytesOf("0000FFFF0000");
    expect(chip.parsePn532Answer(nack, nack.length, 0x14)).toEqual({ is: "frame", value: { is: "refused" }, used: 6 });
    const error = Uint8Array.from([...chip.encodePn532Ack(), ...chip.encodePn532Error()]);
    expect(chip.parsePn532Answer(error, error.length, 0x14)).toMatchObject({ value: { is: "refused" } });
    expect(hexOf(error)).toBe(FRAMES.find(({ name }) => name === "error frame")?.hex);
  });

  test("an acknowledgement of a command given up does not hide the answer to the next", () => {
    const late = Uint8Array.from([...chip.encodePn532Ack(), ...bytesOf(FRAMES[1]?.hex ?? "")]);
    expect(deliver((bytes, length) => chip.parsePn532Answer(bytes, length, 0x14), [late])).toMatchObject({
      values: [{ is: "answer" }],
      junk: ["acknowledged twice"],
    });
  });

  test("zeros without end are junk and fill no buffer", () => {
    const { left } = deliver(chip.parsePn532, single(new Uint8Array(500)));
    expect(left).toBeLessThan(40);
    const bytes = Uint8Array.from([...new Uint8Array(500), ...chip.encodePn532Ack()]);
    expect(deliver(chip.parsePn532, [bytes]).values).toEqual([{ kind: "ack" }]);
  });
});

describe("what a PN532 says of cards", () => {
  const uid = fc.constantFrom(4, 7, 10).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
  const card = fc
    .record({ atqa: fc.nat(0xffff), sak: fc.nat(0xff), uid, ats: fc.uint8Array({ maxLength: 20 }) })
    .map(({ ats, ...rest }) => {
      const speaks = (rest.sak & 0x20) !== 0;
      return { ...rest, uid: hexOf(rest.uid), ats: speaks ? ats : undefined };
    });

  test("any card comes through as it was said", () => {
    fc.assert(
      fc.property(card, (told) => {
        expect(cards.pn532Found(cards.encodePn532Found(told))).toEqual({ is: "card", card: told });
      }),
    );
  });

  test("a description that is cut or has a byte too many is no card", () => {
    fc.assert(
      fc.property(card, fc.nat(40), fc.nat(255), (told, cut, extra) => {
        const data = cards.encodePn532Found(told);
        const shorter = data.slice(0, cut % data.length);
        const endsBehindUid = told.ats !== undefined && shorter.length === 6 + told.uid.length / 2;
        if (!endsBehindUid) expect(cards.pn532Found(shorter).is).not.toBe("card");
        if (told.ats === undefined && (told.sak & 0x20) !== 0) return;
        const longer = Uint8Array.from([...data, extra]);
        const isEmptyAts = told.ats === undefined && (told.sak & 0x20) !== 0 && extra === 1;
        if (!isEmptyAts) expect(cards.pn532Found(longer).is).toBe("nonsense");
      }),
    );
  });

  test.each([
    ["nobody", "00", "none"],
    ["two cards, though one was asked for", "020100040804D0BBE11A", "nonsense"],
    ["another target", "010200040804D0BBE11A", "nonsense"],
    ["a number of five bytes", "010100040805D0BBE11A00", "nonsense"],
    ["an answer to select from a card that cannot speak", "010100040804D0BBE11A0178", "nonsense"],
    ["nothing at all", "", "nonsense"],
  ])("%s", (_, hex, is) => {
    expect(cards.pn532Found(bytesOf(hex)).is).toBe(is);
  });

  test.each([
    ["FDE60899", true],
    ["08E60899", false],
    ["08416D412B0289", true],
  ])("the number %s is the card's own: %s", (number, fixed) => {
    expect(cards.pn532UidIsFixed({ atqa: 4, sak: 0x20, uid: number, ats: undefined })).toBe(fixed);
  });

  test.each([
    ["00AF01", { is: "answer", data: Uint8Array.of(0xaf, 1) }],
    ["00", { is: "answer", data: new Uint8Array(0) }],
    ["01", { is: "failed", code: 1 }],
    ["40AF", { is: "too-long" }],
    ["C1", { is: "failed", code: 1 }],
    ["", { is: "failed", code: 0x3f }],
  ])("an exchange that ends with %s", (hex, expected) => {
    expect(cards.pn532Exchanged(bytesOf(hex))).toEqual(expected);
  });

  test("a question to a card that does not fit a frame is not encoded, every other comes through", () => {
    expect(cards.encodePn532Exchange(new Uint8Array(0))).toBeUndefined();
    expect(cards.encodePn532Exchange(new Uint8Array(251))).toBeUndefined();
    for (let size = 1; size <= 250; size++) {
      const bytes = cards.encodePn532Exchange(new Uint8Array(size).fill(size)) as Uint8Array;
      const parsed = chip.parsePn532(bytes, bytes.length);
      expect(parsed).toMatchObject({ is: "frame", used: bytes.length, value: { kind: "command", command: 0x40 } });
    }
  });
});

describe("damaged frames of a PN532", () => {
  /** Whether bytes really are what was said to be taken from them, judged without the codec. */
  function judge(bytes: Uint8Array): boolean {
    const text = hexOf(bytes).replace(/^(55)*(00)+FF/, "FF");
    const found = /^FF(?:00FF00|FF0000|(..)(..)((?:..)+)(..)00)$/.exec(text);
    if (found === null) return false;
    const [, length, complement, body, sum] = found;
    if (length === undefined) return true;
    const inside = bytesOf(body ?? "");
    const number = (hex: string | undefined) => Number.parseInt(hex ?? "", 16);
    return (
      number(length) === inside.length &&
      (number(length) + number(complement)) % 256 === 0 &&
      (naive.sum(inside) + number(sum)) % 256 === 0
    );
  }

  function parts(bytes: Uint8Array): string | undefined {
    let rest = bytes;
    while (rest.length > 0) {
      const parsed = chip.parsePn532(rest, rest.length);
      if (parsed.is === "short") return undefined;
      if (!(parsed.used >= 1 && parsed.used <= rest.length)) return `used ${parsed.used} of ${rest.length}`;
      const taken = rest.subarray(0, parsed.used);
      if (parsed.is === "frame" && !judge(taken)) return `accepted ${hexOf(taken)}`;
      rest = rest.subarray(parsed.used);
    }
    return undefined;
  }

  const original = fc.constantFrom(...FRAMES.map(({ hex }) => bytesOf(hex)));
  const change = fc.record({ at: fc.nat(60), byte: fc.nat(255), how: fc.constantFrom("set", "drop", "add", "cut") });

  test("the judge lets every captured frame pass, so that it is not blind", () => {
    for (const { hex } of VALID) {
      let rest = bytesOf(hex);
      while (rest.length > 0) {
        const parsed = chip.parsePn532(rest, rest.length);
        if (parsed.is !== "frame") throw new Error(JSON.stringify(parsed));
        expect(judge(rest.subarray(0, parsed.used))).toBe(true);
        rest = rest.subarray(parsed.used);
      }
    }
  });

  test("no mutation makes the parser throw, stall or believe a wrong checksum", () => {
    fc.assert(
      fc.property(original, fc.array(change, { minLength: 1, maxLength: 4 }), (bytes, changes) => {
        const list = [...bytes];
        for (const { at, byte, how } of changes) {
          const where = list.length === 0 ? 0 : at % list.length;
          if (how === "set") list[where] = byte;
          else list.splice(where, how === "cut" ? 99 : how === "drop" ? 1 : 0, ...(how === "add" ? [byte] : []));
        }
        const mutated = Uint8Array.from(list);
        expect(parts(mutated), hexOf(mutated)).toBeUndefined();
        for (const command of [0x14, 0x4a, 0x40]) {
          const { values } = deliver((view, length) => chip.parsePn532Answer(view, length, command), [mutated]);
          expect(values.length).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 20_000 },
    );
  });

  test("one flipped bit in the frame behind the acknowledgement never gives another card", () => {
    for (const at of [3, 4, 5]) {
      const captured = FRAMES[at] as Captured;
      const bytes = bytesOf(captured.hex);
      const truth = hexOf(answered(captured.hex, captured.command));
      for (let bit = 8 * 6; bit < 8 * bytes.length; bit++) {
        const flipped = bytes.slice();
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const { values } = deliver((view, length) => chip.parsePn532Answer(view, length, 0x4a), [flipped]);
        for (const value of values as chip.Pn532Answer[]) {
          expect(value.is === "answer" ? hexOf(value.data) : "refused", `bit ${bit}`).toBe(truth);
        }
      }
    }
  });
});
