/** The edges from the scan to the pack that is in, each as a story on the small station. */
import { describe, expect } from "vitest";
import { digestOf, fullPack, memberName, pack } from "../../../support/bench-config.ts";
import { StationBench } from "../../../support/station-bench.ts";
import { edgeStory } from "./edge-story.ts";

const rider = memberName(1);
const own = pack("yz-own-1");

function scanned(options: ConstructorParameters<typeof StationBench>[0] = {}): StationBench {
  const bench = new StationBench(options);
  bench.scan(rider);
  return bench;
}

const ended = (bench: StationBench, count = 1) => bench.until(() => bench.ends.length >= count, `end ${count}`);

function fetch(bench: StationBench, bay: number): void {
  bench.take(bay);
  bench.pass(1_500);
  bench.shut(bay);
}

/** The pack goes in and comes straight back through the same door. */
function givenBack(bench: StationBench, deposited = own): number {
  const bay = bench.deposit(deposited);
  expect(bench.untilOpen()).toBe(bay);
  bench.pass(1_000);
  fetch(bench, bay);
  ended(bench);
  expect(bench.debts).toEqual([]);
  expect(bench.bay(2).open || bench.bay(3).open).toBe(false);
  return bay;
}

describe("edges of the scan and of the deposit", () => {
  edgeStory("E1", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-2", { socPct: 60 }), 3: pack("yz-3", { socPct: 20 }) } });
    bench.pass(5_000);
    bench.scan(rider);
    const refusal = bench.told.map(({ effect }) => effect).find((effect) => effect.do === "prompt");
    expect(refusal?.do === "prompt" && refusal.prompt.en).toMatch(/ready in about \d+ min/);
    expect(bench.pulses).toEqual([]);
    return bench;
  });

  edgeStory("E2", () => {
    // Six cabinets of four bays, one full pack in each: twenty riders at the same instant.
    const stock = Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [n * 4 + 2, fullPack(`yz-full-${n}`)]));
    const bench = new StationBench({ cabinets: 6, stock });
    for (let n = 0; n < 20; n++) bench.scan(memberName(n + 1), `c-${(n % 6) + 1}`);
    const running = Object.values(bench.state.swaps);
    expect(running).toHaveLength(6);
    expect(bench.ends).toEqual(new Array(14).fill("cabinet-busy"));
    const held = running.flatMap(({ inBay, outBay, spares }) => [inBay, outBay, ...spares]);
    expect(new Set(held).size).toBe(held.length);
    return bench;
  });

  edgeStory("E3", () => {
    const bench = scanned();
    bench.untilOpen();
    for (let again = 0; again < 10; again++) bench.step({ type: "scan", cabinet: "c-1", digest: digestOf(rider) });
    bench.pass(5_000);
    expect(bench.pulses).toHaveLength(1);
    expect(bench.records.filter(({ kind }) => kind === "scan-repeated")).toHaveLength(1);
    expect(Object.keys(bench.state.durable.swaps)).toHaveLength(1);
    return bench;
  });

  edgeStory("E5", () => {
    const bench = new StationBench();
    bench.pass(5_000);
    bench.put(1, pack("yz-from-nowhere"));
    bench.pass(10_000);
    expect(bench.lockOutOf(1)).toMatchObject({ lockOut: "pending-check", reason: "deposit-unasked" });
    expect(bench.debts).toEqual([]);
    expect(bench.state.durable.today.completed).toBe(0);
    return bench;
  });

  edgeStory("E6", () => {
    const bench = new StationBench();
    for (const bay of [1, 4]) bench.bay(bay).lock = "stuck";
    bench.scan(rider);
    ended(bench);
    expect(bench.pulses.map(({ bay }) => bay)).toEqual([1, 1, 1, 4, 4, 4]);
    expect([bench.lockOutOf(1)?.lockOut, bench.lockOutOf(4)?.lockOut]).toEqual(["system", "system"]);
    expect(bench.said).toContain("door-fault-other");
    return bench;
  });

  edgeStory("E7", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.pass(62_000);
    expect(bench.lockOutOf(bay)).toMatchObject({ reason: "suspended-open", member: rider });
    bench.put(bay, own);
    bench.shut(bay);
    bench.pass(10_000);
    bench.scan(rider);
    bench.collect();
    ended(bench, 2);
    expect(bench.ends).toEqual(["suspended-open", "completed"]);
    expect(bench.pulses.map((pulse) => pulse.bay)).toEqual([bay, 2]);
    return bench;
  });

  edgeStory("E8", () => {
    const bench = scanned();
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    ended(bench);
    expect(bench.said.filter((id) => id === "insert-again")).toHaveLength(3);
    bench.pass(20_000);
    bench.scan(memberName(2));
    expect(bench.records.at(-1)).toMatchObject({ swap: { inBay: 1 } });
    return bench;
  });

  edgeStory("E9", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, own);
    bench.shut(bay);
    expect(bench.untilOpen()).toBe(bay);
    bench.bay(bay).silent = false;
    bench.shut(bay);
    bench.collect();
    ended(bench);
    expect(bench.ends).toEqual(["completed"]);
    return bench;
  });

  edgeStory("E10", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, pack(undefined));
    bench.shut(bay);
    for (let tries = 0; tries < 4; tries++) bench.shut(bench.untilOpen());
    ended(bench);
    bench.scan(memberName(2));
    expect(bench.records.at(-1)).toMatchObject({ swap: { inBay: 4 } });
    expect(bench.granted.bays[bay]?.chargeMa).toBe(0);
    return bench;
  });

  edgeStory("E11", () => {
    const bench = scanned();
    givenBack(bench, pack("acme-77"));
    bench.pass(20_000);
    expect(bench.state.durable.strangers).toMatchObject({ "acme-77": { times: 1, cabinet: "c-1" } });
    expect(bench.faults).not.toContain("foreign-pack-again/c-1");
    bench.scan(memberName(2));
    const bay = bench.deposit(pack("acme-77"));
    bench.untilOpen();
    fetch(bench, bay);
    ended(bench, 2);
    bench.pass(2_000);
    expect(bench.faults).toContain("foreign-pack-again/c-1");
    return bench;
  });

  edgeStory("E12", () => {
    const bench = new StationBench();
    const holders = { "yz-of-another": memberName(2) };
    bench.state = { ...bench.state, durable: { ...bench.state.durable, holders } };
    bench.scan(rider);
    givenBack(bench, pack("yz-of-another"));
    return bench;
  });

  edgeStory("E13", () => {
    const bench = scanned({ stock: { 2: fullPack("yz-2"), 3: fullPack("yz-3") } });
    const bay = bench.deposit(pack("yz-hot", { cellTempsC: [40, 66] }));
    bench.collect();
    ended(bench);
    bench.pass(3_000);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.bay(bay).open).toBe(false);
    expect(bench.granted.bays[bay]?.chargeMa).toBe(0);
    expect(bench.granted.fans["c-1"]).toBe(true);
    return bench;
  });

  edgeStory("E14", () => {
    const cold = (packId: string) => ({ ...fullPack(packId), cellTempsC: [-12, -11] });
    const bench = new StationBench({ stock: { 2: cold("yz-cold"), 3: cold("yz-cold-too") } });
    bench.pass(14_000);
    expect(bench.granted.bays[2]).toMatchObject({ chargeMa: 0, heater: true });
    bench.scan(rider);
    expect(bench.ends).toEqual(["packs-warming"]);
    expect(bench.pulses).toEqual([]);
    return bench;
  });

  edgeStory("E15", () => {
    const bench = scanned();
    // The pack's own front end reports a short circuit.
    const bay = bench.deposit(pack("yz-bad", { protectionBits: 1 << 10, socPct: 80 }));
    bench.collect();
    ended(bench);
    bench.pass(5_000);
    expect(bench.ends).toEqual(["completed"]);
    expect(bench.granted.bays[bay]?.chargeMa).toBe(0);
    return bench;
  });

  edgeStory("E16", () => {
    const bench = new StationBench();
    bench.bay(1).stuckMa = -800;
    bench.scan(rider);
    const bay = givenBack(bench);
    const charged = bench.told.length > 0 && (bench.granted.bays[bay]?.chargeMa ?? 0) > 0;
    expect(charged).toBe(false);
    expect(bench.ends).toEqual(["pack-leaking"]);
    return bench;
  });

  edgeStory("E17", () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, own);
    bench.shut(bay);
    let chargedMa = 0;
    bench.watch = () => {
      chargedMa = Math.max(chargedMa, bench.granted.bays[bay]?.chargeMa ?? 0);
    };
    const wakes = () => bench.told.filter(({ effect }) => effect.do === "reidentify" && effect.bay === bay).length;
    const before = wakes();
    bench.untilOpen();
    expect(wakes() - before).toBe(3);
    for (let tries = 0; tries < 3; tries++) bench.shut(tries === 0 ? bay : bench.untilOpen());
    bench.until(() => bench.points.includes("RETURNING"), "the return");
    bench.untilOpen();
    fetch(bench, bay);
    ended(bench);
    expect(chargedMa).toBe(0);
    return bench;
  });
});
