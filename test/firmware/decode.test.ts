import { describe, expect, test } from "vitest";
import { DECODE_PROTOCOLS } from "../../firmware/cli/decode.ts";
import { encodeModbusRead, encodeModbusReplyRegisters } from "../../hal/codecs/modbus-rtu.ts";
import {
  encodePn532Ack,
  encodePn532Answer,
  encodePn532Error,
  PN532_DATA_EXCHANGE,
  PN532_LIST_PASSIVE_TARGET,
} from "../../hal/codecs/pn532.ts";
import { encodePn532Found } from "../../hal/codecs/pn532-cards.ts";
import { GOLDEN, type Golden, hexOf } from "../hal/codecs/golden.ts";
import { decode } from "./decode-run.ts";

/** What is printed for bytes that must be good. */
async function shown(...args: string[]): Promise<Record<string, unknown>> {
  const { exit, out, err } = await decode(...args);
  expect(err).toBe("");
  expect(exit).toBe(0);
  return JSON.parse(out);
}

async function refusal(...args: string[]): Promise<{ code: string; message: string; hint: string }> {
  const { exit, out, err } = await decode(...args);
  expect(exit).toBe(1);
  expect(out).toBe("");
  return JSON.parse(err).error;
}

const optionsOf = ({ device, request }: Golden) => [
  ...(device === undefined ? [] : ["--device", device]),
  ...(request === undefined ? [] : ["--request", request]),
];
const titled = (frames: readonly Golden[]) =>
  frames.map((golden) => [`${golden.protocol} ${golden.hex}`, golden] as const);

describe("golden frames", () => {
  const good = GOLDEN.filter(({ refuse, expect }) => refuse !== true && expect?.valid !== false);
  test.each(titled(good))("%s is shown as its source says", async (_, golden) => {
    expect(await shown(golden.protocol, golden.hex, ...optionsOf(golden))).toMatchObject(golden.expect ?? {});
    const told = await shown(golden.protocol, golden.hex, "--direction", golden.way, ...optionsOf(golden));
    expect(told).toMatchObject(golden.expect ?? {});
  });

  test.each(titled(GOLDEN.filter(({ refuse }) => refuse === true)))(
    "%s is refused with the reason",
    async (_, golden) => {
      for (const options of [[], ["--direction", golden.way]]) {
        const { code, message, hint } = await refusal(golden.protocol, golden.hex, ...options);
        expect(code).toBe("E_CHECKSUM");
        expect(message).toMatch(/^checksum: expected [0-9A-F]+, got [0-9A-F]+/);
        expect(hint).not.toBe("");
      }
    },
  );

  test.each(titled(GOLDEN.filter(({ expect }) => expect?.valid === false)))(
    "%s is shown and refused",
    async (_, golden) => {
      const { exit, out, err } = await decode(golden.protocol, golden.hex, "--json");
      expect(exit).toBe(1);
      expect(JSON.parse(out)).toMatchObject(golden.expect ?? {});
      expect(JSON.parse(err).error).toMatchObject({ code: "E_VALUE", message: golden.expect?.reason });
    },
  );

  test("the greeting that spoils an echo is quoted, so that a person knows what the board did", async () => {
    const greeting = GOLDEN.find(({ hex }) => hex.startsWith("FF050000FF800A"));
    const { message } = await refusal("modbus-rtu", greeting?.hex ?? "");
    expect(message).toContain("Thank you for using the Modbus modules of LCTECH");
  });
});

