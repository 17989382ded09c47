import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tokenCommand } from "../../firmware/cli/token.ts";
import { readPublicPem, verifyEd25519 } from "../../firmware/config/ed25519.ts";
import type { RequestPayload } from "../../services/contract/request-payloads.ts";
import { judgeAsker } from "../../services/requests/asker.ts";

const NOW = 1_769_835_900_000;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "yizhan-token-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function token(...args: string[]) {
  let out = "";
  let err = "";
  const code = await tokenCommand(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    env: {},
    wallMs: () => NOW,
  });
  return { code, out, err };
}

const makeLing = (role = "technician") => token("key", "--id", "ling", "--role", role, "-o", directory, "--json");
const keyFile = () => join(directory, "ling.key");
const signOpen = (...more: string[]) =>
  token(
    "sign",
    "--key",
    keyFile(),
    "--station",
    "liaoyuan-1",
    "--verb",
    "open",
    "--json-payload",
    '{"bay":2}',
    ...more,
  );

describe("yizhan token key", () => {
  test("makes a pair whose private half is its owner's alone, and prints the lines for the configuration", async () => {
    const { code, out } = await token("key", "--id", "ling", "--role", "operator", "-o", join(directory, "new"));
    expect(code).toBe(0);
    const [privateFile, publicFile] = ["ling.key", "ling.pub"].map((name) => join(directory, "new", name));
    expect(statSync(String(privateFile)).mode & 0o777).toBe(0o600);
    const read = readPublicPem(readFileSync(String(publicFile), "utf8"));
    if (read.is !== "public") throw new Error("no public key was written");
    expect(out).toContain(`requests:\n  keys:\n    - { id: ling, role: operator, publicKey: "${read.publicKey}" }\n`);
    expect(out).not.toContain(readFileSync(String(privateFile), "utf8").split("\n")[1]);
  });

  test.each(["ling.key", "ling.pub"])("leaves everything as it is when %s is there already", async (name) => {
    writeFileSync(join(directory, name), "mine");
    expect(await makeLing()).toMatchObject({ code: 1, out: "", err: expect.stringContaining("E_TOKEN") });
    expect(readFileSync(join(directory, name), "utf8")).toBe("mine");
    expect(existsSync(join(directory, name === "ling.key" ? "ling.pub" : "ling.key"))).toBe(false);
  });

  test.each([
    [["key", "--role", "operator", "-o", "."], "--id"],
    [["key", "--id", "../x", "--role", "operator", "-o", "."], "--id"],
    [["key", "--id", "x", "--role", "root", "-o", "."], "viewer|operator|technician|supervisor"],
    [["sign", "--key", "x", "--station", "a/b", "--verb", "open"], "--station"],
    [["sign", "--key", "x", "--station", "a", "--verb", "fly"], "--verb"],
    [["sign", "--key", "x", "--station", "a", "--verb", "open"], "bay"],
    [["sign", "--key", "x", "--station", "a", "--verb", "open", "--json-payload", "{"], "malformed"],
    [["sign", "--key", "x", "--station", "a", "--verb", "snapshot", "--seq", "1.5"], "--seq"],
    [["sign", "--key", "x", "--station", "a", "--verb", "open", "--holds-s", "61"], "--holds-s 1..60"],
    [["burn"], "token key | token sign"],
    [["key", "--force"], "--force"],
    [[], "token key | token sign"],
  ])("with %j says what is wrong and how it is used", async (args, says) => {
    const { code, out, err } = await token(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^E_USAGE /);
    expect(err).toContain(says);
    expect(err).toContain("yizhan token sign --key FILE");
  });
});

describe("yizhan token sign", () => {
  test("prints a request that a station takes from this key, numbered by the clock", async () => {
    const { publicKey } = JSON.parse((await makeLing()).out);
    const { code, out, err } = await signOpen();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const request = JSON.parse(out);
    expect(request).toMatchObject({ key: "ling", seq: NOW, expiresAt: NOW + 50_000, bay: 2 });
    expect(request.id).toMatch(/^[A-Za-z0-9_-]{16}$/);
    const context = {
      station: "liaoyuan-1",
      policy: {
        signatures: "required" as const,
        keys: new Map([["ling", { id: "ling", role: "technician" as const, publicKey }]]),
      },
      lastSeq: () => NOW - 1,
      verify: verifyEd25519,
    };
    expect(judgeAsker("open", request as RequestPayload, context)).toEqual({ is: "allowed", role: "technician" });
    expect(judgeAsker("open", { ...request, bay: 3 } as RequestPayload, context)).toMatchObject({ is: "refused" });
  });

  test("takes the asker's own id, number, name of the key and expiry, and can say the topic too", async () => {
    await makeLing();
    const { out } = await signOpen("--seq", "7", "--key-id", "night-desk", "--holds-s", "20", "--json");
    expect(JSON.parse(out)).toMatchObject({
      topic: "yizhan/1/liaoyuan-1/request/open",
      request: { key: "night-desk", seq: 7, expiresAt: NOW + 20_000 },
    });
    const named = ["--verb", "snapshot", "--json-payload", '{"id":"mine","expiresAt":1769835930000}'];
    const snapshot = await token("sign", "--key", keyFile(), "--station", "liaoyuan-1", ...named);
    const { signature, ...rest } = JSON.parse(snapshot.out);
    expect(rest).toEqual({ id: "mine", expiresAt: 1_769_835_930_000, key: "ling" });
  });

  test("warns of a key that others may read, and refuses what is no key", async () => {
    await makeLing();
    chmodSync(keyFile(), 0o644);
    const warned = await signOpen();
    expect(warned.code).toBe(0);
    expect(warned.err).toContain("chmod 600");
    writeFileSync(keyFile(), "no key");
    expect(await signOpen()).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("no private Ed25519 key"),
    });
    rmSync(keyFile());
    expect(await signOpen()).toMatchObject({ code: 1, out: "", err: expect.stringContaining("ENOENT") });
  });

  test("explains itself in both languages", async () => {
    expect((await token("--help", "--lang", "zh")).out).toContain("用法：yizhan token key");
    expect(await token("--help")).toMatchObject({ code: 0, out: expect.stringContaining("Usage: yizhan token key") });
  });
});
