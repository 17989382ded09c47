/** Every way a scan or swap can end, reached by a story of its own. A code without a story fails here: dead codes are lies. */
import { describe, expect, test } from "vitest";
import { owedOutcomes } from "../../../services/journal/endings.ts";
import { type OutcomeCode, outcomes } from "../../../services/swap/outcomes.ts";
import { fullPack, inactiveMember, memberName, pack, technician } from "../../support/bench-config.ts";
import { order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const rider = memberName(1);
const own = pack("yz-own-1");

const guarded = () => new StationBench({ allSafety: true });

function scanned(prepare: (bench: StationBench) => void = () => undefined): StationBench {
  const bench = new StationBench();
  prepare(bench);
  bench.scan(rider);
  return bench;
}

function fetched(bench: StationBench, bay: number): void {
  bench.untilOpen();
  bench.take(bay);
  bench.pass(1_500);
  bench.shut(bay);
}

function accepted(prepare?: (bench: StationBench) => void): StationBench {
  const bench = scanned(prepare);
  bench.deposit(own);
  return bench;
}

const stuck =
  (...bays: readonly number[]) =>
  (bench: StationBench) => {
    for (const bay of bays) bench.bay(bay).lock = "stuck";
  };

const givenBack = (deposited: typeof own, before?: (bench: StationBench) => void) => () => {
  const bench = scanned(before);
  fetched(bench, bench.deposit(deposited));
  return bench;
};

/** Each story ends with its code within two minutes of what it did last. */
const stories: Readonly<Record<OutcomeCode, () => StationBench>> = {
  completed: () => {
    const bench = accepted();
    bench.collect();
    return bench;
  },
  "completed-door-open": () => {
    const bench = accepted();
    bench.take(bench.untilOpen());
    return bench;
  },
  "completed-exchanged": () => {
    const bench = accepted();
    const bay = bench.collectOpen();
    bench.put(bay, pack("yz-whose"));
    bench.shut(bay);
    return bench;
  },
  "unknown-credential": () => {
    const bench = new StationBench();
    bench.scan("a stranger");
    return bench;
  },
  "member-inactive": () => {
    const bench = new StationBench();
    bench.scan(inactiveMember);
    return bench;
  },
  "cabinet-busy": () => {
    const bench = scanned();
    bench.scan(memberName(2));
    return bench;
  },
  "no-full-pack": () => {
    const bench = new StationBench({ stock: {} });
    bench.scan(rider);
    return bench;
  },
  "packs-warming": () => {
    const bench = new StationBench({ stock: { 2: { ...fullPack("yz-cold"), cellTempsC: [-9] } } });
    bench.pass(2_000);
    bench.scan(rider);
    return bench;
  },
  "no-empty-bay": () => {
    const bench = new StationBench({ baysEach: 1, stock: { 1: fullPack("yz-full-1") } });
    bench.scan(rider);
    return bench;
  },
  fire: () =>
    scanned((bench) => {
      bench.smoke["c-1"] = true;
    }),
  "emergency-stop": () => {
    const bench = guarded();
    bench.safety.emergencyStop = true;
    bench.scan(rider);
    return bench;
  },
  water: () => {
    const bench = guarded();
    bench.safety.water["c-1"] = true;
    bench.scan(rider);
    return bench;
  },
  "reset-too-early": () => {
    const bench = guarded();
    bench.smoke["c-1"] = true;
    bench.safety.conductor["c-1"] = true;
    bench.pass(5_000);
    bench.scan(technician);
    return bench;
  },
  "cabinet-unavailable": () => {
    const bench = new StationBench();
    for (const bay of [1, 2, 3, 4]) bench.bay(bay).contacts = "lost";
    bench.pass(6_000);
    bench.scan(rider);
    return bench;
  },
  checking: () => {
    const bench = scanned();
    bench.bay(1).contacts = "lost";
    bench.restart();
    bench.scan(rider);
    return bench;
  },
  "cannot-record": () => {
    const bench = new StationBench();
    bench.step({ type: "condition", code: "log-failed", subject: "station", present: true });
    bench.scan(rider);
    return bench;
  },
  stopping: () => {
    const bench = new StationBench();
    bench.step({ type: "stopping" });
    bench.scan(rider);
    return bench;
  },
  "out-of-service": () =>
    scanned((bench) => {
      order(bench, {
        verb: "cabinet-lock-out",
        cabinet: "c-1",
        lockOut: "operator",
        reason: "connectors are replaced",
      });
    }),
  updating: () =>
    scanned((bench) => {
      order(bench, { verb: "update-mode", on: true });
    }),
  "operator-at-work": () =>
    scanned((bench) => {
      bench.bay(3).stuckMa = 5_000;
      order(bench, { verb: "open", bay: 3 });
    }),
  "no-door-opened": () => scanned(stuck(1, 4)),
  "nothing-inserted": () => {
    const bench = scanned();
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    return bench;
  },
  "suspended-open": () => {
    const bench = scanned();
    bench.untilOpen();
    return bench;
  },
  "foreign-pack": givenBack(pack("acme-77")),
  "other-riders-pack": givenBack(pack("yz-of-another"), (bench) => {
    bench.state = { ...bench.state, durable: { ...bench.state.durable, holders: { "yz-of-another": memberName(2) } } };
  }),
  "pack-already-full": givenBack(fullPack("yz-own-1", 100)),
  "pack-leaking": givenBack(pack("yz-own-1"), (bench) => {
    // A wet plug: the pack delivers current although nothing is connected to it.
    bench.bay(1).stuckMa = -800;
  }),
  "better-than-stock": givenBack(pack("yz-own-1", { socPct: 98 })),
  "pack-unreadable": () => {
    const bench = scanned();
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, own);
    bench.shut(bay);
    for (let tries = 0; tries < 3; tries++) bench.shut(bench.untilOpen());
    fetched(bench, bay);
    return bench;
  },
  "full-door-failed": () => {
    const bench = accepted(stuck(2, 3));
    fetched(bench, 1);
    return bench;
  },
  "own-pack-returned": () => {
    // The stop is pressed with the pack behind its door and not judged yet.
    const bench = guarded();
    bench.scan(rider);
    const bay = bench.untilOpen();
    bench.bay(bay).silent = true;
    bench.put(bay, own);
    bench.shut(bay);
    bench.safety.emergencyStop = true;
    bench.until(() => bench.ends.includes("interrupted-emergency"), "the stop");
    bench.safety.emergencyStop = false;
    bench.pass(3_000);
    bench.scan(rider);
    fetched(bench, bay);
    return bench;
  },
  "left-behind": () => {
    const bench = scanned();
    const bay = bench.deposit(pack("acme-77"));
    bench.untilOpen();
    bench.shut(bay);
    return bench;
  },
  "cancelled-fire": () => {
    const bench = scanned();
    bench.untilOpen();
    bench.smoke["c-1"] = true;
    return bench;
  },
  "cancelled-emergency": () => {
    const bench = guarded();
    bench.scan(rider);
    bench.untilOpen();
    bench.safety.emergencyStop = true;
    return bench;
  },
  "cut-before-deposit": () => {
    const bench = scanned();
    bench.restart();
    return bench;
  },
  "pack-vanished": () => {
    const bench = accepted();
    bench.until(() => bench.points.includes("IN_CLOSED"), "the shut door");
    bench.restart(4);
    bench.take(1);
    return bench;
  },
  "own-door-stuck": () => {
    const bench = scanned();
    const bay = bench.deposit(pack("acme-77"));
    bench.bay(bay).lock = "stuck";
    return bench;
  },
  "not-taken": () => {
    const bench = accepted();
    for (let shutting = 0; shutting < 4; shutting++) bench.shut(bench.untilOpen());
    return bench;
  },
  "not-taken-open": () => {
    const bench = accepted();
    bench.untilOpen();
    return bench;
  },
  "waiting-for-rescan": () => {
    const bench = accepted();
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    bench.restart();
    return bench;
  },
  interrupted: () => {
    const bench = accepted();
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    bench.smoke["c-1"] = true;
    return bench;
  },
  "interrupted-emergency": () => {
    const bench = guarded();
    bench.scan(rider);
    bench.deposit(own);
    bench.until(() => bench.points.includes("IN_ACCEPTED"), "acceptance");
    bench.safety.emergencyStop = true;
    return bench;
  },
};

