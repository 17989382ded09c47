/**
 * Names that stand in a recording for those of people, credentials and keys. The same one has the same pseudonym as long as the
 * recorder lives, so that decisions come out alike; without the secret, which never leaves this process, nobody finds the way back,
 * not even by trying all member numbers. What names nobody is left as it is.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { Names } from "./packed.ts";

export type NameKind = "member" | "person" | "key" | "entitlement" | "visitor" | "nonce" | "once" | "text";

export interface Pseudonyms extends Names {
  name(kind: NameKind, text: string): string;
  digest(hex: string): string;
  /** Collects the members and digests that are spoken of until the next call. */
  spoken(into: Spoken | undefined): void;
}

/** Real ones: they never reach a recording. */
export interface Spoken {
  readonly members: Set<string>;
  readonly digests: Set<string>;
}

export const nothingSpoken = (): Spoken => ({ members: new Set(), digests: new Set() });

const sha256 = /^[0-9a-f]{64}$/;
/** Reasons are codes of this program, unless an operator wrote one. */
const code = /^[a-z][a-z0-9-]{0,39}$/;
/** What the services themselves put where a person's or a member's name may stand. */
export const notPeople: ReadonlySet<string> = new Set([
  "",
  ...["station", "swap", "operator", "operator-opening"],
  ...["token", "card", "visitor", "code"],
  ...["grant", "exit", "free", "unseen"],
  "button",
]);

const kindUnder: Readonly<Record<string, NameKind>> = {
  member: "member",
  holders: "member",
  by: "person",
  key: "key",
  entitlement: "entitlement",
  given: "entitlement",
  nonce: "nonce",
  reason: "text",
};

const keyKindUnder: Readonly<Record<string, NameKind>> = {
  cameIn: "member",
  offers: "member",
  taken: "member",
  sequences: "key",
  opens: "key",
  before: "key",
  since: "key",
};

const used = /^(token):(.*):([^:]*)$|^(visitor):(.*)$/s;
const cacheMax = 4_096;

class Keyed implements Pseudonyms {
  private readonly secret: Uint8Array;
  private readonly known = new Map<string, string>();
  private into: Spoken | undefined;

  constructor(secret: Uint8Array) {
    this.secret = secret;
  }

  spoken(into: Spoken | undefined): void {
    this.into = into;
  }

  private hex(kind: string, text: string): string {
    const named = `${kind}\n${text}`;
    const known = this.known.get(named);
    if (known !== undefined) return known;
    const made = createHmac("sha256", this.secret).update(named).digest("hex");
    if (this.known.size >= cacheMax) this.known.clear();
    this.known.set(named, made);
    return made;
  }

  name(kind: NameKind, text: string): string {
    if (text === "") return text;
    if (kind === "member") this.into?.members.add(text);
    return `${kind}-${this.hex(kind, text).slice(0, 12)}`;
  }

  digest(hex: string): string {
    this.into?.digests.add(hex);
    return this.hex("digest", hex);
  }

  /** `token:<key>:<jti>` and `visitor:<id>`, as the services spell what is used once. */
  private usedName(text: string): string {
    const [, token, kid, jti, visitor, id] = used.exec(text) ?? [];
    if (token !== undefined) return `${token}:${kid}:${this.name("once", jti ?? "")}`;
    if (visitor !== undefined) return `${visitor}:${this.name("visitor", id ?? "")}`;
    return this.name("entitlement", text);
  }

  text(text: string, under: string): string {
    if (sha256.test(text)) return this.digest(text);
    if (under === "name") return this.usedName(text);
    const kind = kindUnder[under];
    if (kind === undefined) return text;
    if ((kind === "person" || kind === "member") && notPeople.has(text)) return text;
    if (kind === "text" && code.test(text)) return text;
    return this.name(kind, text);
  }

  key(key: string, under: string, value: unknown): string {
    if (sha256.test(key)) return this.digest(key);
    if (under === "used") return this.usedName(key);
    const kind = keyKindUnder[under];
    // Two objects may have one name, of which only one is kept by names of people: the other one holds objects.
    if (kind === undefined || (typeof value === "object" && !Array.isArray(value))) return key;
    return this.name(kind, key);
  }

  inside(under: string, key: string): string {
    return under === "holders" ? under : key;
  }
}

export const createPseudonyms = (secret: Uint8Array = randomBytes(32)): Pseudonyms => new Keyed(secret);
