/** `/metrics` and `/healthz` of a simulated station, asked over HTTP: they say what is so, and nothing that is switched off. */
import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, test } from "vitest";
import { type HttpSurface, openHttpSurface } from "../../../firmware/http/surface.ts";
import { type StarterSimulation, starterSimulation } from "../../support/starter-simulation.ts";

const open: HttpSurface[] = [];
afterEach(async () => {
  for (const surface of open.splice(0)) await surface.close();
});

interface Pages extends StarterSimulation {
  metrics(): Promise<string>;
  health(): Promise<{ status: number; report: { status: string; reasons: string[]; faults: { code: string }[] } }>;
}

async function pagesOf(seed: string, more: Parameters<typeof starterSimulation>[1] = {}): Promise<Pages> {
  let surface: HttpSurface | undefined;
  const starter = starterSimulation(seed, { ...more, onRecord: (record) => surface?.recorded(record) });
  const { station, clock } = starter.simulation;
  const listen = { host: "127.0.0.1", port: 0, tries: 1 };
  surface = await openHttpSurface({ station, clock, identity: { version: "0.1.0", commit: "abc" }, listen });
  open.push(surface);
  const { url } = surface;
  return {
    ...starter,
    metrics: async () => (await fetch(`${url}/metrics`)).text(),
    async health() {
      const answer = await fetch(`${url}/healthz`);
      return { status: answer.status, report: (await answer.json()) as Awaited<ReturnType<Pages["health"]>>["report"] };
    },
  };
}

