// The winter campaign as a page: 30 days at -32 °C unless told otherwise.
import { verdict } from "./verdict.mjs";

function page({ report, gauged, broken }, { days, seed, arrivalsPerDay, unheated }) {
  const { riders, swaps, energy, cold, invariants, readiness, wire } = report;
  const { gotPack, served } = riders;
  const perDay = (value) => (value / days).toFixed(1);
  const counted = (counts) =>
    Object.entries(counts)
      .filter(([, times]) => times > 0)
      .map(([name, times]) => `${name} ${times}`)
      .join(", ");
  return [
    `winter: ${Number(days.toFixed(2))} days at -32 °C outdoors, ${arrivalsPerDay} arrivals a day, ${unheated ? "cabinets in the street" : "cabinets in the heated room"}, seed ${seed}`,
    "",
    `  charged below 0 °C         ${cold.chargeCoulombs} C in ${cold.chargeSeconds} s; ${cold.deposits} packs came in below 0 °C`,
    `  invariants                 ${invariants.checked} looks, ${invariants.violated.length} broken`,
    `  left with a charged pack   ${gotPack.withPack} of ${gotPack.visits} visits (${gotPack.sharePct} %)`,
    `    with a pack and a bay    ${served.leftWithPack} of ${served.entitled} (${served.sharePct} %), without a word ${riders.unnamed}`,
    `  visits ended               ${counted(riders.endings)}`,
    `  scans refused              ${counted(riders.refusals)}`,
    `  swaps                      ${swaps.completed} completed (${perDay(swaps.completed)} a day), p50 ${swaps.p50Seconds} s, p95 ${swaps.p95Seconds} s`,
    `  warm-up                    ${energy.heatWhPerSwap} Wh of heater a swap (${energy.heatKwh} kWh); charging ${energy.chargeKwh} kWh`,
    `  power                      mean ${gauged.powerW} W, peak ${energy.peakW} W, at the site limit ${gauged.atSiteLimitPct} % of the time`,
    `  on average                 ${gauged.readyPacks} packs ready, ${gauged.coldPacks} below 0 °C, ${gauged.chargingBays} charging, ${gauged.heaters} heaters on, ${gauged.emptyBays} bays empty`,
    `  without a ready pack       ${gauged.withoutReadyPct} % of a cabinet's time (${readiness.stockOutSeconds} cabinet-seconds)`,
    `  room, coldest bay          ${gauged.roomC} °C, ${gauged.coldestAirC} °C`,
    `  speed                      ${report.wallSeconds} s, ${report.speed} × real time, ${wire.transactions} exchanges, ${wire.collisions} collisions`,
    `  digest                     ${report.digest}`,
    "",
    verdict(broken),
  ].join("\n");
}

export const winterCampaign = {
  name: "winter",
  says: "days at -32 °C: cold charge, share served, warm-up energy",
  days: 30,
  async run({ root, progress, ...options }) {
    const { winter } = await import(`${root}/dist/simulator/campaigns/winter.js`);
    const { config, configPath, seed, days, arrivalsPerDay, unheated, wallNowMs } = options;
    const tell = (share, report) =>
      progress(share, () => {
        const { swaps, riders, invariants, speed } = report();
        return `${swaps.completed} swaps, ${riders.gotPack.sharePct} % served, ${invariants.violated.length} broken, ${speed} ×`;
      });
    const run = { config, configPath, seed, days, arrivalsPerDay, unheated, wallNowMs, progress: tell };
    const { report, gauged, broken } = await winter(run);
    const reached = report.simulatedSeconds / 86_400;
    const result = { days: reached, unheated, report, gauged, broken };
    return { result, page: page(result, { days: reached, seed, arrivalsPerDay, unheated }) };
  },
};
