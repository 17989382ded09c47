/**
 * Any mixture of appends, failures, deliveries and power cuts, on a disk that loses whatever it may: what was acknowledged
 * is there after every cut, nothing is there that was never appended, and what was once gone never comes back.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../firmware/log/entry.ts";
import type { OneLog } from "../../../firmware/log/one-log.ts";
import { createRandom } from "../../../simulator/random.ts";
import { event, makeRig, note } from "./log-rig.ts";

type Step =
  | { readonly do: "append"; readonly drafts: number; readonly size: number }
  | { readonly do: "lazily" | "acknowledge" | "reopen" | "fill" | "empty" }
  | { readonly do: "trouble"; readonly kind: "write-fails" | "sync-fails" | "short-write" }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "cut"; readonly seed: number };

const steps = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      drafts: fc.integer({ min: 1, max: 4 }),
      size: fc.integer({ min: 0, max: 900 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 30 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("cut" as const), seed: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("trouble" as const),
      kind: fc.constantFrom("write-fails" as const, "sync-fails" as const, "short-write" as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "lazily" as const,
        "acknowledge" as const,
        "reopen" as const,
        "fill" as const,
        "empty" as const,
      ),
    }),
  },
);

/** Everything that is believed about one history, checked at every power cut. */
class History {
  private readonly rig: ReturnType<typeof makeRig>;
  private log: OneLog;
  private ids = 0;
  private readonly attempted = new Set<number>();
  private readonly acknowledged = new Set<number>();
  private readonly gone = new Set<number>();
  /** What was appended together. */
  private readonly together: number[][] = [];
  /** The state of the caller: which records it has folded. */
  private folded = new Set<number>();
  cuts = 0;
  torn = 0;

  constructor(seed: string) {
    this.rig = makeRig(seed);
    this.log = this.open().log;
    this.log.start();
  }

  private open() {
    return this.rig.open({
      segmentBytes: 3_000,
      maxBytes: 4_000_000,
      lazyMs: 40,
      checkpoint: () => ({ kind: "checkpoint", folded: [...this.folded] }),
    });
  }

  run(step: Step): void {
    const { disk } = this.rig;
    if (step.do === "append") this.append(step.drafts, step.size);
    else if (step.do === "lazily") this.log.appendLazily(this.draft(5));
    else if (step.do === "acknowledge") this.log.outboxAcknowledged(this.log.syncedN() - 2);
    else if (step.do === "reopen") this.log.reopen(() => {});
    else if (step.do === "trouble") disk.trouble(step.kind);
    else if (step.do === "fill") disk.setCapacity(disk.usedBytes() + 100);
    else if (step.do === "empty") disk.setCapacity(Number.POSITIVE_INFINITY);
    else if (step.do === "pass") this.rig.pass(step.ms);
    else if (step.do === "cut") this.cut(step.seed);
  }

  private draft(size: number) {
    const id = ++this.ids;
    this.attempted.add(id);
    return id % 2 ? note(id, "x".repeat(size)) : event(id);
  }

  private append(count: number, size: number): void {
    const drafts = Array.from({ length: count }, () => this.draft(size));
    const log = this.log;
    this.together.push(drafts.map(({ record }) => Number(record.seq)));
    log.append(drafts, (failure) => {
      if (failure !== undefined) return;
      for (const { record } of drafts) {
        this.acknowledged.add(Number(record.seq));
        this.folded.add(Number(record.seq));
      }
    });
  }

  private cut(seed: number): void {
    this.cuts++;
    this.rig.disk.crash(createRandom(`cut-${seed}`));
    const { recovered, log } = this.open();
    const again = this.open().recovered;
    expect({ ...again, damage: { kind: "none" }, tornBytes: 0 }).toEqual({
      ...recovered,
      damage: { kind: "none" },
      tornBytes: 0,
    });
    expect(again.damage.kind).toBe("none");
    expect(recovered.damage.kind).not.toBe("corrupt");
    expect(recovered.complete).toBe(true);
    if (recovered.damage.kind === "torn-tail") this.torn++;
    this.checkState(recovered.entries);
    log.start();
    this.log = log;
    this.checkOutbox(recovered.acknowledgedN);
  }

