// The campaign of the failing locks as a page.
import { verdict } from "./verdict.mjs";

const seconds = (value) => `${value.toFixed(1)} s`;
const waits = ({ visits, p50Seconds, p95Seconds }) =>
  `p50 ${seconds(p50Seconds)}, p95 ${seconds(p95Seconds)} (${visits} riders)`;

function page(result, { lockFailure, arrivalsPerDay }) {
  const { pulses, failedPulses, entitled, served, unserved, sound, failing, struck, broken } = result;
  const seeds = result.reports.map(({ failing: { seed } }) => seed);
  const days = result.reports.reduce((sum, { failing: report }) => sum + report.simulatedSeconds / 86_400, 0);
  const share = entitled === 0 ? 100 : (served / entitled) * 100;
  return [
    `lock-failure: ${Number(days.toFixed(2))} days twice, ${arrivalsPerDay} arrivals a day, seeds ${seeds.join(", ")}`,
    "",
    `  pulses                     ${pulses}, of which ${failedPulses} did nothing (${((failedPulses / pulses) * 100).toFixed(2)} %; asked for ${lockFailure * 100} %)`,
    `  with a pack and a bay      ${served} of ${entitled} left with a pack (${share.toFixed(3)} %)`,
    `  first scan → pack in hand  ${waits(failing)}`,
    `    locks that obey          ${waits(sound)}`,
    `    added p95                ${seconds(result.addedP95Seconds)}`,
    `    who met a failed pulse   ${waits(struck)}`,
    `  everybody else             ${result.reports.map(({ failing: { riders } }) => JSON.stringify(riders.refusals)).join(" ")}`,
    ...unserved.map(({ seed, visit, ending, refusal }) => `  ! seed ${seed}, visit ${visit}: ${ending}, ${refusal}`),
    "",
    verdict(broken),
  ].join("\n");
}

/** The lunch hour of a January day in Liaoyuan. */
const fromMs = Date.UTC(2026, 0, 15, 3, 0);

export const lockFailureCampaign = {
  name: "lock-failure",
  says: "days with locks of which some pulses fail, against the same days with locks that obey",
  days: 1,
  async run({ root, progress, ...options }) {
    const campaign = await import(`${root}/dist/simulator/campaigns/lock-failure.js`);
    const { config, configPath, days, arrivalsPerDay, wallNowMs, seed, seeds: count, failure: lockFailure } = options;
    const seeds = Array.from({ length: count }, (_unused, at) => String(Number(seed) + at));
    const tell = (share, report) => progress(share, () => `seed ${report().seed}, ${report().swaps.completed} swaps`);
    const run = { config, configPath, days, arrivalsPerDay, wallNowMs, fromMs, seeds, lockFailure };
    const found = await campaign.lockFailure({ ...run, progress: tell });
    const result = { days, seeds, lockFailure, ...found };
    return { result, page: page(found, { lockFailure, arrivalsPerDay }) };
  },
};
