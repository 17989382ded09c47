// `npm run nightly`: the same campaigns as in CI, at full size. Each takes its size from an environment variable, so a single
// one can be run alone: YIZHAN_DEADMAN_RUNS=100 npx vitest run --project alone test/real/dead-man.test.ts
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const sizes = {
  YIZHAN_FUZZ_RUNS: "10000000",
  YIZHAN_LOG_FLIPS: "all",
  YIZHAN_PROPERTY_RUNS: "2000",
  YIZHAN_DEADMAN_RUNS: "100",
  YIZHAN_CRASH_SEEDS: "5000",
  YIZHAN_EXPLORE_DEPTH: "8",
  YIZHAN_EXPLORE_DEVIATIONS: "2",
  YIZHAN_EXPLORE_STATES: "3000000",
  YIZHAN_KILL_RUNS: "200",
  YIZHAN_SIM_DAYS: "10",
  YIZHAN_WINTER_DAYS: "30",
  YIZHAN_ROOM_DAYS: "30",
  YIZHAN_LOCK_FAILURE_DAYS: "1",
  YIZHAN_LOCK_FAILURE_SEEDS: "10",
  YIZHAN_BUGS: "all",
  YIZHAN_OFFLINE_DAYS: "7",
  YIZHAN_FLAT_DAYS: "30",
  YIZHAN_TOGETHER_RUNS: "200",
  YIZHAN_COMMANDS: "100000",
  YIZHAN_DELIVERY_EVENTS: "1000000",
  YIZHAN_BROKERS: "mosquitto,nats,rabbitmq",
};
console.log(`sizes: ${JSON.stringify(sizes)}`);
const args = [join(root, "node_modules", ".bin", "vitest"), "run", "--testTimeout=7200000"];
const done = spawnSync(process.execPath, args, {
  cwd: root,
  stdio: "inherit",
  env: { ...sizes, ...process.env, ...sizes },
});

// A swarm that nobody has run before, from the day's first seed on; everything that must sometimes be must have been.
const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
const swarm = process.env.YIZHAN_SOAK_SEEDS ?? `${day}0000..${day}1999`;
function soak(...words) {
  console.log(`swarm: npx yizhan soak ${words.join(" ")}`);
  const yizhan = join(root, "bin", "yizhan.js");
  const ran = spawnSync(process.execPath, [yizhan, "soak", ...words, "--quiet"], { cwd: root, stdio: "inherit" });
  return ran.status ?? 1;
}
const soaked = soak("--seeds", swarm, "--days", "1", "--faults", "all", "--complete");
// Much breaks while other things are broken: shorter days, and more of them end early.
const harsh = process.env.YIZHAN_HARSH_SEEDS ?? `${day}2000..${day}2999`;
const harshly = soak("--seeds", harsh, "--days", "0.3", "--faults", "all", "--harsh");
process.exit([done.status ?? 1, soaked, harshly].find((status) => status !== 0) ?? 0);
