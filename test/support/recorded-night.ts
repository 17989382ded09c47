/**
 * A busy hour at a station with a room, recorded: riders swap, people come in with signed codes and cards, an access list arrives,
 * operators ask, something smokes. Everything that must not be in its recording is collected beside it, at the very place where it
 * entered the core.
 */
import { type LoadedConfig, loadConfig } from "../../firmware/config/load.ts";
import type { Recorder } from "../../firmware/runner/recording.ts";
import type { StationEvent } from "../../services/events.ts";
import { createSimulation, type Simulation } from "../../simulator/simulation.ts";
import { authority, listOf, sha256, withList } from "../services/access/at-the-door.ts";
import { type Recorded, recordedInMemory } from "./recorded-station.ts";
import type { Secret } from "./secrets.ts";

export interface RecordedNight {
  readonly kept: Recorded;
  readonly simulation: Simulation;
  readonly secrets: readonly Secret[];
  readonly events: readonly StationEvent[];
}

const fromMs = Date.UTC(2026, 0, 15, 3, 0);
const minuteMs = 60_000;
export const guestCode = "73519264";
const card = sha256("card of Wang");
const neighbour = "neighbour-0815";
const keyId = "wang-laptop";

function roomStation(): LoadedConfig {
  const loaded = loadConfig("examples/room-station.yaml");
  if (!loaded.ok) throw new Error("examples/room-station.yaml is not valid");
  const { config } = loaded;
  const { room } = config.station;
  if (room === undefined) throw new Error("no room");
  const access = { ...room.access, ...withList };
  return { ...config, station: { ...config.station, room: { ...room, access } } };
}

/** An access list of the station's own authority. */
const accessList = (version: number): string =>
  listOf({
    station: "room-1",
    version,
    issuedAt: fromMs,
    revokedMembers: ["m-0013", "gone-4711"],
    revokedCards: [sha256("a lost card")],
    cards: [{ card, member: "m-0007" }],
    codes: [
      { code: sha256("the neighbour's code"), member: neighbour },
      { code: sha256("a code that nobody shows"), member: "absent-1234" },
    ],
    visitorCodes: [
      {
        id: "mrs-zhang",
        code: sha256(guestCode),
        door: "front",
        from: fromMs - minuteMs,
        until: fromMs + 90 * minuteMs,
      },
    ],
    entitlements: [
      { name: "gift-for-the-neighbour", member: neighbour, until: fromMs + 900 * minuteMs },
      { name: "gift-for-seven", member: "m-0007", until: fromMs + 900 * minuteMs },
    ],
  });

/** What enters the core, seen before the recorder hides anything of it. */
function listening(recorder: Recorder, events: StationEvent[]): Recorder {
  return {
    enters(was, input) {
      events.push(input.event);
      recorder.enters(was, input);
    },
    decided: (effects) => recorder.decided(effects),
    granted: (input, grant) => recorder.granted(input, grant),
    noted: (level, what, detail) => recorder.noted(level, what, detail),
    verify: (verify) => recorder.verify(verify),
  };
}

function showThings(simulation: Simulation): void {
  const { clock } = simulation;
  const post = (event: StationEvent) => simulation.station.loop.post(event);
  const shown = (reader: string, text: string) => post({ type: "room-code", reader, text, digest: sha256(text) });
  const tap = (nonce: string) => post({ type: "room-card", reader: "front-cards", card, challenge: "answered", nonce });
  post({ type: "access-list", text: accessList(1), digest: sha256(accessList(1)) });
  post({ type: "access-list", text: `${accessList(2)}x`, digest: sha256("spoilt") });
  const visits: readonly (() => void)[] = [
    () => tap("0011223344"),
    () => shown("front-codes", guestCode),
    () => shown("gifts", "the neighbour's code"),
    () => shown("fridge", "the neighbour's code"),
    () => shown("phones", "yz-member-0013"),
    () => shown("front-codes", "not a code at all"),
    () => tap("5566778899"),
    () => shown("front-codes", "41927385"),
    () => post({ type: "access-list", text: accessList(3), digest: sha256(accessList(3)) }),
    () => shown("gifts", "the neighbour's code"),
  ];
  for (const [at, visit] of visits.entries()) clock.after((2 + 3 * at) * minuteMs, visit);
}

