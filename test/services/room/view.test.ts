/** The room as others see it: what the contacts and levels say, in the contract's words, and nobody's name. */
import { describe, expect, test } from "vitest";
import { AccessConfig } from "../../../services/access/config.ts";
import {
  AmenityPayload,
  ClimatePayload,
  DoorPayload,
  FridgePayload,
} from "../../../services/contract/room-payloads.ts";
import { schemaProblem } from "../../../services/contract/topics.ts";
import { amenityView } from "../../../services/room/amenity-view.ts";
import { climateView, doorsView, fridgeView, type RoomView } from "../../../services/room/view.ts";
import { configOf } from "../access/at-the-door.ts";
import { RoomBench, roomConfig } from "./room-bench.ts";

function viewOf(bench: RoomBench): RoomView {
  const context = bench.context();
  const faults = bench.faults().map((key) => ({ code: key.split("/")[0] ?? "", subject: key.split("/")[1] ?? "" }));
  return { context, state: bench.state, durable: bench.durable, granted: bench.levels(), faults };
}

const doors = (bench: RoomBench) => doorsView(viewOf(bench));
const climate = (bench: RoomBench) => climateView(viewOf(bench));
const fridge = (bench: RoomBench) => fridgeView(viewOf(bench));
function amenity(bench: RoomBench, id: string) {
  const config = bench.config.amenities.find((candidate) => candidate.id === id);
  if (config === undefined) throw new Error(`no ${id}`);
  return amenityView(viewOf(bench), config);
}

let asked = 0;
const order = (bench: RoomBench, request: object) =>
  bench.order({ id: `v-${asked++}`, expiresAt: bench.wallMs + 30_000, ...request } as never);

describe("a door", () => {
  test("on a quiet day is shut and rests", () => {
    expect(doors(new RoomBench()).doors.front).toMatchObject({
      position: "shut",
      mode: "members-only",
      lock: "resting",
    });
  });

  test("is granted while somebody may come in, and its strike released", () => {
    const bench = new RoomBench();
    order(bench, { verb: "open-door", door: "front" });
    expect(doors(bench).doors.front).toMatchObject({ position: "granted", lock: "released" });
    bench.senses.doorShut = false;
    bench.pass(500);
    bench.senses.doorShut = true;
    bench.pass(500);
    expect(doors(bench)).toMatchObject({ inside: 1, doors: { front: { position: "shut" } } });
  });

  test("that stands open too long is held, one that was forced is that, and both have their fault", () => {
    const bench = new RoomBench();
    bench.senses.exit = true;
    bench.pass(500);
    bench.senses.exit = false;
    bench.senses.doorShut = false;
    bench.pass(31_000);
    expect(doors(bench).doors.front).toMatchObject({ position: "held", faults: expect.arrayContaining(["door-held"]) });
    const other = new RoomBench();
    other.senses.doorShut = false;
    other.pass(1_000);
    expect(doors(other).doors.front).toMatchObject({
      position: "forced",
      faults: expect.arrayContaining(["door-forced"]),
    });
  });

  test("shows what was ordered beside what holds", () => {
    const bench = new RoomBench();
    order(bench, { verb: "door-mode", door: "front", mode: "closed", minutes: 5 });
    const { mode, ordered, until } = doors(bench).doors.front ?? {};
    expect({ mode, ordered }).toEqual({ mode: "closed", ordered: "closed" });
    expect(Date.parse(until ?? "")).toBe(bench.wallMs + 300_000);
  });

  test("bears the fault of its readers, the list bears its own", () => {
    const view = viewOf(new RoomBench());
    const faults = [
      { code: "door-reader-blocked", subject: "outside" },
      { code: "access-list-old", subject: "access" },
      { code: "smoke", subject: "front" },
    ];
    const shown = doorsView({ ...view, faults });
    expect(shown.faults).toEqual(["access-list-old"]);
    expect(shown.doors.front?.faults).toEqual(["door-reader-blocked"]);
  });
});

describe("the climate", () => {
  test("says what it reads, what it wants and what it does", () => {
    const bench = new RoomBench();
    bench.senses.airC = [15, 15.2];
    bench.pass(5_000);
    expect(climate(bench)).toMatchObject({
      roomC: 15.1,
      sensors: [
        { tempC: 15, isBelieved: true },
        { tempC: 15.2, isBelieved: true },
      ],
      outsideC: -20,
      heatToC: 18,
      why: "occupied",
      mode: "auto",
      state: "heat",
      heaterPct: 100,
      cooler: false,
    });
  });

  test("that hears nothing says so and grants nothing", () => {
    const bench = new RoomBench();
    bench.senses.airC = [undefined, undefined];
    bench.pass(12_000);
    expect(climate(bench)).toMatchObject({ roomC: null, heaterPct: 0, stop: "no-sensor" });
    expect(climate(bench)?.sensors).toEqual(Array(2).fill({ tempC: null, isBelieved: false }));
    expect(climate(bench)?.faults).toEqual(["room-sensor-lost"]);
  });

  test("that is latched names the cause", () => {
    const bench = new RoomBench();
    bench.disk.push({ record: { kind: "climate-latched", why: "welded" }, at: bench.wallMs });
    bench.restart();
    expect(climate(bench)).toMatchObject({ stop: "latched", latch: { why: "welded" } });
  });
});

