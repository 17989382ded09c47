import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { rawOf, readPublicPem, verifyEd25519 } from "../../../firmware/config/ed25519.ts";
import { loadConfig } from "../../../firmware/config/load.ts";
import { members, memoryFiles, starter } from "./memory-files.ts";

const pairOf = () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const pem = String(publicKey.export({ type: "spki", format: "pem" }));
  return { pem, raw: rawOf(publicKey), privatePem: String(privateKey.export({ type: "pkcs8", format: "pem" })) };
};
const ling = pairOf();
const chen = pairOf();
const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });

/** The starter with another `requests` section. */
function load(section: string, files: Readonly<Record<string, string>> = {}) {
  const text = starter.replace("requests: { signatures: required }", `requests: ${section}`);
  return loadConfig(
    "station/config.yaml",
    memoryFiles({ "station/config.yaml": text, "station/members.yaml": members, ...files }),
  );
}

function configOf(section: string, files: Readonly<Record<string, string>> = {}) {
  const loaded = load(section, files);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return { ...loaded.config, warnings: loaded.warnings.map(({ code }) => code) };
}

const told = (section: string, files: Readonly<Record<string, string>> = {}) => {
  const loaded = load(section, files);
  return loaded.ok ? [] : loaded.problems.map(({ path, code, message }) => `${path} ${code} ${message.en}`);
};

const keyLing = `{ id: ling, role: operator, publicKey: ${ling.raw} }`;
const keyChen = "{ id: chen, role: technician, publicKeyFile: keys/chen.pem }";
const chenFile = { "station/keys/chen.pem": chen.pem };

describe("keys that may sign requests", () => {
  test("stand in the file itself or in one beside it, and make signatures required", () => {
    const { requests, station, warnings } = configOf(`{ keys: [${keyLing}, ${keyChen}] }`, chenFile);
    expect(requests.signatures).toBe("required");
    expect([...requests.keys.values()]).toEqual([
      { id: "ling", role: "operator", publicKey: ling.raw },
      { id: "chen", role: "technician", publicKey: chen.raw },
    ]);
    expect(station.requests).toEqual({ twoPersons: true, opensPerHour: 6 });
    expect(warnings).toEqual([]);
  });

  test.each([
    ["{}", "optional", false, ["W_CFG_UNSIGNED_REQUESTS"]],
    ["{ signatures: required }", "required", true, []],
    [`{ signatures: optional, keys: [${keyLing}] }`, "optional", false, ["W_CFG_UNSIGNED_REQUESTS"]],
    [`{ keys: [${keyLing}] }`, "required", true, []],
    ["{ keys: [] }", "optional", false, ["W_CFG_UNSIGNED_REQUESTS"]],
  ])("of requests: %s signatures are %s", (section, signatures, twoPersons, advice) => {
    const { requests, station, warnings } = configOf(section);
    expect(requests.signatures).toBe(signatures);
    expect(station.requests.twoPersons).toBe(twoPersons);
    expect(warnings).toEqual(advice);
  });

  test("are part of the configuration's fingerprint, also when they stand in another file", () => {
    const before = configOf(`{ keys: [${keyChen}] }`, chenFile).hash;
    expect(configOf(`{ keys: [${keyChen}] }`, chenFile).hash).toBe(before);
    expect(configOf(`{ keys: [${keyChen}] }`, { "station/keys/chen.pem": ling.pem }).hash).not.toBe(before);
  });

  test.each<[string, string, Readonly<Record<string, string>>, string]>([
    ["neither key nor file", "{ keys: [{ id: a, role: viewer }] }", {}, "keys[0] E_CFG_KEY needs either"],
    [
      "both",
      `{ keys: [{ id: a, role: viewer, publicKey: ${ling.raw}, publicKeyFile: a.pem }] }`,
      {},
      "keys[0] E_CFG_KEY needs either",
    ],
    ["a file that is not there", `{ keys: [${keyChen}] }`, {}, "keys[0].publicKeyFile E_CFG_KEY there is no such file"],
    [
      "a private key",
      `{ keys: [${keyChen}] }`,
      { "station/keys/chen.pem": chen.privatePem },
      "E_CFG_KEY is a private key",
    ],
    [
      "an RSA key",
      `{ keys: [${keyChen}] }`,
      { "station/keys/chen.pem": String(rsa.publicKey.export({ type: "spki", format: "pem" })) },
      "E_CFG_KEY holds no public Ed25519 key",
    ],
    [
      "a large file",
      `{ keys: [${keyChen}] }`,
      { "station/keys/chen.pem": "x".repeat(5_000) },
      "E_CFG_KEY holds no public",
    ],
    ["a short key", "{ keys: [{ id: a, role: viewer, publicKey: AAAA }] }", {}, "keys[0].publicKey E_CFG_FORMAT"],
    [
      "a role there is not",
      `{ keys: [{ id: a, role: root, publicKey: ${ling.raw} }] }`,
      {},
      "keys[0].role E_CFG_NOT_ALLOWED",
    ],
    [
      "one id twice",
      `{ keys: [${keyLing}, { id: ling, role: viewer, publicKey: ${chen.raw} }] }`,
      {},
      "keys[1].id E_CFG_DUPLICATE_ID",
    ],
    [
      "one person under two ids",
      `{ keys: [${keyLing}, { id: wu, role: supervisor, publicKey: ${ling.raw} }] }`,
      {},
      "keys[1].publicKey E_CFG_DUPLICATE_KEY is the same key as ling",
    ],
    ["more openings than there may be", "{ opensPerHour: 7 }", {}, "requests.opensPerHour E_CFG_OUT_OF_RANGE"],
  ])("are refused with %s", (_, section, files, says) => {
    const problems = told(section, files);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(says);
    expect(problems[0]).not.toContain(chen.privatePem.slice(40, 80));
  });
});

describe("Ed25519", () => {
  /** RFC 8032, section 7.1, tests 1 and 2: public key, message and signature. */
  test.each([
    [
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
  ])("accepts the published signature of key %s, and none with a bit changed", (key, message, signature) => {
    const raw = Buffer.from(key, "hex").toString("base64url");
    const text = Buffer.from(message, "hex").toString("utf8");
    const bytes = Buffer.from(signature, "hex");
    expect(verifyEd25519(raw, text, bytes.toString("base64url"))).toBe(true);
    expect(verifyEd25519(raw, `${text}.`, bytes.toString("base64url"))).toBe(false);
    for (let bit = 0; bit < 512; bit += 7) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyEd25519(raw, text, flipped.toString("base64url"))).toBe(false);
    }
  });

  test.each(["", "AAAA", "x".repeat(86), "A".repeat(86)])(
    "says no to the signature %j and throws for none",
    (signature) => {
      expect(verifyEd25519(ling.raw, "text", signature)).toBe(false);
      expect(verifyEd25519("", "text", signature)).toBe(false);
    },
  );

  test("tells a public PEM from a private one and from anything else", () => {
    expect(readPublicPem(ling.pem)).toEqual({ is: "public", publicKey: ling.raw });
    expect(readPublicPem(ling.privatePem)).toEqual({ is: "private" });
    expect(readPublicPem("no key")).toEqual({ is: "other" });
  });
});
