import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RoomLevels } from "../../../services/room/levels.ts";
import type { AmenityContact } from "../../../services/room/readings.ts";
import { calmAlerts } from "../../../services/safety/alerts.ts";
import { breachOf } from "../../../services/safety/assertions.ts";
import { calmZone } from "../../../services/safety/zones.ts";
import { StationBench } from "../../support/station-bench.ts";
import { configOf, tokenAt } from "../access/at-the-door.ts";
import { RoomBench, roomConfig } from "./room-bench.ts";

const runs = Number(process.env.YIZHAN_ROOM_RUNS ?? 150);

/** A magnet that holds both ways is the only lock that could hold anybody in. */
const magnet = { lock: "magnet", exitBreaksPower: true, hasExitRequest: true };
const config = roomConfig({ access: configOf({ doors: [{ id: "front", ...magnet }] }) });

type Act = (bench: RoomBench) => void;

const flip = (amenity: string, contact: AmenityContact): Act => {
  return ({ senses }) => {
    const contacts = senses.contacts[amenity] ?? {};
    const was = contacts[contact];
    // Three values: said, unsaid, unheard.
    contacts[contact] = was === undefined ? true : was ? false : undefined;
  };
};

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.integer({ min: 250, max: 20_000 }).map(
    (ms): Act =>
      (bench) =>
        bench.pass(ms),
  ),
  fc.constantFrom("code-1", "code-2", "tech", "nobody").chain((code) =>
    fc.constantFrom("fridge-reader", "phones-reader", "wave-reader", "gifts-reader", "outside").map(
      (reader): Act =>
        (bench) =>
          bench.show(reader, code),
    ),
  ),
  fc.constant<Act>((bench) => bench.show("outside", tokenAt(bench.wallMs))),
  fc.constant<Act>((bench) => {
    bench.senses.doorShut = !bench.senses.doorShut;
  }),
  fc.constant<Act>((bench) => {
    bench.senses.exit = !bench.senses.exit;
  }),
  fc.constant<Act>((bench) => {
    bench.senses.fridgeShut = !bench.senses.fridgeShut;
  }),
  fc.boolean().map(
    (on): Act =>
      (bench) => {
        bench.fire = on;
      },
  ),
  fc.boolean().map(
    (on): Act =>
      (bench) => {
        bench.emergency = on;
      },
  ),
  fc.boolean().map(
    (on): Act =>
      (bench) => {
        bench.powered = on;
      },
  ),
  fc.boolean().map(
    (on): Act =>
      (bench) => {
        bench.synchronised = on;
      },
  ),
  fc.constantFrom("writes" as const, "fails" as const, "hangs" as const).map(
    (disk): Act =>
      (bench) => {
        bench.diskDoes = disk;
      },
  ),
  fc
    .array(fc.option(fc.double({ min: -40, max: 70, noNaN: true }), { nil: undefined }), { minLength: 2, maxLength: 2 })
    .map(
      (airC): Act =>
        (bench) => {
          bench.senses.airC = airC;
        },
    ),
  fc.option(fc.double({ min: -10, max: 120, noNaN: true }), { nil: undefined }).map(
    (tempC): Act =>
      (bench) => {
        bench.senses.boilerC = tempC;
      },
  ),
  fc
    .constantFrom<[string, AmenityContact]>(
      ["tea", "filled"],
      ["tea", "leaking"],
      ["tea", "button"],
      ["tea", "unlock"],
      ["wave", "button"],
      ["wave", "stop"],
      ["aid", "shut"],
      ["aid", "inPlace"],
      ["help", "button"],
      ["toilet", "present"],
    )
    .map(([amenity, contact]) => flip(amenity, contact)),
  fc.constant<Act>((bench) => bench.restart()),
);

const flowing = new Set(["element", "feed", "tap", "power"]);

