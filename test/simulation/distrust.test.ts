/** A whole station whose broker is not to be trusted, or that is not trusted itself: what it writes down, raises, and takes back. */
import { describe, expect, test } from "vitest";
import type { BrokerLinkEvents, LinkTrouble } from "../../hal/ports/broker-link.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { createSimulation } from "../../simulator/simulation.ts";
import { exampleConfig } from "../support/starter-simulation.ts";

function distrusted() {
  const records: JournalRecord[] = [];
  let events: BrokerLinkEvents | undefined;
  const simulation = createSimulation({
    config: exampleConfig("starter-cabinet"),
    seed: "distrust",
    fromMs: Date.UTC(2026, 0, 15, 14, 0),
    world: { arrivalsPerDay: 0, faultless: true, initialSoc: 0.99 },
    onRecord: (record) => records.push(record),
    openBroker: () => (_options, told) => {
      events = told;
      return { publish: (_topic, _text, _how, done) => done(undefined), subscribe: () => {}, close: (done) => done() };
    },
  });
  const { clock, station } = simulation;
  const pass = (ms: number) => void clock.runUntil(clock.nowMs + ms);
  pass(20_000);
  return {
    clock,
    pass,
    fail: (trouble: LinkTrouble) => events?.attemptFailed?.(trouble, "as told by the library"),
    connect: () => events?.connected(),
    noticed: () => records.flatMap((record) => (record.kind === "security-noticed" ? [record.type] : [])),
    faults: () => Object.values(station.loop.state().faults).map(({ code }) => code),
  };
}

describe("a station that must not connect", () => {
  test("raises it, writes it down once, and takes it back when it is connected", () => {
    const { fail, pass, noticed, faults, connect } = distrusted();
    fail("broker-certificate");
    pass(10_000);
    fail("broker-certificate");
    pass(10_000);
    expect(noticed()).toEqual(["startup-of-the-device", "invalid-broker-certificate"]);
    expect(faults()).toContain("broker-untrusted");
    connect();
    pass(30_000);
    expect(faults()).not.toContain("broker-untrusted");
  });

  test("calls a certificate of tomorrow no attack while its own clock is unconfirmed, and says what is wrong", () => {
    const { clock, fail, pass, noticed, faults, connect } = distrusted();
    clock.setSynchronised(false);
    clock.jumpWall(-clock.wallMs());
    fail("broker-certificate-dates");
    pass(15_000);
    expect(faults()).toContain("clock-unset");
    expect(noticed()).toEqual(["startup-of-the-device", "setting-system-time"]);
    clock.jumpWall(Date.UTC(2026, 0, 15, 14, 1));
    clock.setSynchronised(true);
    connect();
    pass(40_000);
    expect(faults()).not.toContain("clock-unset");
    expect(noticed()).toEqual(["startup-of-the-device", "setting-system-time", "setting-system-time"]);
  });
});
