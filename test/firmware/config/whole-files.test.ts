import { describe, expect, test } from "vitest";
import type { Problem } from "../../../firmware/config/problem.ts";
import { loadText, members, patched, starter, unmark } from "./memory-files.ts";

function problemsOf(text: string | Uint8Array, membersText = members): readonly Problem[] {
  const loaded = loadText(text, membersText);
  return loaded.ok ? [] : loaded.problems;
}
const codesOf = (text: string | Uint8Array) => problemsOf(text).map(({ code }) => code);

describe("files that hold no configuration", () => {
  test.each([
    ["nothing at all", ""],
    ["only a comment", "# later\n"],
    ["only an empty document", "---\n...\n"],
    ["null", "null\n"],
  ])("%s is told as empty at its start", (_, text) => {
    expect(problemsOf(text)).toMatchObject([{ line: 1, path: ".", code: "E_CFG_EMPTY" }]);
  });

  test.each([
    ["a list", "- 1\n- 2\n"],
    ["a text", "hello\n"],
    ["a number", "42\n"],
  ])("%s is told as no mapping", (_, text) => {
    expect(problemsOf(text)).toMatchObject([{ line: 1, column: 1, path: ".", code: "E_CFG_NOT_MAPPING" }]);
  });

  test("an empty mapping lacks every required section, told at once", () => {
    const missing = problemsOf("{}").map(({ path, code }) => `${path} ${code}`);
    expect(missing.sort()).toEqual(
      ["buses", "cabinets", "devices", "members", "station"].map((path) => `${path} E_CFG_MISSING_KEY`),
    );
  });
});

describe("text that is not YAML", () => {
  test.each([
    ["a bracket that is never closed", "station: {«\n", "station"],
    ["a quote that is never closed", 'station:\n  id: "starter«\n', "station.id"],
    ["two mappings on one line", "station: id«: starter\n", "station.id"],
    ["a line that sticks out", "station:\n  id: a\n «name: b\n", "station.id"],
  ])("%s is told with its line and the field around it", (_, marked, path) => {
    const { text, line } = unmark(marked);
    const [first] = problemsOf(text);
    expect(first).toMatchObject({ code: "E_CFG_YAML", path });
    expect(Math.abs((first?.line ?? 0) - line)).toBeLessThanOrEqual(1);
  });

  test("a second document in the file is refused", () => {
    expect(codesOf(`${starter}\n---\n${starter}`)).toEqual(["E_CFG_YAML"]);
  });

  test("every tab is told, and nothing that only follows from them", () => {
    const text = starter.replace("  id: starter-1", "\tid: starter-1").replace("  file: members", "\tfile: members");
    expect(problemsOf(text)).toMatchObject([
      { code: "E_CFG_YAML_TAB", path: "station.id", column: 1 },
      { code: "E_CFG_YAML_TAB", path: "members.file", column: 1 },
    ]);
  });

  test("a tab inside a comment or between words is nobody's business", () => {
    expect(codesOf(starter.replace("siteLimitW: 3000 ", "siteLimitW: 3000\t# a\ttab\n\t\n"))).toEqual([]);
  });
});

describe("bytes that are not text", () => {
  test("a byte that is not UTF-8 is told where it is", () => {
    const bytes = new TextEncoder().encode(patched(starter, "起步换电柜", "?"));
    bytes[starter.indexOf("zh: ") + 4] = 0xb5;
    const place = unmark(patched(starter, "zh: 起步换电柜", "zh: «?"));
    expect(problemsOf(bytes)).toMatchObject([{ code: "E_CFG_NOT_UTF8", line: place.line, column: place.column }]);
  });

  test("UTF-16 is called by its name", () => {
    const bytes = new Uint8Array(Buffer.from(`\uFEFF${starter}`, "utf16le"));
    expect(problemsOf(bytes)[0]?.message.en).toContain("UTF-16");
  });

  test("a byte order mark and Windows line ends change no position", () => {
    expect(codesOf(`\uFEFF${starter.replaceAll("\n", "\r\n")}`)).toEqual([]);
    const broken = patched(starter, "siteLimitW: 3000", "siteLimitW: «no");
    const { text, line, column } = unmark(broken);
    expect(problemsOf(`\uFEFF${text.replaceAll("\n", "\r\n")}`)).toMatchObject([{ line, column }]);
  });

  test("a file over one megabyte is refused before it is parsed", () => {
    expect(codesOf(`${starter}#${"x".repeat(1_000_000)}`)).toEqual(["E_CFG_TOO_LARGE"]);
  });
});

