/** The judges of outputs, put before relays and heaters that a wrong controller left on, and before right ones. */
import { describe, expect, test } from "vitest";
import { encodeModbusCoil, encodeModbusCoils } from "../../../hal/codecs/modbus-rtu.ts";
import { encodeFlashOn, encodeRelayOff } from "../../../hal/codecs/waveshare-relay-d.ts";
import { timedThingsEnd } from "../../../simulator/checkers/appliances.ts";
import { heatersMustWarm, noBlindBayHeat } from "../../../simulator/checkers/heaters.ts";
import { outputsNeedLeases, relaysAreLeased } from "../../../simulator/checkers/leases.ts";
import { fewPulses, oneCoilAtATime } from "../../../simulator/checkers/locks.ts";
import { blindAfterStart } from "../../../simulator/checkers/restart.ts";
import { judgeBench } from "../../support/judge-bench.ts";

const sent = (bytes: Uint8Array | undefined): Uint8Array => {
  if (bytes === undefined) throw new Error("no such relay");
  return bytes;
};

describe("leases on the wire (I3)", () => {
  test.each<[string, Uint8Array, number]>([
    ["a flash of two seconds is a lease", sent(encodeFlashOn(1, 0, 20)), 0],
    ["switching off needs none", sent(encodeRelayOff(1, 0)), 0],
    ["a flash of three seconds is too long", sent(encodeFlashOn(1, 0, 30)), 1],
    ["a relay told to be on holds for ever", encodeModbusCoil(1, 0, true), 1],
    ["so do several at once", encodeModbusCoils(1, 0, [true, false]), 1],
    ["several that are switched off do not", encodeModbusCoils(1, 0, [false, false]), 0],
    ["a board that is none of ours is nobody's concern", encodeModbusCoil(9, 0, true), 0],
  ])("%s", (_story, request, findings) => {
    const bench = judgeBench();
    bench.judge(relaysAreLeased);
    bench.ears.asks("relays", request);
    expect(bench.found).toHaveLength(findings);
  });
});

describe("outputs without a controller (I3)", () => {
  test("a relay that outlives the controller by three seconds is found, one that fell in time is not", () => {
    const bench = judgeBench();
    bench.judge(outputsNeedLeases);
    bench.bay(1).contactorRelayOn = true;
    bench.tell({ type: "computer", on: false });
    bench.seconds(2);
    expect(bench.found).toEqual([]);
    bench.seconds(1);
    expect(bench.found[0]).toMatch(/^I3: the contactor of bay 1 is on 2\d{3} ms after the last scan$/);
    const right = judgeBench();
    right.judge(outputsNeedLeases);
    right.bay(1).contactorRelayOn = true;
    right.tell({ type: "computer", on: false });
    right.clock.after(1_900, () => {
      right.bay(1).contactorRelayOn = false;
    });
    right.seconds(30);
    expect(right.found).toEqual([]);
    expect(right.looks()).toBeGreaterThan(20);
  });

  test("a loop that stands still loses its outputs as well", () => {
    const bench = judgeBench();
    bench.judge(outputsNeedLeases);
    bench.truth.exitFreed = true;
    for (let scan = 0; scan < 20; scan++) {
      bench.scan();
      bench.seconds(0.25);
    }
    expect(bench.found).toEqual([]);
    bench.seconds(5);
    expect(bench.found[0]).toContain("the exit's release is on");
  });

  test.each<[string, (bench: ReturnType<typeof judgeBench>) => void]>([
    ["the heater of bay 2", (bench) => Object.assign(bench.bay(2), { heaterRelayOn: true })],
    ["the fan of a", (bench) => Object.assign(bench.cabinet, { fanOn: true })],
    ["the alarm of a", (bench) => Object.assign(bench.cabinet, { alarmOn: true })],
    ["the extinguisher of a", (bench) => Object.assign(bench.cabinet, { aerosolOn: true })],
    ["the station's alarm", (bench) => Object.assign(bench.truth, { alarmOn: true })],
    ["climate/heater", (bench) => bench.circuits.closedNow.push("climate/heater")],
  ])("%s is an output too", (name, turnOn) => {
    const bench = judgeBench("room-station");
    bench.judge(outputsNeedLeases);
    turnOn(bench);
    bench.tell({ type: "computer", on: false });
    bench.seconds(4);
    expect(bench.found[0]).toContain(name);
  });
});