function askThings(simulation: Simulation): void {
  const { clock, broker } = simulation;
  const ask = (verb: string, request: object, atMinute: number) =>
    clock.after(atMinute * minuteMs, () => {
      const expiresAt = clock.wallMs() + 50_000;
      const payload = { id: `ask-${verb}-${atMinute}`, expiresAt, by: "Wang Xiaoming", ...request };
      broker?.inject(`yizhan/1/room-1/request/${verb}`, JSON.stringify(payload));
    });
  ask("bind", { packId: "yz-0001", member: "m-0099" }, 4);
  ask("lock-out", { bay: 4, lockOut: "operator", reason: "Li Lei called: smells odd" }, 5);
  ask("lock-out", { bay: 4, lockOut: "none", reason: "done" }, 9);
  ask("open", { bay: 4 }, 10);
  ask("open-door", { door: "front" }, 11);
  ask("door-mode", { door: "front", mode: "open", minutes: 3 }, 12);
  ask("restock", { count: 40 }, 1);
  ask("fill-locker", { amenity: "gifts", locker: 1 }, 3);
  ask("fill-locker", { amenity: "gifts", locker: 2 }, 3);
}

function secretsOf(simulation: Simulation, events: readonly StationEvent[]): Secret[] {
  const { members } = simulation.station.config;
  const digests = [...members.byDigest];
  const shown = events.flatMap((event): string[] => {
    if (event.type === "scan") return [event.digest];
    if (event.type === "room-card") return [event.card, event.nonce];
    return event.type === "room-code" || event.type === "access-list" ? [event.text, event.digest] : [];
  });
  const claims = shown.flatMap((text) => {
    const body = text.split(".")[1];
    if (body === undefined) return [];
    const { jti, sub } = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Record<string, unknown>;
    return [jti, sub, body].filter((part) => typeof part === "string");
  });
  const keys = simulation.station.config.station.room?.access;
  const listed = ["gone-4711", "mrs-zhang", neighbour, "absent-1234", "gift-for-the-neighbour", "gift-for-seven", card];
  const words = ["Wang Xiaoming", "Li Lei", guestCode, keyId, authority.publicKey, sha256("the neighbour's code")];
  return [
    ...digests.map(([digest, { member }]) => ({ what: `digest of ${member}`, text: digest })),
    ...digests.map(([, { member }]) => ({ what: "a member's number", text: member })),
    ...[...(keys?.issuers ?? []), ...(keys?.authorities ?? [])].map((key) => ({
      what: "a key",
      text: key.publicKey,
    })),
    ...[...shown, ...claims, ...listed, ...words]
      // A card that was not challenged has an empty proof, which is in every text.
      .filter((text) => text !== "")
      .map((text) => ({ what: `what was shown: ${text}`, text })),
  ];
}

export function recordNight(seed: string, minutes: number): RecordedNight {
  const kept = recordedInMemory();
  const events: StationEvent[] = [];
  const config = roomStation();
  const simulation = createSimulation({
    config,
    seed,
    fromMs,
    world: { arrivalsPerDay: 900, room: { visitsPerDay: 4_000 }, issuerSeed: seed },
    record: (loaded, platform) => listening(kept.record(loaded, platform), events),
  });
  const { clock, world } = simulation;
  clock.after(30_000, () => showThings(simulation));
  askThings(simulation);
  clock.after(14 * minuteMs, () => world.setSmoke("a", true));
  clock.after(15 * minuteMs, () => world.setSmoke("a", false));
  clock.runUntil(minutes * minuteMs);
  kept.recorder().write("asked");
  clock.runUntil(minutes * minuteMs + 10_000);
  return { kept, simulation, secrets: secretsOf(simulation, events), events };
}
