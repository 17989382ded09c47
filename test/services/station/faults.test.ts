import { describe, expect, test } from "vitest";
import { faultCatalogue } from "../../../services/faults.ts";
import { fullPack, memberName, pack } from "../../support/bench-config.ts";
import { order } from "../../support/operator.ts";
import { StationBench } from "../../support/station-bench.ts";

const raised = (bench: StationBench, key: string) => changes(bench, key, "fault-raised");
const cleared = (bench: StationBench, key: string) => changes(bench, key, "fault-cleared");

function changes(bench: StationBench, key: string, kind: "fault-raised" | "fault-cleared"): number {
  return bench.records.filter((record) => record.kind === kind && `${record.code}/${record.subject}` === key).length;
}

interface Story {
  readonly key: string;
  readonly says: string;
  readonly cause: (bench: StationBench) => void;
  readonly mend: (bench: StationBench) => void;
  /** How long the cause must last to be a fault. */
  readonly afterMs?: number;
}

const lift = (bench: StationBench, bay: number) =>
  order(bench, { verb: "lock-out", bay, lockOut: "none", reason: "checked" });

const condition = (code: string, subject: string) => ({
  cause: (bench: StationBench) => void bench.step({ type: "condition", code, subject, present: true }),
  mend: (bench: StationBench) => void bench.step({ type: "condition", code, subject, present: false }),
});

const stories: readonly Story[] = [
  {
    key: "smoke/c-1",
    says: "smoke in a cabinet",
    cause: (bench) => {
      bench.smoke["c-1"] = true;
    },
    mend: (bench) => {
      bench.smoke["c-1"] = false;
    },
  },
  {
    key: "smoke-lost/c-1",
    says: "a smoke head that is no longer heard",
    cause: (bench) => {
      bench.smoke["c-1"] = "lost";
    },
    mend: (bench) => {
      bench.smoke["c-1"] = false;
    },
  },
  {
    key: "bay-hot/2",
    says: "a pack that became hot, until it is taken out",
    cause: (bench) => {
      bench.bay(2).pack = pack("yz-hot", { cellTempsC: [61] });
    },
    mend: (bench) => bench.take(2),
  },
  {
    key: "bay-door-forced/2",
    says: "a door opened without a command, until an operator has looked",
    cause: (bench) => bench.open(2),
    mend: (bench) => {
      bench.shut(2);
      lift(bench, 2);
    },
  },
  {
    key: "bay-door-left-open/2",
    says: "a door that stands open for a minute",
    cause: (bench) => bench.open(2),
    mend: (bench) => bench.shut(2),
    afterMs: 60_000,
  },
  {
    key: "bay-door-contradiction/1",
    says: "door switch and latch that disagree",
    cause: (bench) => {
      bench.bay(1).doorSwitchSays = false;
    },
    mend: (bench) => {
      bench.bay(1).doorSwitchSays = undefined;
    },
    afterMs: 5_000,
  },
  {
    key: "bay-contacts-lost/1",
    says: "contacts that are no longer heard",
    cause: (bench) => {
      bench.bay(1).contacts = "lost";
    },
    mend: (bench) => {
      bench.bay(1).contacts = "heard";
    },
  },
  {
    key: "bay-pack-silent/2",
    says: "a pack that stopped answering",
    cause: (bench) => {
      bench.bay(2).silent = true;
    },
    mend: (bench) => {
      bench.bay(2).silent = false;
    },
    afterMs: 20_000,
  },
  { key: "bus-lost/bus-1", says: "a line that the process lost", ...condition("bus-lost", "bus-1") },
  { key: "log-failed/station", says: "a log that the process cannot write", ...condition("log-failed", "station") },
];

