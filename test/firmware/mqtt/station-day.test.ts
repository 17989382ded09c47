/**
 * The budget of a day on the wire: 36 bays, 400 swaps, packs that come back at 20 % and charge with a constant current first and
 * a falling one then, in a winter room. A model of the traffic, not of the station: the simulator has the real thing.
 */
import { expect, test } from "vitest";
import { logSource } from "../../../firmware/mqtt/log-source.ts";
import { createMqttSession, type MqttSession } from "../../../firmware/mqtt/session.ts";
import { type EventKind, eventTypes } from "../../../services/contract/event-payloads.ts";
import { examples } from "../../../services/contract/examples.ts";
import type {
  BayPayload,
  CabinetPayload,
  HealthPayload,
  InfoPayload,
} from "../../../services/contract/state-payloads.ts";
import { contract, topicFor } from "../../../services/contract/topics.ts";
import { createSimulatedBroker } from "../../../simulator/broker.ts";
import { createVirtualClock } from "../../../simulator/clock.ts";
import { everybody } from "../../support/asking.ts";
import { createFakeLog } from "./fake-log.ts";
import { passRoomDay } from "./room-day.ts";

const BAYS = 36;
const SWAPS = 400;
const SCAN_S = 5;
const station = "liaoyuan";

interface ModelBay {
  socPct: number;
  tempC: number;
  amps: number;
  full: boolean;
  open: boolean;
  reserved: boolean;
}

function payloadOf(bay: ModelBay, number: number): BayPayload {
  const charging = bay.full && bay.amps > 0;
  const state = bay.reserved ? "reserved" : !bay.full ? "empty" : bay.socPct >= 90 ? "ready" : "charging";
  return {
    door: bay.open ? "open" : "shut",
    lock: bay.open ? "released" : "latched",
    state,
    lockOut: "none",
    pack: bay.full
      ? {
          id: `yz-${String(number).padStart(4, "0")}`,
          socPct: Math.round(bay.socPct),
          cellTempMinC: Math.round(bay.tempC - 1),
          cellTempMaxC: Math.round(bay.tempC + 1),
          packV: Math.round((44 + bay.socPct * 0.106) * 10) / 10,
          packA: Math.round(bay.amps * 10) / 10,
          faults: [],
        }
      : null,
    charger: { setMa: charging ? 12_000 : 0, actualMa: Math.round(bay.amps * 100) * 10 },
    heater: false,
    fan: charging,
  };
}

function charge(bay: ModelBay): void {
  if (!bay.full || bay.open || bay.socPct >= 99.5) {
    bay.amps = 0;
    return;
  }
  bay.amps = bay.socPct < 90 ? 12 : Math.max(0.5, (12 * (100 - bay.socPct)) / 10);
  bay.socPct = Math.min(100, bay.socPct + (bay.amps * SCAN_S * 100) / (24 * 3_600));
  bay.tempC += ((bay.amps > 0 ? 14 : 6) - bay.tempC) * 0.004;
}

