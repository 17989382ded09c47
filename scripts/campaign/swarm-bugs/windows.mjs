// Parts of a drawn day in which something that a bug needs happens: half an hour costs a fiftieth of a day. A part begins with a
// station that has just started, so what it shows is a hint only; what counts is the whole day.

const minuteMs = 60_000;
const beforeMs = 5 * minuteMs;
const laterMs = 6 * 3_600_000;
const partsMax = 3;

export const wordOf = (step) => step.fault ?? step.request ?? step.does ?? "passer-by";

/** What a scenario is, beside what happens in it. */
export function kindsOf({ station, weather, lockFailure, packs }) {
  return [
    station.room ? "room" : "no-room",
    station.bays.length > 1 ? "cabinets" : "one-cabinet",
    ...(station.outdoors ? ["outdoors"] : []),
    ...(packs.emptyBays > 1 ? ["two-empty-bays"] : []),
    ...(lockFailure > 0 ? ["locks-fail"] : []),
    ...(weather.meanC < 0 ? ["cold"] : weather.meanC > 30 ? ["hot"] : []),
    ...(station.siteLimitW < 1_500 ? ["power-short"] : []),
    ...((packs.socPct ?? 100) <= 20 ? ["packs-empty"] : []),
  ];
}

/** How much of what is needed happens there: each need counts, one that is not met at all spoils all, and people make it likelier. */
export function worth(words, needs) {
  const count = (need) => words.filter((word) => need.split("|").includes(word)).length;
  const met = needs.reduce((product, need) => product * Math.min(4, count(need)), 1);
  return met * (2 + Math.min(10, words.filter((word) => word === "proper").length));
}

/** The best parts of a day, from when each lasts, none within another. `timed`: steps with their time. */
export function partsOf(timed, kinds, { needs, minutes = 25 }) {
  const wanted = needs.flatMap((need) => need.split("|"));
  const anchors = timed.filter(({ step }) => wanted.includes(wordOf(step)) || "rider" in step);
  const parts = anchors.map(({ ms }) => {
    const fromMs = Math.max(0, ms - beforeMs);
    const untilMs = ms + minutes * minuteMs;
    const inside = timed.filter((one) => one.ms >= fromMs && one.ms < untilMs);
    // The whole day is played up to what a part shows, so an early part is cheaper to believe.
    const late = 1 + fromMs / laterMs;
    return { fromMs, untilMs, worth: worth([...inside.map(({ step }) => wordOf(step)), ...kinds], needs) / late };
  });
  const best = [];
  for (const part of parts.sort((one, other) => other.worth - one.worth)) {
    if (part.worth === 0 || best.length >= partsMax) break;
    if (best.every((one) => part.fromMs >= one.untilMs || part.untilMs <= one.fromMs)) best.push(part);
  }
  return best;
}
