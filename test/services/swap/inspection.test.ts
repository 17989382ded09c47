/** What is asked first when a pack was put in: the order decides whether a hot pack's door opens again onto its rider. */
import { describe, expect, test } from "vitest";
import type { PackReading } from "../../../services/readings.ts";
import { type InspectionRules, inspect, type Verdict } from "../../../services/swap/inspection.ts";
import { benchConfig, benchContext, memberName, pack } from "../../support/bench-config.ts";

const member = memberName(1);
const other = memberName(2);

const rules = (more: Partial<InspectionRules> = {}, strictOwner = true): InspectionRules => {
  const config = benchConfig({ swap: { strictOwner } });
  const { ownPack } = benchContext(config);
  return { config, ownPack, holder: member, member, stockSocPct: undefined, wasOffered: false, ...more };
};

function verdict(more: Partial<PackReading>, rule: InspectionRules = rules(), packId = "yz-own-1"): Verdict {
  return inspect(pack(packId, more), packId, rule);
}

describe("a pack that was put in", () => {
  test("is accepted when it is ours, this rider's, cool, sound and not full", () => {
    expect(verdict({})).toEqual({ is: "accepted", packId: "yz-own-1" });
    expect(verdict({}, rules({ holder: undefined }))).toEqual({ is: "accepted", packId: "yz-own-1" });
  });

  test("and is hot is kept apart, whoever's it is: its door never opens again onto a rider (E13)", () => {
    const isolated = { is: "isolated", packId: "yz-own-1", why: "hot" };
    const hot = { cellTempsC: [20, 64] };
    expect(verdict(hot)).toEqual(isolated);
    expect(verdict(hot, rules({ holder: other }))).toEqual(isolated);
    expect(verdict({ ...hot, socPct: 100 })).toEqual(isolated);
    expect(verdict({ ...hot, packMv: 20_000 })).toEqual(isolated);
  });

  test("and is another rider's goes back before anything is said of its health (E12)", () => {
    const goesBack = { is: "give-back", because: "other-riders-pack" };
    expect(verdict({}, rules({ holder: other }))).toEqual(goesBack);
    expect(verdict({ socPct: 100 }, rules({ holder: other }))).toEqual(goesBack);
    expect(verdict({}, rules({ holder: other }, false))).toEqual({ is: "accepted", packId: "yz-own-1" });
  });

  test("and is somebody else's make goes back, whatever its numbers say (E11)", () => {
    expect(verdict({}, rules(), "acme-77")).toEqual({ is: "give-back", because: "foreign-pack" });
  });

  const { deliversMa } = rules().config.safety;

  test("and delivers current into nothing leaks: it goes back while it can be touched, and stays where it is from 60 V on (E16)", () => {
    const leaking = (packMa: number, packMv = 48_000) => verdict({ packMa, packMv });
    expect(leaking(-deliversMa).is).toBe("accepted");
    expect(leaking(-deliversMa - 1)).toEqual({ is: "give-back", because: "pack-leaking" });
    expect(leaking(-deliversMa - 1, 59_999)).toEqual({ is: "give-back", because: "pack-leaking" });
    expect(leaking(-deliversMa - 1, 60_000)).toEqual({ is: "isolated", packId: "yz-own-1", why: "leaking" });
    expect(leaking(5_000).is).toBe("accepted");
  });

  test("and is damaged is kept apart", () => {
    expect(verdict({ protectionBits: 1 << 10 })).toEqual({ is: "isolated", packId: "yz-own-1", why: "damaged" });
  });

  test("and is full goes back, and so does one that holds more than the stock, once, where that is offered (E30, E31)", () => {
    const { maxSocPct } = rules().config.charging;
    expect(verdict({ socPct: maxSocPct })).toEqual({ is: "give-back", because: "pack-already-full" });
    expect(verdict({ socPct: maxSocPct - 1 }).is).toBe("accepted");
    const better = { is: "give-back", because: "better-than-stock" };
    const beside = (more: Partial<InspectionRules>) => verdict({ socPct: 60 }, rules({ stockSocPct: 50, ...more }));
    expect(beside({})).toEqual(better);
    expect([
      beside({ stockSocPct: 60 }).is,
      beside({ stockSocPct: undefined }).is,
      beside({ wasOffered: true }).is,
    ]).toEqual(["accepted", "accepted", "accepted"]);
    const { config } = rules();
    expect(beside({ config: { ...config, swap: { ...config.swap, higherSoc: "swap" } } }).is).toBe("accepted");
  });
});
