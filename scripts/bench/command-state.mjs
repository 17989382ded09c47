// command → state, on a real process: from an operator's publish until the answer, and until the bay's retained state shows what was
// asked. Between them the request is judged, journalled, synced, decided and journalled again. Beside it, on the same broker and
// in turn with it, a client that does nothing but answer.
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import mqtt from "mqtt";
import { amount, figure, percentile } from "./figures.mjs";
import { end, startPart } from "./processes.mjs";
import { startController, startStation, untilArmed } from "./station.mjs";

const part = (name) => new URL(`./${name}.mjs`, import.meta.url).pathname;
/** What taking a request and answering it takes in the log. */
const RECORD_BYTES = 700;
const BAYS = 36;
/** Below the rate at which a station takes requests at all, 20 a second. */
const GAP_MS = 60;
const LATE_MS = 10_000;

/** Waits for one message that fits; `took` is from the publish on. */
class Desk {
  constructor(client) {
    this.client = client;
    this.waiting = [];
    client.on("message", (topic, payload) => {
      const nowMs = performance.now();
      this.waiting = this.waiting.filter((waiter) => !waiter.heard(topic, payload.toString(), nowMs));
    });
  }

  until(fits, fromMs) {
    return new Promise((settle, fail) => {
      const late = setTimeout(() => fail(new Error("a command was not answered in 10 s")), LATE_MS);
      this.waiting.push({
        heard(topic, text, nowMs) {
          if (!fits(topic, text)) return false;
          clearTimeout(late);
          settle(nowMs - fromMs);
          return true;
        },
      });
    });
  }

  async ask(topic, text, ...fits) {
    const fromMs = performance.now();
    const all = fits.map((fit) => this.until(fit, fromMs));
    this.client.publish(topic, text, { qos: 1 });
    return Promise.all(all);
  }
}

async function measure(station, { commands, say }) {
  const root = `yizhan/1/${station.file.station.id}/`;
  const client = await mqtt.connectAsync(station.brokerUrl, { clientId: "bench-desk" });
  client.stream.setNoDelay(true);
  const desk = new Desk(client);
  await client.subscribeAsync([`${root}bay/+`, `${root}response/+`, "bench/state"], { qos: 1 });
  const echo = startPart(part("mqtt-echo"), {
    url: station.brokerUrl,
    file: join(station.directory, "state", "echo"),
    recordBytes: RECORD_BYTES,
  });
  await new Promise((ready) => echo.once("message", ready));
  const found = { answer: [], state: [], echo: [], sync: [] };
  for (let command = 0; command < commands; command++) {
    const id = `bench-${command}`;
    const bay = (command % BAYS) + 1;
    const lockOut = Math.floor(command / BAYS) % 2 === 0 ? "operator" : "none";
    const request = { id, expiresAt: Date.now() + 60_000, by: "bench", bay, lockOut, reason: "bench" };
    const [answer, state] = await desk.ask(
      `${root}request/lock-out`,
      JSON.stringify(request),
      (topic, text) => topic === `${root}response/lock-out` && JSON.parse(text).id === id,
      (topic, text) => topic === `${root}bay/${bay}` && JSON.parse(text).lockOut === lockOut,
    );
    found.answer.push(answer);
    found.state.push(state);
    const text = JSON.stringify({ ...request, filled: "x".repeat(200) });
    const isEcho = (topic, heard) => topic === "bench/state" && heard === text;
    found.echo.push(...(await desk.ask("bench/set", text, isEcho)));
    found.sync.push(...(await desk.ask("bench/set/sync", text, isEcho)));
    say(`${command + 1} of ${commands} commands`);
    await pause(GAP_MS);
  }
  await end(echo);
  await client.endAsync(true);
  return found;
}

/** Of other programs, on a quiet machine of the same kind and another broker: to know where one stands, not to compare. */
const published = [
  ["Node-RED 4.1, command → state through its serial node", 1.82, 49.2],
  ["a minimal Node program, the same with TCP_NODELAY", 0.86, 6.0],
];

function figuresOf({ answer, state, echo, sync }) {
  const of = (name, values, percent) =>
    figure({
      name: `${name}, p${percent}`,
      value: percentile(values, percent),
      unit: "ms",
      baseline: {
        name: `a bare client: sync a record, then answer, p${percent}`,
        value: percentile(sync, percent),
      },
    });
  return {
    figures: [
      of("command → state", state, 50),
      of("command → state", state, 99),
      of("command → answer", answer, 50),
      of("command → answer", answer, 99),
    ],
    notes: [
      `${state.length} commands; the bare client without a sync: p50 ${amount(percentile(echo, 50), "ms")}, p99 ${amount(percentile(echo, 99), "ms")}`,
      "the command locks a bay out or in: it is judged, journalled, synced, decided, journalled and shown; no serial line is in it",
      ...published.map(([name, p50, p99]) => `published elsewhere: ${name}: p50 ${p50} ms, p99 ${p99} ms`),
    ],
    raw: { answer, state, echo, sync },
  };
}

export const commandState = {
  name: "command-state",
  title: "an operator's command → the state that shows it, real process, reference station",
  latency: true,
  async run({ root, quick, say }) {
    // A clock that nobody has set judges no expiry; a file that exists says that this one is set.
    const station = await startStation({ root, extra: `clock: { synchronisedFiles: ["${process.execPath}"] }\n` });
    try {
      const controller = startController(station);
      await untilArmed(station, controller);
      const found = await measure(station, { commands: quick ? 72 : 720, say });
      await end(controller);
      return figuresOf(found);
    } finally {
      await station.stop();
    }
  },
};
