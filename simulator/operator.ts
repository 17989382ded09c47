/**
 * An operator in the union's office who signs what is asked, with a key made from the simulation's seed, and numbers every order. It
 * can also ask as nobody should: twice, too late, with an old number, or so that the broker keeps it. A real station never knows
 * this key.
 */
import { createPublicKey, sign } from "node:crypto";
import type { LoadedConfig } from "../firmware/config/load.ts";
import type { Clock } from "../hal/ports/clock.ts";
import type { Verb } from "../services/contract/request-payloads.ts";
import { topicRoot } from "../services/contract/topics.ts";
import { signedText } from "../services/requests/asker.ts";
import type { OperatorsDesk } from "./broker.ts";
import { ed25519FromSeed } from "./room/issuer.ts";

export const simulatedOperator = "simulated-operator";

/** An opening may not hold longer than a minute. */
const LIFE_MS = 50_000;
/** Before the 32 bytes of an Ed25519 key in SPKI (RFC 8410). */
const SPKI_HEAD_BYTES = 12;

const keyOf = (seed: string) => ed25519FromSeed(`${seed} operator`);

export function withOperator(config: LoadedConfig, seed: string): LoadedConfig {
  const spki = createPublicKey(keyOf(seed)).export({ format: "der", type: "spki" });
  const publicKey = spki.subarray(SPKI_HEAD_BYTES).toString("base64url");
  const keys = new Map(config.requests.keys);
  keys.set(simulatedOperator, { id: simulatedOperator, role: "supervisor", publicKey });
  return { ...config, requests: { ...config.requests, keys } };
}

export interface Operator {
  /** A signed order as it goes over the wire. `seq`: its number, else the next one; `livesMs` may be negative. */
  order(verb: Verb, body: object, how?: { readonly seq?: number; readonly livesMs?: number }): Order;
  send(order: Order, how?: { readonly retained?: boolean }): void;
}

export interface Order {
  readonly id: string;
  readonly seq: number;
  readonly topic: string;
  readonly text: string;
}

export interface OperatorOptions {
  readonly desk: OperatorsDesk;
  readonly clock: Clock;
  readonly stationId: string;
  readonly seed: string;
}

export function createOperator({ desk, clock, stationId, seed }: OperatorOptions): Operator {
  let asked = 0;
  return {
    order(verb, body, { seq = asked + 1, livesMs = LIFE_MS } = {}) {
      asked = Math.max(asked + 1, seq);
      const id = `office-${asked}-${seq}`;
      const said = { id, key: simulatedOperator, seq, by: "office", expiresAt: clock.wallMs() + livesMs, ...body };
      const text = signedText(stationId, verb, said) ?? "";
      const signature = sign(null, Buffer.from(text), keyOf(seed)).toString("base64url");
      return { id, seq, topic: `${topicRoot(stationId)}request/${verb}`, text: JSON.stringify({ ...said, signature }) };
    },
    send: ({ topic, text }, { retained = false } = {}) => desk.inject(topic, text, { retained }),
  };
}