describe("anchors and aliases", () => {
  const port = '"/dev/serial/by-path/platform-usb-0:1.1.1:1.0-port0"';

  test("a plain alias is a value like any other", () => {
    const text = patched(patched(starter, "zh: 起步换电柜", "zh: &name Starter"), "en: Starter cabinet", "en: *name");
    expect(codesOf(text)).toEqual([]);
  });

  test("a mistake inside what an alias repeats is told where it is written", () => {
    const once = patched(starter, "gpio: { driver: onoff, chipLabel: pinctrl-bcm2711 }", "gpio: &g { gpio: «99 }");
    const { text, line, column } = unmark(patched(once, "masterEnable: { gpio: 17 }", "masterEnable: *g"));
    const told = problemsOf(text).find(({ path }) => path === "masterEnable.gpio");
    expect(told).toMatchObject({ code: "E_CFG_OUT_OF_RANGE", line, column });
  });

  test("a thousand million laughs end at a limit", () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(10)}]`,
    );
    expect(codesOf(`a0: &a0 [x]\n${levels.join("\n")}\n`)).toEqual(["E_CFG_YAML_ALIAS"]);
  });

  test("an alias to itself ends at a limit", () => {
    expect(codesOf("a: &a [*a, *a]\n")).toEqual(["E_CFG_TOO_DEEP"]);
  });

  test("merge keys are not part of YAML 1.2 and are told as unknown", () => {
    const text = patched(starter, `{ id: locks, path: ${port}, baud: 9600 }`, `{ id: locks, path: ${port}, <<: {} }`);
    expect(problemsOf(text)).toMatchObject([{ code: "E_CFG_UNKNOWN_KEY", path: 'buses[0]["<<"]' }]);
  });

  test("brackets nested without end are refused, not recursed into", () => {
    expect(new Set(codesOf("[".repeat(1_500)))).toContain("E_CFG_TOO_DEEP");
  });
});

describe("many mistakes at once", () => {
  const broken = starter
    .replace("Asia/Shanghai", "Mars/Olympus")
    .replace("siteLimitW: 3000", "siteLimitW: -1")
    .replace("bus: packline-2", "bus: packlin-2")
    .replace("channel: 2 }", "channel: 1 }")
    .replace("input: 8 }", "input: seven }");

  test("are all told, in the order of the file", () => {
    const told = problemsOf(broken);
    expect(told.map(({ code }) => code)).toEqual([
      "E_CFG_TIME_ZONE",
      "E_CFG_OUT_OF_RANGE",
      "E_CFG_NO_SUCH_BUS",
      "E_CFG_DUPLICATE_CHANNEL",
      "E_CFG_WRONG_TYPE",
    ]);
    expect(told.map(({ line }) => line)).toEqual(told.map(({ line }) => line).sort((a, b) => a - b));
  });

  test("a broken device does not make its users wrong", () => {
    expect(problemsOf(starter.replace("address: 1, channels: 8", "address: 100, channels: 8"))).toHaveLength(1);
  });

  test("a duplicate names the line of the first", () => {
    const { text, line } = unmark(patched(starter, "- { bay: 2,", "- {« bay: 2,"));
    const [told] = problemsOf(text.replace("bay: 4,", "bay: 2,"));
    expect(told?.message).toEqual({ zh: `仓号 2 已在第 ${line} 行使用`, en: `bay 2 is taken already on line ${line}` });
  });

  test("a site that cannot feed one charger is told with the power it needs", () => {
    const text = patched(starter, "members.yaml", "members.yaml\n\npacks: { chargeMa: 24000 }");
    const small = patched(text, "siteLimitW: 3000 ", "siteLimitW: 1200 ");
    expect(problemsOf(small)).toMatchObject([
      { code: "E_CFG_SITE_LIMIT", path: "station.siteLimitW", nearest: "1425" },
    ]);
  });

  test("a charger that is too small for the pack is told with what it gives", () => {
    const text = starter.replace("model: dpm8624", "model: dpm8605");
    expect(problemsOf(patched(text, "members.yaml", "members.yaml\n\npacks: { chargeMa: 12000 }"))).toMatchObject([
      { code: "E_CFG_CHARGE_CURRENT", path: "packs.chargeMa", nearest: "5000" },
    ]);
  });
});
