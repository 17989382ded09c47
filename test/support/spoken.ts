/**
 * What every command says under `--help`, in English, asked of the sources and not of what was built from them; the overview
 * comes from the program itself, which needs no build for it.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { auditCommand } from "../../firmware/cli/audit.ts";
import { checkCommand } from "../../firmware/cli/check.ts";
import { decodeCommand } from "../../firmware/cli/decode.ts";
import { docsCommand } from "../../firmware/cli/docs.ts";
import { ledgerCommand } from "../../firmware/cli/ledger.ts";
import { replayCommand } from "../../firmware/cli/replay.ts";
import { reportCommand } from "../../firmware/cli/report.ts";
import { runCommand } from "../../firmware/cli/run.ts";
import { tokenCommand } from "../../firmware/cli/token.ts";
import { commandNames } from "../../firmware/docs/commands-page.ts";
import type { Spoken } from "../../firmware/docs/pages.ts";
import { fleetCommand } from "../../simulator/cli/fleet.ts";
import { hardwareCommand } from "../../simulator/cli/hardware-side.ts";
import { simulateCommand } from "../../simulator/cli/simulate.ts";
import { soakCommand } from "../../simulator/cli/soak.ts";
import { root } from "./repository.ts";

const commands = {
  simulate: simulateCommand,
  run: runCommand,
  check: checkCommand,
  decode: (args, io) => decodeCommand([...args, "--lang", "en"], io),
  hardware: hardwareCommand,
  audit: (args, io) => auditCommand(args, io),
  ledger: (args, io) => ledgerCommand(args, io),
  token: (args, io) => tokenCommand(args, io),
  fleet: (args, io) => fleetCommand(args, io),
  replay: (args, io) => replayCommand(args, io),
  report: (args, io) => reportCommand(args, io),
  soak: (args, io) => soakCommand(args, { ...io, env: {} }),
  docs: (args, io) => docsCommand(args, io),
} satisfies Record<string, (args: readonly string[], io: Io) => Promise<number>>;

interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

async function helpOf(name: string): Promise<string> {
  if (!Object.hasOwn(commands, name)) throw new Error(`test/support/spoken.ts does not know the command ${name}`);
  let said = "";
  const out = (text: string) => {
    said += text.endsWith("\n") ? text : `${text}\n`;
  };
  const code = await commands[name as keyof typeof commands](["--help"], { out, err: out, env: {} });
  if (code !== 0) throw new Error(`yizhan ${name} --help ended with ${code}: ${said}`);
  return said;
}

export async function spokenByTheProgram(): Promise<Spoken> {
  const asked = spawnSync(process.execPath, [join(root, "bin", "yizhan.js"), "--help"], { encoding: "utf8" });
  const overview = asked.stdout;
  const helps = [];
  for (const name of commandNames(overview)) helps.push({ name, help: await helpOf(name) });
  return { overview, helps };
}
