/**
 * A station that is only what the broker sees of it: riders come at their rate, bays change, health is told, all in the words
 * of the contract and at the rates of a real station. It decides nothing, controls nothing and checks nothing; for that, a fleet
 * has whole stations (`--full`).
 */
import type { MqttSession } from "../../firmware/mqtt/session.ts";
import type { Clock, Timer } from "../../hal/ports/clock.ts";
import type { StationConfig } from "../../services/config.ts";
import type { EventData, EventType } from "../../services/contract/event-payloads.ts";
import { memberMark } from "../../services/contract/publication.ts";
import type { CabinetPayload } from "../../services/contract/state-payloads.ts";
import { contract, topicFor } from "../../services/contract/topics.ts";
import { type Prompt, say } from "../../services/prompts.ts";
import type { SplitRandom } from "../random.ts";
import type { MemoryLog } from "./memory-log.ts";
import {
  ageBay,
  type BayPhase,
  bayPayload,
  bayPowerW,
  broughtPack,
  firstPack,
  type VirtualBay,
} from "./virtual-bay.ts";

export interface VirtualStationOptions {
  readonly station: string;
  /** Cabinets, bays and limits; the rest of it is not looked at. */
  readonly layout: StationConfig;
  readonly clock: Clock;
  readonly random: SplitRandom;
  readonly log: MemoryLog;
  readonly session: Pick<MqttSession, "offer" | "noticed" | "stats">;
  readonly swapsPerDay: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The rate the charging of the model is made for; at more swaps a day its packs charge faster in proportion. */
const USUAL_SWAPS_PER_DAY = 400;
const OPEN_MS = 240;
const INSERT_MS = 12_000;
const IDENTIFY_MS = 2_500;
const TAKE_MS = 5_000;
const SHUT_MS = 1_000;

const counted = {
  empty: "empty",
  inserting: "outOfService",
  waiting: "waiting",
  warming: "warming",
  charging: "charging",
  ready: "ready",
  reserved: "reserved",
  taking: "outOfService",
} as const satisfies Record<BayPhase, keyof CabinetPayload>;

interface Swap {
  readonly swap: string;
  readonly cabinet: string;
  readonly member: string;
  readonly inBay: VirtualBay;
  readonly outBay: VirtualBay;
  readonly startedMs: number;
}

export class VirtualStation {
  private readonly options: VirtualStationOptions;
  private readonly bays: readonly VirtualBay[];
  private readonly prompts = new Map<string, Prompt>();
  private readonly startedMs: number;
  private readonly minutesPerTick: number;
  private swaps = 0;
  private tick: Timer | undefined;
  private rider: Timer | undefined;

  constructor(options: VirtualStationOptions) {
    this.options = options;
    const { station, layout, random, clock, swapsPerDay } = options;
    this.startedMs = clock.monotonicMs();
    this.minutesPerTick = Math.max(1, swapsPerDay / USUAL_SWAPS_PER_DAY);
    this.bays = layout.cabinets.flatMap(({ id, bays }) =>
      bays.map((bay) => ({
        bay,
        cabinet: id,
        topic: topicFor(contract.bay, { station, bay }),
        doorOpen: false,
        minutes: 0,
        ...firstPack(random),
      })),
    );
    this.tell("station", "started", { detail: "telemetry of a fleet" });
    for (const { bay } of this.bays)
      options.session.offer("bayAvailability", topicFor(contract.bayAvailability, { station, bay }), "online");
    this.offerAll();
    this.nextMinute(random.between(0, MINUTE_MS));
    this.nextRider();
  }

  /** No more riders come; a swap that runs goes on to its end. */
  stopRiders(): void {
    this.rider?.cancel();
  }

  stop(): void {
    this.stopRiders();
    this.tick?.cancel();
  }

  private nextMinute(inMs: number): void {
    this.tick = this.options.clock.after(inMs, () => {
      for (const bay of this.bays) if (ageBay(bay, this.minutesPerTick)) this.offerBay(bay);
      this.offerOverview();
      this.nextMinute(MINUTE_MS);
    });
  }

  private nextRider(): void {
    const { random, clock, swapsPerDay } = this.options;
    if (swapsPerDay === 0) return;
    this.rider = clock.after(random.exponential(DAY_MS / swapsPerDay), () => {
      this.nextRider();
      if (this.options.log.hasRoom()) this.arrive();
    });
  }

  private arrive(): void {
    const { layout, random, clock } = this.options;
    const member = memberMark(`m-${random.int(300)}`);
    const first = random.int(layout.cabinets.length);
    const bayOf = (cabinet: string, wanted: BayPhase) =>
      this.bays.find((bay) => bay.cabinet === cabinet && bay.phase === wanted);
    // Where it says that there is nothing to have, a rider walks on to the next cabinet.
    const tried = layout.cabinets.map((_one, at) => layout.cabinets[(first + at) % layout.cabinets.length]?.id ?? "");
    const able = tried.find((id) => bayOf(id, "ready") !== undefined && bayOf(id, "empty") !== undefined);
    const cabinet = able ?? tried[0] ?? "";
    const outBay = bayOf(cabinet, "ready");
    const inBay = bayOf(cabinet, "empty");
    if (outBay === undefined || inBay === undefined) {
      const reason = outBay === undefined ? "no-full-pack" : "no-empty-bay";
      this.prompts.set(cabinet, say(outBay === undefined ? "refused-no-pack" : "refused-no-empty", { minutes: 4 }));
      this.tell("swap", "refused", { cabinet, reason, member });
      this.offerCabinet(cabinet);
      return;
    }
    const swap = `s-${String(++this.swaps).padStart(6, "0")}`;
    this.begin({ swap, cabinet, member, inBay, outBay, startedMs: clock.monotonicMs() });
  }

