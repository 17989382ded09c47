/** The program of the how-to signs lists that a station takes. It is run as it stands in the page. */
import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyEd25519 } from "../../firmware/config/ed25519.ts";
import { AccessConfig } from "../../services/access/config.ts";
import { judgeList } from "../../services/access/list.ts";
import { AccessListPayload } from "../../services/contract/room-payloads.ts";
import { schemaProblem } from "../../services/contract/topics.ts";

const page = readFileSync("docs/how-to/run-the-room.md", "utf8");
const blockOf = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "";

test("the page's program and list make an access list that the station accepts", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const folder = mkdtempSync(join(tmpdir(), "yizhan-list-"));
  try {
    const path = (name: string): string => join(folder, name);
    writeFileSync(path("sign-list.mjs"), blockOf("js"));
    writeFileSync(path("list.json"), blockOf("json"));
    writeFileSync(path("lists.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
    const args = [path("sign-list.mjs"), path("lists.pem"), "lists-2026", path("list.json")];
    const text = execFileSync(process.execPath, args, { encoding: "utf8" });
    expect(schemaProblem(AccessListPayload, text)).toBeUndefined();
    const key = publicKey.export({ format: "jwk" }).x ?? "";
    const judged = judgeList(
      { text, digest: createHash("sha256").update(text).digest("hex") },
      {
        station: "liaoyuan-1",
        config: AccessConfig.parse({ authorities: [{ kid: "lists-2026", publicKey: key }] }),
        verify: verifyEd25519,
        time: { floorMs: 0, nowMs: 0, synchronised: false, behind: false },
        monotonicMs: 0,
        known: { version: 41, digest: "" },
      },
    );
    expect(judged).toMatchObject({ version: 42, revokedMembers: new Set(["m-20731"]) });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
