/**
 * A delivery campaign: a station that writes events as fast as it can, and beside it a bare client that is handed the same number
 * at the same rate, both through lines that break all the time, on a broker that restarts, both killed together again and
 * again. A consumer with a persistent session counts what reaches it.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt";
import { createRandom } from "../../../simulator/random.ts";
import { type Mosquitto, startMosquitto } from "../mosquitto.ts";
import { startTcpProxy } from "../tcp-proxy.ts";
import { until } from "../until.ts";
import { type Account, EventAccount } from "./account.ts";
import { BareProducer, LINE, StationProducer } from "./producers.ts";
import { Storm, type StormCounts } from "./storm.ts";

export interface DeliveryOptions {
  readonly events: number;
  readonly seed: string;
  readonly progress: (line: string) => void;
}

export interface Delivered extends Account {
  /** Produced and never received. */
  readonly lost: number;
  readonly peakRssMb: number;
}

export interface DeliveryResult {
  readonly events: number;
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly storm: StormCounts;
  readonly station: Delivered & {
    /** Events the log acknowledged to the producer. */
    readonly acknowledged: number;
    readonly inFlightMost: number;
    readonly logMbMost: number;
    readonly disordered: readonly string[];
    readonly troubles: readonly string[];
  };
  readonly bare: Delivered & { readonly offered: number; readonly confirmed: number; readonly failed: number };
}

const MB = 1_048_576;
const TIMES = { calmMin: 50, calmMax: 450, stall: 1_500 } as const;
const PROGRESS_MS = 10_000;

interface Consumer {
  readonly station: EventAccount;
  readonly bare: EventAccount;
  close(): Promise<void>;
}

/** Connected directly, on a session that the broker keeps while it restarts: what is missing was lost on the other side. */
async function openConsumer(url: string): Promise<Consumer> {
  const station = new EventAccount();
  const bare = new EventAccount();
  const client = await mqtt.connectAsync(url, { clientId: "consumer", clean: false, reconnectPeriod: 50 });
  client.on("error", () => undefined);
  client.on("message", (topic, payload) => {
    const { id, stream = "bare", seq, data } = JSON.parse(payload.toString());
    const number = Number(data.detail.slice(2));
    (topic === "bare/event" ? bare : station).take({ id, stream, seq: seq ?? number, number });
  });
  await client.subscribeAsync(["yizhan/1/+/event/+", "bare/event"], { qos: 1 });
  return { station, bare, close: () => client.endAsync(true) };
}

class Campaign {
  private readonly options: DeliveryOptions;
  private readonly folder = mkdtempSync(join(tmpdir(), "yizhan-delivery-"));
  private readonly startedMs = performance.now();
  private broker: Mosquitto | undefined;
  private closers: (() => unknown)[] = [() => rmSync(this.folder, { recursive: true, force: true })];

  constructor(options: DeliveryOptions) {
    this.options = options;
  }

  async run(): Promise<DeliveryResult> {
    try {
      return await this.compare();
    } finally {
      for (const close of this.closers.reverse()) await close();
    }
  }

  private async compare(): Promise<DeliveryResult> {
    const { events, seed } = this.options;
    const directory = join(this.folder, "log");
    const persistIn = join(this.folder, "broker");
    for (const made of [directory, persistIn]) mkdirSync(made);
    this.broker = await startMosquitto({ persistIn });
    const { port, url } = this.broker;
    this.closers.push(() => this.broker?.stop());
    const consumer = await openConsumer(url);
    this.closers.push(consumer.close);
    const lines = [await startTcpProxy({ port }), await startTcpProxy({ port })] as const;
    for (const line of lines) this.closers.push(() => line.close());
    const [stationUrl, bareUrl] = lines.map((line) => `mqtt://127.0.0.1:${line.port}`) as [string, string];
    const station = new StationProducer({ directory, url: stationUrl, events });
    const bare = new BareProducer({ url: bareUrl });
    const processes = [station, bare];
    for (const one of processes) {
      one.start();
      this.closers.push(() => one.kill());
    }
    const storm = new Storm(createRandom(`delivery-${seed}`), TIMES);
    const raging = storm.rage({
      lines,
      restartBroker: async () => {
        await this.broker?.stop();
        this.broker = await startMosquitto({ persistIn, port });
      },
      killProcesses: async () => {
        if (!station.working) return false;
        await Promise.all(processes.map((one) => one.kill()));
        for (const one of processes) one.start();
        return true;
      },
    });
    await this.untilDelivered(station, bare, consumer);
    storm.stop();
    await raging;
    await this.untilQuiet(bare, consumer);
    return this.result(station, bare, { consumer, storm: storm.counts });
  }

