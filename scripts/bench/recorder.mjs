// What the flight recorder costs: a busy reference station simulated with it and without it, step for step, and what the ring holds.
import { gzipSync } from "node:zlib";
import { amount, atMost, figure, median } from "./figures.mjs";

const ARRIVALS_PER_DAY = 400;
const MINUTES = 20;

/** Everything that a run spends in the recorder, and how many steps it heard of. */
function timed(recorder) {
  const spent = { ms: 0, steps: 0, worstMs: 0 };
  const around = (call) => {
    const fromMs = performance.now();
    call();
    const ms = performance.now() - fromMs;
    spent.ms += ms;
    spent.worstMs = Math.max(spent.worstMs, ms);
  };
  return {
    spent,
    recorder: {
      enters: (was, input) => around(() => recorder.enters(was, input)),
      decided: (effects) => {
        spent.steps++;
        around(() => recorder.decided(effects));
      },
      granted: (input, grant) => around(() => recorder.granted(input, grant)),
      noted: (level, what, detail) => around(() => recorder.noted(level, what, detail)),
      verify: (verify) => recorder.verify(verify),
    },
  };
}

async function modules(root) {
  const from = (module) => import(`${root}/dist/${module}.js`);
  const { loadConfig } = await from("firmware/config/load");
  const loaded = loadConfig(`${root}/examples/reference-station.yaml`);
  if (!loaded.ok) throw new Error("the reference station is not valid");
  const { createSimulation } = await from("simulator/simulation");
  const { createRecorder, segmentLimits } = await from("firmware/recorder/recorder");
  return { config: loaded.config, createSimulation, createRecorder, segmentLimits };
}

function simulated({ config, createSimulation }, minutes, record) {
  const simulation = createSimulation({
    config,
    seed: "recorder",
    fromMs: Date.UTC(2026, 0, 15, 3, 0),
    world: { arrivalsPerDay: ARRIVALS_PER_DAY },
    ...(record === undefined ? {} : { record }),
  });
  const fromMs = performance.now();
  simulation.clock.runUntil(minutes * 60_000);
  return performance.now() - fromMs;
}

function recorded(parts, minutes) {
  let watched;
  let ring;
  let text = 0;
  let packed = 0;
  const packMs = [];
  const record = (config, platform) => {
    ring = parts.createRecorder(config, platform, {
      store: { write: (_name, _parts, done) => done(undefined), writeNow: () => undefined },
      // On a worker thread in the real process; here in a turn of its own, so that it is in no figure of the loop.
      compress: (all, done) =>
        platform.clock.after(0, () => {
          const fromMs = performance.now();
          const bytes = gzipSync(all);
          packMs.push(performance.now() - fromMs);
          text += all.length;
          packed += bytes.length;
          done(bytes);
        }),
      compressNow: gzipSync,
      note: () => undefined,
      limits: { bytesMax: 64_000_000, ...parts.segmentLimits },
    });
    watched = timed(ring);
    return watched.recorder;
  };
  const wallMs = simulated(parts, minutes, record);
  return { wallMs, ...watched.spent, text, packed, packMs: median(packMs), held: ring.bytes() };
}

export const recorderBench = {
  name: "recorder",
  title: "the flight recorder beside a busy reference station: steps with and without it",
  async run({ root, quick, say }) {
    const parts = await modules(root);
    const minutes = quick ? 4 : MINUTES;
    const runs = quick ? 1 : 3;
    const without = [];
    const found = [];
    simulated(parts, 1, undefined);
    for (let turn = 0; turn < runs; turn++) {
      say(`run ${turn + 1} of ${runs}`);
      without.push(simulated(parts, minutes, undefined));
      found.push(recorded(parts, minutes));
    }
    const bare = median(without);
    const own = found.find(({ ms }) => ms === median(found.map((one) => one.ms)));
    const seconds = minutes * 60;
    const perStepUs = (ms) => (ms * 1e3) / own.steps;
    return {
      figures: [
        figure({
          name: "CPU of one core spent in the recorder's calls",
          value: own.ms / (seconds * 10),
          unit: "%",
          limit: atMost(0.2),
          note: `${amount(own.steps / seconds, "steps/s")}; the whole controller may take 2 %`,
        }),
        figure({
          name: "a step of the simulated station with the recorder, everything included",
          value: perStepUs(bare + own.ms),
          unit: "µs",
          baseline: { name: "the same without it", value: perStepUs(bare) },
          note: `the recorder itself: ${amount(perStepUs(own.ms), "µs")} a step`,
        }),
        figure({
          name: "memory for an hour of such a station",
          value: (own.held / minutes) * 60 * 1e-6,
          unit: "MB",
          baseline: { name: "the lines as text", value: (own.text / minutes) * 60 * 1e-6 },
          note: `${amount(own.packed / seconds, "B/s")} compressed; 4 MB hold ${amount((4e6 * minutes) / own.held, "minutes")}`,
        }),
      ],
      notes: [
        `${minutes} minutes, ${ARRIVALS_PER_DAY} arrivals a day, all packs charging; longest single call ${amount(own.worstMs, "ms")}`,
        `a full segment is compressed on a worker thread: ${amount(own.packMs, "ms")} beside the loop`,
      ],
    };
  },
};