describe("the ways in which people write bytes", () => {
  test.each([
    ["DDA50300FFFD77"],
    ["dda50300fffd77"],
    ["DD A5 03 00 FF FD 77"],
    ["DD", "A5", "03", "00", "FF", "FD", "77"],
    ["0xDD 0xA5 0x03 0x00 0xFF 0xFD 0x77"],
    ["0xDDA50300FFFD77"],
    ["dd-a5-03-00-ff-fd-77"],
    ["dd:a5:03:00:ff:fd:77"],
    ["dd,a5,03,00,ff,fd,77\n"],
  ])("%s", async (...words) => {
    expect(await shown("jbd", ...words)).toMatchObject({ cmd: "read", reg: 3 });
  });

  test("a charger's line and a sensor's file may be given as text", async () => {
    expect(await shown("dpm86-ascii", ":01r30=5339.")).toMatchObject({ voltage_V: 53.39 });
    expect(await shown("dpm86-ascii", ":01w20=5328,1000,")).toMatchObject({ setVoltage_V: 53.28, setCurrent_A: 1 });
    const file = "62 01 4b 46 7f ff 0e 10 03 : crc=03 YES\n62 01 4b 46 7f ff 0e 10 03 t=22125\n";
    for (const text of [file, file.trim(), file.replaceAll("\n", "\\n"), file.replaceAll("\n", "\r\n")]) {
      expect(await shown("sysfs-w1_slave", text)).toMatchObject({ valid: true, temperature_C: 22.125 });
    }
  });

  test("--json puts the object in one line, without it people get it indented", async () => {
    expect((await decode("jbd", "DDA50300FFFD77", "--json")).out.split("\n")).toHaveLength(2);
    expect((await decode("jbd", "DDA50300FFFD77")).out.split("\n").length).toBeGreaterThan(3);
  });
});

describe("a card reader's line", () => {
  const card = encodePn532Answer(
    PN532_LIST_PASSIVE_TARGET,
    encodePn532Found({ atqa: 0x44, sak: 0, uid: "04416D412B0289", ats: undefined }),
  );

  test("shows what was asked, and the card that was found", async () => {
    expect(await shown("pn532", "0000FF04FCD44A0100E100")).toMatchObject({
      direction: "req",
      op: "InListPassiveTarget",
    });
    const found = await shown("pn532", hexOf(encodePn532Ack()) + hexOf(card));
    expect(found).toMatchObject({
      direction: "resp",
      acknowledged: true,
      card: { uid: "04416D412B0289", speaks: false },
    });
    expect(found).not.toHaveProperty("restHex");
  });

  test("says nobody is there, and that a number drawn anew names nobody", async () => {
    const none = encodePn532Answer(PN532_LIST_PASSIVE_TARGET, encodePn532Found(undefined));
    expect(await shown("pn532", hexOf(none))).toMatchObject({ card: null });
    const phone = encodePn532Found({ atqa: 4, sak: 0x20, uid: "08A1B2C3", ats: undefined });
    const told = await shown("pn532", hexOf(encodePn532Answer(PN532_LIST_PASSIVE_TARGET, phone)));
    expect(told).toMatchObject({ card: { uidFixed: false, speaks: true } });
  });

  test("shows an exchange, and one that failed", async () => {
    const answer = (...data: number[]) => hexOf(encodePn532Answer(PN532_DATA_EXCHANGE, Uint8Array.from(data)));
    expect(await shown("pn532", answer(0, 0x90, 0))).toMatchObject({ ok: true, answerHex: "9000" });
    expect(await shown("pn532", answer(1))).toMatchObject({ ok: false, error: "0x01" });
    expect(await shown("pn532", hexOf(encodePn532Error()))).toMatchObject({ op: "error" });
  });

  test("shows what cannot be a card and refuses it", async () => {
    const { exit, out, err } = await decode(
      "pn532",
      hexOf(encodePn532Answer(PN532_LIST_PASSIVE_TARGET, Uint8Array.of(1, 1, 0))),
    );
    expect(exit).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ op: "InListPassiveTarget" });
    expect(JSON.parse(err).error).toMatchObject({ code: "E_VALUE", message: "3 bytes" });
  });
});

