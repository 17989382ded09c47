import { sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { RequestPayload, Verb } from "../../../services/contract/request-payloads.ts";
import { verbs } from "../../../services/contract/request-payloads.ts";
import { type AskerContext, judgeAsker, signedText } from "../../../services/requests/asker.ts";
import { canonicalJson } from "../../../services/requests/canonical-json.ts";
import { askerRoles, isAtLeast } from "../../../services/requests/roles.ts";
import { makeAsker, only, signedBy } from "../../support/asking.ts";

const station = "liaoyuan";
const ling = makeAsker("ling", "operator");
const chen = makeAsker("chen", "technician");
const zhou = makeAsker("zhou", "supervisor");
const wang = makeAsker("wang", "viewer");
const stranger = makeAsker("ling", "operator");

/** A judge that counts how often it has to verify. */
function judge(verb: Verb, request: object, more: Partial<AskerContext> = {}) {
  let verified = 0;
  const { policy, verify } = only(ling, chen, zhou, wang);
  const context: AskerContext = {
    station,
    policy,
    lastSeq: () => undefined,
    verify: (...all) => {
      verified++;
      return verify(...all);
    },
    ...more,
  };
  const verdict = judgeAsker(verb, request as RequestPayload, context);
  return { said: verdict.is === "refused" ? verdict.reason : verdict.role, verified };
}

const bare = { id: "op-1", expiresAt: 1_769_836_200_000, seq: 7 };
const lockOut = { ...bare, bay: 3, lockOut: "operator", reason: "connector worn" };
const to = (verb: string) => ({ station, verb });
const signedLockOut = signedBy(ling, to("lock-out"), lockOut);

describe("a signed request", () => {
  test("is that of the key whose signature it bears, and was verified once", () => {
    expect(judge("lock-out", signedLockOut)).toEqual({ said: "operator", verified: 1 });
  });

  test("is signed over station, verb and canonical text, as another program would do it", () => {
    const { signature: _, ...said } = signedLockOut;
    const text = `yizhan-request-1\nliaoyuan\nlock-out\n${canonicalJson(said)}`;
    expect(signedText(station, "lock-out", signedLockOut)).toBe(text);
    const signature = sign(null, Buffer.from(text), ling.privateKey).toString("base64url");
    expect(judge("lock-out", { ...said, signature }).said).toBe("operator");
  });

  test.each<[string, object, string, number]>([
    ["says another bay than was signed", { ...signedLockOut, bay: 4 }, "bad-signature", 1],
    ["says who asks, and that was not signed", { ...signedLockOut, by: "desk" }, "bad-signature", 1],
    ["counts on", { ...signedLockOut, seq: 8 }, "bad-signature", 1],
    [
      "was signed for another station",
      signedBy(ling, { station: "other", verb: "lock-out" }, lockOut),
      "bad-signature",
      1,
    ],
    ["was signed for another verb", signedBy(ling, to("bind"), lockOut), "bad-signature", 1],
    ["was signed by a stranger who calls himself so", signedBy(stranger, to("lock-out"), lockOut), "bad-signature", 1],
    ["names somebody else's key", { ...signedLockOut, key: "chen" }, "bad-signature", 1],
    ["names a key that nobody has", { ...signedLockOut, key: "nobody" }, "unknown-key", 0],
    ["names a key like a property of every object", { ...signedLockOut, key: "constructor" }, "unknown-key", 0],
    ["names no key", { ...signedLockOut, key: undefined }, "unknown-key", 0],
    ["names a key and has no signature", { ...signedLockOut, signature: undefined }, "unsigned", 0],
    ["has no signature, no key and no number", { ...bare, seq: undefined }, "unsigned", 0],
    ["has no number", signedBy(ling, to("lock-out"), { ...lockOut, seq: undefined }), "out-of-order", 0],
  ])("that %s is refused (%s)", (_, request, reason, verified) => {
    expect(judge("lock-out", request)).toEqual({ said: reason, verified });
  });

  test.each([
    [6, "operator"],
    [7, "out-of-order"],
    [8, "out-of-order"],
  ])("after number %i of its key, the seventh is answered with %s", (last, said) => {
    expect(judge("lock-out", signedLockOut, { lastSeq: (key) => (key === "ling" ? last : undefined) }).said).toBe(said);
  });

  test("that changes nothing needs no number", () => {
    const { seq: _, ...uncounted } = bare;
    expect(judge("snapshot", signedBy(wang, to("snapshot"), uncounted)).said).toBe("viewer");
  });
});

describe("where signatures are optional", () => {
  const policy = { ...only(ling).policy, signatures: "optional" } as const;

  test("a request without one passes, and is nobody's", () => {
    expect(judge("lock-out", { ...lockOut, seq: undefined }, { policy })).toEqual({ said: undefined, verified: 0 });
  });

  test.each([
    ["claims a key", { ...lockOut, key: "ling" }],
    ["counts", lockOut],
  ])("one that %s without proof is refused all the same", (_, request) => {
    expect(judge("lock-out", request, { policy }).said).toBe("unsigned");
  });

  test("a wrong one is refused all the same", () => {
    expect(judge("lock-out", { ...signedLockOut, bay: 1 }, { policy }).said).toBe("bad-signature");
  });
});

describe("the role of a key", () => {
  const askers = { viewer: wang, operator: ling, technician: chen, supervisor: zhou } as const;
  const asked: Readonly<Record<Verb, object>> = {
    snapshot: bare,
    open: { ...bare, bay: 1 },
    "open-all": { ...bare, cabinet: "a" },
    reserve: { ...bare, bay: 1, member: "m-1", minutes: 5 },
    bind: { ...bare, packId: "yz-1", member: "m-1" },
    unbind: { ...bare, packId: "yz-1" },
    parameters: { ...bare, set: {} },
    "update-mode": { ...bare, on: true },
    "lock-out": lockOut,
    "cabinet-lock-out": { ...bare, cabinet: "a", lockOut: "operator", reason: "wet" },
    "open-door": { ...bare, door: "front" },
    "door-mode": { ...bare, door: "front", mode: "closed" },
    "clear-door": { ...bare, door: "front" },
    occupancy: { ...bare, count: 3 },
    "climate-mode": { ...bare, mode: "auto" },
    restock: { ...bare, count: 48 },
    "open-locker": { ...bare, amenity: "phones", locker: 2 },
    "fill-locker": { ...bare, amenity: "gifts", locker: 2 },
    "answer-help": { ...bare, amenity: "help" },
  };

  const pairs = (Object.keys(verbs) as Verb[]).flatMap((verb) => askerRoles.map((role) => [verb, role] as const));
  test.each(pairs)("asks for %s as a %s exactly if the table says so", (verb, role) => {
    const { said, verified } = judge(verb, signedBy(askers[role], to(verb), { ...asked[verb] }));
    const allowed = isAtLeast(role, verbs[verb].role);
    expect({ said, verified }).toEqual(
      allowed ? { said: role, verified: 1 } : { said: "role-not-allowed", verified: 0 },
    );
  });

  test.each([
    [ling, "role-not-allowed"],
    [chen, "role-not-allowed"],
    [zhou, "supervisor"],
  ])("lets only a supervisor change numbers (%#)", (asker, said) => {
    const set = { "charging.targetSocPct": 85 };
    expect(judge("parameters", signedBy(asker, to("parameters"), { ...bare, set })).said).toBe(said);
  });
});
