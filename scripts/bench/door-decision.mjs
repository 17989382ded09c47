// What a rider waits for at the door before the disk: from the text that a reader delivered to the decision, digest, parsing, the
// Ed25519 signature and the record included. Beside it, in turn with it, nothing but the signature's verification.
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { amount, figure, percentile } from "./figures.mjs";

const DECISIONS = 10_000;
/** As much as a list may hold, so that nothing is measured on an empty table. */
const LIST = { cards: 5_000, revoked: 20_000 };
/** Codes that are remembered as used: each is forgotten some 20 s after it was shown, and there is room for 4,096. */
const USED = { usual: 20, full: 4_000 };
const NOW = 1_769_835_900_000;
const STATION = "bench";
const DOOR = "front";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signer(kid) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(12).toString("base64url");
  const jws = (typ, claims) => {
    const signed = `${part({ alg: "EdDSA", kid, typ })}.${part(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString("base64url")}`;
  };
  return { entry: { kid, publicKey: raw }, key: createPublicKey(privateKey), jws };
}

function tokenOf(issuer, at) {
  const nbf = NOW / 1_000;
  const jti = `jti-${String(at).padStart(8, "0")}`;
  return issuer.jws("door+jwt", { jti, sub: "m-0042", aud: `${STATION}/${DOOR}`, nbf, exp: nbf + 12 });
}

/** The door as it stands when somebody comes: shut, its list heard, so many codes used a moment ago. */
async function theDoor(root, { issuer, authority }, usedCount) {
  const from = (module) => import(`${root}/dist/${module}.js`);
  const { AccessConfig } = await from("services/access/config");
  const { emptyAccess } = await from("services/access/durable");
  const { bootAccess } = await from("services/access/state");
  const { stepAccess } = await from("services/access/step");
  const { verifyEd25519 } = await from("firmware/config/ed25519");
  const config = AccessConfig.parse({
    doors: [{ id: DOOR }],
    readers: [{ id: "outside", door: DOOR }],
    issuers: [issuer.entry],
    authorities: [authority.entry],
  });
  const monotonicMs = 1_000_000;
  const sample = (value) => ({ value, atMs: monotonicMs, quality: "good" });
  const context = {
    station: STATION,
    config,
    readings: { [DOOR]: { shut: sample(true), exitRequest: sample(false), tamper: undefined, lockPower: undefined } },
    now: { monotonicMs, wallMs: NOW, synchronised: true },
    civil: { date: "2026-01-31", dateBefore: "2026-01-30", weekday: 6, minute: 785 },
    fire: false,
    verify: verifyEd25519,
  };
  const used = Object.fromEntries(
    Array.from({ length: usedCount }, (_, at) => [`token:issuer:old-${at}`, NOW + 60_000]),
  );
  const list = authority.jws("access-list+jwt", {
    station: STATION,
    version: 1,
    issuedAt: NOW,
    revokedMembers: Array.from({ length: LIST.revoked }, (_, at) => `gone-${at}`),
    cards: Array.from({ length: LIST.cards }, (_, at) => ({ card: sha256(`card-${at}`), member: `m-${at}` })),
  });
  const boot = bootAccess({ ...emptyAccess, used }, config, 0);
  const { next } = stepAccess(boot, { type: "list", text: list, digest: sha256(list) }, context);
  if (next.list?.cards.size !== LIST.cards) throw new Error("the list was not taken");
  /** Each decision starts from the same door, as if nobody had come before. */
  return (event) => stepAccess(next, event, context).effects;
}

const isGranted = (effects) => effects.some((effect) => effect.do === "grant");
const refusalOf = (effects) => effects.find((effect) => effect.do === "answer")?.answer.reason;

function codeShown(decide, text) {
  return decide({ type: "code", reader: "outside", text, digest: sha256(text) });
}

function cardShown(decide, at) {
  const card = sha256(`card-${at % LIST.cards}`);
  return decide({ type: "card", reader: "outside", card, challenge: "answered", nonce: `n-${at}` });
}

const expectThat = (truth, what) => {
  if (!truth) throw new Error(`the door decided wrongly: ${what}`);
};

function timed(times, work) {
  const fromMs = performance.now();
  const found = work();
  times.push((performance.now() - fromMs) * 1_000);
  return found;
}

/** One of each in turn, so that a busy moment of the machine falls on all alike. */
function oneRound({ decide, decideFull }, { issuer, forger }, times, at) {
  const good = tokenOf(issuer, at);
  const forged = tokenOf(forger, at);
  const dot = good.lastIndexOf(".");
  const [signed, signature] = [Buffer.from(good.slice(0, dot)), Buffer.from(good.slice(dot + 1), "base64url")];
  expectThat(
    timed(times.bare, () => verify(null, signed, issuer.key, signature)),
    "the bare signature",
  );
  expectThat(isGranted(timed(times.good, () => codeShown(decide, good))), "a good code was refused");
  expectThat(isGranted(timed(times.full, () => codeShown(decideFull, good))), "a good code was refused");
  const refused = refusalOf(timed(times.forged, () => codeShown(decide, forged)));
  expectThat(refused === "bad-signature", `a forged code: ${refused}`);
  expectThat(isGranted(timed(times.card, () => cardShown(decide, at))), "a good card was refused");
}

export const doorDecision = {
  name: "door-decision",
  latency: true,
  title: "a code or a card at the door → the decision, its digest and its signature included",
  async run({ root, quick, say }) {
    const issuer = signer("issuer");
    const keys = { issuer, authority: signer("authority"), forger: { ...signer("issuer") } };
    const doors = {
      decide: await theDoor(root, keys, USED.usual),
      decideFull: await theDoor(root, keys, USED.full),
    };
    const rounds = quick ? 500 : DECISIONS;
    const fresh = () => ({ bare: [], good: [], full: [], forged: [], card: [] });
    for (let at = 0; at < 200; at++) oneRound(doors, keys, fresh(), 900_000 + at);
    const times = fresh();
    for (let at = 0; at < rounds; at++) {
      if (at % 1_000 === 0) say(`${at} of ${rounds}`);
      oneRound(doors, keys, times, at);
    }
    const figures = [
      ["a good signed code", times.good],
      [`the same, ${USED.full} codes remembered as used`, times.full],
      ["a forged one, refused", times.forged],
      ["a card that answered its challenge", times.card],
    ].flatMap(([name, own]) =>
      [50, 99].map((percent) =>
        figure({
          name: `${name}, p${percent}`,
          value: percentile(own, percent),
          unit: "µs",
          baseline: { name: `a bare crypto.verify (Ed25519), p${percent}`, value: percentile(times.bare, percent) },
        }),
      ),
    );
    const worstMs = Math.max(...times.good) / 1_000;
    return {
      figures,
      notes: [
        `${rounds} decisions of each kind, in turn; the worst of a good code ${amount(worstMs, "ms")}`,
        `one door, ${LIST.cards} cards, ${LIST.revoked} revoked members, ${USED.usual} codes remembered as used; a card's challenge is the card reader's time and not in it`,
        "the door moves only when the record of the decision is on disk: see `log` for that part",
      ],
    };
  },
};
