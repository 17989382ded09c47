import { describe, expect, test } from "vitest";
import { createBus } from "../../../hal/buses/serial-bus.ts";
import { encodeJbdReply, JBD_BASIC, JBD_CELLS, JBD_MODEL, JBD_MOS, parseJbdRequest } from "../../../hal/codecs/jbd.ts";
import { encodeJbdBasic, encodeJbdCells, encodeJbdModel, type JbdBasic } from "../../../hal/codecs/jbd-registers.ts";
import { jbdPackLink, packIdOf } from "../../../hal/drivers/jbd-pack-link.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { scriptedWire } from "../../support/scripted-wire.ts";

const BASIC: JbdBasic = {
  packMv: 48_000,
  packMa: 1_200,
  remainingMah: 12_000,
  nominalMah: 24_000,
  cycles: 12,
  productionDate: "2024-05-01",
  balanceBits: 0,
  protectionBits: 0,
  version: "2.0",
  socPct: 50,
  chargeMosOn: true,
  dischargeMosOn: true,
  cellCount: 13,
  tempsC: [20, 21, 22],
  tail: new Uint8Array(0),
};

function start() {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const wire = scriptedWire(clock);
  const bus = createBus({ id: "pack", line: wire.line, openWire: wire.openWire, clock, echo: false });
  const pack = { basic: BASIC, model: "YZ-0001", status: 0, losesBasic: 0, deafTo: new Set<number>() };
  const asked: number[] = [];
  wire.answer = (bytes) => {
    const parsed = parseJbdRequest(bytes, bytes.length);
    if (parsed.is !== "frame") return;
    const { register } = parsed.value;
    asked.push(register);
    if (pack.deafTo.has(register) || (register === JBD_BASIC && pack.losesBasic-- > 0)) return;
    const data =
      register === JBD_BASIC
        ? encodeJbdBasic(pack.basic)
        : register === JBD_CELLS
          ? encodeJbdCells(Array.from({ length: 13 }, () => 3_692))
          : register === JBD_MODEL
            ? encodeJbdModel(pack.model)
            : new Uint8Array(0);
    wire.say(encodeJbdReply(register, pack.status, data), 20);
  };
  const link = jbdPackLink({}, { bus });
  const pass = (ms: number): void => void clock.runUntil(clock.nowMs + ms);
  return { clock, wire, bus, pack, asked, link, pass };
}

