import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AccessRefusal } from "../../services/access/refusals.ts";
import type { HotWaterRefusal } from "../../services/amenities/hot-water.ts";
import type { LockerRefusal } from "../../services/amenities/lockers.ts";
import type { OutletRefusal } from "../../services/amenities/outlets.ts";
import type { ClimateRefusal } from "../../services/climate/orders.ts";
import type { FridgeRefusal } from "../../services/fridge/release.ts";
import type { MemberRefusal } from "../../services/members/known.ts";
import { prompts } from "../../services/prompts.ts";
import { refusalTables, roomTables } from "../../services/refusal-tables.ts";
import type { OrderRefusal, RequestRefusal, refusalWords } from "../../services/requests/reasons.ts";
import { type RoomSentenceId, roomSentences, sayInRoom } from "../../services/room/sentences.ts";
import { outcomes, type RefusalCode } from "../../services/swap/outcomes.ts";
import { unspoken } from "../support/house-rules.ts";
import { root } from "../support/repository.ts";

/** Every union of refusals, and the words that each of its codes must have: the compiler refuses this file where one has none. */
type Spoken<Codes extends string, Table> =
  Exclude<Codes, keyof Table> extends never ? true : Exclude<Codes, keyof Table>;
const spokenUnions = {
  AccessRefusal: true satisfies Spoken<AccessRefusal, typeof roomSentences>,
  ClimateRefusal: true satisfies Spoken<ClimateRefusal, typeof roomSentences>,
  FridgeRefusal: true satisfies Spoken<FridgeRefusal, typeof roomSentences>,
  HotWaterRefusal: true satisfies Spoken<HotWaterRefusal, typeof roomSentences>,
  LockerRefusal: true satisfies Spoken<LockerRefusal, typeof roomSentences>,
  MemberRefusal: true satisfies Spoken<MemberRefusal, typeof roomSentences>,
  OutletRefusal: true satisfies Spoken<OutletRefusal, typeof roomSentences>,
  OrderRefusal: true satisfies Spoken<OrderRefusal, typeof refusalWords>,
  RequestRefusal: true satisfies Spoken<RequestRefusal, typeof refusalWords>,
  RefusalCode: true satisfies Spoken<RefusalCode, typeof outcomes>,
};

const folders = ["access", "amenities", "climate", "fridge", "members", "operators", "requests", "room", "swap"];

const sources = folders.flatMap((folder) => {
  const directory = join(root, "services", folder);
  return readdirSync(directory)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ file: `services/${folder}/${name}`, text: readFileSync(join(directory, name), "utf8") }));
});

/** What a service hands back as refused, letter by letter, whatever its type says. */
const handedBack = /\brefused?(?::\s*|\((?:[^()"]*,\s*)?)"([a-z][a-z0-9-]*)"/g;
const unions = /export type (\w*Refusal(?:Code)?)\b/g;

const rows = refusalTables.flatMap(({ where, words }) =>
  Object.entries(words).map(([code, said]) => ({ where: where.en, code, said })),
);
const codes = new Set(rows.map(({ code }) => code));

/** What may stand between braces, and who fills it in. */
const holes = new Set(["bay", "minutes", "locker", "hotline"]);
const holesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);

describe("every refusal", () => {
  test.each(rows)("is said in Chinese and in English: $code ($where)", ({ code, said }) => {
    expect(unspoken(said)).toEqual([]);
    expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
    for (const text of [said.zh, said.en]) {
      expect(holesIn(text).filter((hole) => !holes.has(hole))).toEqual([]);
      expect(text).toBe(text.trim());
      expect(text).not.toMatch(/TODO|FIXME|undefined|\bnull\b|\?\?|[A-Z]{2}_[A-Z]/);
    }
    // A sentence of one language that was left where the other belongs.
    expect(said.zh).not.toMatch(/[a-z]{3,} [a-z]{2,} [a-z]{2,}/);
  });

  test("that a service hands back has a row in a table of words", () => {
    const found = sources.flatMap(({ file, text }) =>
      [...text.matchAll(handedBack)].map(([, code = ""]) => ({ file, code })),
    );
    expect(found.length).toBeGreaterThan(40);
    expect(found.filter(({ code }) => !codes.has(code))).toEqual([]);
  });

  test("belongs to a union that is named above, so that a new one is not forgotten", () => {
    const named = sources.flatMap(({ text }) => [...text.matchAll(unions)].map(([, name = ""]) => name));
    expect(named.sort()).toEqual(Object.keys(spokenUnions).sort());
  });

  test("means one thing in the room: no two of its tables have one code", () => {
    const all = roomTables.flatMap(({ words }) => Object.keys(words));
    expect(all.filter((code, at) => all.indexOf(code) !== at)).toEqual([]);
    for (const { words } of roomTables)
      for (const [code, said] of Object.entries(words)) expect(roomSentences[code as RoomSentenceId]).toBe(said);
  });

  test("at a cabinet is a sentence that the cabinet says", () => {
    for (const [code, { class: is, prompt }] of Object.entries(outcomes))
      if (is === "refused") expect([code, unspoken(prompts[prompt])]).toEqual([code, []]);
  });
});

describe("every sentence of the room", () => {
  test.each(Object.entries(roomSentences))("is said in Chinese and in English: %s", (id, said) => {
    expect(unspoken(said)).toEqual([]);
    expect([...holesIn(said.zh), ...holesIn(said.en)].filter((hole) => !holes.has(hole))).toEqual([]);
    const filled = sayInRoom(id as RoomSentenceId, { bay: 3, minutes: 5, locker: 2, hotline: "12351" });
    expect(`${filled.zh}${filled.en}`).not.toMatch(/[{}]/);
  });

  test("fits a small screen", () => {
    for (const { zh, en } of Object.values(roomSentences)) {
      expect(zh.length).toBeLessThanOrEqual(60);
      expect(en.length).toBeLessThanOrEqual(120);
    }
  });
});
