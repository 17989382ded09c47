import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import type { AppendFile } from "../../hal/ports/disk.ts";
import { createVirtualClock } from "../../simulator/clock.ts";
import { simulatedDisk } from "../../simulator/disk.ts";
import { SECTOR_BYTES } from "../../simulator/disk-parts.ts";
import { createRandom } from "../../simulator/random.ts";

function makeDisk(seed = "disk") {
  const clock = createVirtualClock({ wallStartMs: 0 });
  const disk = simulatedDisk({ clock, random: createRandom(seed) });
  const until = (condition: () => boolean): void => {
    while (!condition()) if (!clock.step()) throw new Error("nothing left to happen");
  };
  const open = (name: string): AppendFile => {
    let file: AppendFile | undefined;
    disk.open(name, (result) => {
      if ("file" in result) file = result.file;
    });
    until(() => file !== undefined);
    return file as AppendFile;
  };
  const append = (file: AppendFile, bytes: Uint8Array): string | undefined => {
    let answer: { code: string | undefined } | undefined;
    file.append(bytes, (failure) => {
      answer = { code: failure?.code };
    });
    until(() => answer !== undefined);
    return answer?.code;
  };
  return { clock, disk, open, append };
}

const ones = (length: number) => Buffer.alloc(length, 1);
const twos = (length: number) => Buffer.alloc(length, 2);

describe("a power cut of the simulated disk", () => {
  test("never takes synced bytes, and of the others leaves anything from nothing to everything, in pieces of a sector", () => {
    const lengths = new Set<number>();
    let holes = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { disk, open, append } = makeDisk();
      const file = open("a");
      expect(append(file, ones(1_000))).toBeUndefined();
      file.append(twos(3_000), () => expect.unreachable("answered after the power went"));
      disk.crash(createRandom(`${seed}`));
      const left = Buffer.from(disk.read("a"));
      expect(left.subarray(0, 1_000).equals(ones(1_000))).toBe(true);
      const rest = left.subarray(1_000);
      lengths.add(rest.length);
      for (let at = 0; at < rest.length; ) {
        const next = Math.min(rest.length, at + SECTOR_BYTES - ((at + 1_000) % SECTOR_BYTES));
        const piece = rest.subarray(at, next);
        const isHole = piece.every((byte) => byte === 0);
        expect(isHole || piece.every((byte) => byte === 2)).toBe(true);
        if (isHole) holes++;
        at = next;
      }
    }
    expect(lengths.has(3_000)).toBe(true);
    expect(lengths.size).toBeGreaterThan(200);
    expect(holes).toBeGreaterThan(100);
  });

  test("leaves a file opened before dead: its appends reach nothing and nobody", () => {
    const { disk, open, clock } = makeDisk();
    const file = open("a");
    disk.crash(createRandom("x"));
    file.append(ones(10), () => expect.unreachable("answered"));
    while (clock.step());
    expect(disk.read("a")).toHaveLength(0);
  });

  test("may or may not leave a file whose creation or removal was not answered yet", () => {
    const created = new Set<number>();
    const removed = new Set<number>();
    for (let seed = 0; seed < 40; seed++) {
      const one = makeDisk();
      one.disk.open("a", () => {});
      one.disk.crash(createRandom(`${seed}`));
      created.add(one.disk.names().length);
      const other = makeDisk();
      other.append(other.open("a"), ones(5));
      other.disk.remove("a", () => {});
      other.disk.crash(createRandom(`${seed}`));
      removed.add(other.disk.names().length);
      if (other.disk.names().length > 0) expect(other.disk.read("a")).toHaveLength(5);
    }
    expect([created.size, removed.size]).toEqual([2, 2]);
  });

  test("happens in the same way for the same seed", () => {
    const once = () => {
      const { disk, open, append } = makeDisk();
      const file = open("a");
      append(file, ones(100));
      file.append(twos(5_000), () => {});
      disk.crash(createRandom("same"));
      return Buffer.from(disk.read("a")).toString("hex");
    };
    expect(once()).toBe(once());
  });
});

