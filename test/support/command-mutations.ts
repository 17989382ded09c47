/**
 * Everything that can be wrong with a command between an operator and a station. Each mutation starts from a command that the
 * station would obey, changes one thing about it, and names the refusals that are right for that.
 */
import type { BrokerMessage } from "../../hal/ports/broker-link.ts";
import { makeAsker } from "./asking.ts";
import { bytesOf, type Command, type Desk, messageOf, people, sign } from "./commands.ts";

export interface Mutation {
  /** `before`: the good command comes after it and must still act; `after`: it came before and has acted; `instead`: never. */
  readonly good: "before" | "after" | "instead";
  readonly reasons: readonly string[];
  /** `pick` chooses a bit, a place or a length. */
  readonly make: (command: Command, pick: number, desk: Desk) => BrokerMessage;
}

const stranger = makeAsker("ling", "operator");
const unknown = makeAsker("nobody", "supervisor");

const sent = (verb: string, payload: unknown, retained = false) => messageOf(verb, bytesOf(payload), retained);

function bitFlipped(bytes: Uint8Array, pick: number): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  const bit = pick % (flipped.length * 8);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

function signatureFlipped(signed: Readonly<Record<string, unknown>>, pick: number): Record<string, unknown> {
  const bytes = Buffer.from(String(signed.signature), "base64url");
  return { ...signed, signature: Buffer.from(bitFlipped(bytes, pick)).toString("base64url") };
}

/** The first word of the payload that a person could have meant otherwise, changed. */
function changed(signed: Readonly<Record<string, unknown>>, pick: number): Record<string, unknown> {
  const others: Readonly<Record<string, unknown>> = {
    by: "somebody else",
    expiresAt: Number(signed.expiresAt) - 1,
    seq: Number(signed.seq) + 1,
    id: `${String(signed.id)}-x`,
    transaction: "t",
  };
  const names = Object.keys(others);
  const name = names[pick % names.length] ?? "by";
  return { ...signed, [name]: others[name] };
}

const without = (signed: Readonly<Record<string, unknown>>, ...names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(signed).filter(([name]) => !names.includes(name)));

/** Signed anew by the right person: only what is said here is wrong. */
const honestly = (command: Command, more: object, station?: string) =>
  sent(command.verb, sign({ ...command, payload: { ...command.payload, ...more } }, station));

/** One role below the least one. */
function tooLow({ verb }: Command) {
  if (verb === "parameters") return people.technician;
  return verb === "open" || verb === "update-mode" || verb === "cabinet-lock-out" ? people.operator : people.viewer;
}

const otherVerb = ({ verb }: Command, pick: number): string => {
  const verbs = ["open", "lock-out", "bind", "unbind", "parameters", "update-mode", "snapshot"].filter(
    (v) => v !== verb,
  );
  return verbs[pick % verbs.length] ?? "snapshot";
};

