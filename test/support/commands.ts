/** Good commands for a command bench: signed by somebody who may, numbered, and marked so that their doing is found again. */
import type { Verb } from "../../services/contract/request-payloads.ts";
import { makeAsker, signedBy, type TestAsker } from "./asking.ts";
import { benchStation, type CommandBench } from "./command-bench.ts";

export const people = {
  viewer: makeAsker("wang", "viewer"),
  operator: makeAsker("ling", "operator"),
  technician: makeAsker("chen", "technician"),
  supervisor: makeAsker("zhou", "supervisor"),
  /** A second one, for what takes two. */
  second: makeAsker("wu", "supervisor"),
} as const;
export const everyone: readonly TestAsker[] = Object.values(people);

export interface Command {
  readonly verb: Verb;
  readonly asker: TestAsker;
  readonly payload: Readonly<Record<string, unknown>>;
}

export const goodKinds = [
  "open",
  "lock-out",
  "cabinet-lock-out",
  "bind",
  "unbind",
  "reserve",
  "parameters",
  "update-mode",
] as const;
export type GoodKind = (typeof goodKinds)[number];

const encoder = new TextEncoder();
export const bytesOf = (payload: unknown): Uint8Array =>
  encoder.encode(typeof payload === "string" ? payload : JSON.stringify(payload));

export const messageOf = (verb: string, payload: Uint8Array, retained = false) => ({
  topic: `yizhan/1/${benchStation}/request/${verb}`,
  payload,
  retained,
});

/** Numbers and ids of one run. */
export class Desk {
  readonly bench: CommandBench;
  private count = 0;

  constructor(bench: CommandBench) {
    this.bench = bench;
  }

  nextSeq(): number {
    return ++this.count;
  }

  /** What all commands carry; it holds for 50 s. */
  envelope(): { id: string; expiresAt: number; seq: number } {
    const seq = this.nextSeq();
    return { id: `g-${seq}`, expiresAt: this.bench.station.wallMs + 50_000, seq };
  }

  good(kind: GoodKind, bay: number): Command {
    const envelope = this.envelope();
    const { id } = envelope;
    switch (kind) {
      case "open":
        return { verb: kind, asker: people.technician, payload: { ...envelope, bay } };
      case "lock-out":
        return { verb: kind, asker: people.operator, payload: { ...envelope, bay, lockOut: "operator", reason: id } };
      case "cabinet-lock-out": {
        const payload = { ...envelope, cabinet: "c-1", lockOut: "operator", reason: id };
        return { verb: kind, asker: people.technician, payload };
      }
      case "bind":
        return { verb: kind, asker: people.operator, payload: { ...envelope, packId: id, member: "m-0007" } };
      case "unbind":
        return { verb: kind, asker: people.operator, payload: { ...envelope, packId: id } };
      case "reserve":
        return { verb: kind, asker: people.operator, payload: { ...envelope, bay, member: "m-0007", minutes: 1 } };
      case "parameters": {
        const set = { "charging.targetSocPct": 80 + bay };
        return { verb: kind, asker: people.supervisor, payload: { ...envelope, set } };
      }
      case "update-mode":
        return { verb: kind, asker: people.technician, payload: { ...envelope, on: bay === 1 } };
    }
  }
}

export const sign = ({ verb, asker, payload }: Command, station = benchStation): Record<string, unknown> =>
  signedBy(asker, { station, verb }, payload);
