/** `yizhan report`: everything in one file that tar opens, and nobody's name in it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportCommand } from "../../firmware/cli/report.ts";
import { recordedInMemory } from "../support/recorded-station.ts";
import { leaks, type Written } from "../support/secrets.ts";
import { starterSimulation } from "../support/starter-simulation.ts";

const directory = mkdtempSync(join(tmpdir(), "yizhan-report-"));
const config = join(directory, "station.yaml");
const output = join(directory, "report.tar.gz");
const opened = join(directory, "opened");
const publicKey = `${"B".repeat(42)}A`;

/** A station whose riders swapped for an hour, as its directory looks afterwards. */
function leaveBehind(port: number): void {
  const kept = recordedInMemory();
  const world = { arrivalsPerDay: 150, initialSoc: 0.9, emptyBaysPerCabinet: 1 };
  const station = starterSimulation("report", { record: kept.record, world });
  station.minutes(60);
  station.ask("bind", { packId: "yz-0001", member: "m-0007", by: "Wang Xiaoming" });
  for (let times = 0; times < 3; times++) {
    kept.recorder().write("asked");
    station.minutes(1);
  }
  const state = join(directory, "state");
  mkdirSync(join(state, "recordings"), { recursive: true });
  const { disk } = station.simulation;
  for (const name of disk.names()) writeFileSync(join(state, name), disk.read(name));
  for (const [name, bytes] of kept.files) writeFileSync(join(state, "recordings", name), bytes);
  const example = readFileSync("examples/starter-cabinet.yaml", "utf8")
    .replace(/file: members.yaml/, `file: ${join(process.cwd(), "examples/members.yaml")}`)
    .replace(/url: mqtt:.*/, "url: mqtt://127.0.0.1:9\n  username: the-broker-user");
  const more = [
    `storage: { directory: "${state}" }`,
    `http: { host: 127.0.0.1, port: ${port} }`,
    `requests: { keys: [{ id: wang-laptop, role: operator, publicKey: ${publicKey}, name: Wang Xiaoming }] }`,
  ];
  writeFileSync(config, `${example}\n${more.join("\n")}\n`);
}

async function asked(...args: readonly string[]) {
  let [out, err] = ["", ""];
  const io = {
    env: {},
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  return { code: await reportCommand(args, io), out, err };
}

const server = createServer((request, response) => response.end(`answer of ${request.url}`));
let written: Written[] = [];

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  leaveBehind(typeof address === "object" && address !== null ? address.port : 0);
  expect(await asked("-c", config, "-o", output, "--json")).toMatchObject({ code: 0, err: "" });
  mkdirSync(opened);
  const tar = spawnSync("tar", ["-xzf", output, "-C", opened], { encoding: "utf8" });
  expect(tar.stderr).toBe("");
  const names = readdirSync(opened, { recursive: true, encoding: "utf8" });
  written = names
    .filter((name) => statSync(join(opened, name)).isFile())
    .map((name) => {
      const bytes = readFileSync(join(opened, name));
      return { where: name, text: (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8") };
    });
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

const textOf = (name: string): string => written.find(({ where }) => where === name)?.text ?? "";

describe("yizhan report", () => {
  test("holds versions, configuration, health, metrics, the end of the log, and the newest recordings", () => {
    const about = JSON.parse(textOf("about.json")) as {
      station: string;
      yizhan: { version: string };
      files: unknown[];
    };
    expect(about.station).toBe("starter-1");
    expect(about.yizhan.version).toMatch(/^\d/);
    expect(about.files.length).toBe(written.length - 1);
    expect(textOf("healthz.json")).toBe("answer of /healthz");
    expect(textOf("metrics.txt")).toBe("answer of /metrics");
    expect(textOf("log-tail.jsonl").split("\n").length).toBeGreaterThan(50);
    expect(textOf("log-tail.jsonl")).toContain('"kind":"swap-ended"');
    expect(written.filter(({ where }) => where.startsWith("recordings/")).length).toBe(2);
  });

  test("shows the configuration as it is in force, without keys, names and user names", () => {
    const shown = JSON.parse(textOf("configuration.json")) as {
      mqtt: { username: string };
      requests: { keys: { id: string; role: string; publicKey: string }[] };
      buses: unknown[];
    };
    expect(shown.mqtt.username).toBe("(removed)");
    expect(shown.requests.keys).toEqual([
      { id: expect.stringMatching(/^key-[0-9a-f]{12}$/) as string, role: "operator", publicKey: "(removed)" },
    ]);
    expect(shown.buses.length).toBeGreaterThan(3);
  });

  test("names no member and nobody else, and holds no digest and no key", () => {
    const members = readFileSync("examples/members.yaml", "utf8");
    const lines = [...members.matchAll(/member: (\S+), credentialSha256: ([0-9a-f]{64})/g)];
    const secrets = lines.flatMap(([, member = "", digest = ""]) => [
      { what: "a member's number", text: member },
      { what: "a digest", text: digest },
    ]);
    const words = ["Wang Xiaoming", "wang-laptop", "the-broker-user", publicKey];
    expect(leaks(written, [...secrets, ...words.map((text) => ({ what: text, text }))])).toEqual([]);
    expect(textOf("log-tail.jsonl")).toMatch(/"member":"member-[0-9a-f]{12}"/);
  });

  test("is for its owner alone, and says what cannot be had instead of failing", async () => {
    expect(statSync(output).mode & 0o777).toBe(0o600);
    server.close();
    rmSync(join(directory, "state"), { recursive: true });
    const { code, out } = await asked("-c", config, "-o", output, "--json");
    expect(code).toBe(0);
    const names = (JSON.parse(out) as { parts: { name: string }[] }).parts.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["about.json", "configuration.json", "healthz.json.missing"]));
  });

  test("says what is wrong with its arguments, its configuration and its file", async () => {
    expect(await asked()).toMatchObject({ code: 2, err: expect.stringContaining("E_USAGE") });
    expect(await asked("-c", join(directory, "none.yaml"))).toMatchObject({ code: 78 });
    expect(await asked("-c", config, "-o", join(directory, "no", "where"))).toMatchObject({
      code: 1,
      err: expect.stringContaining("E_REPORT"),
    });
  });
});
