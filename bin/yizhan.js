#!/usr/bin/env node
// Maps a subcommand to the module that owns it and loads only that one, so that the controller never loads the simulator and
// `yizhan check` starts in a moment. Exit codes: 0 ok, 1 failure, 2 usage, 78 configuration.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const commands = {
  simulate: {
    module: "simulator/cli/simulate.js",
    run: "simulateCommand",
    says: "the controller against the simulated station",
  },
  run: {
    module: "firmware/cli/run.js",
    run: "runCommand",
    says: "the controller on real hardware: run -c config.yaml",
  },
  check: { module: "firmware/cli/check.js", run: "checkCommand", says: "validates a configuration: check config.yaml" },
  decode: { module: "firmware/cli/decode.js", run: "decodeCommand", says: "one frame to JSON: decode PROTOCOL HEX" },
  hardware: {
    module: "simulator/cli/hardware-side.js",
    run: "hardwareCommand",
    says: "plays the hardware side of a configuration on pseudo-terminals",
  },
  ledger: {
    module: "firmware/cli/ledger.js",
    run: "ledgerCommand",
    says: "where every pack is and who is owed one, from the log: ledger -c config.yaml",
  },
  token: {
    module: "firmware/cli/token.js",
    run: "tokenCommand",
    says: "makes keys and signs requests: token key, token sign",
  },
  fleet: {
    module: "simulator/cli/fleet.js",
    run: "fleetCommand",
    says: "many stations on a real broker: fleet --stations N --broker URL",
  },
  audit: {
    module: "firmware/cli/audit.js",
    run: "auditCommand",
    says: "who asked for what, and whether the log that says so is whole: audit -c config.yaml",
  },
  replay: {
    module: "firmware/cli/replay.js",
    run: "replayCommand",
    says: "runs a flight recording of a real station again, bit for bit: replay FILE",
  },
  report: {
    module: "firmware/cli/report.js",
    run: "reportCommand",
    says: "one file for whoever is to help, without members, codes or keys: report -c config.yaml",
  },
  soak: {
    module: "simulator/cli/soak.js",
    run: "soakCommand",
    says: "a swarm of simulated stations, each drawn from its seed, with every invariant checked",
  },
  docs: { module: "firmware/cli/docs.js", run: "docsCommand", says: "writes the generated reference pages" },
};

const planned = ["doctor"];

function usage() {
  const lines = Object.entries(commands).map(([name, { says }]) => `  yizhan ${name.padEnd(10)}${says}`);
  return [
    "yizhan 驿站 — controller of a 24-hour smart union station",
    "",
    ...lines,
    "",
    "Each command explains itself with --help.",
    `Planned, not built yet: ${planned.join(", ")}.`,
    "",
  ].join("\n");
}

const [name, ...args] = process.argv.slice(2);
const write = (stream) => (text) => stream.write(text.endsWith("\n") ? text : `${text}\n`);
const io = { out: write(process.stdout), err: write(process.stderr), env: process.env };

if (name === undefined || name === "--help" || name === "-h" || name === "help") {
  io.out(usage());
  process.exitCode = name === undefined ? 2 : 0;
} else if (name === "--version") {
  const { default: about } = await import("../package.json", { with: { type: "json" } });
  io.out(about.version);
} else if (!Object.hasOwn(commands, name)) {
  io.err(
    `E_USAGE ${planned.includes(name) ? `\`yizhan ${name}\` is planned but not built yet` : `no such command: ${name}`}\n\n${usage()}`,
  );
  process.exitCode = 2;
} else {
  const { module, run } = commands[name];
  const path = fileURLToPath(new URL(`../dist/${module}`, import.meta.url));
  if (!existsSync(path)) {
    io.err("E_NOT_BUILT dist/ is missing; run `npm run build` first");
    process.exitCode = 1;
  } else {
    const owner = await import(path);
    process.exitCode = await owner[run](args, io);
  }
}