/** Hotter than the range of a thermometer is no temperature: that sensor is broken, and the other one leads. */
const isTooHot = (tempC: number | undefined): boolean => {
  const { hardLimitC, rangeMaxC } = config.climate ?? { hardLimitC: 0, rangeMaxC: 0 };
  return tempC !== undefined && tempC > hardLimitC && tempC < rangeMaxC - 1;
};

const station = new StationBench({ stock: {} });

/** What a real process would assert over these levels, beside cabinets at rest. */
function assertedOver(bench: RoomBench, room: RoomLevels) {
  const alerts = bench.fire ? { ...station.state.alerts, zones: { "c-1": { ...calmZone, alert: true } } } : calmAlerts;
  return breachOf({
    levels: { ...station.granted, room },
    state: { ...station.state, alerts, durable: { ...station.state.durable, room: bench.durable } },
    readings: { ...station.readings(), room: bench.readings() },
    config: { ...station.config, room: bench.config },
    nowMs: bench.nowMs,
    untilMs: bench.nowMs + 1_900,
  });
}

/** What must hold in every room at every moment, judged by what the contacts say and not by what the room believes. */
function judge(bench: RoomBench): void {
  const levels = bench.levels();
  expect(assertedOver(bench, levels)).toBeUndefined();
  const { senses } = bench;
  const tea = senses.contacts.tea ?? {};
  const element = levels.amenities.tea?.element === true;
  if (senses.exit || bench.fire) expect(levels.doors.front?.magnet).toBe(false);
  if (!senses.doorShut) expect(levels.doors.front?.magnet).toBe(false);
  expect(levels.climate.heaterPct > 0 && levels.climate.cooler).toBe(false);
  expect(levels.fridge.compressor && levels.fridge.defrostHeater).toBe(false);
  if (element) expect(tea).toMatchObject({ filled: true, leaking: false });
  if (senses.airC.every((tempC) => tempC === undefined)) expect(levels.climate.heaterPct).toBe(0);
  if (senses.airC.some(isTooHot)) expect(levels.climate.heaterFeed).toBe(false);
  if (!bench.powered) expect([levels.climate.heaterPct, element]).toEqual([0, false]);
  if (bench.fire || bench.emergency) {
    const running = Object.values(levels.amenities).flatMap((outputs) =>
      Object.entries(outputs).filter(
        ([output, on]) => on === true && (flowing.has(output) || output.startsWith("power")),
      ),
    );
    expect({ running, ...levels.climate, compressor: levels.fridge.compressor }).toMatchObject({
      running: [],
      heaterPct: 0,
      heaterFeed: false,
      cooler: false,
      compressor: false,
    });
  }
}

describe("whatever happens in a room, in whatever order", () => {
  test("nobody is held in, nothing heats blind, and a stop stops everything that flows", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 40 }), (acts) => {
        const bench = new RoomBench(config);
        for (const does of acts) {
          does(bench);
          judge(bench);
          bench.pass(250);
          judge(bench);
        }
      }),
      { numRuns: runs },
    );
  });

  test("a drink is never more often released than it was written down, and a restart knows what was written", () => {
    fc.assert(
      fc.property(fc.array(act, { minLength: 1, maxLength: 30 }), (acts) => {
        const bench = new RoomBench(config);
        for (const does of acts) {
          does(bench);
          if (bench.levels().fridge.lock) {
            const opened = bench.disk.some(
              ({ record }) => record.kind === "fridge-released" || record.kind === "service-opened",
            );
            expect(opened).toBe(true);
          }
          bench.pass(250);
        }
        bench.diskDoes = "writes";
        const before = bench.durable;
        const written = bench.disk.filter(({ record }) => record.kind === "locker-assigned").length;
        bench.restart();
        // What was lost with a failing disk may be gone; nothing appears that was never written.
        if (written === 0) expect(bench.durable.lockers.phones?.held ?? {}).toEqual({});
        expect(bench.durable.fridge.left).toBeGreaterThanOrEqual(Math.min(before.fridge.left, 20));
      }),
      { numRuns: runs },
    );
  });
});