describe("a JBD pack link", () => {
  test.each([
    ["YZ-0001", "yz-0001"],
    ["  JBD SP13S004 V1.2 ", "jbd-sp13s004-v1-2"],
    ["电池", undefined],
    ["", undefined],
    ["--A--", "a"],
  ])("a pack that calls itself %j is known as %s", (model, id) => {
    expect(packIdOf(model)).toBe(id);
  });

  test("one lost answer of a watched pack is asked for again before its reading is two seconds old", () => {
    const { clock, link, pack, pass } = start();
    link.urgency("watch");
    pass(3_010);
    for (let at = 0; at < 20; at++) {
      pack.losesBasic = 1;
      for (let step = 0; step < 30; step++) {
        pass(100);
        expect(link.reading().quality).toBe("good");
        expect(clock.nowMs - link.reading().atMs).toBeLessThanOrEqual(2_000);
      }
    }
  });

  test.each([
    ["no voltage", { packMv: 0 }],
    ["neither cells nor sensors", { cellCount: 0, tempsC: [] }],
    ["an open sensor", { tempsC: [20, -60] }],
    ["a shorted sensor", { tempsC: [126] }],
    ["a sensor that broke off, at the end of its table beside its sisters", { tempsC: [5, -40, 4] }],
    ["more than full", { socPct: 101 }],
    ["more voltage than its cells can have", { packMv: 65_010 }],
    ["more current than any pack takes", { packMa: 241_000 }],
    ["more current than any pack gives", { packMa: -241_000 }],
  ])("B14: an answer with a good checksum and %s is invalid, and the last true values stay", (_, changes) => {
    const { link, pack, pass } = start();
    pass(6_000);
    const last = link.reading();
    expect(last.quality).toBe("good");
    pack.basic = { ...BASIC, ...changes };
    pass(6_000);
    expect(link.reading()).toMatchObject({
      quality: "invalid",
      atMs: last.atMs,
      value: { packMv: 48_000, socPct: 50 },
    });
    pack.basic = BASIC;
    pass(6_000);
    expect(link.reading().quality).toBe("good");
  });

  test.each([
    ["as cold as its sensors can tell", { tempsC: [-40, -41, -38] }],
    ["of one sensor, in the deepest cold", { tempsC: [-40] }],
    ["warmed at one end", { tempsC: [-39, 5] }],
  ])("a pack %s is believed", (_, changes) => {
    const { link, pack, pass } = start();
    pack.basic = { ...BASIC, ...changes };
    pass(6_000);
    expect(link.reading()).toMatchObject({ quality: "good", value: { cellTempsC: changes.tempsC } });
  });

  test("a pack that refuses to answer (status 80) is invalid", () => {
    const { link, pack, pass } = start();
    pack.status = 0x80;
    pass(6_000);
    expect(link.reading().quality).toBe("invalid");
  });

  test("what cannot be true stays invalid however often it is said, and the truth said again is good at once", () => {
    const { link, pack, pass } = start();
    link.urgency("watch");
    pass(3_010);
    pack.basic = { ...BASIC, packMv: 0 };
    for (let second = 0; second < 3; second++) {
      pass(1_100);
      expect(link.reading()).toMatchObject({ quality: "invalid", value: { packMv: BASIC.packMv } });
    }
    pack.basic = BASIC;
    pass(1_100);
    expect(link.reading()).toMatchObject({ quality: "good", value: { packMv: BASIC.packMv } });
  });

  test("a pack that says the same again gives a fresh reading of the same value", () => {
    const { clock, link, pass } = start();
    link.urgency("watch");
    pass(3_010);
    const { value } = link.reading();
    pass(2_000);
    expect(link.reading().value).toBe(value);
    expect(clock.nowMs - link.reading().atMs).toBeLessThanOrEqual(1_000);
  });

  test("protection bits are passed on as the pack says them", () => {
    const { link, pack, pass } = start();
    pack.basic = { ...BASIC, protectionBits: 0b1_0000_0010_0000, chargeMosOn: false };
    pass(6_000);
    expect(link.reading().value).toMatchObject({ protectionBits: 0x1020, chargeMosOn: false, dischargeMosOn: true });
  });

  test.each([
    ["another birthday", { productionDate: "2023-01-01" }],
    ["another size", { nominalMah: 20_000 }],
    ["fewer cycles", { cycles: 3 }],
  ])("a pack with %s is another pack: its name is asked anew, though no answer was missed", (_, changes) => {
    const { link, pack, pass } = start();
    pass(6_000);
    expect(link.reading().value?.packId).toBe("yz-0001");
    pack.basic = { ...BASIC, ...changes };
    pack.model = "YZ-0002";
    pack.deafTo.add(JBD_MODEL);
    pass(5_500);
    expect(link.reading().value).toMatchObject({ packId: undefined, ...("cycles" in changes ? changes : {}) });
    pack.deafTo.clear();
    pass(6_000);
    expect(link.reading().value?.packId).toBe("yz-0002");
  });

  test("a name asked of the pack before does not name the pack after", () => {
    const { link, pack, pass, wire } = start();
    pass(4_900);
    pass(200);
    expect(link.reading().value?.packId).toBe("yz-0001");
    const answer = wire.answer;
    link.reidentify();
    wire.answer = (bytes, hex) => {
      // The old pack's name is on its way when the packs are exchanged.
      if (bytes[2] === JBD_MODEL) link.reidentify();
      answer(bytes, hex);
    };
    pack.model = "OLD";
    pass(80);
    wire.answer = answer;
    pack.model = "NEW";
    pass(6_000);
    expect(link.reading().value?.packId).toBe("new");
  });

  test("a twin that takes a silent pack's place has no name before it has said its own", () => {
    const { link, pack, pass, wire } = start();
    pass(6_000);
    expect(link.reading().value?.packId).toBe("yz-0001");
    const answer = wire.answer;
    wire.answer = () => undefined;
    pass(30_000);
    expect(link.reading().quality).toBe("stale");
    // Same birthday, same size, as many cycles: only its name tells it from the one before.
    pack.model = "YZ-0002";
    pack.deafTo.add(JBD_MODEL);
    wire.answer = answer;
    pass(15_000);
    expect(link.reading()).toMatchObject({ quality: "good", value: { packId: undefined } });
    pack.deafTo.delete(JBD_MODEL);
    link.reidentify();
    pass(6_000);
    expect(link.reading().value?.packId).toBe("yz-0002");
  });

  test("S12: a pack that answers under another name without a pause is another pack, once it has said so twice", () => {
    const { link, pack, pass, asked } = start();
    pass(6_000);
    expect(link.reading().value?.packId).toBe("yz-0001");
    pack.model = "YZ-0002";
    pass(61_000);
    expect(link.reading()).toMatchObject({ quality: "good", value: { packId: "yz-0002" } });
    expect(asked.filter((register) => register === JBD_MODEL).length).toBeLessThanOrEqual(5);
  });

  test("a name that was misheard once changes nothing", () => {
    const { link, pack, pass, wire } = start();
    pass(6_000);
    const answer = wire.answer;
    let wrong = 1;
    wire.answer = (bytes, hex) => {
      pack.model = bytes[2] === JBD_MODEL && wrong-- > 0 ? "YZ-0009" : "YZ-0001";
      answer(bytes, hex);
    };
    const seen = new Set<string | undefined>();
    link.watch((reading) => seen.add(reading.value?.packId));
    pass(180_000);
    expect(wrong).toBeLessThanOrEqual(0);
    expect([...seen]).toEqual(["yz-0001"]);
  });

  test("a pack without a name is asked three times, then as often as its cells, and has one once it says so", () => {
    const { link, pack, pass, asked } = start();
    const asks = () => asked.filter((register) => register === JBD_MODEL).length;
    pack.deafTo.add(JBD_MODEL);
    link.urgency("watch");
    pass(60_000);
    expect(asks()).toBe(3 + asked.filter((register) => register === JBD_CELLS).length - 1);
    expect(link.reading()).toMatchObject({ quality: "good", value: { packId: undefined } });
    pass(3_600_000);
    pack.deafTo.clear();
    pass(11_000);
    expect(link.reading()).toMatchObject({ quality: "good", value: { packId: "yz-0001" } });
  });

  test("an empty bay is probed every 5 s at most, and a pack that comes is there within that", () => {
    const { link, pack, pass, asked, clock } = start();
    pack.deafTo.add(JBD_BASIC);
    link.urgency("watch");
    pass(120_000);
    const before = asked.length;
    pass(60_000);
    expect(asked.length - before).toBeLessThanOrEqual(12);
    pack.deafTo.clear();
    const fromMs = clock.nowMs;
    pass(5_300);
    expect(link.reading().quality).toBe("good");
    expect(link.reading().atMs - fromMs).toBeLessThanOrEqual(5_300);
  });

  test("fragmented answers, as real packs give them, are answers", () => {
    const { link, wire, pass } = start();
    wire.answer = (bytes) => {
      if (bytes[2] !== JBD_BASIC) return;
      const reply = encodeJbdReply(JBD_BASIC, 0, encodeJbdBasic(BASIC));
      wire.say(reply.slice(0, 7), 20);
      wire.say(reply.slice(7), 60);
    };
    pass(5_500);
    expect(link.reading().quality).toBe("good");
  });

  test("the pack's MOS are written once, and only a confirmed write counts", () => {
    const { link, pack, pass, wire } = start();
    pass(1_000);
    const confirmed: boolean[] = [];
    link.writeMos({ chargeOn: false, dischargeOn: true }, (ok) => confirmed.push(ok));
    pass(1_000);
    pack.status = 0x80;
    link.writeMos({ chargeOn: true, dischargeOn: true }, (ok) => confirmed.push(ok));
    pass(1_000);
    pack.deafTo.add(JBD_MOS);
    link.writeMos({ chargeOn: true, dischargeOn: true }, (ok) => confirmed.push(ok));
    pass(2_000);
    expect(confirmed).toEqual([true, false, false]);
    expect(wire.written.filter(({ hex }) => hex.startsWith("dd 5a e1")).map(({ hex }) => hex)).toEqual([
      "dd 5a e1 02 00 01 ff 1c 77",
      "dd 5a e1 02 00 00 ff 1d 77",
      "dd 5a e1 02 00 00 ff 1d 77",
    ]);
  });
});
