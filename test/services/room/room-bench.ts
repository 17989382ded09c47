/**
 * A whole room for tests: its people's contacts, its temperatures, a disk that writes, fails or hangs, and a power switch. It asks
 * the room's step as the station does and folds the same log, so that a restart knows only what was written.
 */
import { verifyEd25519 } from "../../../firmware/config/ed25519.ts";
import { AccessConfig } from "../../../services/access/config.ts";
import { AmenitiesConfig } from "../../../services/amenities/config.ts";
import { ClimateConfig } from "../../../services/climate/config.ts";
import type { StationEvent } from "../../../services/events.ts";
import { FridgeConfig } from "../../../services/fridge/config.ts";
import { makeMemberList } from "../../../services/members/members.ts";
import type { OrderAnswer } from "../../../services/operators/requests.ts";
import type { Reading } from "../../../services/reading.ts";
import { doorReason } from "../../../services/requests/reasons.ts";
import { bootRoom } from "../../../services/room/boot.ts";
import type { RoomConfig } from "../../../services/room/config.ts";
import type { RoomContext, RoomDraft, RoomEffect } from "../../../services/room/draft.ts";
import { emptyRoomDurable, foldRoom, type RoomDurable } from "../../../services/room/durable.ts";
import { roomFaults } from "../../../services/room/faults.ts";
import { interlockRoom } from "../../../services/room/interlocks.ts";
import { orderRoom, type RoomRequest } from "../../../services/room/orders.ts";
import { deriveRoom } from "../../../services/room/outputs.ts";
import { type AmenityContact, emptyRoomReadings, type RoomReadings } from "../../../services/room/readings.ts";
import type { RoomRecord } from "../../../services/room/records.ts";
import type { RoomState } from "../../../services/room/state.ts";
import { type RoomStep, stepRoom } from "../../../services/room/step.ts";
import { configOf, NOW, noon, sha256, station } from "../access/at-the-door.ts";

export const scanMs = 250;

const amenities = [
  { kind: "hot-water", id: "tea" },
  { kind: "microwave", id: "wave" },
  { kind: "socket", id: "dryer" },
  { kind: "phone-lockers", id: "phones", lockers: 2 },
  { kind: "gift-lockers", id: "gifts", lockers: 2 },
  { kind: "rescue-cabinet", id: "aid", hasAed: true },
  { kind: "light", id: "lamp" },
  { kind: "ventilation", id: "air" },
  { kind: "toilet-light", id: "toilet" },
  { kind: "help", id: "help" },
];

export function roomConfig(more: Partial<RoomConfig> = {}): RoomConfig {
  return {
    access: AccessConfig.parse(configOf()),
    climate: ClimateConfig.parse({}),
    climateSensors: 2,
    fridge: FridgeConfig.parse({}),
    amenities: AmenitiesConfig.parse(amenities),
    readers: [
      { id: "outside", place: { at: "door", door: "front" } },
      { id: "fridge-reader", place: { at: "fridge" } },
      { id: "phones-reader", place: { at: "amenity", amenity: "phones" } },
      { id: "wave-reader", place: { at: "amenity", amenity: "wave" } },
      { id: "gifts-reader", place: { at: "amenity", amenity: "gifts" } },
    ],
    hasPresence: true,
    ...more,
  };
}

const members = makeMemberList([
  { member: "m-1", credentialSha256: sha256("code-1"), role: "rider", active: true },
  { member: "m-2", credentialSha256: sha256("code-2"), role: "rider", active: true },
  { member: "t-1", credentialSha256: sha256("tech"), role: "technician", active: true },
]);

/** Everything as on a quiet day: doors shut, 20 °C, the fridge cold, the boiler full. */
class Senses {
  doorShut = true;
  exit = false;
  present = true;
  airC: (number | undefined)[] = [20, 20.1];
  outsideC = -20;
  fridgeC: number | undefined = 4;
  fridgeShut = true;
  boilerC: number | undefined = 60;
  /** Whether the board of the lockers' latches answers. */
  latchesAnswer = true;
  readonly contacts: Record<string, Partial<Record<AmenityContact, boolean | undefined>>> = {
    tea: { filled: true, leaking: false, unlock: false, button: false },
    wave: { button: false, stop: false },
    dryer: { button: false, stop: false },
    aid: { shut: true, inPlace: true },
    toilet: { present: false },
    help: { button: false },
  };
}

export class RoomBench {
  readonly config: RoomConfig;
  readonly senses = new Senses();
  readonly says: string[] = [];
  /** What reached the disk. */
  readonly disk: { readonly record: RoomRecord; readonly at: number }[] = [];
  readonly effects: RoomEffect[] = [];
  diskDoes: "writes" | "fails" | "hangs" = "writes";
  fire = false;
  emergency = false;
  powered = true;
  synchronised = true;
  nowMs = 1_000_000;
  wallMs = NOW;
  durable: RoomDurable = emptyRoomDurable;
  state: RoomState;
  private wobble = 0;
  /** What the boards said of latches last. */
  private readonly pulled: Record<string, Reading<number> | undefined> = {};

