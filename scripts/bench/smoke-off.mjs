// Smoke → everything off, on a real process: from the moment a smoke contact closes on the hardware side until the last
// contactor of that cabinet has opened and its last heater is off. Packs are kept cold, so that heaters and chargers are on
// together. Frames take the time of the wire in both directions.
import { setTimeout as pause } from "node:timers/promises";
import { amount, atMost, figure, median, percentile } from "./figures.mjs";
import { end, startPart, until } from "./processes.mjs";
import { missingTools } from "./pseudo-terminals.mjs";
import { setMasterEnable, startController, startStation, untilArmed } from "./station.mjs";

const REPEATS = 102;
/** Cold enough that the heater is wanted, warm enough that the charger is as well. */
const PACK_C = 2;
/** So many bays of the cabinet must charge and heat before it smokes. */
const BUSY_BAYS = 5;
const READY_MS_MAX = 90_000;
const OFF_MS_MAX = 10_000;

/** Closes the contact of one cabinet once it is busy, waits until it is off, opens the contact again. */
async function smokeOnce(station, seen, cabinet) {
  const busy = () => {
    const on = seen.on.get(cabinet);
    return on !== undefined && on.charging >= BUSY_BAYS && on.heaters >= BUSY_BAYS;
  };
  await until(busy, { timeoutMs: READY_MS_MAX, what: `${BUSY_BAYS} bays of cabinet ${cabinet} that charge` });
  station.order({ packC: PACK_C });
  // An uneven pause, so that the contact meets every phase of the polls.
  seen.phase = (seen.phase * 137 + 71) % 1_009;
  await pause(1_500 + seen.phase);
  seen.off.delete(cabinet);
  station.order({ smoke: { cabinet, on: true } });
  await until(() => seen.off.has(cabinet), { timeoutMs: OFF_MS_MAX, what: `cabinet ${cabinet} to go off` });
  await pause(500);
  station.order({ smoke: { cabinet, on: false } });
  return seen.off.get(cabinet);
}

async function repeat(station, { repeats, say, what }) {
  const seen = { on: new Map(), off: new Map(), phase: 7 };
  station.hear((message) => {
    if ("wentOff" in message) seen.off.set(message.wentOff, message);
    else if ("cabinet" in message) seen.on.set(message.cabinet, message.on);
  });
  station.order({ packC: PACK_C });
  const cabinets = station.file.cabinets.map(({ id }) => id);
  const found = [];
  for (let at = 0; at < repeats; at++) {
    found.push(await smokeOnce(station, seen, cabinets[at % cabinets.length]));
    say(`${what} ${at + 1} of ${repeats}`);
  }
  return found;
}

async function withController(station, options) {
  const controller = startController(station);
  try {
    await untilArmed(station, controller);
    return await repeat(station, options);
  } finally {
    await end(controller);
  }
}

/** Nothing but the smoke contact is watched, as fast as the line allows; smoke is answered with one frame a board. */
async function withBareProcess(station, options) {
  setMasterEnable(station.gpioLine, true);
  const part = startPart(new URL("./bare-smoke.mjs", import.meta.url).pathname, {
    root: station.root,
    file: { buses: station.file.buses, devices: station.file.devices, cabinets: station.file.cabinets },
  });
  try {
    return await repeat(station, options);
  } finally {
    await end(part);
  }
}

const offMs = ({ contactorsMs, heatersMs }) => Math.max(contactorsMs, heatersMs);

function summarise(ours, bare) {
  const all = ours.map(offMs);
  const floor = bare.map(offMs);
  const chargers = ours.map(({ chargersMs }) => chargersMs);
  const on = median(ours.map(({ before }) => before.contactors + before.heaters));
  const beside = (percent) => ({
    name: `a bare process that watches nothing else, p${percent}`,
    value: percentile(floor, percent),
  });
  return {
    figures: [
      figure({
        name: "smoke → last contactor open, last heater off, p50",
        value: median(all),
        unit: "ms",
        baseline: beside(50),
      }),
      figure({
        name: "the same, p99",
        value: percentile(all, 99),
        unit: "ms",
        limit: atMost(200),
        baseline: beside(99),
        note: `${all.length} times, worst ${amount(Math.max(...all), "ms")}; ${on} relays were on each time (median)`,
      }),
      figure({
        name: "smoke → last charger told to stop, p99",
        value: percentile(chargers, 99),
        unit: "ms",
        note: "no current flows after the contactors; a 9600 baud line needs about 27 ms for each charger on it",
      }),
    ],
    notes: [
      `the bare process: ${floor.length} times, worst ${amount(Math.max(...floor), "ms")}`,
      "one frame at a time in both, with the wire's own time for every byte and 5 ms until a board answers",
    ],
    raw: { ours, bare },
  };
}

export const smokeOff = {
  name: "smoke-off",
  latency: true,
  title: "smoke → everything off, real process, reference station with chargers and heaters on",
  async run({ root, quick, say }) {
    const missing = missingTools();
    if (missing !== undefined) return { skipped: missing };
    const station = await startStation({
      root,
      requestTakesTime: true,
      // The shortest pause after smoke that a configuration may ask for, or a hundred of them would take two hours.
      extra: "safety: { dangerClearMs: 10000 }\n",
      world: { initialSoc: 0.3, initialPackC: PACK_C, emptyBaysPerCabinet: 12 - BUSY_BAYS },
    });
    try {
      const repeats = quick ? 9 : REPEATS;
      const ours = await withController(station, { repeats, say, what: "smoke" });
      const bare = await withBareProcess(station, { repeats: quick ? 9 : 51, say, what: "bare" });
      return summarise(ours, bare);
    } finally {
      await station.stop();
    }
  },
};
