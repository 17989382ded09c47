// A part of a bench, in a fresh process: an example station in virtual time with every byte and every invariant, what it
// publishes counted by topic if asked.
const LOCAL_START = Date.parse("2026-01-15T11:00:00+08:00");
const STATE_MS = 10_000;
const OVERHEAD_BYTES = 128;

/** `bay/7` and `bay/8` are one line of the table. */
function kindOf(topic) {
  const [, , , first, second] = topic.split("/");
  if (first === "bay") return topic.endsWith("/availability") ? "bay/+/availability" : "bay/+";
  if (first === "event") return `event/${second}`;
  return second === undefined ? first : `${first}/+`;
}

function watchTraffic({ broker, clock }, station, publishBytes) {
  const byTopic = {};
  const nothing = () => ({ messages: 0, topicBytes: 0, payloadBytes: 0, bytes: 0 });
  const naive = nothing();
  const count = (entry, topicBytes, payloadBytes) => {
    entry.messages++;
    entry.topicBytes += topicBytes;
    entry.payloadBytes += payloadBytes;
    entry.bytes += publishBytes(topicBytes, payloadBytes, 1) + OVERHEAD_BYTES;
  };
  broker.subscribe("#", ({ topic, payload }) => {
    if (topic.includes("/request/")) return;
    const kind = kindOf(topic);
    byTopic[kind] ??= nothing();
    count(byTopic[kind], topic.length, payload.length);
  });
  // What many stations do: everything that is known, as one JSON, every ten seconds.
  const encoder = new TextEncoder();
  const sendAll = () => {
    const state = broker.retainedTopics().filter((topic) => !topic.endsWith("/info"));
    const parts = state.map((topic) => {
      const payload = broker.retained(topic);
      const value = payload.startsWith("{") ? payload : JSON.stringify(payload);
      return `${JSON.stringify(topic.split("/").slice(3).join("/"))}:${value}`;
    });
    count(naive, `yizhan/1/${station}/state`.length, encoder.encode(`{${parts.join()}}`).length);
    clock.after(STATE_MS, sendAll);
  };
  clock.after(STATE_MS, sendAll);
  return { byTopic, naive };
}

process.once("message", async ({ root, station = "reference-station", hours, seed, traffic }) => {
  const from = (module) => import(`${root}/dist/${module}`);
  const { loadConfig } = await from("firmware/config/load.js");
  const { createSimulation } = await from("simulator/simulation.js");
  const { publishBytes } = await from("simulator/broker.js");
  const loaded = loadConfig(`${root}/examples/${station}.yaml`);
  if (!loaded.ok) throw new Error(`examples/${station}.yaml is not valid`);
  const cpuBefore = process.cpuUsage();
  const fromMs = performance.now();
  const simulation = createSimulation({ config: loaded.config, seed, fromMs: LOCAL_START });
  const watched = traffic ? watchTraffic(simulation, loaded.config.station.stationId, publishBytes) : {};
  const { clock, world, broker, invariants, digest } = simulation;
  const untilMs = hours * 3_600_000;
  const cpuSeconds = () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return (user + system) / 1e6;
  };
  clock.runUntil(untilMs / 2);
  const firstHalfSeconds = cpuSeconds();
  clock.runUntil(untilMs);
  invariants.finish();
  process.send({
    simulatedSeconds: untilMs / 1_000,
    wallSeconds: (performance.now() - fromMs) / 1_000,
    cpuSeconds: cpuSeconds(),
    firstHalfSeconds,
    transactions: world.stats.transactions,
    timers: clock.eventsRun(),
    visits: world.stats.arrivals,
    counters: broker.counters(),
    checked: invariants.checked(),
    violated: invariants.violations().length,
    digest: digest.hex(),
    ...watched,
  });
});
