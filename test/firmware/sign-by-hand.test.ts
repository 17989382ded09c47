/** The program in docs/how-to/sign-requests.md, run as it stands there: what it signs is what a station takes. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readPublicPem, verifyEd25519 } from "../../firmware/config/ed25519.ts";
import { verbs } from "../../services/contract/request-payloads.ts";
import { schemaProblem } from "../../services/contract/topics.ts";
import { signedText } from "../../services/requests/asker.ts";
import { read } from "../support/repository.ts";

test("the program of the how-to signs a request as a station wants it", () => {
  const shown = /```js\n([\s\S]*?)```/.exec(read("docs/how-to/sign-requests.md"))?.[1];
  const directory = mkdtempSync(join(tmpdir(), "yizhan-by-hand-"));
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(join(directory, "ling.key"), String(privateKey.export({ type: "pkcs8", format: "pem" })));
  writeFileSync(join(directory, "sign.mjs"), `${shown}\nprocess.stdout.write(JSON.stringify(payload));\n`);
  const printed = execFileSync(process.execPath, ["sign.mjs"], { cwd: directory, encoding: "utf8" });
  rmSync(directory, { recursive: true, force: true });
  const payload = JSON.parse(printed);
  const pem = readPublicPem(String(publicKey.export({ type: "spki", format: "pem" })));
  if (pem.is !== "public") throw new Error("the key is not public");
  expect(schemaProblem(verbs.open.request, payload)).toBeUndefined();
  const text = signedText("liaoyuan-1", "open", payload) ?? "";
  expect(verifyEd25519(pem.publicKey, text, payload.signature)).toBe(true);
});
