/** A configuration that must be signed: what is believed, what is refused, and what a station goes on with. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { keptText, loadTrusted, type TrustedLoad } from "../../../firmware/config/signed.ts";
import { members, memoryFiles, starter } from "./memory-files.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ed25519");
const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
const trust = { keyFile: "etc/config.pub", keptFile: "state/config.kept.json" };
const path = "station/config.yaml";

const revised = (revision: number, change: (yaml: string) => string = (yaml) => yaml): string =>
  change(`revision: ${revision}\n${starter}`);
const signed = (text: string, key: KeyObject = privateKey): string =>
  `${sign(null, Buffer.from(text, "utf8"), key).toString("base64")}\n`;

interface OnDisk {
  readonly text: string | Uint8Array;
  readonly sig: string | undefined;
  readonly kept?: string | undefined;
  readonly key?: string | undefined;
}

function load({ text, sig, kept, key = pem(publicKey) }: OnDisk): TrustedLoad {
  const files: Record<string, string | Uint8Array> = { [path]: text, "station/members.yaml": members };
  if (sig !== undefined) files[`${path}.sig`] = sig;
  if (kept !== undefined) files[trust.keptFile] = kept;
  if (key !== "") files[trust.keyFile] = key;
  return loadTrusted(path, trust, memoryFiles(files));
}

/** What is told of a refusal, and the revision that is gone on with. */
function outcome(read: TrustedLoad): string {
  if (read.is === "good") return `good ${read.load.config.file.revision}`;
  const codes = read.load.problems.map(({ code }) => code).join();
  const kept = read.kept === undefined ? "nothing" : `revision ${read.kept.config.file.revision}`;
  return `${codes}, goes on with ${kept}`;
}

const keptOf = (text: string, key?: KeyObject): string =>
  keptText({ bytes: Buffer.from(text), signature: signed(text, key) });

describe("a signed configuration", () => {
  test("is believed, and is what is to be kept", () => {
    const text = revised(1);
    const read = load({ text, sig: signed(text) });
    expect(outcome(read)).toBe("good 1");
    expect(read.is === "good" && keptText(read.keep as never)).toBe(
      keptText({ bytes: Buffer.from(text), signature: signed(text).trim() }),
    );
  });

  test("that is kept already is not written again", () => {
    const text = revised(3);
    const read = load({ text, sig: signed(text), kept: keptOf(text) });
    expect(read).toMatchObject({ is: "good", keep: undefined });
  });

  test("that is newer than the kept one takes its place", () => {
    const text = revised(4);
    expect(outcome(load({ text, sig: signed(text), kept: keptOf(revised(3)) }))).toBe("good 4");
  });
});

describe("is refused, and the last good one goes on", () => {
  const text = revised(5);
  const kept = keptOf(revised(4));
  const hotter = revised(5, (yaml) => yaml.replace("siteLimitW: 3000 ", "siteLimitW: 30000"));

  test.each<[string, OnDisk, string]>([
    ["without a signature", { text, sig: undefined }, "E_CFG_UNSIGNED"],
    ["changed after it was signed", { text: hotter, sig: signed(text) }, "E_CFG_SIGNATURE"],
    ["signed by somebody else", { text, sig: signed(text, stranger.privateKey) }, "E_CFG_SIGNATURE"],
    ["with a signature that is none", { text, sig: "yes, signed" }, "E_CFG_SIGNATURE"],
    ["with a signature that is cut short", { text, sig: signed(text).slice(0, 40) }, "E_CFG_SIGNATURE"],
    [
      "with bytes that are no text",
      { text: Buffer.from([0xff, 0xfe, 0x00]), sig: signed("\ufffd\ufffd\u0000") },
      "E_CFG_SIGNATURE",
    ],
    ["older than what ran, and well signed", { text: revised(3), sig: signed(revised(3)) }, "E_CFG_REVISION"],
    [
      "with a number that was used for another content",
      { text: revised(4, (yaml) => `${yaml}# other\n`), sig: "" },
      "E_CFG_REVISION",
    ],
    ["without a number", { text: starter, sig: signed(starter) }, "E_CFG_REVISION"],
    [
      "wrong, and well signed",
      { text: revised(5, (yaml) => yaml.replace("baud: 9600", "baud: 9601")), sig: "" },
      "E_CFG_NOT_ALLOWED",
    ],
  ])("%s", (_, disk, code) => {
    const sig = disk.sig === "" ? signed(disk.text as string) : disk.sig;
    expect(outcome(load({ ...disk, sig, kept }))).toBe(`${code}, goes on with revision 4`);
    expect(outcome(load({ ...disk, sig }))).toMatch(
      code === "E_CFG_REVISION" && disk.text !== starter ? /^good/ : /goes on with nothing$/,
    );
  });

  test.each<[string, string | undefined]>([
    ["is none", "{"],
    ["is of another key", keptOf(revised(9), stranger.privateKey)],
    ["was changed", keptOf(revised(4)).replace(/"config":"..../, '"config":"AAAA')],
    ["is no configuration of today", keptOf("revision: 9\nstation: 1\n")],
  ])("but never a kept one that %s", (_, spoilt) => {
    expect(outcome(load({ text, sig: undefined, kept: spoilt }))).toBe("E_CFG_UNSIGNED, goes on with nothing");
    expect(outcome(load({ text, sig: signed(text), kept: spoilt }))).toBe("good 5");
  });
});

describe("the key", () => {
  test.each<[string, string]>([
    ["that is not there", ""],
    ["that is no key", "hello"],
    ["that is private", privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
    ["of another kind", pem(generateKeyPairSync("ec", { namedCurve: "prime256v1" }).publicKey)],
  ])("%s lets nothing be believed, kept or not", (_, key) => {
    const text = revised(1);
    expect(outcome(load({ text, sig: signed(text), kept: keptOf(text), key }))).toBe(
      "E_CFG_SIGN_KEY, goes on with nothing",
    );
  });
});

test("each refusal says what mends it, in two languages", () => {
  const read = load({ text: revised(1), sig: undefined });
  const [told] = read.load.ok ? [] : read.load.problems;
  expect(told?.file).toBe(`${path}.sig`);
  expect(told?.expected.en).toContain("openssl pkeyutl -sign -rawin -inkey config.key -in station/config.yaml");
  expect(told?.expected.zh).toContain("签名");
});