  private begin(swap: Swap): void {
    const { inBay, outBay } = swap;
    outBay.phase = "reserved";
    inBay.phase = "inserting";
    this.tellSwap(swap, "started", { member: swap.member, inBay: inBay.bay, outBay: outBay.bay });
    this.offerBay(outBay);
    this.options.clock.after(OPEN_MS, () => {
      inBay.doorOpen = true;
      this.prompts.set(swap.cabinet, say("insert-pack", { bay: inBay.bay }));
      this.tellSwap(swap, "door-opened", { bay: inBay.bay });
      this.offerBay(inBay);
      this.options.clock.after(INSERT_MS, () => this.deposited(swap));
    });
  }

  private deposited(swap: Swap): void {
    const { inBay } = swap;
    inBay.doorOpen = false;
    this.tellSwap(swap, "deposited", { bay: inBay.bay });
    this.offerBay(inBay);
    this.options.clock.after(IDENTIFY_MS, () => {
      const pack = broughtPack(this.options.random);
      inBay.pack = pack;
      inBay.phase = "waiting";
      inBay.minutes = 0;
      this.tellSwap(swap, "accepted", { bay: inBay.bay, packId: pack.id, socPct: pack.socPct });
      this.offerBay(inBay);
      this.options.clock.after(OPEN_MS, () => this.handOut(swap));
    });
  }

  private handOut(swap: Swap): void {
    const { outBay } = swap;
    const { clock } = this.options;
    const packId = outBay.pack?.id ?? "";
    outBay.doorOpen = true;
    this.prompts.set(swap.cabinet, say("take-pack", { bay: outBay.bay }));
    this.tellSwap(swap, "door-opened", { bay: outBay.bay, packId });
    this.offerBay(outBay);
    clock.after(TAKE_MS, () => {
      outBay.phase = "taking";
      this.tellSwap(swap, "taken", { bay: outBay.bay, packId });
      this.offerBay(outBay);
      clock.after(SHUT_MS, () => this.completed(swap, packId));
    });
  }

  private completed(swap: Swap, tookPackId: string): void {
    const { outBay, member } = swap;
    outBay.doorOpen = false;
    outBay.phase = "empty";
    outBay.pack = undefined;
    this.prompts.set(swap.cabinet, say("completed"));
    const durationMs = Math.round(this.options.clock.monotonicMs() - swap.startedMs);
    this.tellSwap(swap, "completed", { outcome: "completed", member, bay: outBay.bay, tookPackId, durationMs });
    this.offerBay(outBay);
  }

  private tellSwap({ swap, cabinet }: Swap, type: EventType<"swap">, data: EventData): void {
    this.tell("swap", type, { swap, cabinet, ...data });
    this.offerCabinet(cabinet);
  }

  private tell<K extends "swap" | "station">(kind: K, type: EventType<K>, data: EventData): void {
    const { log, session } = this.options;
    log.append(kind, type, data);
    session.noticed(log.newest());
  }

  private offerAll(): void {
    for (const bay of this.bays) this.offerBay(bay);
    this.offerOverview();
  }

  private offerBay(bay: VirtualBay): void {
    this.options.session.offer("bay", bay.topic, bayPayload(bay));
  }

  private offerCabinet(cabinet: string): void {
    const { session, station, layout } = this.options;
    const counts = { ready: 0, charging: 0, warming: 0, waiting: 0, empty: 0, reserved: 0, outOfService: 0 };
    let powerW = 0;
    for (const bay of this.bays) {
      if (bay.cabinet !== cabinet) continue;
      counts[counted[bay.phase]]++;
      const { chargeW, heatW } = bayPowerW(bay);
      powerW += chargeW + heatW;
    }
    session.offer("cabinet", topicFor(contract.cabinet, { station, cabinet }), {
      ...counts,
      nextReadyAt: null,
      powerW: Math.round(powerW),
      limitW: layout.siteLimitW,
      prompt: this.prompts.get(cabinet) ?? null,
    });
  }

  private offerOverview(): void {
    const { session, station, layout } = this.options;
    for (const { id } of layout.cabinets) this.offerCabinet(id);
    const power = this.bays.map(bayPowerW);
    const chargingW = Math.round(power.reduce((sum, { chargeW }) => sum + chargeW, 0));
    const heatingW = power.reduce((sum, { heatW }) => sum + heatW, 0);
    const siteW = chargingW + heatingW;
    session.offer("power", topicFor(contract.power, { station }), {
      siteW,
      chargingW,
      heatingW,
      limitW: layout.siteLimitW,
    });
    const bays = this.bays.filter(({ pack }) => pack !== undefined).length;
    session.offer("ledger", topicFor(contract.ledger, { station }), {
      counts: { bays, quarantine: 0, unread: 0, riders: this.swaps, unknown: 0 },
      debtCount: 0,
      debts: [],
      findingCount: 0,
      findings: [],
    });
    this.offerHealth();
  }

  private offerHealth(): void {
    const { session, station, clock } = this.options;
    const { outbox, reconnects, published, failed, requests } = session.stats();
    session.offer("health", topicFor(contract.health, { station }), {
      uptimeS: Math.round((clock.monotonicMs() - this.startedMs) / 1_000),
      // There is no loop, no process and no line of its own here, and the words say so.
      loop: { lateP99Ms: 0, lateMaxMs: 0 },
      memory: { rssMb: 0, heapMb: 0 },
      outbox: { depth: outbox.queued, ageS: Math.round(outbox.waitingMs / 1_000), dropped: 0 },
      bus: { requests: 0, timeouts: 0, rejected: 0, silent: [] },
      mqtt: { reconnects, published, failed, refused: requests.refusedTotal },
      clock: clock.wallSynchronised() ? "ntp" : "unsynced",
      faults: 0,
    });
  }
}
