import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeIdPattern } from "../../../firmware/config/id-pattern.ts";
import { linesOf } from "../../../firmware/config/lines.ts";
import { closest, closestNumber, editDistance, plausible } from "../../../firmware/config/nearest.ts";
import { pathText } from "../../../firmware/config/problem.ts";
import { languageOf, printable, problemLine } from "../../../firmware/config/report.ts";
import { judgeTimeZone } from "../../../firmware/config/time-zone.ts";

describe("the nearest word", () => {
  test.each([
    ["channel", "channel", 0],
    ["channel", "Channel", 0],
    ["chanel", "channel", 1],
    ["channle", "channel", 1],
    ["", "abc", 3],
    ["baud", "bus", 2],
  ])("from %s to %s it is %i mistakes", (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });

  test("is always one of the candidates, and itself when it is among them", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 8 }), fc.string({ maxLength: 20 }), (list, word) => {
        expect(list).toContain(closest(word, list));
        expect(editDistance(list[0] ?? "", closest(list[0] ?? "", list) ?? "")).toBe(0);
      }),
    );
  });

  test("is not forced upon a word that means something else", () => {
    expect(plausible("colour", ["id", "name", "timeZone"])).toBeUndefined();
    expect(plausible("limit", ["siteLimitW", "name"])).toBe("siteLimitW");
    expect(closest("x", [])).toBeUndefined();
    expect(closestNumber(38_000, [9_600, 38_400])).toBe(38_400);
  });
});

describe("time zones", () => {
  test.each(["Asia/Shanghai", "Europe/Berlin", "PRC", "UTC", "Asia/Urumqi", "GMT"])("%s is known", (name) => {
    expect(judgeTimeZone(name)).toEqual({ is: "good" });
  });

  test.each([
    ["+08:00", "offset", "Asia/Shanghai"],
    ["+0800", "offset", "Asia/Shanghai"],
    ["UTC+8", "offset", "Asia/Shanghai"],
    ["Etc/GMT+8", "sign", "Asia/Shanghai"],
    ["Etc/GMT-8", "sign", "Asia/Shanghai"],
    ["Beijing", "unknown", "Asia/Shanghai"],
    ["Asia/Peking", "unknown", "Asia/Shanghai"],
    ["Shanghai", "unknown", "Asia/Shanghai"],
    ["Europe/Berln", "unknown", "Europe/Berlin"],
    ["New York", "unknown", "America/New_York"],
    ["", "unknown", "Asia/Shanghai"],
  ])("%s is refused as %s, and %s is near", (name, is, nearest) => {
    expect(judgeTimeZone(name)).toMatchObject({ is, nearest });
  });
});

test.each(["+05:30", "-03:00", "UTC+0", "GMT+13:00"])("the offset %s has a real zone near it", (offset) => {
  const verdict = judgeTimeZone(offset);
  expect(verdict.is).toBe("offset");
  if (verdict.is === "offset") expect(judgeTimeZone(verdict.nearest)).toEqual({ is: "good" });
});

describe("patterns of pack ids", () => {
  test.each(["^yz-[a-z0-9-]+$", "^(yz|zy)-\\d{4,8}$", "^jbd-.*-x$", "^a{3}b+c*$", "^[+*()]+$", "^\\(a\\)+$"])(
    "%s may judge",
    (pattern) => {
      expect(judgeIdPattern(pattern)).toEqual({ is: "good", anchored: true });
    },
  );

  test.each([
    "(a+)+$",
    "^(a|a)*$",
    "^(a|aa){2,}$",
    "(?=a)b",
    "(?<!a)b",
    "^(a)\\1$",
    "(?<n>a)\\k<n>",
    "a*b*c*d*",
    "[",
    "",
    "A",
    "a".repeat(121),
  ])("%s may not", (pattern) => {
    expect(judgeIdPattern(pattern).is).toBe("bad");
  });

  test("what may judge finishes at once on the text made to keep it busy", () => {
    const hostile = `${"a".repeat(64)}!`;
    const bits = fc.constantFrom(
      "a",
      "a*",
      "a+",
      "a?",
      "(a)",
      "(a|b)",
      "[ab]",
      "[ab]+",
      ".",
      ".*",
      "a{2,}",
      "(a+)",
      "(a+)+",
      "(a|a)*",
    );
    fc.assert(
      fc.property(fc.array(bits, { minLength: 1, maxLength: 6 }), (parts) => {
        const pattern = `^${parts.join("")}$`;
        if (judgeIdPattern(pattern).is === "good")
          expect(new RegExp(pattern).test(hostile)).toBe(new RegExp(pattern).test(hostile));
      }),
      { numRuns: 300 },
    );
  });
});

describe("positions", () => {
  test("every offset of a text has the place an editor shows", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "仓", "😀", "\n", "\r\n", "")), fc.nat(200), (parts, offset) => {
        const text = parts.join("");
        const before = text.slice(0, offset).split("\n");
        expect(linesOf(text).place(offset)).toEqual({ line: before.length, column: (before.at(-1) ?? "").length + 1 });
      }),
    );
  });
});

describe("a problem as a line", () => {
  const problem = {
    file: "a\u001b[31m.yaml",
    line: 3,
    column: 7,
    path: "station.id",
    code: "E_CFG_FORMAT",
    message: { zh: "是文本", en: "is text" },
    expected: { zh: "编号", en: "an id" },
    nearest: "b",
  } as const;

  test("has position, path, words, the nearest value and the code, and cannot colour the terminal", () => {
    expect(problemLine(problem, "en")).toBe(
      "a\\u001b[31m.yaml:3:7 station.id is text; expected an id (nearest valid value: b) [E_CFG_FORMAT]",
    );
    expect(problemLine({ ...problem, nearest: undefined }, "zh")).toBe(
      "a\\u001b[31m.yaml:3:7 station.id 是文本；期望：编号 [E_CFG_FORMAT]",
    );
  });

  test("strange keys are quoted in paths, and nothing printable is changed", () => {
    expect(pathText(["cabinets", 0, "bays", 2, "lock"])).toBe("cabinets[0].bays[2].lock");
    expect(pathText(["a b", "x\n"])).toBe('["a b"]["x\\n"]');
    expect(pathText([])).toBe(".");
    expect(printable("仓 1 – ok")).toBe("仓 1 – ok");
  });

  test.each([
    [{ LANG: "zh_CN.UTF-8" }, "zh"],
    [{ LANG: "zh_CN.UTF-8", LC_ALL: "C" }, "en"],
    [{ LC_ALL: "zh_TW", LANG: "en_US" }, "zh"],
    [{ LC_ALL: "", LANG: "zh" }, "zh"],
    [{}, "en"],
  ] as const)("the language of %j is %s", (env, language) => {
    expect(languageOf(env)).toBe(language);
  });
});
