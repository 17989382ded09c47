/** A tar archive (POSIX.1-1988 ustar) of small files in memory. It knows regular files with short names, and nothing else. */
const block = 512;
const nameCharsMax = 100;

export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits - 1, "0")}\0`;

function header({ name, bytes }: TarFile, atMs: number): Uint8Array {
  if (Buffer.byteLength(name) > nameCharsMax) throw new RangeError(`too long a name for a tar: ${name}`);
  const fields: readonly (readonly [number, string])[] = [
    [0, name],
    [100, octal(0o600, 8)],
    [108, octal(0, 8)],
    [116, octal(0, 8)],
    [124, octal(bytes.length, 12)],
    [136, octal(Math.floor(atMs / 1_000), 12)],
    // While the sum is taken, its own field holds blanks.
    [148, " ".repeat(8)],
    [156, "0"],
    [257, "ustar\u000000"],
  ];
  const head = Buffer.alloc(block);
  for (const [at, text] of fields) head.write(text, at, "latin1");
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return head;
}

export function tarOf(files: readonly TarFile[], atMs: number): Uint8Array {
  const parts = files.flatMap((file) => {
    const rest = (block - (file.bytes.length % block)) % block;
    return [header(file, atMs), file.bytes, new Uint8Array(rest)];
  });
  return Buffer.concat([...parts, new Uint8Array(2 * block)]);
}
