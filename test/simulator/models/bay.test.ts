import { describe, expect, test } from "vitest";
import { encodeDpmWrite } from "../../../hal/codecs/dpm86.ts";
import { encodeModbusCoil } from "../../../hal/codecs/modbus-rtu.ts";
import { enable, type SmallStation, type SmallStationOptions, smallStation } from "../small-station.ts";

const HOUR = 3_600_000;
const PULSE_1 = Uint8Array.from(Buffer.from("8A0101119B", "hex"));

interface Bench extends SmallStation {
  relay(number: number, on: boolean): void;
  charger(bay: number, setMa: number): void;
  run(ms: number): void;
}

/** A small station with every bay full, and a hand on its relays and chargers. */
function bench(options: SmallStationOptions = {}): Bench {
  const station = smallStation({ emptyBaysPerCabinet: 0, initialSoc: 0.2, ...options });
  enable(station);
  const relays = station.talk("/relays-a");
  const chargers = station.talk("/chargers-a");
  return {
    ...station,
    relay: (number, on) => {
      relays.ask(encodeModbusCoil(1, number - 1, on));
    },
    charger: (bay, setMa) => {
      chargers.ask(encodeDpmWrite(bay, 20, [5_460, setMa]));
      chargers.ask(encodeDpmWrite(bay, 12, [setMa > 0 ? 1 : 0]));
    },
    run: (ms) => station.clock.runUntil(station.clock.nowMs + ms),
  };
}

describe("charging in a bay", () => {
  test("flows only through charger, contactor, connector and charge MOS together", () => {
    const { world, relay, charger, run } = bench();
    const bay = world.truth.bay(1);
    charger(1, 12_000);
    run(1_000);
    expect(bay.chargeMa).toBe(0);
    relay(1, true);
    expect(bay.chargeMa).toBe(12_000);
    charger(1, 0);
    run(1_000);
    expect(bay.chargeMa).toBe(0);
    expect(bay.chargerOn).toBe(false);
  });

  test("settles 0.6 s after the charger was told, and tells when current begins and ends", () => {
    const { clock, events, relay, charger, run } = bench();
    relay(1, true);
    charger(1, 12_000);
    const toldMs = events.findLast((event) => event.type === "charger")?.atMs ?? 0;
    run(5_000);
    relay(1, false);
    const offMs = events.findLast((event) => event.type === "contactor")?.atMs;
    const current = events.filter((event) => event.type === "current");
    expect(current.map((event) => event.flows)).toEqual([true, false]);
    expect(current[0]?.atMs).toBeCloseTo(toldMs + 600, 6);
    expect(current[1]?.atMs).toBe(offMs);
    expect(clock.nowMs).toBeGreaterThan(toldMs);
  });

  test("from 20 % takes about 1.7 h in all, warms the pack a little, and draws what the mains meter says", () => {
    const { world, relay, charger, run } = bench();
    relay(1, true);
    charger(1, 12_000);
    const bay = world.truth.bay(1);
    const startC = bay.pack?.cellTempC ?? 0;
    let minutes = 0;
    let hottestC = startC;
    while ((bay.pack?.socPct ?? 100) < 100 && minutes < 300) {
      run(60_000);
      minutes++;
      hottestC = Math.max(hottestC, bay.pack?.cellTempC ?? 0);
    }
    expect(minutes / 60).toBeGreaterThan(1.55);
    expect(minutes / 60).toBeLessThan(1.95);
    expect(hottestC - startC).toBeGreaterThan(1);
    expect(hottestC - startC).toBeLessThan(10);
    expect(bay.pack?.peakMv).toBeLessThanOrEqual(54_600.001);
    const inKwh = (bay.pack?.energyInWh ?? 0) / 1_000;
    expect(inKwh).toBeGreaterThan(0.85);
    expect(world.stats.peakW).toBeGreaterThan(600);
    expect(world.stats.peakW).toBeLessThan(720);
    // The meter adds the charger's losses and its standby, and nothing else was on.
    const standbyKwh = (3 * minutes) / 60 / 1_000;
    expect(world.stats.energyKwh).toBeCloseTo(inKwh / 0.93 + standbyKwh, 2);
  });

  test("gives the same physics however often somebody looks", () => {
    const looked = bench({ seed: "same" });
    const left = bench({ seed: "same" });
    for (const { relay, charger } of [looked, left]) {
      relay(1, true);
      charger(1, 12_000);
    }
    for (let second = 0; second < 3_600; second++) {
      looked.run(1_000);
      void looked.world.truth.bay(1).chargeMa;
    }
    left.run(HOUR);
    const one = looked.world.truth.bay(1).pack;
    const other = left.world.truth.bay(1).pack;
    expect(one?.soc).toBeCloseTo(other?.soc ?? 0, 3);
    expect(one?.cellTempC).toBeCloseTo(other?.cellTempC ?? 0, 1);
  });
});