describe("a fault", () => {
  for (const { key, says, cause, mend, afterMs = 0 } of stories) {
    test(`for ${says} is raised once, stands, and is cleared once when its cause is gone`, () => {
      const bench = new StationBench();
      bench.pass(20_000, 1_000);
      expect(bench.faults).toEqual([]);
      cause(bench);
      if (afterMs > 0) {
        bench.pass(afterMs - 2_000);
        expect(bench.faults).not.toContain(key);
      }
      bench.pass(8_000);
      expect(bench.faults).toContain(key);
      bench.pass(120_000, 1_000);
      expect([raised(bench, key), cleared(bench, key)]).toEqual([1, 0]);
      mend(bench);
      bench.pass(30_000);
      expect(bench.faults).not.toContain(key);
      expect([raised(bench, key), cleared(bench, key)]).toEqual([1, 1]);
    });
  }

  test("whose cause comes and goes is one fault, not a hundred", () => {
    const bench = new StationBench();
    bench.pass(20_000, 1_000);
    for (let turn = 0; turn < 20; turn++) {
      bench.step({ type: "condition", code: "bus-lost", subject: "bus-1", present: turn % 2 === 0 });
      bench.pass(8_000, 1_000);
    }
    expect([raised(bench, "bus-lost/bus-1"), cleared(bench, "bus-lost/bus-1")]).toEqual([1, 0]);
    bench.pass(25_000);
    expect(cleared(bench, "bus-lost/bus-1")).toBe(1);
  });

  test("is not raised by devices that are still starting", () => {
    const bench = new StationBench();
    for (const world of bench.bays.slice(1)) world.contacts = "lost";
    bench.smoke["c-1"] = "lost";
    bench.pass(10_000);
    expect(bench.faults).toEqual([]);
    bench.pass(10_000);
    expect(bench.faults).toEqual([1, 2, 3, 4].map((bay) => `bay-contacts-lost/${bay}`).concat("smoke-lost/c-1"));
  });

  test("told twice by the process is raised once, and one it made up is not raised at all", () => {
    const bench = new StationBench();
    for (let turn = 0; turn < 3; turn++)
      bench.step({ type: "condition", code: "loop-late", subject: "station", present: true });
    bench.step({ type: "condition", code: "constructor", subject: "station", present: true });
    bench.pass(3_000);
    expect(bench.faults).toEqual(["loop-late/station"]);
  });

  test("stands again after a restart while its cause stands, and is told again", () => {
    const bench = new StationBench();
    bench.smoke["c-1"] = true;
    bench.pass(2_000);
    bench.restart();
    bench.pass(2_000);
    expect(bench.faults).toEqual(["smoke/c-1"]);
  });

  test("comes only from the catalogue: each code has words in two languages and a mending step", () => {
    for (const entry of Object.values(faultCatalogue)) {
      expect(entry.zh).not.toBe("");
      expect(entry.en).not.toBe("");
      expect(entry.mend).toMatch(/\.$/);
    }
  });
});