describe("the fridge", () => {
  test("counts down as drinks are taken, and says who takes to nobody", () => {
    const bench = new RoomBench();
    bench.show("fridge-reader", "code-1");
    bench.pass(250);
    expect(fridge(bench)).toMatchObject({ left: 19, takenToday: 1, lock: "released", door: "shut", blocked: false });
    expect(JSON.stringify(fridge(bench))).not.toContain("m-1");
  });

  test("whose temperature is lost has none", () => {
    const bench = new RoomBench();
    bench.senses.fridgeC = undefined;
    bench.pass(12_000);
    expect(fridge(bench)).toMatchObject({ airC: null, compressor: false, faults: ["fridge-sensor-lost"] });
  });

  test("is not there where the station has none", () => {
    expect(fridge(new RoomBench(roomConfig({ fridge: undefined })))).toBeUndefined();
    expect(climate(new RoomBench(roomConfig({ climate: undefined })))).toBeUndefined();
  });
});

describe("an amenity", () => {
  test("of hot water tells boiler, element and what stops it", () => {
    const bench = new RoomBench();
    bench.pass(5_000);
    expect(amenity(bench, "tea")).toMatchObject({ kind: "hot-water", boilerC: 60, heating: true, pouring: false });
    const contacts = bench.senses.contacts.tea;
    if (contacts !== undefined) contacts.leaking = true;
    bench.pass(2_000);
    expect(amenity(bench, "tea")).toMatchObject({
      heating: false,
      stop: "leak",
      latch: { why: "leak" },
      faults: ["hot-water-latched"],
    });
  });

  test("that is a microwave says when it goes off", () => {
    const bench = new RoomBench();
    bench.pass(20_000);
    bench.show("wave-reader", "code-1");
    const payload = amenity(bench, "wave");
    expect(payload).toMatchObject({ kind: "microwave", on: true });
    const endsAt = payload?.kind === "microwave" ? Date.parse(payload.endsAt ?? "") : 0;
    expect(endsAt - bench.wallMs).toBe(300_000);
  });

  test("with lockers tells which are in use", () => {
    const bench = new RoomBench();
    bench.show("phones-reader", "code-1");
    bench.pass(3_000);
    expect(amenity(bench, "phones")).toEqual({ kind: "phone-lockers", free: 1, held: [1], powered: [1], overdue: [] });
    order(bench, { verb: "fill-locker", amenity: "gifts", locker: 2 });
    expect(amenity(bench, "gifts")).toEqual({ kind: "gift-lockers", free: 1, filled: [2] });
  });

  test("of first aid misses its AED until it hangs there again", () => {
    const bench = new RoomBench();
    const contacts = bench.senses.contacts.aid;
    if (contacts === undefined) throw new Error("no cabinet");
    Object.assign(contacts, { shut: false, inPlace: false });
    bench.pass(2_000);
    expect(amenity(bench, "aid")).toEqual({
      kind: "rescue-cabinet",
      door: "open",
      aed: "missing",
      alarm: true,
      faults: ["aed-missing"],
    });
    Object.assign(contacts, { shut: true, inPlace: true });
    bench.pass(25_000);
    expect(amenity(bench, "aid")).toEqual({ kind: "rescue-cabinet", door: "shut", aed: "in-place", alarm: false });
  });

  test("for help waits until it is answered", () => {
    const bench = new RoomBench();
    expect(amenity(bench, "help")).toMatchObject({ call: "none", calledAt: null, hotline: "12351" });
    bench.press("help", "button");
    expect(amenity(bench, "help")).toMatchObject({ call: "waiting", siren: true, lamp: true });
    order(bench, { verb: "answer-help", amenity: "help" });
    expect(amenity(bench, "help")).toMatchObject({ call: "answered", siren: false, lamp: true });
    bench.pass(1_801_000);
    expect(amenity(bench, "help")).toMatchObject({ call: "none", lamp: false });
  });
});

test("everything that is shown in a busy hour is as the contract says, and names no member", () => {
  const bench = new RoomBench(roomConfig({ access: AccessConfig.parse(configOf()) }));
  const texts: string[] = [];
  const look = (): void => {
    const shown = [
      [DoorPayload, doors(bench)],
      [ClimatePayload, climate(bench)],
      [FridgePayload, fridge(bench)],
      ...bench.config.amenities.map(({ id }) => [AmenityPayload, amenity(bench, id)] as const),
    ] as const;
    for (const [schema, payload] of shown) expect(schemaProblem(schema, payload)).toBeUndefined();
    texts.push(JSON.stringify(shown.map(([, payload]) => payload)));
  };
  look();
  for (const code of ["code-1", "code-2", "tech", "nobody"]) {
    for (const reader of ["fridge-reader", "phones-reader", "wave-reader", "gifts-reader"]) {
      bench.show(reader, code);
      look();
      bench.pass(5_000);
      look();
    }
  }
  bench.powered = false;
  bench.fire = true;
  bench.pass(5_000);
  look();
  for (const name of ["m-1", "m-2", "t-1"]) expect(texts.join()).not.toContain(`"${name}"`);
});
