import { describe, expect, test } from "vitest";
import { exactChange } from "../../../services/contract/change.ts";
import { bayChange, cabinetChange, ledgerChange, powerChange } from "../../../services/contract/deadband.ts";
import { examples } from "../../../services/contract/examples.ts";
import type { LedgerPayload } from "../../../services/contract/ledger-payload.ts";
import type { BayPayload, CabinetPayload, PowerPayload } from "../../../services/contract/state-payloads.ts";

const bay = examples.bay[0] as BayPayload;
const pack = bay.pack as NonNullable<BayPayload["pack"]>;
const cabinet = examples.cabinet[0] as CabinetPayload;
const power = examples.power[0] as PowerPayload;

describe("a bay", () => {
  const cases: readonly (readonly [string, BayPayload, string])[] = [
    ["nothing changed", { ...bay }, "none"],
    ["the door opened", { ...bay, door: "open" }, "step"],
    ["the latch released", { ...bay, lock: "released" }, "step"],
    ["the pack became ready", { ...bay, state: "ready" }, "step"],
    ["an operator locked it out", { ...bay, lockOut: "operator" }, "order"],
    ["a fault was raised", { ...bay, faults: ["bay-lock-failed"] }, "step"],
    ["the pack was taken", { ...bay, pack: null }, "step"],
    ["another pack is in", { ...bay, pack: { ...pack, id: "yz-0002" } }, "step"],
    ["the pack reports a protection", { ...bay, pack: { ...pack, faults: ["cell-over-voltage"] } }, "step"],
    ["4 % more charge", { ...bay, pack: { ...pack, socPct: 89 } }, "none"],
    ["5 % more charge", { ...bay, pack: { ...pack, socPct: 90 } }, "drift"],
    ["1.9 °C warmer", { ...bay, pack: { ...pack, cellTempMaxC: 24.9 } }, "none"],
    ["2 °C warmer", { ...bay, pack: { ...pack, cellTempMaxC: 25 } }, "drift"],
    ["2 °C colder", { ...bay, pack: { ...pack, cellTempMinC: 19 } }, "drift"],
    ["its temperatures are no longer known", { ...bay, pack: { ...pack, cellTempMinC: null } }, "drift"],
    ["0.9 V more", { ...bay, pack: { ...pack, packV: 53 } }, "none"],
    ["1 A less", { ...bay, pack: { ...pack, packA: 10.8 } }, "drift"],
    ["the charger is asked for less", { ...bay, charger: { setMa: 4_800, actualMa: 11_900 } }, "drift"],
    ["the heater went on", { ...bay, heater: true }, "drift"],
  ];
  test.each(cases)("%s", (_what, now, change) => {
    expect(bayChange(bay, now)).toBe(change);
  });

  test("many small changes add up, because each is compared with what was sent last", () => {
    let steps = 0;
    let sent = bay;
    for (let socPct = 85; socPct <= 100; socPct++) {
      const now = { ...bay, pack: { ...pack, socPct } };
      if (bayChange(sent, now) === "none") continue;
      sent = now;
      steps++;
    }
    expect(steps).toBe(3);
  });
});

describe("a cabinet", () => {
  const cases: readonly (readonly [string, CabinetPayload, string])[] = [
    ["one more pack is ready", { ...cabinet, ready: 6 }, "step"],
    ["smoke was detected", { ...cabinet, faults: ["smoke"] }, "step"],
    ["another sentence is shown", { ...cabinet, prompt: null }, "step"],
    ["the same sentence is said again", { ...cabinet, prompt: cabinet.prompt && { ...cabinet.prompt } }, "none"],
    ["a little more power", { ...cabinet, powerW: 3_600 }, "none"],
    ["much more power", { ...cabinet, powerW: 3_700 }, "drift"],
  ];
  test.each(cases)("%s", (_what, now, change) => {
    expect(cabinetChange(cabinet, now)).toBe(change);
  });

  test("the moment a pack is expected may wander without a message, but its appearance is told", () => {
    const soon = { ...cabinet, nextReadyAt: "2026-01-31T05:06:00.000Z" };
    expect(cabinetChange(cabinet, soon)).toBe("step");
    expect(cabinetChange(soon, { ...soon, nextReadyAt: "2026-01-31T05:07:00.000Z" })).toBe("none");
  });
});

test("the site's power is told in steps of 1 kW, a new limit at once", () => {
  expect(powerChange(power, { ...power, siteW: power.siteW + 999 })).toBe("none");
  expect(powerChange(power, { ...power, heatingW: power.heatingW - 1_000 })).toBe("drift");
  expect(powerChange(power, { ...power, limitW: 20_000 })).toBe("step");
});

test("the ledger's counts may wait, a debt and a find may not", () => {
  const ledger = examples.ledger[0] as LedgerPayload;
  expect(ledgerChange(ledger, { ...ledger, counts: { ...ledger.counts } })).toBe("none");
  expect(ledgerChange(ledger, { ...ledger, counts: { ...ledger.counts, riders: 264 } })).toBe("drift");
  expect(ledgerChange(ledger, { ...ledger, debtCount: 2 })).toBe("step");
  expect(ledgerChange(ledger, { ...ledger, debts: ledger.debts.map((debt) => ({ ...debt, overdue: true })) })).toBe(
    "step",
  );
  expect(ledgerChange(ledger, { ...ledger, findings: [], findingCount: 0 })).toBe("step");
});

test("what has no dead-band is compared word for word", () => {
  expect(exactChange("online", "offline")).toBe("step");
  expect(exactChange({ a: [1] }, { a: [1] })).toBe("none");
});