describe("the master enable", () => {
  test("gates every contactor and every heater, whatever their relays say", () => {
    const { world, relay, charger, run, events } = bench();
    relay(1, true);
    relay(2, true);
    charger(1, 12_000);
    run(1_000);
    expect(world.truth.bay(1)).toMatchObject({ contactorClosed: true, heaterOn: true, chargeMa: 12_000 });
    world.gpio.openOutput(17, true).write(false);
    expect(world.truth.masterEnable).toBe(false);
    expect(world.truth.bay(1)).toMatchObject({
      contactorRelayOn: true,
      contactorClosed: false,
      heaterOn: false,
      chargeMa: 0,
    });
    expect(events.findLast((event) => event.type === "master")).toMatchObject({ high: false });
    world.gpio.openOutput(17, true);
    expect(world.truth.bay(1).contactorClosed).toBe(true);
  });

  test("is off until somebody raises it", () => {
    expect(smallStation().world.truth.masterEnable).toBe(false);
  });
});

describe("warmth", () => {
  test("a heater remembers when its relay last moved, and no command that changes nothing counts as that", () => {
    const { clock, world, relay, run } = bench();
    const bay = world.truth.bay(1);
    relay(2, true);
    const onMs = bay.heaterRelayMs;
    expect(onMs).toBeGreaterThan(0);
    run(60_000);
    relay(2, true);
    expect(bay.heaterRelayMs).toBe(onMs);
    relay(2, false);
    expect(bay.heaterRelayMs).toBeGreaterThanOrEqual(onMs + 60_000);
    expect(bay.heaterRelayMs).toBeLessThanOrEqual(clock.nowMs);
  });

  test("a pack at -20 °C in a warm room is above zero after about half an hour on its heater, later without", () => {
    const minutesToZero = (heater: boolean): number => {
      const { world, relay, run } = bench({ initialPackC: -20 });
      relay(2, heater);
      let minutes = 0;
      while ((world.truth.bay(1).pack?.cellTempC ?? 0) < 0 && minutes < 600) {
        run(60_000);
        minutes++;
      }
      return minutes;
    };
    const heated = minutesToZero(true);
    expect(heated).toBeGreaterThan(10);
    expect(heated).toBeLessThan(40);
    expect(minutesToZero(false)).toBeGreaterThan(1.5 * heated);
  });

  test("a heater that stays on does not melt anything within its allowed time, and the meter counts it", () => {
    const { world, relay, run } = bench({ initialSoc: 1 });
    relay(2, true);
    run(HOUR);
    expect(world.truth.bay(1).pack?.cellTempC).toBeGreaterThan(30);
    expect(world.truth.bay(1).pack?.cellTempC).toBeLessThan(70);
    expect(world.stats.heaterKwh).toBeCloseTo(0.1, 2);
    expect(world.truth.mainsW).toBeCloseTo(100, 6);
  });

  test("in an unheated cabinet packs follow the cold outside", () => {
    const { world, run } = bench({ outdoors: true, weather: { fixedC: -32 }, initialPackC: 10 });
    run(12 * HOUR);
    expect(world.truth.bay(1).pack?.cellTempC).toBeLessThan(-20);
    expect(world.truth.bay(1).pack?.cellTempC).toBeGreaterThan(-32.1);
  });

  test("a dozen chargers warm their cabinet, and the fan takes the heat away", () => {
    const warmed = (fan: boolean): number => {
      const { world, relay, charger, run, talk } = bench();
      if (fan) talk("/relays-a").ask(encodeModbusCoil(2, 0, true));
      for (const bay of [1, 2, 3, 4]) {
        relay(2 * bay - 1, true);
        charger(bay, 12_000);
      }
      run(HOUR);
      return (world.truth.cabinets[0]?.airTempC ?? 0) - world.truth.roomC;
    };
    expect(warmed(false)).toBeGreaterThan(1.5);
    expect(warmed(true)).toBeLessThan(warmed(false));
  });
});

