/** D3: a sync fails, and the process that heard of it dies before it could do anything about it. */
import { describe, expect, test } from "vitest";
import { createRandom } from "../../../simulator/random.ts";
import { makeRig, note } from "./log-rig.ts";

function started(seed: string) {
  const rig = makeRig(seed);
  const { log } = rig.open();
  log.start();
  rig.until(() => rig.disk.syncs() === 1);
  return { ...rig, log };
}

const seqs = (entries: readonly { record: { kind: string; seq?: unknown } }[]) =>
  entries.filter(({ record }) => record.kind !== "checkpoint").map(({ record }) => record.seq);

describe("D3: a sync fails, and the process dies before it could begin a new segment", () => {
  /** A process that died has left what it wrote in the cache: the next one reads it, and nothing says that it is not on the medium. */
  function next({ open }: ReturnType<typeof started>) {
    const { log, recovered } = open();
    log.start();
    return { log, recovered };
  }

  type Rig = ReturnType<typeof started>;
  const deaths: readonly { what: string; dies: (rig: Rig) => void }[] = [
    {
      what: "one entry",
      dies({ disk, append, log }) {
        disk.trouble("sync-fails");
        append(log, note(2));
      },
    },
    {
      what: "an append of two entries",
      dies({ disk, append, log }) {
        disk.trouble("sync-fails");
        append(log, note(2), note(3));
      },
    },
    {
      what: "two appends in one write",
      dies({ disk, append, log }) {
        log.append([note(2)], () => {});
        disk.trouble("sync-fails");
        log.append([note(3)], () => {});
        append(log, note(4));
      },
    },
  ];

  test.each(deaths)(
    "what the next one reads of $what, it writes again, and a power cut takes nothing from it",
    ({ dies }) => {
      const rig = started("dies");
      rig.append(rig.log, note(1), note(1));
      dies(rig);
      const { log, recovered } = next(rig);
      expect(rig.append(log, note(9))).toBeUndefined();
      const known = seqs(recovered.entries);
      rig.disk.crash(createRandom("cut"));
      const after = rig.open().recovered;
      expect(after).toMatchObject({ damage: { kind: "none" }, complete: true });
      expect(seqs(after.entries)).toEqual([...known, 9]);
    },
  );

  test("a segment that had just begun is written again whole", () => {
    const rig = makeRig("begins");
    const first = rig.open().log;
    rig.disk.trouble("sync-fails");
    first.start();
    rig.until(() => first.failure() !== undefined);
    const { log } = next({ ...rig, log: first });
    expect(rig.append(log, note(1))).toBeUndefined();
    rig.disk.crash(createRandom("cut"));
    expect(rig.open().recovered).toMatchObject({ damage: { kind: "none" }, complete: true, lastN: 1 });
  });

  test("where it cannot be written again the log is closed until a new segment is begun, with all that is remembered in it", () => {
    const rig = started("spot");
    rig.append(rig.log, note(1));
    rig.disk.setFailing(true);
    const { log } = next(rig);
    rig.until(() => log.failure() !== undefined);
    expect(log.failure()?.code).toBe("EIO");
    rig.disk.setFailing(false);
    const spot = rig.disk.writeAgain.bind(rig.disk);
    rig.disk.writeAgain = (name, from, done) => spot(name, from, () => done({ code: "EIO", message: "bad spot" }));
    let reopened: unknown = "not yet";
    log.reopen((failure) => {
      reopened = failure;
    });
    rig.until(() => reopened !== "not yet");
    expect(reopened).toBeUndefined();
    expect(rig.append(log, note(2))).toBeUndefined();
    expect(rig.disk.names()).toEqual(["log-00000001.yzl", "log-00000002.yzl"]);
  });
});
