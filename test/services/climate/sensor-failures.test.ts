/**
 * Sensor failures injected while the heater is on: every one switches it off within its limit. The number comes from
 * YIZHAN_SENSOR_FAILURES; 10,000 are the claim. The worst time of each kind is printed.
 */
import { expect, test } from "vitest";
import { type Failure, failureOf, Room } from "./room.ts";

const injections = Number(process.env.YIZHAN_SENSOR_FAILURES ?? "120");
const seed = Number(process.env.YIZHAN_SENSOR_SEED ?? "1");
const kinds: readonly Failure[] = ["stale", "frozen", "spike", "drift", "short", "open"];
/** Seconds from the last good sample, or, for a drift, from the look at which the sensors came to disagree. */
const limitsS: Readonly<Record<Failure, number>> = { stale: 10, frozen: 60, spike: 10, drift: 31, short: 10, open: 10 };

/** A small generator of its own (mulberry32), so that a number names a history. */
function chance(from: number): () => number {
  let at = from >>> 0;
  return () => {
    at = (at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(at ^ (at >>> 15), at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function inject(kind: Failure, number: number): { tookS: number | undefined; heated: boolean } {
  const random = chance(seed * 1_000_003 + number);
  const alone = kind !== "drift" && random() < 0.5;
  const room = new Room({
    startC: 6 + random() * 6,
    outsideC: -35 + random() * 30,
    heaterW: 5_000 + random() * 4_000,
    sampleS: 1 + Math.floor(random() * 3),
    config: {
      sensors: alone ? 1 : 2,
      ...(random() < 0.5 ? { proportional: {} } : {}),
      periods: [{ from: "00:00", heatC: 20 }],
    },
  });
  room.run(20 + Math.floor(random() * 200));
  const heated = room.levels.heaterPct > 0;
  const how = random();
  const atS = room.second;
  // Two sensors on one wire fail together; a drift is one sensor's own.
  room.failing =
    kind === "drift" ? [failureOf(kind, atS, how)] : room.state.probes.map(() => failureOf(kind, atS, how));
  const lastGoodS = Math.max(...room.state.probes.map((probe) => (probe.goodMs ?? 0) / 1_000));
  let fromS = kind === "drift" ? undefined : lastGoodS;
  for (let second = 0; second < 400; second++) {
    room.tick();
    if (kind === "frozen" && fromS === lastGoodS)
      fromS = Math.max(...room.state.probes.map((one) => one.changedMs)) / 1_000;
    fromS ??= room.state.disagreeSinceMs === undefined ? undefined : room.state.disagreeSinceMs / 1_000;
    if (room.levels.heaterPct === 0 && fromS !== undefined) return { tookS: room.second - fromS, heated };
  }
  return { tookS: undefined, heated };
}

test(`of ${injections} sensor failures while heating every one switches the heater off within its limit`, () => {
  const worst = new Map<Failure, { count: number; worstS: number; missed: number }>();
  for (let number = 0; number < injections; number++) {
    const kind = kinds[number % kinds.length] ?? "stale";
    const { tookS, heated } = inject(kind, number);
    expect(heated, `${kind} ${number}: the heater must be on when the sensor fails`).toBe(true);
    const row = worst.get(kind) ?? { count: 0, worstS: 0, missed: 0 };
    const isMissed = tookS === undefined || tookS > limitsS[kind];
    worst.set(kind, {
      count: row.count + 1,
      worstS: Math.max(row.worstS, tookS ?? Number.POSITIVE_INFINITY),
      missed: row.missed + (isMissed ? 1 : 0),
    });
  }
  const lines = [...worst].map(
    ([kind, { count, worstS, missed }]) =>
      `${kind.padEnd(8)} ${String(count).padStart(6)} injected, worst ${worstS} s, limit ${limitsS[kind]} s, missed ${missed}`,
  );
  console.log(lines.join("\n"));
  for (const [kind, { missed }] of worst) expect(missed, kind).toBe(0);
}, 600_000);
