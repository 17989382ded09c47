/** Half a day of riders, mistakes and broken hardware: what is written and told names nobody and gives nothing away (I32, X11). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { credentialDigest } from "../../firmware/config/hash.ts";
import { technicianCredential } from "../../simulator/members.ts";
import { controls, leaks, type Secret, type Written } from "../support/secrets.ts";
import { starterSimulation } from "../support/starter-simulation.ts";

const hours = 12;
const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);

describe("half a day at a small station", () => {
  const notes: Written[] = [];
  const told: Written[] = [];
  const { simulation, broker, minutes, ask } = starterSimulation("secrets", {
    world: { arrivalsPerDay: 150, initialSoc: 0.9, emptyBaysPerCabinet: 1 },
    note: (level, what, detail) => notes.push({ where: `note ${level}`, text: JSON.stringify({ what, ...detail }) }),
  });
  broker.subscribe("#", ({ topic, payload }) => {
    // What others ask is not what the station says.
    if (!topic.includes("/request/")) told.push({ where: topic, text: text(payload) });
  });
  minutes(30 * hours);
  const evil = "Wang\u001b[2J\r\nroot: all is well\u0007";
  const answers = [
    ask("lock-out", { bay: 1, lockOut: "operator", reason: evil, by: "desk" }),
    ask("lock-out", { bay: 1, lockOut: "none", reason: "done", by: evil }),
  ];
  ask("bind", { packId: "yz-0001", member: "m-0007", by: "desk" });
  minutes(30 * hours);

  const log: Written[] = simulation.disk
    .names()
    .map((name) => ({ where: name, text: text(simulation.disk.read(name)) }));
  const digests = [...readFileSync("examples/members.yaml", "utf8").matchAll(/credentialSha256: ([0-9a-f]{64})/g)];
  const codes = Array.from({ length: 62 }, (_, n) => `yz-member-${String(n + 1).padStart(4, "0")}`);
  const credentials: Secret[] = [
    ...digests.map((match) => ({ what: "a digest of a code", text: match[1] as string })),
    ...[...codes, technicianCredential].flatMap((code) => [
      { what: "a code", text: code },
      { what: "a digest of a code", text: credentialDigest(code) },
    ]),
  ];

  test("riders came, many messages were sent, and the log was filled: there was something to find", () => {
    expect(told.filter(({ where }) => where.endsWith("event/swap")).length).toBeGreaterThan(50);
    expect(log.length).toBeGreaterThan(0);
    expect(log.some(({ text: all }) => all.includes('"member":"m-'))).toBe(true);
  });

  test("no code and no digest of one stands in the log, in a message or in a note", () => {
    expect(leaks([...log, ...told, ...notes], credentials)).toEqual([]);
  });

  test("no message and no note names a member in full", () => {
    const named = [...told, ...notes].filter(({ where, text: all }) => /\b[mt]-\d{4}\b/.test(`${where} ${all}`));
    expect(named.map(({ where, text: all }) => `${where}: ${all}`).slice(0, 3)).toEqual([]);
  });

  test("words with control characters come out escaped everywhere", () => {
    // In a name they are refused at once; in an operator's reason for a lock-out they are shown, escaped.
    expect(answers.map((answer) => answer?.status)).toEqual(["ok", "refused"]);
    expect(told.some(({ text: all }) => all.includes("all is well"))).toBe(true);
    expect(controls([...log, ...told, ...notes])).toEqual([]);
  });
});
