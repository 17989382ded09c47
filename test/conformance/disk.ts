/** What every disk must do, whatever it is made of. Run on the real one in a temporary directory and on the simulated one. */
import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import type { AppendFile, Disk, DiskFailure } from "../../hal/ports/disk.ts";

export interface DiskUnderTest {
  readonly disk: Disk;
  /** Runs the world until the condition holds. */
  until(condition: () => boolean): Promise<void>;
}

const text = (value: string) => Buffer.from(value, "utf8");
const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

export function diskConformance(name: string, make: () => DiskUnderTest): void {
  describe(`disk conformance: ${name}`, () => {
    /** Calls and waits; also proves that the answer comes once, and not from inside the call. */
    async function call<T>(under: DiskUnderTest, start: (done: (value: T) => void) => void): Promise<T> {
      const answers: T[] = [];
      let returned = false;
      start((value) => {
        expect(returned, "answered from inside the call").toBe(true);
        answers.push(value);
      });
      returned = true;
      await under.until(() => answers.length > 0);
      expect(answers).toHaveLength(1);
      return answers[0] as T;
    }

    async function open(under: DiskUnderTest, file: string): Promise<AppendFile> {
      const result = await call<{ file: AppendFile } | { failure: DiskFailure }>(under, (done) =>
        under.disk.open(file, done),
      );
      if ("failure" in result) throw new Error(result.failure.message);
      return result.file;
    }

    const append = (under: DiskUnderTest, file: AppendFile, bytes: string) =>
      call<DiskFailure | undefined>(under, (done) => file.append(text(bytes), done));

    const readAt = (under: DiskUnderTest, file: string, offset: number, length: number) =>
      call<{ bytes: Uint8Array } | { failure: DiskFailure }>(under, (done) =>
        under.disk.readAt(file, offset, length, done),
      );

    test("an empty directory has no names", () => {
      expect(make().disk.names()).toEqual([]);
    });

    test("opening creates an empty file, and appends stand in it in the order they were made", async () => {
      const under = make();
      const file = await open(under, "b");
      expect(asText(under.disk.read("b"))).toBe("");
      expect(await append(under, file, "one ")).toBeUndefined();
      expect(await append(under, file, "two ")).toBeUndefined();
      expect(asText(under.disk.read("b"))).toBe("one two ");
      file.close();
    });

    test("opening again goes on behind what is there", async () => {
      const under = make();
      const first = await open(under, "a");
      await append(under, first, "before ");
      first.close();
      const second = await open(under, "a");
      await append(under, second, "after");
      expect(asText(under.disk.read("a"))).toBe("before after");
      second.close();
    });

    test("names come sorted", async () => {
      const under = make();
      for (const name of ["c", "a", "b"]) (await open(under, name)).close();
      expect(under.disk.names()).toEqual(["a", "b", "c"]);
    });

    test("a truncated file keeps its beginning, and appends follow on there", async () => {
      const under = make();
      const file = await open(under, "a");
      await append(under, file, "0123456789");
      file.close();
      under.disk.truncate("a", 4);
      expect(asText(under.disk.read("a"))).toBe("0123");
      const again = await open(under, "a");
      await append(under, again, "x");
      expect(asText(under.disk.read("a"))).toBe("0123x");
      again.close();
    });

    test("what stands at a file's end is written again as it was, and appends follow on behind it", async () => {
      const under = make();
      const file = await open(under, "a");
      await append(under, file, "0123456789");
      for (const from of [4, 0, 10])
        expect(await call(under, (done) => under.disk.writeAgain("a", from, done))).toBeUndefined();
      expect(asText(under.disk.read("a"))).toBe("0123456789");
      await append(under, file, "x");
      expect(asText(under.disk.read("a"))).toBe("0123456789x");
      file.close();
      const none = await call<DiskFailure | undefined>(under, (done) => under.disk.writeAgain("none", 0, done));
      expect(none?.code).toBe("ENOENT");
    });

    test("a removed file is gone, and removing it again is a failure with a code", async () => {
      const under = make();
      (await open(under, "a")).close();
      expect(await call(under, (done) => under.disk.remove("a", done))).toBeUndefined();
      expect(under.disk.names()).toEqual([]);
      const again = await call<DiskFailure | undefined>(under, (done) => under.disk.remove("a", done));
      expect(again?.code).toBe("ENOENT");
    });

    test("a part of a file can be read while it is open for appending", async () => {
      const under = make();
      const file = await open(under, "a");
      await append(under, file, "0123456789");
      const middle = await readAt(under, "a", 3, 4);
      expect("bytes" in middle && asText(middle.bytes)).toBe("3456");
      file.close();
    });

    test("reading past the end gives what there is", async () => {
      const under = make();
      const file = await open(under, "a");
      await append(under, file, "0123456789");
      const end = await readAt(under, "a", 8, 100);
      expect("bytes" in end && asText(end.bytes)).toBe("89");
      const beyond = await readAt(under, "a", 100, 10);
      expect("bytes" in beyond && beyond.bytes.length).toBe(0);
      file.close();
    });

    test("reading a file that is not there is a failure with a code", async () => {
      const missing = await readAt(make(), "none", 0, 1);
      expect("failure" in missing && missing.failure.code).toBe("ENOENT");
    });

    test("the start-up calls throw an error with a code for a file that is not there", () => {
      const { disk } = make();
      expect(() => disk.read("none")).toThrow(expect.objectContaining({ code: "ENOENT" }));
      expect(() => disk.truncate("none", 0)).toThrow(expect.objectContaining({ code: "ENOENT" }));
    });

    test("what read returned does not change when the file grows", async () => {
      const under = make();
      const file = await open(under, "a");
      await append(under, file, "one");
      const before = under.disk.read("a");
      await append(under, file, " two");
      expect(asText(before)).toBe("one");
      file.close();
    });

    test("an append after closing fails, and closing twice does nothing", async () => {
      const under = make();
      const file = await open(under, "a");
      file.close();
      file.close();
      expect((await append(under, file, "late"))?.code).toBe("EBADF");
      expect(asText(under.disk.read("a"))).toBe("");
    });

    test("closing while an append runs lets it finish", async () => {
      const under = make();
      const file = await open(under, "a");
      const failure = await call<DiskFailure | undefined>(under, (done) => {
        file.append(text("last words"), done);
        file.close();
      });
      expect(failure).toBeUndefined();
      expect(asText(under.disk.read("a"))).toBe("last words");
    });

    test("a second append before the first one settled is a bug and throws", async () => {
      const under = make();
      const file = await open(under, "a");
      const failure = await call<DiskFailure | undefined>(under, (done) => {
        file.append(text("first"), done);
        expect(() => file.append(text("second"), () => {})).toThrow("outstanding");
      });
      expect(failure).toBeUndefined();
      expect(asText(under.disk.read("a"))).toBe("first");
      file.close();
    });

    test("a large append arrives whole", async () => {
      const under = make();
      const file = await open(under, "a");
      const large = "0123456789abcdef".repeat(40_000);
      expect(await append(under, file, large)).toBeUndefined();
      expect(asText(under.disk.read("a")) === large).toBe(true);
      file.close();
    });
  });
}
