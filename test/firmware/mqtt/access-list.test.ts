/** The access list on its way in: retained or fresh, bounded, and heard only where somebody would judge it. */
import { describe, expect, test } from "vitest";
import { logSource } from "../../../firmware/mqtt/log-source.ts";
import type { SecurityReport } from "../../../firmware/mqtt/requests.ts";
import { createMqttSession } from "../../../firmware/mqtt/session.ts";
import { listCharsMax } from "../../../services/access/list.ts";
import { examples } from "../../../services/contract/examples.ts";
import type { InfoPayload } from "../../../services/contract/state-payloads.ts";
import { createSimulatedBroker } from "../../../simulator/broker.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { everybody } from "../../support/asking.ts";
import { createFakeLog } from "./fake-log.ts";

const topic = "yizhan/1/s/access-list";

function bench(listens = true) {
  const clock = createVirtualClock({ wallStartMs: 1_769_835_900_000 });
  const broker = createSimulatedBroker({ clock });
  const log = createFakeLog(clock);
  const heard: string[] = [];
  const reports: SecurityReport[] = [];
  createMqttSession({
    open: broker.open,
    clock,
    station: "s",
    clientId: "yizhan-s",
    info: examples.info[0] as InfoPayload,
    outbox: { source: logSource({ log, logId: "log", station: "s", unsendable: () => {} }), cursor: 0, newest: 0 },
    remembered: [],
    asking: everybody,
    accepted: () => {},
    security: (report) => reports.push(report),
    accessList: listens ? (text) => heard.push(text) : undefined,
    note: () => {},
  });
  const pass = (ms: number): void => void clock.runUntil(clock.monotonicMs() + ms);
  pass(1_000);
  return { broker, heard, reports, pass };
}

describe("an access list", () => {
  test("is heard whether it is fresh or was retained: it is signed and numbered", () => {
    const { broker, heard, reports, pass } = bench();
    broker.inject(topic, "a.b.c");
    broker.inject(topic, "d.e.f", { retained: true });
    pass(1_000);
    expect(heard).toEqual(["a.b.c", "d.e.f"]);
    expect(reports).toEqual([]);
  });

  test("of another station, or taken back, changes nothing", () => {
    const { broker, heard, pass } = bench();
    broker.inject("yizhan/1/other/access-list", "a.b.c");
    broker.inject(topic, "");
    pass(1_000);
    expect(heard).toEqual([]);
  });

  test("that is too large is not looked at, and reported", () => {
    const { broker, heard, reports, pass } = bench();
    broker.inject(topic, "x".repeat(listCharsMax));
    broker.inject(topic, "x".repeat(listCharsMax + 1));
    pass(1_000);
    expect(heard.map(({ length }) => length)).toEqual([listCharsMax]);
    expect(reports).toEqual([{ reason: "too-large", verb: "access-list", claims: {}, suppressed: 0 }]);
  });

  test("sent again and again costs a few signatures a minute and no more", () => {
    const { broker, heard, pass } = bench();
    for (let n = 0; n < 500; n++) broker.inject(topic, `a.b.${n}`);
    pass(1_000);
    expect(heard).toHaveLength(6);
    for (let second = 0; second < 60; second++) {
      broker.inject(topic, `a.c.${second}`);
      pass(1_000);
    }
    expect(heard.length).toBeLessThanOrEqual(13);
    expect(heard.length).toBeGreaterThan(9);
  });

  test("is not even subscribed to where nobody could have signed it", () => {
    const { broker, heard, pass } = bench(false);
    broker.inject(topic, "a.b.c");
    pass(1_000);
    expect(heard).toEqual([]);
  });
});