describe("every outcome is reached, and says something", () => {
  test("no code is without a story, and no story without a code", () => {
    expect(Object.keys(stories).sort()).toEqual(Object.keys(outcomes).sort());
  });

  for (const [code, story] of Object.entries(stories)) {
    const outcome = outcomes[code as OutcomeCode];
    test(`${code}${outcome.edges.length === 0 ? "" : ` (${outcome.edges.join(", ")})`}`, () => {
      const bench = story();
      bench.until(() => bench.ends.includes(code), code);
      expect(bench.said).toContain(outcome.prompt);
      const owes = bench.debts.some((debt) => debt.outcome === code);
      expect(owes).toBe(outcome.class === "owed");
    });
  }

  test("the journal and the outcome table agree on what leaves a debt", () => {
    const owed = Object.entries(outcomes).flatMap(([code, { class: kind }]) => (kind === "owed" ? [code] : []));
    expect([...owedOutcomes].sort()).toEqual(owed.sort());
  });

  test("a refusal opened no door", () => {
    for (const [code, story] of Object.entries(stories)) {
      if (outcomes[code as OutcomeCode].class !== "refused" || code === "cabinet-busy" || code === "checking") continue;
      const bench = story();
      bench.pass(5_000);
      expect({ code, pulses: bench.pulses }).toEqual({ code, pulses: [] });
    }
  });
});
