// `npm run campaign -- NAME`: a long measured run. It ends with exit code 1 when something
// that must hold did not; a figure that is merely low never fails it.
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildWhenStale } from "./bench/build.mjs";
import { describeMachine } from "./bench/machine.mjs";
import { deliveryCampaign } from "./campaign/delivery.mjs";
import { lockFailureCampaign } from "./campaign/lock-failure.mjs";
import { swarmBugsCampaign } from "./campaign/swarm-bugs.mjs";
import { winterCampaign } from "./campaign/winter.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const campaigns = [winterCampaign, lockFailureCampaign, deliveryCampaign, swarmBugsCampaign];

const usage = `node scripts/campaign.mjs NAME [options]

${campaigns.map(({ name, says }) => `  ${name.padEnd(14)}${says}`).join("\n")}

  --days D        simulated days (default: winter 30, lock-failure 1, swarm-bugs 1)
  --seed N        same seed, same days (default 1)
  --arrivals N    riders a day (default 400)
  --unheated      winter: the cabinets stand in the street
  --from-day D    winter: begins on that night of it (default: the first)
  --stretches N   winter: cut into so many, played side by side, each by a process and with a station newly put up
                  (default 1); seeds are counted up from --seed
  --seeds N       lock-failure: so many seeds, counted up from --seed (default 10)
  --failure P     lock-failure: probability that a pulse does nothing (default 0.02)
  --events N      delivery: so many events (default 100000)
  --only B,B      swarm-bugs: these bugs alone
  --bugs N        swarm-bugs: so many of those that are not done yet (default: all)
  --tries N       swarm-bugs: so many seeds for each bug at most (default 200)
  --replay        swarm-bugs: shows each find again, its seed and its scenario, with the bug and without
  --write         swarm-bugs --replay: what held is kept as shown on these sources, in results.json and on the page
  --whole-days    swarm-bugs: plays no parts of a day first; slower, and misses less
  --config F      configuration (default: the reference station)
  --json          one JSON object instead of a page

Ctrl-C ends a run where it is and prints what was reached.
`;

function complain(message) {
  process.stderr.write(`E_USAGE ${message}\n\n${usage}`);
  process.exit(2);
}

function readOptions() {
  const text = { type: "string" };
  const flag = { type: "boolean", default: false };
  const own = {
    unheated: flag,
    "from-day": text,
    stretches: text,
    seeds: text,
    failure: text,
    events: text,
    only: text,
    bugs: text,
    tries: text,
    "whole-days": flag,
    replay: flag,
    write: flag,
  };
  const options = { days: text, seed: text, arrivals: text, config: text, json: flag, help: flag, ...own };
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return complain(error.message);
  }
}

function positive(values, name, fallback) {
  const value = values[name] === undefined ? fallback : Number(values[name]);
  return value > 0 ? value : complain(`--${name} wants a number above 0, not ${values[name]}`);
}

function stretchesOf(values) {
  const count = positive(values, "stretches", 1);
  if (!Number.isInteger(count)) complain(`--stretches wants a whole number, not ${count}`);
  if (count > 1 && !Number.isInteger(Number(values.seed ?? 1)))
    complain("--stretches counts up from --seed: a whole number");
  return count;
}

/** On a terminal one line that changes; elsewhere a line for every tenth of the work. */
function progressLine(quiet) {
  let told = 0;
  let enough = false;
  // The first one ends the run where it is and prints what was reached; the second one does not wait.
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      if (enough) process.exit(130);
      enough = true;
    });
  }
  return async (share, says) => {
    tell(share, says);
    // Signals and the terminal get their turn.
    await new Promise((next) => setImmediate(next));
    return enough ? "enough" : undefined;
  };
  function tell(share, says) {
    if (quiet) return;
    const line = `${(share * 100).toFixed(1).padStart(5)} %  ${says()}`;
    if (process.stderr.isTTY === true) process.stderr.write(`\r${line}\u001b[K${share >= 1 ? "\r\u001b[K" : ""}`);
    else if (share >= told + 0.1 || share >= 1) {
      told = share;
      process.stderr.write(`${line}\n`);
    }
  }
}

const { values, positionals } = readOptions();
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const campaign = campaigns.find(({ name }) => name === positionals[0]);
if (campaign === undefined)
  complain(positionals[0] === undefined ? "which campaign?" : `no campaign ${positionals[0]}`);
buildWhenStale(root);
const { loadConfig } = await import(`${root}/dist/firmware/config/load.js`);
const configPath = values.config ?? "examples/reference-station.yaml";
const configFile = resolve(values.config ?? join(root, configPath));
const loaded = loadConfig(configFile);
if (!loaded.ok) {
  for (const { file, line, message } of loaded.problems) process.stderr.write(`${file}:${line} ${message.en}\n`);
  process.exit(78);
}
const machine = describeMachine();
const startedAt = new Date().toISOString();
const { result, page } = await campaign.run({
  root,
  config: loaded.config,
  configFile,
  configPath,
  seed: values.seed ?? "1",
  days: positive(values, "days", campaign.days),
  arrivalsPerDay: positive(values, "arrivals", 400),
  unheated: values.unheated,
  firstDay: values["from-day"] === undefined ? 0 : positive(values, "from-day", 0),
  stretches: stretchesOf(values),
  seeds: positive(values, "seeds", 10),
  failure: positive(values, "failure", 0.02),
  events: positive(values, "events", 100_000),
  only: values.only,
  bugs: positive(values, "bugs", 1_000),
  tries: positive(values, "tries", 200),
  wholeDays: values["whole-days"],
  replay: values.replay,
  write: values.write,
  wallNowMs: () => performance.now(),
  progress: progressLine(values.json),
});
if (values.json) console.log(JSON.stringify({ campaign: campaign.name, startedAt, ...machine, ...result }));
else console.log(`${machine.machine}, ${machine.cores} cores, Node ${machine.node}, ${startedAt}\n\n${page}`);
process.exitCode = result.broken.length === 0 ? 0 : 1;