export const mutations = {
  retained: { good: "before", reasons: ["retained"], make: (command) => sent(command.verb, sign(command), true) },
  "retained, and known": {
    good: "after",
    reasons: ["retained"],
    make: (command) => sent(command.verb, sign(command), true),
  },
  replayed: { good: "after", reasons: ["repeated"], make: (command) => sent(command.verb, sign(command)) },
  "its id again, for something else": {
    good: "after",
    reasons: ["repeated"],
    make: (command, pick, desk) => {
      const seq = desk.nextSeq();
      return honestly(command, { seq, by: `again ${pick}` });
    },
  },
  "its id again, for another verb": {
    good: "after",
    reasons: ["id-reused"],
    make: (command, _pick, desk) => {
      const { id } = command.payload;
      const other = desk.good(command.verb === "bind" ? "unbind" : "bind", 1);
      return sent(other.verb, sign({ ...other, payload: { ...other.payload, id } }));
    },
  },
  late: {
    good: "instead",
    reasons: ["expired"],
    make: (command, pick, desk) => honestly(command, { expiresAt: desk.bench.station.wallMs - (pick % 1_000_000) }),
  },
  "too long ahead": {
    good: "instead",
    reasons: ["expires-too-late", "opening-expires-too-late"],
    make: (command, pick, desk) => honestly(command, { expiresAt: desk.bench.station.wallMs + 300_001 + pick }),
  },
  reordered: {
    good: "after",
    reasons: ["out-of-order"],
    make: (command, pick) => {
      const seq = Number(command.payload.seq);
      return honestly(command, { id: `r-${seq}`, seq: seq - (pick % Math.min(seq + 1, 3)) });
    },
  },
  uncounted: {
    good: "instead",
    reasons: ["out-of-order"],
    make: (command) => honestly({ ...command, payload: without(command.payload, "seq") }, {}),
  },
  "without its signature": {
    good: "before",
    reasons: ["unsigned"],
    make: (command) => sent(command.verb, without(sign(command), "signature")),
  },
  "without any of it": {
    good: "before",
    reasons: ["unsigned"],
    make: (command) => sent(command.verb, without(sign(command), "signature", "key", "seq")),
  },
  "for another station, and says so": {
    good: "before",
    reasons: ["wrong-station"],
    make: (command) => honestly(command, { station: "other" }),
  },
  "signed for another station": {
    good: "before",
    reasons: ["bad-signature"],
    make: (command) => honestly(command, {}, "other"),
  },
  "with a bit of its signature changed": {
    good: "before",
    reasons: ["bad-signature"],
    make: (command, pick) => sent(command.verb, signatureFlipped(sign(command), pick)),
  },
  "with a bit of its bytes changed": {
    good: "before",
    // A bit can make another name of a field, a control, another key or another number of it.
    reasons: [
      "bad-signature",
      "bad-request",
      "malformed",
      "too-deep",
      "unknown-key",
      "expired",
      "expires-too-late",
      "opening-expires-too-late",
      "out-of-order",
      "repeated",
      "id-reused",
    ],
    make: (command, pick) => messageOf(command.verb, bitFlipped(bytesOf(sign(command)), pick)),
  },
  "with a field changed": {
    good: "before",
    reasons: ["bad-signature"],
    make: (command, pick) => sent(command.verb, changed(sign(command), pick)),
  },
  "under another verb": {
    good: "before",
    reasons: ["bad-request", "bad-signature"],
    make: (command, pick) => sent(otherVerb(command, pick), sign(command)),
  },
  "under a verb there is not": {
    good: "before",
    reasons: ["unknown-verb"],
    make: (command) => sent(`${command.verb}-x`, sign(command)),
  },
  "by somebody whose role is too low": {
    good: "before",
    reasons: ["role-not-allowed"],
    make: (command) => sent(command.verb, sign({ ...command, asker: tooLow(command) })),
  },
  "by a stranger under a known name": {
    good: "before",
    // Ling's own name on what Ling may ask; on anything else the name's role is too low already.
    reasons: ["bad-signature", "role-not-allowed"],
    make: (command) => sent(command.verb, sign({ ...command, asker: stranger })),
  },
  "by an unknown key": {
    good: "before",
    reasons: ["unknown-key"],
    make: (command) => sent(command.verb, sign({ ...command, asker: unknown })),
  },
  oversized: {
    good: "before",
    reasons: ["too-large"],
    make: (command, pick) => sent(command.verb, JSON.stringify(sign(command)) + " ".repeat(16_384 + (pick % 1_000))),
  },
  deep: {
    good: "before",
    reasons: ["too-deep"],
    make: (command, pick) => {
      const depth = 8 + (pick % 500);
      return sent(
        command.verb,
        JSON.stringify(sign(command)).replace("{", `{"x":${"[".repeat(depth)}${"]".repeat(depth)},`),
      );
    },
  },
  "cut off": {
    good: "before",
    reasons: ["malformed"],
    make: (command, pick) => {
      const bytes = bytesOf(sign(command));
      return messageOf(command.verb, bytes.slice(0, pick % bytes.length));
    },
  },
  "with a field too many": {
    good: "before",
    reasons: ["bad-request"],
    make: (command, pick) => sent(command.verb, { ...sign(command), [pick % 2 === 0 ? "force" : "__proto_"]: true }),
  },
  "on an endless topic": {
    good: "before",
    reasons: ["topic-too-long"],
    make: (command, pick) => ({
      ...sent(command.verb, sign(command)),
      topic: `yizhan/1/bench/request/${"x".repeat(200 + (pick % 100))}`,
    }),
  },
  "while the clock is not known": {
    good: "before",
    reasons: ["clock-unsynchronised"],
    make: (command) => sent(command.verb, sign(command)),
  },
} as const satisfies Record<string, Mutation>;

export type MutationName = keyof typeof mutations;