describe("bytes around a frame", () => {
  test("noise before and a second frame behind are reported, not hidden", async () => {
    const both = "00FF" + "DD0400080F450F3D0F370F3DFEC677" + "DDA50300FFFD77";
    expect(await shown("jbd", both)).toMatchObject({
      cells_mV: [3909, 3901, 3895, 3901],
      skippedHex: "00FF",
      restHex: "DDA50300FFFD77",
    });
    expect(await shown("lock-8a", "FF8A0101008A80")).toMatchObject({ op: "unlock", skippedHex: "FF", restHex: "80" });
    expect(await shown("gm65", "02000001003331" + "414243310D0A")).toMatchObject({ ok: true, restHex: "414243310D0A" });
  });

  test("a Modbus frame is not searched behind noise, because it has no start byte; with its request it is found", async () => {
    const { code } = await refusal("modbus-rtu", "FF0102030401040201317974");
    expect(code).toBe("E_CHECKSUM");
    const found = await shown(
      "modbus-rtu",
      "00FF01040201317974",
      "--request",
      "010400010001600A",
      "--device",
      "xy-md02",
    );
    expect(found).toMatchObject({ temperature_C: 30.5, skippedHex: "00FF" });
    expect(found).not.toHaveProperty("humidity_pct");
  });

  test("half a frame is short, noise is junk", async () => {
    expect(await refusal("jbd", "DD03001D0618")).toMatchObject({ code: "E_SHORT" });
    expect(await refusal("modbus-rtu", "010402")).toMatchObject({ code: "E_SHORT" });
    expect(await refusal("modbus-rtu", "0104020131")).toMatchObject({ code: "E_SHORT" });
    expect(await refusal("lock-8a", "FFFFFF")).toMatchObject({ code: "E_JUNK" });
    expect(await refusal("dpm86-ascii", ":01r30=53O9.")).toMatchObject({ code: "E_JUNK" });
  });

  test("the end of a spoiled or cut reader answer is never shown as a scanned code", async () => {
    expect(await refusal("gm65", "02000001003332")).toMatchObject({ code: "E_CHECKSUM" });
    expect(await refusal("gm65", "0200000541420D0A")).toMatchObject({ code: "E_SHORT" });
  });
});

describe("what only the exchange can tell", () => {
  test("ok means what its request asked for", async () => {
    expect(await shown("dpm86-ascii", ":01ok")).toEqual({
      protocol: "dpm86-ascii",
      direction: "resp",
      address: 1,
      ok: true,
    });
    expect(await shown("dpm86-ascii", ":01ok", "--request", ":01w12=1,")).toMatchObject({ output: true });
    expect(await shown("dpm86-ascii", ":01ok", "--request", ":01w12=0,")).toMatchObject({ output: false });
  });

  test("a read shows which value was asked for, never one it cannot know", async () => {
    const read = await shown("dpm86-ascii", ":01r30=0,");
    expect(read).toMatchObject({ cmd: "read", register: 30, asks: ["voltage_V"] });
    expect(read).not.toHaveProperty("voltage_V");
  });

  test.each([
    ["dpm86-ascii", ":02ok", ":01w12=1,"],
    ["dpm86-ascii", ":01ok", ":01r30=0,"],
    ["dpm86-ascii", ":01r31=100.", ":01r30=0,"],
  ])("%s %s is no answer to %s", async (protocol, bytes, request) => {
    expect(await refusal(protocol, bytes, "--request", request)).toMatchObject({ code: "E_MISMATCH" });
  });

  test("a pulse request and its ack can be the same bytes, and it says so", async () => {
    const either = await shown("lock-8a", "8A0101119B");
    expect(either).toMatchObject({ direction: "either", op: "unlock", pulse: "default 300 ms", feedback: "0x11" });
    const request = await shown("lock-8a", "8A0101119B", "--direction", "req");
    expect(request).toMatchObject({ direction: "req", pulse: "default 300 ms" });
    expect(request).not.toHaveProperty("feedback");
    const answer = await shown("lock-8a", "8A0101119B", "--direction", "resp");
    expect(answer).toMatchObject({ direction: "resp", feedback: "0x11" });
    expect(answer).not.toHaveProperty("pulse");
  });

  test("registers of an unknown device are numbers, beside what known devices would mean by them", async () => {
    const bare = await shown("modbus-rtu", "0104100540000A000D00000002000000000000D629");
    expect(bare).toMatchObject({ fc: 4, registers: [0x540, 10, 13, 0, 2, 0, 0, 0] });
    expect(bare).not.toHaveProperty("voltage_V");
    expect(bare.readAs).toMatchObject({ "pzem-017": { voltage_V: 13.44, power_W: 1.3 } });
  });

  test("a device that cannot have sent these registers is refused", async () => {
    expect(await refusal("modbus-rtu", "01030200017984", "--device", "pzem-017")).toMatchObject({ code: "E_DEVICE" });
  });
});