describe("door and lock", () => {
  test("a pulse of 300 ms releases the latch after 60 ms; the door follows, and a hand shuts it again", () => {
    const { world, talk, run, clock, events } = bench();
    const locks = talk("/locks-a");
    const bay = world.truth.bay(1);
    const fromMs = clock.nowMs;
    locks.wire.write(PULSE_1);
    run(1_000);
    const arrivedMs = fromMs + (5 * 10_000) / 9_600;
    expect(events.find((event) => event.type === "door")).toMatchObject({ bay: 1, open: true });
    expect(bay.doorChangedMs).toBeCloseTo(arrivedMs + 85, 6);
    const coil = events.filter((event) => event.type === "coil");
    expect(coil.map((event) => event.on)).toEqual([true, false]);
    expect((coil[1]?.atMs ?? 0) - (coil[0]?.atMs ?? 0)).toBeCloseTo(300, 6);
    world.shutDoor(1);
    expect(bay).toMatchObject({ doorOpen: false, latched: true });
  });

  test("springs open again when it is pushed while the coil holds the latch", () => {
    const { world, talk, run } = bench();
    talk("/locks-a").wire.write(PULSE_1);
    run(150);
    expect(world.truth.bay(1).doorOpen).toBe(true);
    world.shutDoor(1);
    expect(world.truth.bay(1).doorOpen).toBe(true);
    run(300);
    world.shutDoor(1);
    expect(world.truth.bay(1).doorOpen).toBe(false);
  });

  test("fails as often as it is told to, and a door frozen in its frame falls back into the latch", () => {
    const failing = bench({ lockFailure: 0.3 });
    const locks = failing.talk("/locks-a");
    let opened = 0;
    for (let attempt = 0; attempt < 300; attempt++) {
      locks.ask(PULSE_1, 600);
      if (failing.world.truth.bay(1).doorOpen) opened++;
      failing.world.shutDoor(1);
    }
    expect(opened / 300).toBeGreaterThan(0.6);
    expect(opened / 300).toBeLessThan(0.8);
    const frozen = bench();
    frozen.world.bayFaults(1).doorStuck = true;
    frozen.talk("/locks-a").ask(PULSE_1, 600);
    expect(frozen.world.truth.bay(1)).toMatchObject({ doorOpen: false, latched: true, pulses: 1 });
  });
});

describe("what may break in a bay", () => {
  test("a welded contactor conducts with its relay off; a stuck charger goes on; a broken heater stays cold", () => {
    const { world, relay, charger, run } = bench();
    world.bayFaults(1).contactorWelded = true;
    expect(world.truth.bay(1)).toMatchObject({ contactorRelayOn: false, contactorClosed: true });
    charger(1, 6_000);
    run(1_000);
    world.bayFaults(1).chargerStuck = true;
    charger(1, 0);
    run(10_000);
    expect(world.truth.bay(1).chargeMa).toBe(6_000);
    world.bayFaults(1).heaterBroken = true;
    relay(2, true);
    expect(world.truth.bay(1).heaterOn).toBe(false);
    world.bayFaults(1).heaterBroken = false;
    expect(world.truth.bay(1).heaterOn).toBe(true);
  });

  test("stuck contacts lie while the truth stays true", () => {
    const { world, talk } = bench();
    world.bayFaults(1).doorSwitchStuckAt = false;
    world.bayFaults(1).lockContactStuckAt = false;
    world.bayFaults(1).presenceStuckAt = false;
    expect(talk("/relays-a").ask(Uint8Array.from(Buffer.from("01020000000879CC", "hex")))).toContain("010201FC");
    expect(talk("/locks-a").ask(Uint8Array.from(Buffer.from("80010033B2", "hex")))).toBe("800100000E33BC");
    expect(world.truth.bay(1)).toMatchObject({ doorOpen: false, latched: true });
  });

  test("without mains boards are mute, relays have dropped and chargers are off; packs stay alive", () => {
    const { world, relay, charger, run, talk, events } = bench();
    relay(1, true);
    charger(1, 12_000);
    run(2_000);
    world.setMains(false);
    expect(world.truth.bay(1)).toMatchObject({ contactorRelayOn: false, chargeMa: 0, mainsW: 0 });
    expect(talk("/locks-a").ask(PULSE_1)).toBe("");
    const pack = talk("/pack-1");
    const read = Uint8Array.from(Buffer.from("DDA50500FFFB77", "hex"));
    pack.ask(read);
    expect(pack.ask(read)).toContain("DD0500");
    world.setMains(true);
    relay(1, true);
    run(2_000);
    expect(world.truth.bay(1).chargeMa).toBe(0);
    expect(events.filter((event) => event.type === "mains").map((event) => event.on)).toEqual([false, true]);
  });
});
