/**
 * A running hash of everything that happened: the same history gives the same digest, on every machine. Small items are folded
 * into a 53-bit rolling hash by arithmetic alone; text goes in as UTF-16 code units.
 */
export interface Digest {
  number(value: number): void;
  text(value: string): void;
  /** 32 hex digits over everything given so far. */
  hex(): string;
  /** Another one that goes on from here; this one does not notice. */
  copy(): Digest;
}

const prime = 0x01000193;

/** Four independent FNV-1a lanes with different offsets make 128 bits; this detects change, it guards no secret. */
const offsets = Uint32Array.of(0x811c9dc5, 0x01234567, 0x89abcdef, 0x7f4a7c15);

export function createDigest(from: Uint32Array = offsets): Digest {
  const lanes = Uint32Array.from(from);
  function word(value: number): void {
    for (let lane = 0; lane < 4; lane++) {
      const mixed = Math.imul((lanes[lane] ?? 0) ^ value, prime + lane * 2);
      lanes[lane] = mixed ^ (mixed >>> 15);
    }
  }
  const view = new DataView(new ArrayBuffer(8));
  return {
    number(value) {
      view.setFloat64(0, value);
      word(view.getUint32(0));
      word(view.getUint32(4));
    },
    text(value) {
      for (let at = 0; at < value.length; at++) word(value.charCodeAt(at));
      word(0xffff_ffff);
    },
    hex: () => Array.from(lanes, (lane) => lane.toString(16).padStart(8, "0")).join(""),
    copy: () => createDigest(lanes),
  };
}