describe("devices", () => {
  const reply = (...registers: number[]) => hexOf(encodeModbusReplyRegisters(1, 4, registers));
  const ask = (start: number, count: number) => hexOf(encodeModbusRead(1, 4, start, count));

  test("an XY-MD02 below zero, with its humidity, and a clone that counts in hundredths", async () => {
    const both = ["modbus-rtu", reply(0xff33, 546), "--device", "xy-md02"];
    expect(await shown(...both)).toMatchObject({ temperature_C: -20.5, humidity_pct: 54.6, scale: 10 });
    const clone = ["modbus-rtu", reply(3050, 5460), "--device", "XY-MD02 clone"];
    expect(await shown(...clone)).toMatchObject({ temperature_C: 30.5, humidity_pct: 54.6, scale: 100 });
    const cold = ["modbus-rtu", reply(350), "--device", "xy-md02-x100", "--request", ask(1, 1)];
    expect(await shown(...cold)).toMatchObject({ temperature_C: 3.5, scale: 100 });
  });

  test("a PZEM-016 counts with the low word first", async () => {
    const hex = reply(2301, 1500, 1, 3450, 0, 9, 2, 500, 98, 0);
    expect(await shown("modbus-rtu", hex, "--device", "pzem-016", "--request", ask(0, 10))).toMatchObject({
      voltage_V: 230.1,
      current_A: 67.036,
      power_W: 345,
      energy_Wh: 131_081,
      frequency_Hz: 50,
      powerFactor: 0.98,
      alarm: 0,
    });
  });

  test("an Eastron meter's floats are named by their register", async () => {
    const hex = reply(0x4248, 0x0000);
    expect(await shown("modbus-rtu", hex, "--device", "eastron-sdm", "--request", ask(70, 2))).toMatchObject({
      frequency_Hz: 50,
    });
    expect(await shown("modbus-rtu", hex, "--device", "eastron-sdm")).toMatchObject({ voltage_V: 50 });
  });

  test("a corrected firmware-version frame of a lock board passes", async () => {
    expect(await shown("lock-8a", "820100AB28")).toMatchObject({
      direction: "event",
      board: 1,
      channel: 0,
      feedback: "0xAB",
    });
  });

  test("the relay board's timed words are named", async () => {
    expect(await shown("modbus-rtu", "0105040000078D38")).toMatchObject({ op: "flash-off", relay: 0, pulse_ms: 700 });
  });
});

describe("asked wrongly", () => {
  test.each(
    [
      [["jbd-up", "00"], `known: ${DECODE_PROTOCOLS.join(", ")}`],
      [[], "no protocol given"],
      [["jbd"], "no bytes given"],
      [["jbd", ""], "no bytes given"],
      [["jbd", "DDA"], "3 hex digits; a byte has two"],
      [["jbd", "DDXX"], '"X" is not a hex digit'],
      [["jbd", "00".repeat(5000)], "at most 4096"],
      [["jbd", "00", "--request"], "--request needs a value"],
      [["jbd", "00", "--request", "0"], "--request: 1 hex digits"],
      [["jbd", "00", "--direction", "up"], "known: req, resp, event, read"],
      [["modbus-rtu", "00", "--device", "toaster"], "known: waveshare-relay-d"],
      [["jbd", "00", "--colour"], "unknown option --colour"],
    ].map(([args, message]) => ({ args, message }) as { args: string[]; message: string }),
  )("$message: exit 2 and the usage", async ({ args, message }) => {
    const { exit, out, err } = await decode(...args);
    expect(exit).toBe(2);
    expect(out).toBe("");
    const [first = "", ...usage] = err.split("\n");
    expect(JSON.parse(first).error).toMatchObject({ code: "E_USAGE", message: expect.stringContaining(message) });
    expect(usage.join("\n")).toContain("yizhan decode");
  });

  test("--help names every protocol and device, in both languages", async () => {
    for (const lang of ["zh", "en"]) {
      const { exit, out } = await decode("--help", "--lang", lang);
      expect(exit).toBe(0);
      for (const name of [...DECODE_PROTOCOLS, "xy-md02", "pzem-017", "eastron-sdm", "water-leak", "lctech"]) {
        expect(out).toContain(name);
      }
    }
    expect((await decode("--help", "--lang=zh")).out).toContain("用法");
  });
});