describe("a door opened without a command (E27)", () => {
  test("takes its bay out of service at the next look and its charger off in the same step", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-low"), 3: fullPack("yz-full-3") } });
    bench.pass(3_000);
    expect(bench.granted.bays[2]?.chargeMa).toBeGreaterThan(0);
    bench.open(2);
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
    expect(bench.removed).toEqual([{ bay: 2, what: "charge", reason: "door-not-shut" }]);
    bench.pass(1_250);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "pending-check", reason: "door-forced" });
  });

  test("is told as tampering, once, with its bay", () => {
    const bench = new StationBench();
    bench.open(2);
    bench.pass(30_000);
    const events = bench.told.flatMap(({ effect }) =>
      effect.do === "record" && effect.publish ? [effect.publish] : [],
    );
    expect(events.filter(({ kind }) => kind === "security")).toMatchObject([
      { stream: "security", type: "tamper-detection-activated", data: { bay: 2, reason: "door-forced" } },
    ]);
  });

  test("does not come back into service by being shut: a person has to look", () => {
    const bench = new StationBench();
    bench.open(2);
    bench.pass(2_000);
    bench.take(2);
    bench.shut(2);
    bench.pass(60_000, 1_000);
    expect(bench.lockOutOf(2)?.reason).toBe("door-forced");
  });

  test("is noticed at a reserved bay as well: nobody has business there yet (R5)", () => {
    const bench = new StationBench();
    bench.scan(memberName(1));
    bench.untilOpen();
    bench.open(2);
    bench.pass(2_000);
    expect(bench.lockOutOf(2)).toEqual({ lockOut: "pending-check", reason: "door-forced" });
  });

  test("is not what a rider does who pulls at the door in front of him, nor a door that opened by command", () => {
    const bench = new StationBench();
    bench.scan(memberName(1));
    const bay = bench.deposit(pack("yz-own-1"));
    bench.open(bay);
    bench.pass(2_000);
    bench.shut(bay);
    bench.collect();
    bench.until(() => bench.ends.length > 0, "the end");
    bench.pass(5_000);
    expect(bench.records.filter((record) => record.kind === "lock-out")).toEqual([]);
  });

  test("is noticed as well where a swap opened the same door a while ago", () => {
    const bench = new StationBench();
    bench.swapProperly(memberName(1), pack("yz-own-1"));
    bench.pass(30_000, 1_000);
    bench.open(1);
    bench.pass(2_000);
    expect(bench.lockOutOf(1)).toEqual({ lockOut: "pending-check", reason: "door-forced" });
  });

  test("at the first look after a start proves nothing: it may have stood open all along", () => {
    const bench = new StationBench();
    bench.bay(2).open = true;
    bench.restart();
    bench.pass(5_000);
    expect(bench.lockOutOf(2)).toBeUndefined();
  });
});

describe("lock-outs", () => {
  test("that the station made itself lift themselves when the door is shut on an empty bay, and only then", () => {
    const bench = new StationBench();
    bench.scan(memberName(1));
    const bay = bench.untilOpen();
    bench.pass(62_000);
    expect(bench.lockOutOf(bay)?.reason).toBe("suspended-open");
    bench.put(bay, pack("yz-late"));
    bench.shut(bay);
    bench.pass(5_000);
    expect(bench.lockOutOf(bay)?.reason).toBe("suspended-open");
    bench.open(bay);
    bench.take(bay);
    bench.shut(bay);
    bench.pass(3_000);
    expect(bench.lockOutOf(bay)).toBeUndefined();
    const lockOuts = bench.records.filter(({ kind }) => kind === "lock-out");
    expect(lockOuts.at(-1)).toMatchObject({ lockOut: "none", by: "station" });
  });

  test("of an operator whose words sound like the station's own never lift themselves, nor raise its faults", () => {
    const bench = new StationBench();
    for (const [bay, reason] of [
      [1, "door-open"],
      [2, "lock-failed"],
      [3, "door-forced"],
    ] as const)
      order(bench, { verb: "lock-out", bay, lockOut: "operator", reason });
    bench.pass(30_000);
    expect([1, 2, 3].map((bay) => bench.lockOutOf(bay)?.lockOut)).toEqual(["operator", "operator", "operator"]);
    expect(bench.faults).toEqual([]);
  });

  test("take a bay off charging as well as off the offer", () => {
    const bench = new StationBench({ stock: { 2: pack("yz-low") } });
    bench.pass(3_000);
    order(bench, { verb: "lock-out", bay: 2, lockOut: "operator", reason: "worn" });
    bench.pass(2_000);
    expect(bench.granted.bays[2]?.chargeMa).toBe(0);
  });

  test("survive a restart", () => {
    const bench = new StationBench();
    bench.open(2);
    bench.pass(2_000);
    bench.restart();
    bench.pass(2_000);
    expect(bench.lockOutOf(2)?.reason).toBe("door-forced");
    expect(bench.faults).toContain("bay-door-forced/2");
  });
});
