/** The commands of the how-to about signed configurations are run as they stand there, and `check` and `run` judge what they make. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkCommand } from "../../firmware/cli/check.ts";
import { runCommand } from "../../firmware/cli/run.ts";
import { hasOpenssl } from "../support/certificates.ts";

const page = readFileSync("docs/how-to/sign-the-configuration.md", "utf8");
const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] as string);
const starter = readFileSync("examples/starter-cabinet.yaml", "utf8");

describe.runIf(hasOpenssl())("the how-to about signed configurations", () => {
  let directory: string;
  const file = (name: string) => join(directory, name);
  const env = () => ({ YIZHAN_CONFIG_KEY: file("config.pub"), STATE_DIRECTORY: file("state") });

  function sh(block: string | undefined): void {
    const done = spawnSync("sh", ["-e", "-c", block ?? "false"], { cwd: directory, encoding: "utf8" });
    expect(done.status, `${block}\n${done.stderr}`).toBe(0);
  }

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "yizhan-sign-"));
    writeFileSync(file("members.yaml"), readFileSync("examples/members.yaml"));
    sh(blocks[0]);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  type Command = (args: readonly string[], io: Parameters<typeof runCommand>[1]) => Promise<number>;
  async function ask(command: Command, args: string[], given: Record<string, string> = {}) {
    let said = "";
    const take = (text: string): void => {
      said += `${text}\n`;
    };
    const code = await command(args, { out: take, err: take, env: given });
    return { code, said };
  }

  test("has a block to make the key and a block to sign", () => {
    expect(blocks).toHaveLength(2);
  });

  test("makes a configuration that `check` believes, by option and by environment", async () => {
    writeFileSync(file("config.yaml"), `revision: 1\n${starter}`);
    sh(blocks[1]);
    const byOption = ["--config-key", file("config.pub"), "--config-kept", file("state")];
    expect((await ask(checkCommand, [file("config.yaml"), ...byOption])).code).toBe(0);
    expect((await ask(checkCommand, [file("config.yaml")], env())).code).toBe(0);
  });

  test.each(["check", "run"])(
    "edited afterwards, it is refused by `%s` with code 78 and the mending step",
    async (name) => {
      writeFileSync(file("config.yaml"), `revision: 1\n${starter.replace("siteLimitW: 3000 ", "siteLimitW: 30000")}`);
      const { code, said } =
        name === "check"
          ? await ask(checkCommand, [file("config.yaml"), "--lang", "en"], env())
          : await ask(runCommand, ["-c", file("config.yaml"), "--lang", "en"], env());
      expect(code).toBe(78);
      expect(said).toMatch(/config\.yaml\.sig:1:1 \. is not the signature of this file.*\[E_CFG_SIGNATURE\]/);
    },
  );

  test("a key that is named and is not there is refused, and does not mean: unsigned", async () => {
    const { code, said } = await ask(runCommand, ["-c", file("config.yaml"), "--config-key", file("nowhere")]);
    expect(code).toBe(78);
    expect(said).toContain("E_CFG_SIGN_KEY");
  });

  test("without a key nothing has to be signed", async () => {
    expect((await ask(checkCommand, ["examples/starter-cabinet.yaml"])).code).toBe(0);
  });
});
