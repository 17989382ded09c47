/** Faults of people who can publish at the broker and mean harm. They know the topics and hold no key that the station trusts. */
import { sign } from "node:crypto";
import { contract, topicFor, topicRoot } from "../../services/contract/topics.ts";
import { signedText } from "../../services/requests/asker.ts";
import { ed25519FromSeed } from "../room/issuer.ts";
import type { Fault, FaultGround, Strike } from "./fault.ts";

const kind = "malicious";
const where = "broker";
const lifeMs = 20_000;

/** What an attacker has in hand. Undefined where no broker is simulated. */
function attackerOf({ simulation, random, config }: FaultGround) {
  const { broker, clock } = simulation;
  if (broker === undefined) return undefined;
  const { stationId, cabinets } = config.station;
  const draw = random.int(1e9);
  let asked = 0;
  const request = (body: Readonly<Record<string, unknown>>) => ({
    id: `x-${draw}-${++asked}`,
    expiresAt: clock.wallMs() + lifeMs,
    ...body,
  });
  const put = (verb: string, payload: string, station = stationId): void =>
    broker.inject(`${topicRoot(station)}request/${verb}`, payload);
  return {
    broker,
    clock,
    random,
    stationId,
    bay: random.pick(cabinets.flatMap(({ bays }) => bays)),
    request,
    put,
    ask: (verb: string, body: Readonly<Record<string, unknown>>, station = stationId) =>
      put(verb, JSON.stringify(request(body)), station),
  };
}

type Attacker = NonNullable<ReturnType<typeof attackerOf>>;

/** Does it once; there is nothing to mend. */
function once(ground: FaultGround, name: string, attack: (attacker: Attacker, ground: FaultGround) => void) {
  const attacker = attackerOf(ground);
  if (attacker === undefined) return undefined;
  const over = ground.troubles.begin(name, where);
  attack(attacker, ground);
  return { where, end: over };
}

const elsewhere = "elsewhere-9";

/** Whoever holds another station's certificate may speak there, and may try to be heard here. */
function otherStation({ ask, bay, put, request }: Attacker): void {
  ask("open", { bay }, elsewhere);
  ask("open", { bay, station: elsewhere });
  ask("lock-out", { bay, lockOut: "operator", reason: "not yours", station: elsewhere });
  // A signature that was good there is worth nothing here.
  put(
    "open",
    JSON.stringify({ ...request({ bay, station: elsewhere }), key: "ops", seq: 1, signature: "A".repeat(86) }),
  );
}

function badSignatures({ put, request, bay, stationId, random }: Attacker, { config }: FaultGround): void {
  const known = [...config.requests.keys.keys()];
  const key = known.length > 0 ? random.pick(known) : "ops";
  const order = request({ bay, key, seq: 1_000_000 });
  const own = ed25519FromSeed(`attacker ${random.int(1e9)}`);
  const text = signedText(stationId, "open", order) ?? "";
  const signature = sign(null, Buffer.from(text), own).toString("base64url");
  put("open", JSON.stringify({ ...order, signature }));
  put("open", JSON.stringify({ ...request({ bay, key, seq: 1_000_001 }), signature: "A".repeat(86) }));
  // Without a signature: whoever names a key or counts wants to be known by one.
  put("open", JSON.stringify(request({ bay, key, seq: 1_000_002 })));
  if (config.requests.signatures === "required") put("open", JSON.stringify(request({ bay })));
}

const hugeBytes = 100_000;
const deepLevels = 5_000;

function hugeAndDeep({ put, request, bay, broker, stationId }: Attacker): void {
  put("open", JSON.stringify(request({ bay, by: "x".repeat(hugeBytes) })));
  put(
    "open",
    `${JSON.stringify(request({ bay })).slice(0, -1)},"by":${"[".repeat(deepLevels)}${"]".repeat(deepLevels)}}`,
  );
  put("open", "{".repeat(deepLevels));
  put("lock-out", JSON.stringify(request({ bay })).slice(0, 20));
  broker.inject(topicFor(contract.accessList, { station: stationId }), "x".repeat(hugeBytes));
}

const everyMs = 20;
const perBurst = 20;

