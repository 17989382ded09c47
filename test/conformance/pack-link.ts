/** What every pack link must do, whatever is under it. One suite, run on each driver and on the fake. */
import { describe, expect, test } from "vitest";
import type { PackLink, PackStatus } from "../../hal/ports/pack-link.ts";
import type { Reading } from "../../hal/ports/reading.ts";
import { createVirtualClock, type VirtualClock } from "../../simulator/clock.ts";

export interface PackLinkBench {
  readonly link: PackLink;
  /** Puts a pack of this name in and plugs it, or takes it out. */
  put(pack: string | undefined): void;
  /** How long it may take until a pack that came is known, identity included, and until one that went is missed. */
  readonly noticeMs: number;
}

export function packLinkConformance(name: string, open: (clock: VirtualClock) => PackLinkBench): void {
  describe(`${name} keeps the contract of the pack-link port`, () => {
    function start() {
      const clock = createVirtualClock({ wallStartMs: 0 });
      const bench = open(clock);
      const told: Array<Reading<PackStatus | undefined>> = [];
      bench.link.watch((reading) => told.push(reading));
      const pass = (ms = bench.noticeMs): void => void clock.runUntil(clock.nowMs + ms);
      return { clock, told, pass, ...bench };
    }

    test("an empty bay has no pack and no good reading", () => {
      const { link, pass, told } = start();
      pass();
      expect(link.reading()).toMatchObject({ value: undefined, quality: "stale" });
      expect(told).toEqual([]);
    });

    test("a pack that comes is found by itself, named in [a-z0-9-], and measured", () => {
      const { clock, link, put, pass, told } = start();
      pass();
      put("YZ 0001_A");
      pass();
      const { value, quality, atMs } = link.reading();
      expect(quality).toBe("good");
      expect(value?.packId).toBe("yz-0001-a");
      expect(value?.packMv).toBeGreaterThan(30_000);
      expect(value?.socPct).toBe(50);
      expect(value?.cellTempsC.length).toBeGreaterThan(0);
      expect(atMs).toBeGreaterThan(clock.nowMs - 6_000);
      expect(told.at(-1)).toBe(link.reading());
    });

    test("watched, it is heard every second or so, and its cells within 15 s", () => {
      const { clock, link, put, pass } = start();
      put("a");
      pass();
      link.urgency("watch");
      pass(2_000);
      for (let at = 0; at < 15; at++) {
        expect(clock.nowMs - link.reading().atMs).toBeLessThanOrEqual(1_200);
        pass(1_000);
      }
      expect(link.reading().value?.cellsMv).toHaveLength(13);
    });

    test("a watched pack that goes is stale within 2.5 s of its last answer, told once, and its value is history", () => {
      const { link, put, pass, told } = start();
      put("a");
      pass();
      link.urgency("watch");
      pass(3_000);
      put(undefined);
      pass(3_500);
      expect(link.reading().quality).toBe("stale");
      expect(link.reading().value?.packMv).toBeGreaterThan(30_000);
      pass();
      expect(told.filter((reading) => reading.quality === "stale")).toHaveLength(1);
    });

    test("another pack is never shown under the name of the one before", () => {
      const { link, put, pass, told } = start();
      put("a");
      pass();
      expect(link.reading().value?.packId).toBe("a");
      put(undefined);
      put("b");
      link.reidentify();
      const before = told.length;
      expect(link.reading()).toMatchObject({ value: { packId: undefined }, quality: "stale" });
      pass();
      expect(link.reading()).toMatchObject({ value: { packId: "b" }, quality: "good" });
      expect(told.slice(before).some((reading) => reading.value?.packId === "a")).toBe(false);
    });

    test("an empty bay that is asked to identify asks, and stays without a pack", () => {
      const { link, pass } = start();
      link.reidentify();
      pass();
      expect(link.reading().value).toBeUndefined();
    });
  });
}
