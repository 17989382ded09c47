// The winter campaign as a page: 30 days at -32 °C unless told otherwise, in one run or in stretches side by side.
import { verdict } from "./verdict.mjs";

const daySeconds = 86_400;
const rounded = (days) => Number(days.toFixed(2));

const counted = (counts) =>
  Object.entries(counts)
    .filter(([, times]) => times > 0)
    .map(([name, times]) => `${name} ${times}`)
    .join(", ");

const head = (days, { arrivalsPerDay, unheated }) =>
  `winter: ${rounded(days)} days at -32 °C outdoors, ${arrivalsPerDay} arrivals a day, ${unheated ? "cabinets in the street" : "cabinets in the heated room"}`;

function figures({ report, gauged }) {
  const { riders, swaps, energy, cold, invariants, readiness, wire } = report;
  const { gotPack, served } = riders;
  const perDay = ((swaps.completed * daySeconds) / report.simulatedSeconds).toFixed(1);
  return [
    `  charged below 0 °C         ${cold.chargeCoulombs} C in ${cold.chargeSeconds} s; ${cold.deposits} packs came in below 0 °C`,
    `  invariants                 ${invariants.checked} looks, ${invariants.violated.length} broken`,
    `  left with a charged pack   ${gotPack.withPack} of ${gotPack.visits} visits (${gotPack.sharePct} %)`,
    `    with a pack and a bay    ${served.leftWithPack} of ${served.entitled} (${served.sharePct} %), without a word ${riders.unnamed}`,
    `  visits ended               ${counted(riders.endings)}`,
    `  scans refused              ${counted(riders.refusals)}`,
    `  swaps                      ${swaps.completed} completed (${perDay} a day), p50 ${swaps.p50Seconds} s, p95 ${swaps.p95Seconds} s`,
    `  warm-up                    ${energy.heatWhPerSwap} Wh of heater a swap (${energy.heatKwh} kWh); charging ${energy.chargeKwh} kWh`,
    `  power                      mean ${gauged.powerW} W, peak ${energy.peakW} W, at the site limit ${gauged.atSiteLimitPct} % of the time`,
    `  on average                 ${gauged.readyPacks} packs ready, ${gauged.coldPacks} below 0 °C, ${gauged.chargingBays} charging, ${gauged.heaters} heaters on, ${gauged.emptyBays} bays empty`,
    `  without a ready pack       ${gauged.withoutReadyPct} % of a cabinet's time (${readiness.stockOutSeconds} cabinet-seconds)`,
    `  room, coldest bay          ${gauged.roomC} °C, ${gauged.coldestAirC} °C`,
    `  speed                      ${report.wallSeconds} s, ${report.speed} × real time, ${wire.transactions} exchanges, ${wire.collisions} collisions`,
    `  digest                     ${report.digest}`,
  ];
}

async function inOneRun({ root, progress, ...options }) {
  const { winter } = await import(`${root}/dist/simulator/campaigns/winter.js`);
  const tell = (share, report) =>
    progress(share, () => {
      const { swaps, riders, invariants, speed } = report();
      return `${swaps.completed} swaps, ${riders.gotPack.sharePct} % served, ${invariants.violated.length} broken, ${speed} ×`;
    });
  const { config, configPath, seed, days, firstDay, arrivalsPerDay, unheated, wallNowMs } = options;
  const run = { config, configPath, seed, days, firstDay, arrivalsPerDay, unheated, wallNowMs };
  const played = await winter({ ...run, progress: tell });
  const reached = played.report.simulatedSeconds / daySeconds;
  const page = [`${head(reached, options)}, seed ${seed}`, "", ...figures(played), "", verdict(played.broken)];
  return { result: { days: reached, unheated, ...played }, page: page.join("\n") };
}

const playedBy = ({ seed, firstDay, days }) =>
  `seed ${seed} from day ${rounded(firstDay)} (alone: npm run campaign -- winter --days ${days} --seed ${seed} --from-day ${firstDay})`;

async function inStretches({ root, progress, stretches: count, wallNowMs, ...options }) {
  const { cutWinter, playStretches } = await import(`${root}/dist/simulator/campaigns/stretches.js`);
  const { configFile, configPath, seed, firstDay, days, arrivalsPerDay, unheated } = options;
  const cut = cutWinter({ configFile, configPath, seed, firstDay, days, arrivalsPerDay, unheated }, count);
  const startedMs = wallNowMs();
  const results = await playStretches(cut, (share, completed, broken) =>
    progress(share, () => `${completed} swaps, ${broken} broken`),
  );
  const wallSeconds = Number(((wallNowMs() - startedMs) / 1_000).toFixed(2));
  const played = cut.map((stretch, at) => ({ stretch, result: results[at] }));
  const broken = played.flatMap(({ stretch, result }) =>
    result === undefined
      ? [`the process of ${playedBy(stretch)} died`]
      : result.broken.map((what) => `${playedBy(stretch)}: ${what}`),
  );
  const whole = results.filter((result) => result !== undefined);
  const seconds = whole.reduce((sum, { report }) => sum + report.simulatedSeconds, 0);
  const speed = Math.round(seconds / wallSeconds);
  const page = [
    `${head(seconds / daySeconds, options)}, in ${count} stretches side by side, each with a station newly put up`,
    "",
    ...played.flatMap(({ stretch, result }) => [playedBy(stretch), ...(result ? figures(result) : ["  died"]), ""]),
    `all of it in ${wallSeconds} s, ${speed} × real time`,
    "",
    verdict(broken),
  ];
  const result = { days: seconds / daySeconds, unheated, wallSeconds, speed, stretches: whole, broken };
  return { result, page: page.join("\n") };
}

export const winterCampaign = {
  name: "winter",
  says: "days at -32 °C: cold charge, share served, warm-up energy",
  days: 30,
  run: (options) => (options.stretches > 1 ? inStretches(options) : inOneRun(options)),
};