/** A thousand a second, half of them well-formed orders for a bay that no station has. */
function flood(ground: FaultGround): Strike | undefined {
  const attacker = attackerOf(ground);
  if (attacker === undefined) return undefined;
  const over = ground.troubles.begin("command-flood", where);
  let flows = true;
  const burst = (): void => {
    if (!flows) return;
    for (let at = 0; at < perBurst; at += 2) {
      attacker.ask("lock-out", { bay: 999, lockOut: "operator", reason: "flood" });
      attacker.put("open", "rubbish");
    }
    attacker.clock.after(everyMs, burst);
  };
  burst();
  return {
    where,
    end: () => {
      flows = false;
      over();
    },
  };
}

const wild = ["+", "#", "a/b", "../info", "$SYS/x", "a b", "仓"] as const;

function wildcards({ put, request, bay, stationId, broker }: Attacker): void {
  for (const id of wild) {
    put("open", JSON.stringify({ ...request({ bay }), id }));
    put("open", JSON.stringify({ ...request({ bay, station: id }) }));
    broker.inject(`${topicRoot(stationId)}request/${id}`, JSON.stringify(request({ bay })));
    broker.inject(`${topicRoot(stationId)}request/open${id}`, JSON.stringify(request({ bay, transaction: id })));
  }
}

/** A line that looks like another entry, a bell, an escape that clears a screen, the end of a string. */
const nasty = ["a\nfatal: b", "\u0007", "\u001b[2J", "x\u0000y", "\u202eevil"] as const;

function controlCharacters({ put, request, bay }: Attacker, ground: FaultGround): void {
  const { world } = ground.simulation;
  for (const text of nasty) {
    put("lock-out", JSON.stringify(request({ bay: 999, lockOut: "operator", reason: text })));
    put("open", JSON.stringify(request({ bay, by: text, key: text })));
    put("open", JSON.stringify({ ...request({ bay }), id: text }));
  }
  const cabinet = ground.random.pick(world.truth.cabinets).id;
  world.showCode(cabinet, `yz-member-0001${ground.random.pick(nasty)}`);
}

export const requestAttacks: readonly Fault[] = [
  {
    id: "X3",
    name: "other-station-asks",
    kind,
    says: { zh: "拿着别站证书的人发指令", en: "somebody with another station's certificate asks" },
    expects: "what is meant for another station is not heard, or is refused; nothing moves",
    invariants: ["I33"],
    perDay: 2,
    lastsS: [1, 10],
    strike: (ground) => once(ground, "other-station-asks", otherStation),
  },
  {
    id: "X4",
    name: "bad-signature",
    kind,
    says: { zh: "未签名或签名错误的指令", en: "orders without a signature, or with a wrong one" },
    expects: "they are refused and written down as a security event; nothing moves",
    invariants: ["I16"],
    perDay: 2,
    lastsS: [1, 10],
    strike: (ground) => once(ground, "bad-signature", badSignatures),
  },
  {
    id: "X5",
    name: "huge-message",
    kind,
    says: { zh: "10万字节或嵌套极深的报文", en: "messages of 100 kB, or nested without end" },
    expects: "they are dropped before they cost anything",
    invariants: ["I22", "I31"],
    perDay: 2,
    lastsS: [1, 10],
    strike: (ground) => once(ground, "huge-message", hugeAndDeep),
  },
  {
    id: "X6",
    name: "command-flood",
    kind,
    says: { zh: "每秒一千条指令", en: "a thousand orders a second" },
    expects: "a bucket lets some twenty a second through; riders are served meanwhile",
    invariants: ["I22"],
    perDay: 1,
    lastsS: [2, 15],
    strike: flood,
  },
  {
    id: "X7",
    name: "wildcard-ids",
    kind,
    says: { zh: "编号里带通配符", en: "wildcards and slashes where ids belong" },
    expects: "they are refused, and no topic outside the station's own is ever published",
    invariants: ["I33"],
    perDay: 2,
    lastsS: [1, 10],
    strike: (ground) => once(ground, "wildcard-ids", wildcards),
  },
  {
    id: "X11",
    name: "control-characters",
    kind,
    says: { zh: "名字里带控制字符", en: "control characters in names and codes" },
    expects: "they are refused or escaped, and no log line can be forged with them",
    invariants: ["I32"],
    perDay: 2,
    lastsS: [1, 10],
    strike: (ground) => once(ground, "control-characters", controlCharacters),
  },
];