describe("coils (I1, I2)", () => {
  const coil = (bay: number, on: boolean) => ({ type: "coil", bay, on, released: true });

  test("two at once are found, one after the other are not", () => {
    const bench = judgeBench();
    bench.judge(oneCoilAtATime);
    for (const bay of [1, 2]) for (const on of [true, false]) bench.tell(coil(bay, on));
    expect(bench.found).toEqual([]);
    bench.tell(coil(1, true));
    bench.tell(coil(2, true));
    expect(bench.found).toEqual(["I1: coil of bay 2 on while 1 is"]);
  });

  test("a coil hot for two seconds is found, unless its driver is shorted", () => {
    const bench = judgeBench();
    bench.judge(oneCoilAtATime);
    bench.tell(coil(1, true));
    bench.seconds(2);
    bench.tell(coil(1, false));
    expect(bench.found).toEqual(["I2: coil of bay 1 on 2000 ms"]);
    const broken = judgeBench();
    broken.judge(oneCoilAtATime);
    broken.troubles.begin("lock-driver-shorted", "bay 1");
    broken.tell(coil(1, true));
    broken.tell(coil(2, true));
    broken.tell(coil(2, false));
    broken.seconds(60);
    broken.tell(coil(1, false));
    expect(broken.found).toEqual([]);
  });

  test("a fourth pulse in half a minute is found, unless a foreign frame gave it", () => {
    const bench = judgeBench();
    bench.judge(fewPulses);
    for (let pulse = 0; pulse < 3; pulse++) bench.tell(coil(1, true));
    expect(bench.found).toEqual([]);
    const over = bench.troubles.begin("unlock-on-bus", "bay 1");
    bench.tell(coil(1, true));
    expect(bench.found).toEqual([]);
    over();
    bench.seconds(3);
    bench.tell(coil(1, true));
    expect(bench.found).toEqual(["I2: bay 1 pulsed 4 times in 30 s"]);
  });
});

describe("heaters (I6, I7)", () => {
  test("one that is on while its pack is mute is found after ten seconds, one whose pack talks is not", () => {
    const bench = judgeBench();
    bench.judge(noBlindBayHeat);
    bench.bay(1).heaterRelayOn = true;
    for (let second = 0; second < 60; second += 2) {
      bench.ears.answers({ bus: "packline-1", address: undefined });
      bench.seconds(2);
    }
    expect(bench.found).toEqual([]);
    bench.seconds(9);
    expect(bench.found).toEqual([]);
    bench.seconds(4);
    expect(bench.found[0]).toMatch(/^I6: the heater of bay 1 is on, and its pack was last heard \d+ s ago$/);
  });

  test("one that a second board on its address switches is nobody's", () => {
    for (const trouble of ["two-on-one-address", "line-dead"]) {
      const bench = judgeBench();
      bench.judge(noBlindBayHeat);
      bench.bay(1).heaterRelayOn = true;
      bench.troubles.begin(trouble, "device extra-a");
      bench.seconds(30);
      expect(bench.found.length > 0).toBe(trouble === "line-dead");
    }
  });

  test("one that warms its pack by a degree now and then may go on, one that does not may not", () => {
    const bench = judgeBench();
    const { noRiseMs } = bench.config.station.charging;
    bench.judge(heatersMustWarm);
    const bay = bench.bay(1);
    bay.heaterRelayOn = true;
    for (let times = 0; times < 5; times++) {
      if (bay.pack !== undefined) bay.pack.cellTempC += 1;
      bench.seconds(noRiseMs / 1_000);
    }
    expect(bench.found).toEqual([]);
    bench.seconds(noRiseMs / 1_000 + 90);
    expect(bench.found[0]).toContain("the heater of bay 1 is on for");
  });

  test.each([
    ["let go of its heaters meanwhile, it measures anew", "computer", 0],
    ["let go of this one for less than anybody looks, it measures anew", "relay", 0],
    ["held its heaters all the while, it is found", undefined, 1],
  ])("where the controller %s", (_, restarted, found) => {
    const bench = judgeBench();
    const halfS = bench.config.station.charging.noRiseMs / 2_000 + 75;
    bench.judge(heatersMustWarm);
    bench.bay(1).heaterRelayOn = true;
    bench.seconds(halfS);
    if (restarted === "computer") bench.tell({ type: "computer", on: true });
    if (restarted === "relay") bench.bay(1).heaterRelayMs = bench.clock.nowMs;
    bench.seconds(halfS);
    expect(bench.found).toHaveLength(found);
  });

  test("one on a reading that stands still is found, also where the pack really warms", () => {
    const bench = judgeBench();
    bench.judge(heatersMustWarm);
    const bay = bench.bay(1);
    bay.heaterRelayOn = true;
    bench.faults(1).temperaturesFrozen = true;
    for (let minute = 0; minute < 6; minute++) {
      if (bay.pack !== undefined) bay.pack.cellTempC += 1;
      bench.seconds(60);
    }
    expect(bench.found[0]).toContain("tells the same temperatures for ever");
  });
});