describe("trouble on the simulated disk", () => {
  test("a failed sync loses its bytes for good, though readers still see them and a later sync succeeds", () => {
    const { disk, open, append } = makeDisk();
    const file = open("a");
    append(file, ones(600));
    disk.trouble("sync-fails");
    expect(append(file, twos(600))).toBe("EIO");
    expect(append(file, ones(1))).toBe("EIO"); // the same file gives no second chance
    const again = open("a");
    expect(append(again, ones(600))).toBeUndefined();
    expect(Buffer.from(disk.read("a")).includes(2)).toBe(true);
    disk.crash(createRandom("x"));
    const left = Buffer.from(disk.read("a"));
    expect(left).toHaveLength(1_800);
    expect(left.subarray(600, 1_200).every((byte) => byte === 0)).toBe(true);
    expect(left.subarray(1_200).equals(ones(600))).toBe(true);
  });

  test("a full disk takes what fits and fails with ENOSPC", () => {
    const { disk, open, append } = makeDisk();
    const file = open("a");
    disk.setCapacity(100);
    expect(append(file, ones(60))).toBeUndefined();
    expect(append(file, ones(60))).toBe("ENOSPC");
    expect(disk.usedBytes()).toBe(100);
  });

  test("a failed write takes nothing", () => {
    const { disk, open, append } = makeDisk();
    const file = open("a");
    disk.trouble("write-fails");
    expect(append(file, ones(60))).toBe("EIO");
    expect(disk.usedBytes()).toBe(0);
  });

  test("read-only, everything that writes fails with EROFS and everything that reads works", () => {
    const { disk, open, append, clock } = makeDisk();
    const file = open("a");
    append(file, ones(5));
    disk.setReadOnly(true);
    const codes: unknown[] = [];
    disk.open("b", (result) => codes.push("failure" in result ? result.failure.code : "ok"));
    disk.remove("a", (failure) => codes.push(failure?.code));
    file.append(ones(1), (failure) => codes.push(failure?.code));
    while (clock.step());
    expect(codes).toEqual(["EROFS", "EROFS", "EROFS"]);
    expect(() => disk.truncate("a", 0)).toThrow(expect.objectContaining({ code: "EROFS" }));
    expect(disk.read("a")).toHaveLength(5);
  });

  test("a stall delays what starts during it", () => {
    const { disk, open, append, clock } = makeDisk();
    const file = open("a");
    disk.stall(5_000);
    const from = clock.nowMs;
    append(file, ones(1));
    expect(clock.nowMs - from).toBeGreaterThanOrEqual(5_000);
    disk.stall(0);
    append(file, ones(1));
    expect(clock.nowMs - from).toBeLessThan(5_100);
  });

  test("a fork has the durable content and a life of its own", () => {
    const { disk, open, append, clock } = makeDisk();
    const file = open("a");
    append(file, ones(10));
    file.append(twos(10), () => {});
    const fork = disk.fork({ clock, random: createRandom("fork") });
    while (clock.step());
    expect(fork.read("a")).toHaveLength(10);
    expect(disk.read("a")).toHaveLength(20);
    fork.flip("a", 0, 3);
    expect(fork.read("a")[0]).toBe(9);
    expect(disk.read("a")[0]).toBe(1);
    expect(() => fork.flip("a", 99, 0)).toThrow(RangeError);
  });

  test("a double has what is not durable too, and loses it alone when the power goes there", () => {
    const { disk, open, append, clock } = makeDisk();
    const file = open("a");
    append(file, ones(10));
    file.append(twos(10), () => {});
    const double = disk.double({ clock, random: createRandom("double") });
    expect(double.read("a")).toHaveLength(20);
    double.crash({ next: () => 0 });
    expect(double.read("a")).toHaveLength(10);
    while (clock.step());
    expect(disk.read("a")).toHaveLength(20);
    expect(disk.syncs()).toBe(2);
  });

  test("what was put in place does not change with the bytes it was made from", () => {
    const { disk } = makeDisk();
    const bytes = Buffer.from("abc");
    disk.put("a", bytes);
    bytes.fill(0);
    expect(Buffer.from(disk.read("a")).toString()).toBe("abc");
  });
});
