/** A pack link without hardware: one sample a second, identity with it. Passes the pack-link conformance suite. */
import type { Clock } from "../../hal/ports/clock.ts";
import type { PackLink, PackStatus } from "../../hal/ports/pack-link.ts";
import type { Reading, Watch } from "../../hal/ports/reading.ts";

export interface FakePackLink extends PackLink {
  /** What answers from now on; undefined = nobody. */
  put(status: PackStatus | undefined): void;
}

export function fakePackStatus(packId: string, changes: Partial<PackStatus> = {}): PackStatus {
  return {
    packId,
    packMv: 48_000,
    packMa: 0,
    socPct: 50,
    cellTempsC: [20, 20.4, 20.8],
    cellsMv: Array.from({ length: 13 }, () => 3_692),
    protectionBits: 0,
    chargeMosOn: true,
    dischargeMosOn: true,
    remainingMah: 12_000,
    nominalMah: 24_000,
    cycles: 10,
    ...changes,
  };
}

export function fakePackLink(clock: Clock): FakePackLink {
  const watches: Array<Watch<PackStatus | undefined>> = [];
  let there: PackStatus | undefined;
  let reading: Reading<PackStatus | undefined> = { value: undefined, atMs: clock.monotonicMs(), quality: "stale" };

  function tell(next: Reading<PackStatus | undefined>): void {
    reading = next;
    for (const watch of watches) watch(reading);
  }

  function sample(): void {
    clock.after(1_000, sample);
    if (there !== undefined) tell({ value: there, atMs: clock.monotonicMs(), quality: "good" });
    else if (reading.quality !== "stale") tell({ ...reading, quality: "stale" });
  }
  clock.after(1_000, sample);

  return {
    put(status) {
      there = status;
    },
    reading: () => reading,
    watch: (onChange) => void watches.push(onChange),
    urgency() {},
    reidentify() {
      const { value, atMs } = reading;
      if (value !== undefined) tell({ value: { ...value, packId: undefined, cellsMv: [] }, atMs, quality: "stale" });
    },
  };
}
