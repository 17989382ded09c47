/** One door with its people, for the tests of access: signs codes and lists, moves contacts and clocks, writes or loses records. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { rawOf, verifyEd25519 } from "../../../firmware/config/ed25519.ts";
import { AccessConfig } from "../../../services/access/config.ts";
import { type AccessDurable, emptyAccess, foldAccess } from "../../../services/access/durable.ts";
import { accessLevels } from "../../../services/access/levels.ts";
import type { emptyDoorReadings } from "../../../services/access/readings.ts";
import type { AccessRecord } from "../../../services/access/records.ts";
import {
  type AccessContext,
  type AccessEffect,
  type AccessEvent,
  type AccessOrder,
  type AccessState,
  bootAccess,
} from "../../../services/access/state.ts";
import { stepAccess } from "../../../services/access/step.ts";
import { accessFaults } from "../../../services/access/watch.ts";

export const NOW = 1_769_835_900_000;
export const station = "liaoyuan";

export interface Signer {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

export function makeSigner(kid: string): Signer {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { kid, privateKey, publicKey: rawOf(publicKey) };
}

export const issuer = makeSigner("issuer-1");
export const authority = makeSigner("authority-1");
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
export const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const keyIn = ({ kid, publicKey }: Signer) => ({ kid, publicKey });

export function jwsOf(signer: Signer, header: object, claims: object): string {
  const signed = `${base64url(header)}.${base64url(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), signer.privateKey).toString("base64url")}`;
}

let made = 0;
export interface Claims {
  readonly jti?: string;
  readonly sub?: string;
  readonly aud?: unknown;
  readonly nbf?: unknown;
  readonly exp?: unknown;
  readonly role?: string;
}

/** A code that lives 12 s from `atMs` on. */
export function tokenAt(atMs: number, more: Claims = {}, signer: Signer = issuer, header: object = {}): string {
  const nbf = Math.floor(atMs / 1_000);
  made += 1;
  const claims = {
    jti: `jti-${String(made).padStart(8, "0")}`,
    sub: "m-0042",
    aud: `${station}/front`,
    nbf,
    exp: nbf + 12,
  };
  return jwsOf(signer, { alg: "EdDSA", kid: signer.kid, typ: "door+jwt", ...header }, { ...claims, ...more });
}

export const listOf = (more: object, signer: Signer = authority): string =>
  jwsOf(
    signer,
    { alg: "EdDSA", kid: signer.kid, typ: "access-list+jwt" },
    { station, version: 1, issuedAt: NOW, ...more },
  );

export function configOf(more: object = {}): AccessConfig {
  return AccessConfig.parse({
    doors: [{ id: "front" }],
    readers: [{ id: "outside", door: "front" }],
    issuers: [keyIn(issuer)],
    ...more,
  });
}

export const withList = { authorities: [keyIn(authority)] };

/** A moment of a Wednesday at noon. */
export const noon = { date: "2026-01-28", dateBefore: "2026-01-27", weekday: 3, minute: 720 };

export interface Wishes {
  readonly config?: AccessConfig;
  readonly durable?: AccessDurable;
  readonly wallMs?: number;
  readonly synchronised?: boolean;
}

export function atTheDoor({
  config = configOf(),
  durable = emptyAccess,
  wallMs = NOW,
  synchronised = true,
}: Wishes = {}) {
  const clock = { monotonicMs: 1_000_000, wallMs, synchronised };
  const readings: Record<string, ReturnType<typeof emptyDoorReadings>> = {};
  const contacts: Record<string, { shut: boolean; exitRequest: boolean; tamper: boolean; lockPower: boolean }> = {};
  const silent = new Set<string>();
  for (const { id } of config.doors) contacts[id] = { shut: true, exitRequest: false, tamper: false, lockPower: true };
  let state: AccessState = bootAccess(durable, config, clock.monotonicMs);
  const log: { record: AccessRecord; at: number }[] = [];
  const heard: AccessEffect[] = [];
  let disk: "writes" | "fails" | "hangs" = "writes";
  let fire = false;
  let civil: AccessContext["civil"] = noon;

  function look(): void {
    for (const [door, now] of Object.entries(contacts)) {
      const sample = (name: keyof typeof now) =>
        silent.has(`${door}/${name}`)
          ? undefined
          : { value: now[name], atMs: clock.monotonicMs, quality: "good" as const };
      readings[door] = {
        shut: sample("shut"),
        exitRequest: sample("exitRequest"),
        tamper: sample("tamper"),
        lockPower: sample("lockPower"),
      };
    }
  }

  const context = (): AccessContext => ({
    station,
    config,
    readings,
    now: { ...clock },
    civil,
    fire,
    verify: verifyEd25519,
  });

  function send(event: AccessEvent): readonly AccessEffect[] {
    look();
    const { next, effects } = stepAccess(state, event, context());
    state = next;
    heard.push(...effects);
    const more: AccessEvent[] = [];
    for (const effect of effects) {
      if (effect.do === "record" && disk === "writes") log.push({ record: effect.record, at: effect.at });
      if (effect.do !== "grant" || disk === "hangs") continue;
      const { door, decision } = effect;
      more.push({ type: disk === "writes" ? "grant-due" : "grant-unwritten", door, decision });
    }
    return [...effects, ...more.flatMap((event) => send(event))];
  }

  const said = (effects: readonly AccessEffect[]): string | undefined => {
    const answers = effects.flatMap((effect) => (effect.do === "answer" ? [effect.answer] : []));
    const last = answers.at(-1);
    return last?.is === "refused" ? last.reason : last?.is;
  };

  const self = {
    clock,
    contacts,
    silent,
    log,
    heard,
    send,
    tick: () => send({ type: "tick" }),
    show: (text: string, reader = "outside") => said(send({ type: "code", reader, text, digest: sha256(text) })),
    card: (card: string, challenge: "answered" | "failed" | "none" = "answered", nonce = `n${made++}`) =>
      said(send({ type: "card", reader: "outside", card: sha256(card), challenge, nonce })),
    list: (text: string) => send({ type: "list", text, digest: sha256(text) }),
    order(asked: AccessOrder): string {
      const responses = send({ type: "order", order: asked }).filter((effect) => effect.do === "respond");
      const last = responses.at(-1);
      return last === undefined ? "unanswered" : (last.reason ?? "ok");
    },
    /** Both clocks go on. */
    wait(ms: number) {
      clock.monotonicMs += ms;
      clock.wallMs += ms;
      return self.tick();
    },
    levels: (door = "front") => {
      look();
      return accessLevels(state, context())[door];
    },
    faults: () => {
      look();
      return accessFaults(state, context()).map(({ code, subject }) => `${code}/${subject}`);
    },
    position: (door = "front") => state.doors[door]?.position.at,
    state: () => state,
    setDisk: (now: typeof disk) => {
      disk = now;
    },
    setFire: (now: boolean) => {
      fire = now;
    },
    setCivil: (now: AccessContext["civil"]) => {
      civil = now;
    },
    /** The power goes: what is written stays. */
    restart(more: Partial<typeof clock> = {}) {
      const folded = log.reduce((was, { record, at }) => foldAccess(was, record, at), durable);
      Object.assign(clock, { monotonicMs: 5_000 }, more);
      state = bootAccess(folded, config, clock.monotonicMs);
      send({ type: "tick" });
    },
    kinds: () => log.map(({ record }) => record.kind),
  };
  self.tick();
  return self;
}
export type AtTheDoor = ReturnType<typeof atTheDoor>;
