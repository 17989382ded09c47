/**
 * Values of the core as JSON and back, without loss: `undefined`, maps, sets, and the numbers that JSON has no word for. On the way
 * names may be replaced. It refuses functions, because nothing that decides is data any more once it holds one.
 */

/** What becomes of texts and keys on the way. */
export interface Names {
  /** A text that stands under `under`. */
  text(text: string, under: string): string;
  /** A key of the object that stands under `under`, with what it leads to. */
  key(key: string, under: string, value: unknown): string;
  /** Under which name the values of an object stand whose keys are names themselves. */
  inside(under: string, key: string): string;
}

export const asItStands: Names = { text: (text) => text, key: (key) => key, inside: (_under, key) => key };

/** The one key that marks what JSON cannot say; an object that has it itself is written as a list of its entries. */
const mark = "$";

function packNumber(value: number): unknown {
  if (Object.is(value, -0)) return { [mark]: "-0" };
  return Number.isFinite(value) ? value : { [mark]: String(value) };
}

function packList(value: readonly unknown[], names: Names, under: string): unknown[] {
  // What is no text stands under no name: the keys of an object in a list are never names.
  return Array.from(value, (one) => pack(one, names, typeof one === "string" ? under : ""));
}

function packObject(value: object, names: Names, under: string): unknown {
  const entries: [string, unknown][] = [];
  let isMarked = false;
  for (const [key, inner] of Object.entries(value)) {
    isMarked ||= key === mark;
    entries.push([names.key(key, under, inner), pack(inner, names, names.inside(under, key))]);
  }
  return isMarked ? { [mark]: "object", of: entries } : Object.fromEntries(entries);
}

export function pack(value: unknown, names: Names = asItStands, under = ""): unknown {
  switch (typeof value) {
    case "string":
      return names.text(value, under);
    case "number":
      return packNumber(value);
    case "boolean":
      return value;
    case "undefined":
      return { [mark]: "undefined" };
    case "object": {
      if (value === null) return null;
      if (Array.isArray(value)) return packList(value, names, under);
      if (value instanceof Map) return { [mark]: "map", of: packList([...value], names, under) };
      if (value instanceof Set) return { [mark]: "set", of: packList([...value], names, under) };
      return packObject(value, names, under);
    }
    default:
      throw new TypeError(`a ${typeof value} cannot be recorded`);
  }
}

const listOf = (of: unknown): unknown[] => (Array.isArray(of) ? of : []);

function unpackMarked(what: unknown, of: unknown): unknown {
  switch (what) {
    case "undefined":
      return undefined;
    case "map":
      return new Map(listOf(of).map((entry) => unpack(entry) as [unknown, unknown]));
    case "set":
      return new Set(listOf(of).map(unpack));
    case "object":
      return Object.fromEntries(listOf(of).map((entry) => unpack(entry) as [string, unknown]));
    default:
      return Number(what);
  }
}

/** What was packed; anything else that JSON can hold is handed back as it is. */
export function unpack(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(unpack);
  if (Object.hasOwn(value, mark)) {
    const marked = value as { readonly $: unknown; readonly of?: unknown };
    return unpackMarked(marked.$, marked.of);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unpack(inner)]));
}

/** The same text for the same value, whatever order its keys came in. */
export function canonical(packed: unknown): string {
  return JSON.stringify(packed, (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value);
    return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