  private checkState(entries: readonly LogEntry[]): void {
    expect(entries.map(({ n }) => n)).toEqual(entries.map((_, at) => (entries[0]?.n ?? 0) + at));
    const state = new Set<number>((entries[0]?.record.folded as number[] | undefined) ?? []);
    for (const { record } of entries) if (typeof record.seq === "number") state.add(record.seq);
    for (const id of this.acknowledged) if (!state.has(id)) expect.unreachable(`${id} was acknowledged and is lost`);
    for (const id of state) {
      if (!this.attempted.has(id)) expect.unreachable(`${id} was never appended`);
      if (this.gone.has(id)) expect.unreachable(`${id} was gone and came back`);
    }
    for (const ids of this.together) {
      if (ids.some((id) => state.has(id)) && !ids.every((id) => state.has(id)))
        expect.unreachable(`of what was appended together, ${ids.join()}, only a part is there`);
    }
    for (const id of this.attempted) if (!state.has(id)) this.gone.add(id);
    this.folded = state;
  }

  /** Every acknowledged event that was not delivered is offered, in order and once. */
  private checkOutbox(after: number): void {
    let offered: LogEntry[] | undefined;
    this.log.readOutbox(after, 100_000, (page) => {
      if ("entries" in page) offered = page.entries;
      else expect.unreachable(page.failure.message);
    });
    this.rig.until(() => offered !== undefined);
    const ids = (offered ?? []).map(({ publish }) => publish?.seq ?? 0);
    const numbers = (offered ?? []).map(({ n }) => n);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
    const first = ids[0] ?? Number.POSITIVE_INFINITY;
    for (const id of this.acknowledged) {
      if (id % 2 === 0 && id >= first && !ids.includes(id)) expect.unreachable(`event ${id} is not offered`);
    }
  }

  /** The last word: everything settles, one more record fits, and a cut takes nothing. */
  finish(): void {
    const { disk, until } = this.rig;
    disk.setCapacity(Number.POSITIVE_INFINITY);
    for (let tries = 0; ; tries++) {
      let answer: { code: string | undefined } | undefined;
      this.log.append([note(0)], (failure) => {
        answer = { code: failure?.code };
      });
      until(() => answer !== undefined);
      if (answer?.code === undefined) break;
      expect(tries).toBeLessThan(3);
      let reopened = false;
      this.log.reopen(() => {
        reopened = true;
      });
      until(() => reopened);
      this.rig.pass(50); // another reopening may have been under way
    }
    this.attempted.add(0);
    this.acknowledged.add(0);
    this.cut(1);
  }
}

describe("a log on a disk that loses power at any time", () => {
  test("never loses an acknowledged record nor invents one, whatever happens", { timeout: 600_000 }, () => {
    const numRuns = Number(process.env.YIZHAN_LOG_RUNS ?? 400);
    let cuts = 0;
    let torn = 0;
    fc.assert(
      fc.property(fc.array(steps, { minLength: 5, maxLength: 120, size: "max" }), fc.nat(), (list, seed) => {
        const history = new History(`history-${seed}`);
        for (const step of list) history.run(step);
        history.finish();
        cuts += history.cuts;
        torn += history.torn;
      }),
      { numRuns },
    );
    console.log(`log power cuts: ${cuts} cuts in ${numRuns} histories, ${torn} left a torn tail, 0 records lost`);
    expect(torn).toBeGreaterThan(0);
  });

  test("a swarm of dense histories, every one cut in the middle of something", { timeout: 600_000 }, () => {
    let torn = 0;
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom(`dense-${seed}`);
      const history = new History(`dense-${seed}`);
      for (let round = 0; round < 6; round++) {
        for (let at = random.int(12); at >= 0; at--) {
          history.run({ do: "append", drafts: 1 + random.int(4), size: random.int(1_500) });
          history.run({ do: "pass", ms: random.int(12) });
        }
        history.run({ do: "cut", seed: random.int(1_000_000) });
      }
      history.finish();
      torn += history.torn;
    }
    expect(torn).toBeGreaterThan(100);
  });
});
