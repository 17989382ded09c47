// `npm test`: everything that must hold before a change is kept. Builds, installs what the real-process tests need from Debian's
// packages when it runs as root there, lints, checks types, checks that generated pages are fresh, runs the tests.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tools = {
  mosquitto: ["mosquitto", "/usr/sbin/mosquitto"],
  socat: ["socat", "/usr/bin/socat"],
  "nats-server": ["nats-server", "/usr/sbin/nats-server"],
  prometheus: ["promtool"],
  postgresql: ["/usr/lib/postgresql"],
  openssl: ["openssl", "/usr/bin/openssl"],
};

function has(places) {
  return places.some((place) => existsSync(place) || spawnSync("which", [place], { stdio: "ignore" }).status === 0);
}

function installTools() {
  const missing = Object.entries(tools)
    .filter(([, places]) => !has(places))
    .map(([name]) => name);
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!mayInstall) {
    console.log(`skipping the tests that need ${missing.join(" and ")}; this enables them: sudo ${command}`);
    return;
  }
  console.log(`installing ${missing.join(", ")} for the real-process tests`);
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-q"], quiet);
  const installed = spawnSync("apt-get", command.split(" ").slice(1), quiet);
  if (installed.status !== 0) console.log(`could not install them; skipping those tests. By hand: ${command}`);
}

/** All of them take minutes, so each day has its fifth; five days see all, and so does every night. */
function bugsOfTheDay() {
  if (process.env.YIZHAN_BUGS !== undefined) return;
  const fifth = Math.floor(Date.now() / 86_400_000) % 5;
  process.env.YIZHAN_BUGS = `fifth-${fifth}`;
  console.log(`seeded bugs: YIZHAN_BUGS=fifth-${fifth} today; YIZHAN_BUGS=all npm test tries all of them`);
}

function step(name, command, args) {
  const startedMs = performance.now();
  console.log(`\n── ${name}`);
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, FORCE_COLOR: process.env.FORCE_COLOR ?? "0" },
  });
  if (done.status !== 0) {
    console.log(
      `\n${name} failed; run it alone: ${[command, ...args].join(" ").replace(`${process.execPath} `, "node ")}`,
    );
    process.exit(done.status ?? 1);
  }
  console.log(`── ${name}: ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`);
}

const bin = (name) => join(root, "node_modules", ".bin", name);

installTools();
step("build", process.execPath, [join(root, "scripts", "build.mjs")]);
step("lint", bin("biome"), ["check", "--error-on-warnings", "."]);
step("types", bin("tsc"), ["-p", "tsconfig.json", "--noEmit"]);
step("generated pages", process.execPath, [join(root, "bin", "yizhan.js"), "docs", "--check"]);
step("examples", process.execPath, [join(root, "bin", "yizhan.js"), "check", "examples/reference-station.yaml"]);
step("examples", process.execPath, [join(root, "bin", "yizhan.js"), "check", "examples/starter-cabinet.yaml"]);
step("examples", process.execPath, [join(root, "bin", "yizhan.js"), "check", "examples/room-station.yaml"]);
/** The same seeds every time, and two that nobody has run before, named after the day so that a failure can be repeated. */
function swarm() {
  const soak = (seeds) => ["soak", "--seeds", seeds, "--days", "0.1", "--faults", "all"];
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  for (const seeds of ["10..15", `${day}1..${day}2`]) {
    console.log(`seeds ${seeds}: npx yizhan soak --seeds ${seeds} --days 0.1 --faults all`);
    step("swarm", process.execPath, [join(root, "bin", "yizhan.js"), ...soak(seeds)]);
  }
}

swarm();
bugsOfTheDay();
step("tests", bin("vitest"), ["run", "--project", "unit"]);
step("seeded bugs", bin("vitest"), ["run", "--project", "seeded-bugs"]);
step("real processes", bin("vitest"), ["run", "--project", "real"]);
step("real processes, alone", bin("vitest"), ["run", "--project", "alone"]);