  constructor(config: RoomConfig = roomConfig()) {
    this.config = config;
    // A fridge with drinks in it.
    this.disk.push({ record: { kind: "fridge-restocked", count: 20, by: "test" }, at: NOW - 1 });
    this.durable = this.folded();
    this.state = bootRoom(config, this.durable, this.nowMs);
    this.pass(2_000);
  }

  private folded(): RoomDurable {
    return this.disk.reduce((durable, { record, at }) => foldRoom(durable, record, at), emptyRoomDurable);
  }

  readings(): RoomReadings {
    const { senses, nowMs } = this;
    // A sensor that lives never says the same twice.
    this.wobble = this.wobble === 0 ? 0.01 : 0;
    const sample = <T>(value: T) => ({ value, atMs: nowMs, quality: "good" as const });
    const readings = emptyRoomReadings(this.config);
    const door = readings.doors.front;
    if (door !== undefined) {
      door.shut = sample(senses.doorShut);
      door.exitRequest = sample(senses.exit);
    }
    senses.airC.forEach((tempC, at) => {
      readings.air[at] = tempC === undefined ? undefined : sample({ tempC: tempC + this.wobble });
    });
    readings.outsideC = sample(senses.outsideC);
    readings.present = sample(senses.present);
    readings.fridge.airC = senses.fridgeC === undefined ? undefined : sample(senses.fridgeC + this.wobble);
    readings.fridge.doorShut = sample(senses.fridgeShut);
    for (const [id, amenity] of Object.entries(readings.amenities)) {
      if (id === "tea" && senses.boilerC !== undefined) amenity.tempC = sample(senses.boilerC + this.wobble);
      const was = this.state.amenities[id];
      const isPulling = was?.kind === "lockers" && was.turn?.untilMs !== undefined;
      if (isPulling && senses.latchesAnswer) this.pulled[id] = sample(was.turn.locker);
      amenity.pulled = this.pulled[id];
      for (const [contact, value] of Object.entries(senses.contacts[id] ?? {}))
        if (value !== undefined) amenity.contacts[contact as AmenityContact] = sample(value);
    }
    return readings;
  }

  context(): RoomContext {
    const { config, nowMs, wallMs, synchronised, fire } = this;
    return {
      station,
      config,
      readings: this.readings(),
      members,
      verify: verifyEd25519,
      now: { monotonicMs: nowMs, wallMs, synchronised },
      civil: synchronised ? noon : undefined,
      fire,
      stopped: fire || this.emergency,
      powered: this.powered,
    };
  }

  send(event: StationEvent): readonly RoomEffect[] {
    return this.take(stepRoom({ state: this.state, durable: this.durable }, event, this.context()));
  }

  /** An operator's request, as the station hands it on; the answer, when there is one by now. */
  order(request: RoomRequest): OrderAnswer | undefined {
    const draft: RoomDraft = { state: this.state, durable: this.durable, effects: [], context: this.context() };
    const answer = orderRoom(draft, request);
    this.take(draft);
    return answer ?? this.answerTo(request.id);
  }

  /** What a door answered. */
  answerTo(id: string): OrderAnswer | undefined {
    const found = this.effects.find((effect) => effect.do === "respond" && effect.request === id);
    if (found?.do !== "respond") return undefined;
    return found.reason === undefined ? { status: "ok" } : { status: "refused", reason: doorReason(found.reason) };
  }

  private take(step: RoomStep): readonly RoomEffect[] {
    this.state = step.state;
    this.durable = step.durable;
    this.effects.push(...step.effects);
    const due: string[] = [];
    let lost = false;
    for (const effect of step.effects) {
      if (effect.do === "say") this.says.push(effect.sentence.id);
      else if (effect.do === "record" && this.diskDoes === "writes") this.disk.push(effect);
      else if (effect.do === "record" && this.diskDoes === "fails") lost = true;
      else if (effect.do === "written") due.push(effect.token);
    }
    if (lost) this.send({ type: "journal-failed", swap: undefined, why: "the disk is full" });
    else if (this.diskDoes === "writes") for (const token of due) this.send({ type: "room-written", token });
    return step.effects;
  }

  pass(ms: number): void {
    for (let left = ms; left > 0; left -= scanMs) {
      this.nowMs += scanMs;
      this.wallMs += scanMs;
      this.send({ type: "tick" });
    }
  }

  show(reader: string, text: string): void {
    this.send({ type: "room-code", reader, text, digest: sha256(text) });
  }

  levels() {
    const context = this.context();
    return interlockRoom(deriveRoom(this.state, this.durable, context), this.durable, context).levels;
  }

  faults(): readonly string[] {
    return roomFaults(this.state, this.durable, this.context()).map(({ code, subject }) => `${code}/${subject}`);
  }

  /** Power is cut and comes back: only what was written is known. */
  restart(): void {
    this.nowMs += 5_000;
    this.wallMs += 5_000;
    this.durable = this.folded();
    this.state = bootRoom(this.config, this.durable, this.nowMs);
    this.pass(1_000);
  }

  press(amenity: string, contact: AmenityContact, ms = 500): void {
    const contacts = this.senses.contacts[amenity];
    if (contacts === undefined) throw new Error(`the bench has no ${amenity}`);
    contacts[contact] = true;
    this.pass(ms);
    contacts[contact] = false;
    this.pass(scanMs);
  }
}