/** The value of one line, by its name and labels as they are written. */
function lineValue(text: string, line: string): number | undefined {
  const found = text.split("\n").find((candidate) => candidate.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

/** Path of the line that the locks are on. */
function lockLine({ simulation }: Pick<StarterSimulation, "simulation">): string {
  const { devices, buses } = simulation.station.config.file;
  const lock = devices.find(({ kind }) => kind === "lock-8a");
  const bus = lock !== undefined && "bus" in lock ? lock.bus : "";
  return buses.find(({ id }) => id === bus)?.path ?? "";
}

const hasPromtool = spawnSync("promtool", ["--version"]).error === undefined;
if (!hasPromtool) console.log("skipping `promtool check metrics`: promtool is missing (Debian package prometheus)");

describe("/metrics", () => {
  test("tells of swaps, packs, power and lines as they are", async () => {
    const { simulation, minutes, metrics } = await pagesOf("metrics");
    simulation.world.arrive({ behaviour: "proper", socPct: 30, packC: 10 });
    minutes(3);
    const text = await metrics();
    expect(lineValue(text, 'yizhan_build_info{version="0.1.0",commit="abc"}')).toBe(1);
    expect(lineValue(text, 'yizhan_swaps_total{result="completed"}')).toBe(1);
    expect(lineValue(text, 'yizhan_swaps_total{result="refused"}')).toBe(0);
    expect(lineValue(text, "yizhan_swap_duration_seconds_count")).toBe(1);
    expect(lineValue(text, 'yizhan_people_served_total{kind="swap"}')).toBe(1);
    expect(lineValue(text, 'yizhan_people_served_total{kind="drink"}')).toBe(0);
    expect(lineValue(text, "yizhan_swap_duration_seconds_sum")).toBeGreaterThan(5);
    expect(lineValue(text, "yizhan_mqtt_connected")).toBe(1);
    expect(lineValue(text, "yizhan_power_limit_watts")).toBe(simulation.station.context.config.siteLimitW);
    const bay = simulation.world.truth.bays.find(({ pack }) => (pack?.soc ?? 1) < 0.5)?.bay;
    expect(lineValue(text, `yizhan_bay_state{cabinet="a",bay="${bay}",state="charging"}`)).toBe(1);
    expect(lineValue(text, `yizhan_bay_state{cabinet="a",bay="${bay}",state="empty"}`)).toBe(0);
    expect(lineValue(text, `yizhan_pack_soc_ratio{cabinet="a",bay="${bay}"}`)).toBeCloseTo(0.3, 1);
    expect(lineValue(text, 'yizhan_power_watts{use="charging"}')).toBeGreaterThan(300);
    expect(text).toMatch(/^yizhan_bus_requests_total\{bus="[a-z0-9-]+",result="answered"\} [1-9]/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
  });

  test("names no rider and no member", async () => {
    const { simulation, minutes, metrics } = await pagesOf("anonymous");
    simulation.world.arrive({ rider: 4, behaviour: "proper", socPct: 30, packC: 10 });
    minutes(3);
    const text = await metrics();
    expect(text).not.toMatch(/m-0005|yz-member|member=|rider=/);
    const labels = new Set(
      [...text.matchAll(/^yizhan_[^{]+\{(.*)\}/gm)].flatMap(([, inside = ""]) =>
        [...inside.matchAll(/([a-z]+)="/g)].map(([, name]) => name),
      ),
    );
    const allowed = [
      "bay",
      "bus",
      "cabinet",
      "code",
      "commit",
      "kind",
      "le",
      "place",
      "result",
      "severity",
      "state",
      "subject",
      "use",
      "version",
    ];
    expect([...labels].filter((label) => !allowed.includes(label ?? ""))).toEqual([]);
  });

  test("has no line for a pack that is not there, nor for a broker that is not configured", async () => {
    const { simulation, metrics } = await pagesOf("absent");
    const text = await metrics();
    const empty = simulation.world.truth.bays.find(({ pack }) => pack === undefined)?.bay;
    expect(lineValue(text, `yizhan_bay_state{cabinet="a",bay="${empty}",state="empty"}`)).toBe(1);
    expect(lineValue(text, `yizhan_pack_volts{cabinet="a",bay="${empty}"}`)).toBeUndefined();
    const { createMetrics } = await import("../../../firmware/http/metrics.ts");
    const { createTally } = await import("../../../firmware/http/tally.ts");
    const { station, clock } = simulation;
    const withoutBroker = createMetrics({
      station: { ...station, loop: station.loop, session: undefined },
      clock,
      identity: { version: "0", commit: "0" },
      tally: createTally(),
    });
    const told = await withoutBroker.text();
    expect(told).not.toMatch(/mqtt|outbox|requests_total\{result="accepted/);
    expect(told).toMatch(/^yizhan_clock_synced 1$/m);
  });

  test.runIf(hasPromtool)("passes Prometheus' own linter", async () => {
    const { simulation, minutes, metrics } = await pagesOf("promtool");
    simulation.world.line(lockLine({ simulation })).unplug();
    minutes(3);
    const text = await metrics();
    expect(text).toContain('yizhan_fault_raised{code="bus-lost"');
    const checked = spawnSync("promtool", ["check", "metrics"], { input: text, encoding: "utf8" });
    expect(checked.stderr + checked.stdout).toBe("");
    expect(checked.status).toBe(0);
  });
});

describe("/healthz", () => {
  test("is 200 while all is well, 200 and degraded while a device is dead, 503 when the broker is out of reach", async () => {
    const pages = await pagesOf("health");
    expect(await pages.health()).toEqual({ status: 200, report: { status: "ok", reasons: [], faults: [] } });
    pages.simulation.world.line(lockLine(pages)).unplug();
    pages.minutes(2);
    const degraded = await pages.health();
    expect(degraded).toMatchObject({ status: 200, report: { status: "degraded", reasons: [] } });
    expect(degraded.report.faults.map(({ code }) => code)).toContain("bus-lost");
    pages.broker.takeDown();
    pages.minutes(3);
    expect(await pages.health()).toMatchObject({
      status: 503,
      report: { status: "failing", reasons: ["broker-lost"] },
    });
    pages.broker.bringUp();
    pages.minutes(1);
    expect((await pages.health()).status).toBe(200);
  });

  test("is 503 once the loop makes no more scans", async () => {
    const pages = await pagesOf("stopped");
    pages.simulation.station.loop.stop();
    pages.minutes(1);
    expect(await pages.health()).toMatchObject({ status: 503, report: { reasons: ["loop-stopped"] } });
  });

  test("and the health topic leave out what an operator switched off, but never danger", async () => {
    const pages = await pagesOf("switched-off");
    const health = () => pages.retained("health") as { faults: number; bus: { silent: string[] } };
    pages.simulation.world.line(lockLine(pages)).unplug();
    pages.minutes(2);
    expect(health().faults).toBeGreaterThan(0);
    expect(health().bus.silent).toHaveLength(1);
    expect(pages.ask("cabinet-lock-out", { cabinet: "a", lockOut: "operator", reason: "repair" })?.status).toBe("ok");
    pages.minutes(2);
    expect(health()).toMatchObject({ faults: 0, bus: { silent: [] } });
    expect(await pages.health()).toEqual({ status: 200, report: { status: "ok", reasons: [], faults: [] } });
    // The fault itself is told all the same, to whoever looks at the cabinet.
    expect(pages.broker.retainedTopics().some((topic) => topic.includes("/fault/bus-lost/"))).toBe(true);
    pages.simulation.world.setSmoke("a", true);
    pages.minutes(2);
    expect(health().faults).toBeGreaterThan(0);
    expect((await pages.health()).report.faults).toContainEqual({ code: "smoke", subject: "a", severity: "danger" });
  });
});