describe("timed things (I11)", () => {
  test("a microwave that runs longer than it may is found; one that ends in time is not", () => {
    const bench = judgeBench("room-station");
    bench.judge(timedThingsEnd);
    const oven = bench.config.station.room?.amenities.find(({ kind }) => kind === "microwave");
    if (oven?.kind !== "microwave") throw new Error("the example has no microwave");
    const output = `amenity/${oven.id}/power`;
    bench.tell({ type: "room-output", output, on: true });
    bench.seconds(oven.maxOnMs / 1_000);
    bench.tell({ type: "room-output", output, on: false });
    expect(bench.found).toEqual([]);
    bench.tell({ type: "room-output", output, on: true });
    bench.seconds(oven.maxOnMs / 1_000 + 40);
    expect(bench.found[0]).toContain(`I11: ${output} is on for`);
  });

  test("so is a bay's heater", () => {
    const bench = judgeBench();
    bench.judge(timedThingsEnd);
    bench.bay(3).heaterRelayOn = true;
    bench.seconds(bench.config.station.charging.heaterMaxOnMs / 1_000);
    expect(bench.found).toEqual([]);
    bench.seconds(60);
    expect(bench.found[0]).toContain("heater of bay 3");
  });
});

describe("a start (I19)", () => {
  function started(heard: boolean): string[] {
    const bench = judgeBench();
    bench.judge(blindAfterStart);
    bench.seconds(60);
    bench.tell({ type: "computer", on: false });
    bench.seconds(30);
    bench.tell({ type: "computer", on: true });
    bench.seconds(1);
    if (heard) bench.ears.answers({ bus: "relays", address: 1 });
    bench.tell({ type: "coil", bay: 1, on: true, released: true });
    bench.bay(1).contactorRelayOn = true;
    bench.tell({ type: "contactor", bay: 1, closed: true });
    return bench.found;
  }

  test("gives nothing any current before the contacts were heard", () => {
    expect(started(true)).toEqual([]);
    expect(started(false)).toEqual([
      "I19: the lock of bay 1 is on before relays said anything",
      "I19: the contactor of bay 1 is on before relays said anything",
    ]);
  });

  test("finds what was never switched off", () => {
    const bench = judgeBench();
    bench.judge(blindAfterStart);
    bench.bay(2).heaterRelayOn = true;
    bench.tell({ type: "computer", on: false });
    bench.seconds(1);
    bench.tell({ type: "computer", on: true });
    expect(bench.found).toEqual([]);
    bench.tell({ type: "computer", on: false });
    bench.seconds(30);
    bench.tell({ type: "computer", on: true });
    expect(bench.found).toEqual(["I19: bay 2 is fed while the controller starts"]);
  });
});
