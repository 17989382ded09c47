/** What an operator's program gets from `yizhan/contract`: messages read back from the wire, and requests ready to be sent. */
import { describe, expect, test } from "vitest";
import { readMessage, requestMessage, stationFilter, textToSign } from "../../../services/contract/client.ts";
import { examples } from "../../../services/contract/examples.ts";
import { contract, type TopicName, type TopicRow, topicFor, topicParams } from "../../../services/contract/topics.ts";

const rows: readonly TopicRow[] = Object.values(contract);
const idsOf = ({ topic }: TopicRow) =>
  Object.fromEntries(
    [...topic.matchAll(/\{([a-z]+)\}/g)].map(([, name = ""]) => [
      name,
      topicParams[name as keyof typeof topicParams].example,
    ]),
  );
const textOf = (payload: unknown) => (typeof payload === "string" ? payload : JSON.stringify(payload));

describe("a message of the station", () => {
  test.each(rows)("$name is read back into what was sent and where it came from", (row) => {
    const ids = idsOf(row);
    const topic = topicFor(row, { station: "liaoyuan-1", ...ids });
    for (const payload of examples[row.name as TopicName]) {
      expect(readMessage(topic, textOf(payload))).toEqual({ name: row.name, station: "liaoyuan-1", ids, payload });
    }
  });

  test("that empties a retained topic carries nothing, and is no mistake", () => {
    expect(readMessage("yizhan/1/s/fault/smoke/a", "")).toEqual({
      name: "fault",
      station: "s",
      ids: { code: "smoke", subject: "a" },
      payload: undefined,
    });
  });

  test.each([
    ["yizhan/1/s/bay/3", "{", "payload: not JSON"],
    ["yizhan/1/s/event/swap", "", "payload: not JSON"],
    ["yizhan/1/s/availability", "maybe", /^payload: /],
    ["yizhan/1/s/bay/3", '{"door":"ajar"}', /^door: /],
    ["yizhan/2/s/bay/3", "{}", "topic: not one of the contract"],
    ["yizhan/1/s/bay/3/4", "{}", "topic: not one of the contract"],
    ["other/yizhan/1/s/power", "{}", "topic: not one of the contract"],
  ])("on %s saying %j is refused in words", (topic, text, problem) => {
    expect(readMessage(topic, text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe("a request", () => {
  test("goes to its verb's topic, as the station will read it", () => {
    const request = { id: "desk-1", expiresAt: "2026-01-31T05:07:00Z", bay: 7 };
    const { topic, text } = requestMessage("s", "open", request);
    expect(topic).toBe("yizhan/1/s/request/open");
    expect(readMessage(topic, text)).toMatchObject({ name: "request", ids: { verb: "open" }, payload: request });
  });

  test("cannot leave the station's root", () => {
    expect(() => requestMessage("a/b", "snapshot", { id: "x", expiresAt: 1 })).toThrow(TypeError);
    expect(stationFilter("s")).toBe("yizhan/1/s/#");
    expect(stationFilter()).toBe("yizhan/1/+/#");
  });

  test("says what is to be signed of it: station, verb and everything but the signature", () => {
    const request = { id: "x", expiresAt: 1, bay: 3, key: "ling", seq: 7 };
    const text = 'yizhan-request-1\ns\nopen\n{"bay":3,"expiresAt":1,"id":"x","key":"ling","seq":7}';
    expect(textToSign("s", "open", request)).toBe(text);
    expect(textToSign("s", "open", { ...request, signature: "A".repeat(86) })).toBe(text);
    expect(() => textToSign("s", "open", { ...request, by: "\ud800" })).toThrow(TypeError);
  });
});

describe("who may send", () => {
  test("is the station, except for requests and the access list", () => {
    for (const { name, direction, sender } of rows) {
      expect(sender, name).toBe(name === "request" || name === "accessList" ? "operator" : "station");
      expect(direction, name).toBe(sender === "station" ? "out" : "in");
    }
  });
});
