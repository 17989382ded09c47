/**
 * A day in the room as it shows on the wire: people come in and leave, take drinks and hot water, charge phones; the heater, the
 * fridge and the boiler cycle in a winter night. A model of the traffic, not of the room.
 */
import type { MqttSession } from "../../../firmware/mqtt/session.ts";
import type { Clock } from "../../../hal/ports/clock.ts";
import type { EventKind } from "../../../services/contract/event-payloads.ts";
import { examples } from "../../../services/contract/examples.ts";
import type { PeoplePayload } from "../../../services/contract/people-payload.ts";
import type { ClimatePayload, DoorPayload, FridgePayload } from "../../../services/contract/room-payloads.ts";
import { contract, topicFor } from "../../../services/contract/topics.ts";

export interface RoomDay {
  readonly clock: Clock;
  readonly session: MqttSession;
  readonly station: string;
  publish(kind: EventKind, event_type: string, data: object): void;
}

const visits = 300;
const daySeconds = 86_400;
const mark = "5f0c2a91";

/** What goes round and round: on for `onS` of every `everyS`, between two temperatures. */
const cycle = (nowS: number, everyS: number, onS: number) => {
  const at = nowS % everyS;
  return { on: at < onS, share: at < onS ? at / onS : 1 - (at - onS) / (everyS - onS) };
};

class Room {
  inside = 0;
  left = 60;
  position: "shut" | "granted" | "open" = "shut";
  fridgeDoor: "shut" | "open" = "shut";
  pouring = false;
  held: number[] = [];
  private readonly day: RoomDay;

  constructor(day: RoomDay) {
    this.day = day;
  }

  private at(afterS: number, run: () => void): void {
    this.day.clock.after(afterS * 1_000, () => {
      run();
      this.offer();
    });
  }

  /** The door there and back, a drink every second time, water every other time, a phone now and then. */
  visit(number: number): void {
    const { publish } = this.day;
    const door = { door: "front", decision: number };
    this.at(0, () => {
      this.position = "granted";
      publish("door", "granted", { ...door, way: "token", reader: "front-qr", member: mark });
    });
    this.at(2, () => {
      this.position = "open";
      publish("door", "entered", door);
      this.inside++;
    });
    this.at(7, () => {
      this.position = "shut";
    });
    if (number % 2 === 0) this.drink();
    else this.tea();
    if (number % 5 === 0) this.phone(number);
    this.at(900, () => {
      this.position = "open";
      this.inside--;
      publish("door", "left", { door: "front" });
    });
    this.at(905, () => {
      this.position = "shut";
    });
  }

  private drink(): void {
    this.at(60, () => {
      this.left = this.left > 0 ? this.left - 1 : 60;
      this.day.publish("fridge", "released", { member: mark });
    });
    this.at(63, () => {
      this.fridgeDoor = "open";
    });
    this.at(75, () => {
      this.fridgeDoor = "shut";
    });
  }

  private tea(): void {
    this.at(90, () => {
      this.pouring = true;
      this.day.publish("amenity", "used", { amenity: "hot-water" });
    });
    this.at(100, () => {
      this.pouring = false;
    });
  }

  private phone(number: number): void {
    const locker = (number % 6) + 1;
    const data = { amenity: "phones", locker };
    this.at(120, () => {
      this.held = [...this.held.filter((one) => one !== locker), locker].sort();
      this.day.publish("amenity", "locker-assigned", { ...data, member: mark });
    });
    this.at(840, () => {
      this.held = this.held.filter((one) => one !== locker);
      this.day.publish("amenity", "locker-released", data);
    });
  }

  offer(): void {
    const { session, station, clock } = this.day;
    const nowS = clock.monotonicMs() / 1_000;
    const door: DoorPayload = {
      inside: this.inside,
      listVersion: Math.floor(nowS / 3_600) + 1,
      listAt: "2026-01-31T04:00:00.000Z",
      doors: { front: { position: this.position, mode: "members-only", lock: "resting" } },
    };
    session.offer("door", topicFor(contract.door, { station }), door);
    session.offer("people", topicFor(contract.people, { station }), this.people(nowS));
    session.offer("climate", topicFor(contract.climate, { station }), climateAt(nowS));
    session.offer("fridge", topicFor(contract.fridge, { station }), this.fridgeAt(nowS));
    const boiler = cycle(nowS, 1_200, 400);
    const amenity = (id: string) => topicFor(contract.amenity, { station, amenity: id });
    session.offer("amenity", amenity("hot-water"), {
      kind: "hot-water",
      boilerC: Math.round((84 + 4 * boiler.share) * 10) / 10,
      heating: boiler.on,
      pouring: this.pouring,
    });
    session.offer("amenity", amenity("phones"), {
      kind: "phone-lockers",
      free: 6 - this.held.length,
      held: this.held,
      powered: this.held,
      overdue: [],
    });
    session.offer("amenity", amenity("light"), { kind: "light", on: this.inside > 0 });
    session.offer("amenity", amenity("toilet"), { kind: "toilet-light", on: Math.floor(nowS / 700) % 2 === 0 });
  }

  /** Somebody is served every other minute, and it is another one each time. */
  private people(nowS: number): PeoplePayload {
    const shown = examples.people[0] as PeoplePayload;
    const entry = Math.floor(nowS / 120);
    return { ...shown, served: shown.served + entry, today: { ...shown.today, entry } };
  }

  private fridgeAt(nowS: number): FridgePayload {
    const cold = cycle(nowS, 1_500, 500);
    return {
      airC: Math.round((6 - 3 * cold.share) * 10) / 10,
      state: cold.on ? "cool" : "rest",
      compressor: cold.on,
      door: this.fridgeDoor,
      lock: "latched",
      left: this.left,
      takenToday: 60 - this.left,
      restockWanted: this.left < 10,
      blocked: false,
      aboveMin: 0,
      energyWh: Math.round(nowS / 100),
      winter: false,
    };
  }
}

function climateAt(nowS: number): ClimatePayload {
  const heat = cycle(nowS, 1_800, 700);
  const roomC = Math.round((17 + 1.2 * heat.share) * 10) / 10;
  return {
    roomC,
    humidityPct: 30 + (Math.floor(nowS / 2_000) % 4),
    sensors: [
      { tempC: roomC, isBelieved: true },
      { tempC: roomC + 0.3, isBelieved: true },
    ],
    outsideC: Math.round(-22 + 8 * Math.sin((nowS * 2 * Math.PI) / daySeconds)),
    heatToC: 18,
    coolToC: 27,
    why: "occupied",
    mode: "auto",
    state: heat.on ? "heat" : "rest",
    heaterPct: heat.on ? 100 : 0,
    cooler: false,
  };
}

/** Lets the day pass: people evenly over it, what goes round looked at every five seconds. */
export function passRoomDay(day: RoomDay): void {
  const room = new Room(day);
  for (let number = 0; number < visits; number++)
    day.clock.after(((number * (daySeconds - 1_000)) / visits) * 1_000, () => room.visit(number));
  const look = (): void => {
    room.offer();
    day.clock.after(5_000, look);
  };
  look();
}