  /** Until everything the station wrote was acknowledged by the broker. The bare client follows the pace of its log. */
  private async untilDelivered(station: StationProducer, bare: BareProducer, consumer: Consumer): Promise<void> {
    let toldMs = performance.now();
    let movedMs = toldMs;
    let moved = 0;
    const settled = (): boolean => {
      bare.offer(station.acknowledged);
      const nowMs = performance.now();
      if (nowMs - toldMs >= PROGRESS_MS) {
        toldMs = nowMs;
        this.tell(station, consumer);
      }
      if (consumer.station.totals().received + station.acknowledged !== moved) movedMs = nowMs;
      moved = consumer.station.totals().received + station.acknowledged;
      if (station.troubles.length > 0) throw new Error(station.troubles.join("\n"));
      if (nowMs - movedMs > 60_000) throw new Error(`nothing moves any more: ${station.queued} wait`);
      return station.done && station.acknowledged >= this.options.events;
    };
    await until(settled, { timeoutMs: Number.POSITIVE_INFINITY, what: "the station to deliver" });
  }

  /** The broker may still hold messages for the consumer, and the bare client what it will send after all. */
  private async untilQuiet(bare: BareProducer, consumer: Consumer): Promise<void> {
    let last = -1;
    let sinceMs = 0;
    const quiet = (): boolean => {
      bare.offer(this.options.events);
      const now = consumer.station.totals().received + consumer.bare.totals().received;
      if (now !== last) sinceMs = performance.now();
      last = now;
      const all = consumer.station.unique >= this.options.events && bare.waiting === 0;
      return performance.now() - sinceMs > (all ? 1_000 : 10_000);
    };
    await until(quiet, { timeoutMs: 300_000, what: "the consumer to have everything" });
  }

  private tell(station: StationProducer, consumer: Consumer): void {
    const { events, progress } = this.options;
    const seconds = (performance.now() - this.startedMs) / 1_000;
    const { unique, duplicates } = consumer.station.totals();
    const share = ((unique / events) * 100).toFixed(1);
    progress(
      `${share} %: ${station.acknowledged} in the log, ${unique} received (${duplicates} repeats), ` +
        `${Math.round(unique / seconds)}/s, bare client ${consumer.bare.unique}, peak ${Math.round(station.peakRssMb)} MB`,
    );
  }

  private result(
    station: StationProducer,
    bare: BareProducer,
    { consumer, storm }: { readonly consumer: Consumer; readonly storm: StormCounts },
  ): DeliveryResult {
    const { events } = this.options;
    const seconds = (performance.now() - this.startedMs) / 1_000;
    const lost = (account: EventAccount, produced: number): number => {
      let missing = 0;
      for (let number = 1; number <= produced; number++) if (!account.has(number)) missing++;
      return missing;
    };
    return {
      events,
      seconds,
      eventsPerSecond: events / seconds,
      storm,
      station: {
        ...consumer.station.totals(),
        acknowledged: station.acknowledged,
        lost: lost(consumer.station, station.acknowledged),
        disordered: consumer.station.disordered(),
        inFlightMost: station.inFlightMost,
        logMbMost: station.logBytesMost / MB,
        peakRssMb: station.peakRssMb,
        troubles: station.troubles,
      },
      bare: {
        ...consumer.bare.totals(),
        offered: bare.offered,
        confirmed: bare.confirmed,
        failed: bare.failed,
        lost: lost(consumer.bare, bare.offered),
        peakRssMb: bare.peakRssMb,
      },
    };
  }
}

/** The stall must outlast the patience of both clients, or it would be no more than a pause. */
if (TIMES.stall <= 2 * LINE.ackDeadlineMs) throw new RangeError("a stall is shorter than it takes to notice");

export function deliveryCampaign(options: DeliveryOptions): Promise<DeliveryResult> {
  return new Campaign(options).run();
}
