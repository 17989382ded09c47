// How much faster than life simulated stations run, with every byte on every wire and every invariant watched: a small one, the
// reference one and one with a room. CPU seconds count, because wall seconds belong to whoever else uses the machine. Beside each
// stands a bare loop of the same run: as many timers and frames, with nothing behind them.
import { amount, atLeast, figure } from "./figures.mjs";
import { askPart } from "./processes.mjs";

const part = (name) => new URL(`./${name}.mjs`, import.meta.url).pathname;
const limits = { unit: "×", limit: atLeast(1_000), aim: 10_000 };
const stations = [
  { example: "starter-cabinet", name: "starter cabinet, 4 bays", hours: 8 },
  { example: "reference-station", name: "reference station, 36 bays", hours: 2 },
  { example: "room-station", name: "room station", hours: 2 },
];

async function measure({ example, name, hours }, { root, say }) {
  say(`${name}, ${hours} h`);
  const run = await askPart(part("simulated-run"), { root, station: example, hours, seed: "7" });
  say(`${name}, bare loop`);
  const overMs = run.simulatedSeconds * 1_000;
  const floor = await askPart(part("floor-run"), { root, transactions: run.transactions, overMs });
  if (floor.decoded < run.transactions * 0.99) throw new Error(`the bare loop decoded only ${floor.decoded} frames`);
  const bare = { name: "clock and codec alone, as many transactions", value: run.simulatedSeconds / floor.cpuSeconds };
  const warmSeconds = run.cpuSeconds - run.firstHalfSeconds;
  const frameUs = (cpuSeconds) => amount((cpuSeconds * 1e6) / run.transactions, "µs");
  const figures = [
    figure({
      name: `${name}: simulated seconds per CPU second`,
      value: run.simulatedSeconds / run.cpuSeconds,
      ...limits,
      baseline: bare,
      note: `${name}: ${frameUs(run.cpuSeconds)} of CPU a transaction, the bare loop ${frameUs(floor.cpuSeconds)}`,
    }),
    figure({
      name: `${name}: second half of the run, compiled`,
      value: run.simulatedSeconds / 2 / warmSeconds,
      ...limits,
      note: `${name}: ${amount((warmSeconds * 2 * 86_400) / run.simulatedSeconds, "CPU s")} a simulated day once compiled`,
    }),
  ];
  const counted = [
    amount(run.transactions, "transactions"),
    amount(run.timers, "timers"),
    `${run.visits} visits`,
    amount(run.checked, "looks of the invariants"),
    `${run.violated} violated`,
    `digest ${run.digest}`,
  ];
  return { figures, note: `${name}, ${hours} h from 11:00: ${counted.join(", ")}`, raw: run };
}

export const simulatorSpeed = {
  name: "simulator-speed",
  title: "stations in virtual time, seed 7, every byte and every invariant",
  async run({ root, quick, say }) {
    const found = [];
    for (const station of stations)
      found.push(await measure({ ...station, hours: quick ? 0.25 : station.hours }, { root, say }));
    return {
      figures: found.flatMap(({ figures }) => figures),
      notes: [
        ...found.map(({ note }) => note),
        "published, of another system and another machine: TigerBeetle's simulator VOPR runs a cluster at 700 to 1,000 × (its README and docs/internals/vopr.md)",
      ],
      raw: found.map(({ raw }) => raw),
    };
  },
};