test("a day of 400 swaps and 300 visits to the room fits in 6 MB on the wire, birth and heartbeats included", () => {
  const clock = createVirtualClock({ wallStartMs: 1_769_835_900_000 });
  const log = createFakeLog(clock);
  const broker = createSimulatedBroker({ clock });
  const session: MqttSession = createMqttSession({
    open: broker.open,
    clock,
    station,
    clientId: "yizhan-liaoyuan",
    info: examples.info[0] as InfoPayload,
    outbox: {
      source: logSource({ log, logId: "9f0c6a5d3b7e4812", station, unsendable: () => {} }),
      cursor: 0,
      newest: 0,
    },
    remembered: [],
    asking: everybody,
    accepted: () => {},
    security: () => {},
    note: () => {},
  });
  const bays: ModelBay[] = Array.from({ length: BAYS }, (_, index) => ({
    socPct: 30 + index * 2,
    tempC: 8,
    amps: 0,
    full: index % 12 < 10,
    open: false,
    reserved: false,
  }));
  const prompts = new Map<string, CabinetPayload["prompt"]>();
  const say = (cabinet: string, id: string, bay: number): void => {
    const words = {
      zh: `${bay}号仓已打开，请放入旧电池，插好插头，关好仓门`,
      en: `Bay ${bay} is open: put your pack in, push the plug home`,
    };
    prompts.set(cabinet, { id, bay, ...words });
  };
  const publishOf = (kind: EventKind, event_type: string, data: object): void => {
    const n = log.append(kind);
    const entry = log.entries[n - 1];
    if (entry?.publish !== undefined)
      log.entries[n - 1] = { ...entry, publish: { ...entry.publish, kind, data: { event_type, ...data } } };
    session.noticed(n);
  };
  const publish = (event_type: string, data: object): void => publishOf("swap", event_type, data);
  let served = 0;
  const swap = (number: number): void => {
    const name = "abc"[number % 3] as string;
    const mine = bays.slice((number % 3) * 12, (number % 3) * 12 + 12);
    const from = mine.findIndex((bay) => bay.full && bay.socPct >= 90 && !bay.reserved);
    const into = mine.findIndex((bay) => !bay.full && !bay.reserved);
    const out = mine[from];
    const inBay = mine[into];
    if (out === undefined || inBay === undefined) return;
    served++;
    const data = {
      swap: `s-${number}`,
      cabinet: name,
      inBay: into + 1,
      outBay: from + 1,
      packId: "yz-0001",
      socPct: 20,
    };
    const steps: readonly (readonly [number, () => void])[] = [
      [
        0,
        () => {
          publish(eventTypes.swap[0], data);
          out.reserved = true;
          inBay.reserved = true;
        },
      ],
      [
        1,
        () => {
          inBay.open = true;
          say(name, "insert-pack", into + 1);
          publish("door-opened", data);
        },
      ],
      [
        15,
        () => {
          inBay.open = false;
          Object.assign(inBay, { full: true, socPct: 20, tempC: 2 });
          say(name, "inspecting", into + 1);
          publish("deposited", data);
        },
      ],
      [
        18,
        () => {
          inBay.reserved = false;
          publish("accepted", data);
        },
      ],
      [
        20,
        () => {
          out.open = true;
          say(name, "take-pack", from + 1);
          publish("door-opened", data);
        },
      ],
      [
        32,
        () => {
          out.full = false;
        },
      ],
      [
        36,
        () => {
          out.open = false;
          out.reserved = false;
          say(name, "completed", from + 1);
          publish("completed", data);
        },
      ],
      [
        60,
        () => {
          prompts.set(name, null);
        },
      ],
    ];
    for (const [afterS, run] of steps) clock.after(afterS * 1_000, run);
  };
  for (let number = 0; number < SWAPS; number++) {
    // Evenly over the day: peaks would turn riders away, and whoever is turned away costs no bytes.
    clock.after(((number * 86_000) / SWAPS) * 1_000, () => swap(number));
  }
  const scan = (): void => {
    const powers = [0, 0, 0];
    bays.forEach((bay, index) => {
      charge(bay);
      powers[Math.floor(index / 12)] = (powers[Math.floor(index / 12)] ?? 0) + bay.amps * 55;
      session.offer("bay", topicFor(contract.bay, { station, bay: index + 1 }), payloadOf(bay, index + 1));
    });
    powers.forEach((powerW, index) => {
      const id = "abc"[index] as string;
      const mine = bays.slice(index * 12, index * 12 + 12).map((bay) => payloadOf(bay, 1).state);
      const count = (state: string): number => mine.filter((one) => one === state).length;
      const payload: CabinetPayload = {
        ready: count("ready"),
        charging: count("charging"),
        warming: 0,
        waiting: 0,
        empty: count("empty"),
        reserved: count("reserved"),
        outOfService: 0,
        nextReadyAt: "2026-01-31T05:06:07.890Z",
        powerW: Math.round(powerW),
        limitW: 8_333,
        prompt: prompts.get(id) ?? null,
      };
      session.offer("cabinet", topicFor(contract.cabinet, { station, cabinet: id }), payload);
    });
    const siteW = Math.round(powers.reduce((sum, one) => sum + one, 0));
    session.offer("power", topicFor(contract.power, { station }), {
      siteW,
      chargingW: siteW,
      heatingW: 0,
      limitW: 25_000,
    });
    session.offer("health", topicFor(contract.health, { station }), {
      ...(examples.health[0] as HealthPayload),
      uptimeS: clock.monotonicMs() / 1_000,
    });
    clock.after(SCAN_S * 1_000, scan);
  };
  scan();
  passRoomDay({ clock, session, station, publish: publishOf });
  clock.runUntil(86_400_000);

  const { upBytes, upMessages } = broker.counters();
  expect(served).toBeGreaterThan(SWAPS * 0.97);
  expect(session.stats()).toMatchObject({ connected: true, failed: 0, outbox: { queued: 0 } });
  expect(upMessages).toBeGreaterThan(8_000);
  console.log(`a day on the wire: ${upMessages} messages, ${(upBytes / 1e6).toFixed(2)} MB`);
  expect(upBytes).toBeLessThan(6_000_000);
}, 60_000);
