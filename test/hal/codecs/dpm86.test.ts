import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as dpm from "../../../hal/codecs/dpm86.ts";
import { deliver } from "./golden.ts";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const bytes = (line: string) => Uint8Array.from(Buffer.from(line, "latin1"));
const address = fc.integer({ min: 1, max: 99 });
const register = fc.integer({ min: 0, max: 99 });
const values = fc.array(fc.integer({ min: 0, max: 99_999 }), { minLength: 1, maxLength: 2 });

describe("the charger's lines", () => {
  test("a set-point and a reading are the captured lines", () => {
    expect(text(dpm.encodeDpmWrite(1, dpm.DPM_SET_BOTH, [5328, 1000]))).toBe(":01w20=5328,1000,\r\n");
    expect(text(dpm.encodeDpmRead(1, dpm.DPM_VOLTAGE))).toBe(":01r30=0,\r\n");
  });

  test("requests and answers survive the wire", () => {
    fc.assert(
      fc.property(address, register, values, (address, register, values) => {
        const write = dpm.encodeDpmWrite(address, register, values);
        expect(dpm.parseDpmRequest(write, write.length)).toEqual({
          is: "frame",
          value: { address, action: "write", register, values },
          used: write.length,
        });
        const read = dpm.encodeDpmRead(address, register);
        expect(dpm.parseDpmRequest(read, read.length)).toMatchObject({ value: { address, action: "read", register } });
        const value = dpm.encodeDpmValue(address, register, values);
        const answered = { is: "frame", value: { address, register, values }, used: value.length };
        expect(dpm.parseDpmReply(value, value.length)).toEqual(answered);
        const ok = dpm.encodeDpmOk(address);
        expect(dpm.parseDpmReply(ok, ok.length)).toEqual({
          is: "frame",
          value: { address, ok: true },
          used: ok.length,
        });
      }),
    );
  });

  test("units that end no line, end it with LF, or need a second comma are understood", () => {
    expect(dpm.parseDpmReply(bytes(":01r30=5339."), 12)).toMatchObject({ value: { values: [5339] } });
    expect(deliver(dpm.parseDpmReply, [bytes(":01ok:01r30=5339.\n:02ok")]).values).toHaveLength(3);
    expect(dpm.parseDpmRequest(bytes(":01w12=1,,\n"), 11)).toMatchObject({ value: { values: [1] } });
  });

  test("a temperature below zero keeps its sign", () => {
    expect(dpm.parseDpmReply(bytes(":01r33=-20."), 11)).toMatchObject({ value: { values: [-20] } });
    expect(dpm.parseDpmReply(bytes(":01r33=-0."), 10)).toEqual({
      is: "frame",
      value: { address: 1, register: 33, values: [0] },
      used: 10,
    });
  });

  test.each([
    ["a write that was cut inside a number", dpm.parseDpmRequest, ":01w20=5328,10\r\n"],
    ["a number that is too long to be one", dpm.parseDpmReply, ":01r30=12345678."],
    ["a sign without a number", dpm.parseDpmReply, ":01r30=-."],
    ["no number at all", dpm.parseDpmReply, ":01r30=."],
    ["a letter in a number", dpm.parseDpmReply, ":01r30=53O9."],
    ["the echo of the request", dpm.parseDpmReply, ":01r30=0,\r\n"],
    ["an answer where a request is expected", dpm.parseDpmRequest, ":01r30=5339.\r\n"],
    ["an address that is none", dpm.parseDpmReply, ":0xok"],
    ["a line that never ends", dpm.parseDpmReply, `:01r30=${"1,".repeat(40)}`],
  ])("%s is junk", (_, parse, line) => {
    const { values, junk } = deliver(parse, [bytes(line)]);
    expect(values).toEqual([]);
    expect(junk.length).toBeGreaterThan(0);
  });

  test("the answer behind an echo of the request is found", () => {
    const heard = deliver(dpm.parseDpmReply, [bytes(":01r30=0,\r\n:01r30=5339.\r\n")]);
    expect(heard.values).toEqual([{ address: 1, register: 30, values: [5339] }]);
  });
});
