/**
 * One text for one JSON value, however it was spelled: the JSON Canonicalization Scheme of RFC 8785. Members are sorted by the
 * UTF-16 units of their names, numbers and strings are written as ECMAScript writes them, and no space stands anywhere. It
 * refuses what the scheme has no text for: a lone surrogate, a number that is none, and whatever is not JSON.
 */
function ofText(text: string): string | undefined {
  // With the `u` flag only a surrogate that has no partner is one.
  return /\p{Surrogate}/u.test(text) ? undefined : JSON.stringify(text);
}

function joined(parts: readonly (string | undefined)[], [open, close]: readonly [string, string]): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(",")}${close}`;
}

function ofMember(name: string, value: unknown): string | undefined {
  const key = ofText(name);
  const text = canonicalJson(value);
  return key === undefined || text === undefined ? undefined : `${key}:${text}`;
}

/** The canonical text; undefined when there is none. Goes as deep as the value does: bound that first. */
export function canonicalJson(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return ofText(value);
    case "number":
      return Number.isFinite(value) ? JSON.stringify(value) : undefined;
    case "boolean":
      return String(value);
    case "object": {
      if (value === null) return "null";
      if (Array.isArray(value)) return joined(value.map(canonicalJson), ["[", "]"]);
      // Without a comparison function strings are sorted by their UTF-16 units, as section 3.2.3 asks.
      const names = Object.keys(value).sort();
      const members = value as Readonly<Record<string, unknown>>;
      return joined(
        names.map((name) => ofMember(name, members[name])),
        ["{", "}"],
      );
    }
    default:
      return undefined;
  }
}
