/**
 * What a station believes about packs and debts, as far as others can know it: the retained topics that its present process
 * published, and its log, read by the product's own reader from a copy. One place to ask, so that another source can be
 * put behind it.
 */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type mqtt from "mqtt";
import { nodeClock } from "../../firmware/platform/node-clock.ts";
import { nodeDisk } from "../../firmware/platform/node-disk.ts";
import { type JournalDesk, openJournalDesk } from "../../firmware/runner/journal-desk.ts";
import type { Durable } from "../../services/journal/durable.ts";

const root = "yizhan/1/starter-1";

export interface Beliefs {
  /** Pack by bay, as published since the last start; a bay that was not heard of yet is missing. */
  readonly bays: ReadonlyMap<number, string | undefined>;
  readonly durable: Durable;
  /** Why the log cannot be trusted; undefined when it is whole. */
  readonly damage: string | undefined;
}

/** Reads a log that may be written to at this moment: a copy, because opening one cuts off a torn tail. */
export function readLog(directory: string): { readonly durable: Durable; readonly damage: string | undefined } {
  const copy = mkdtempSync(join(tmpdir(), "yizhan-beliefs-"));
  try {
    cpSync(directory, copy, { recursive: true });
    const desk: JournalDesk = openJournalDesk({
      disk: nodeDisk(copy),
      clock: nodeClock(),
      logId: "0".repeat(32),
      boot: "reader",
      maxBytes: 8 * 1_048_576,
      durableNow: () => desk.durable,
      onFault: () => undefined,
    });
    const { damage, complete } = desk.recovered;
    const whole = damage.kind !== "corrupt" && complete;
    return { durable: desk.durable, damage: whole ? undefined : JSON.stringify(damage) };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Listens to the bays from now on. */
export class Believer {
  private readonly bays = new Map<number, string | undefined>();
  private readonly client: mqtt.MqttClient;
  private readonly stateDirectory: string;

  constructor(client: mqtt.MqttClient, stateDirectory: string) {
    this.client = client;
    this.stateDirectory = stateDirectory;
    client.on("message", (topic, payload) => this.heard(topic, payload.toString()));
  }

  async listen(): Promise<void> {
    await this.client.subscribeAsync(`${root}/bay/+`, { qos: 1 });
  }

  private heard(topic: string, payload: string): void {
    const bay = Number(/\/bay\/(\d+)$/.exec(topic)?.[1]);
    if (Number.isNaN(bay)) return;
    if (payload === "") this.bays.delete(bay);
    else this.bays.set(bay, (JSON.parse(payload) as { pack: { id: string | null } | null }).pack?.id ?? undefined);
  }

  /** What a process that is dead by now said is forgotten, at the broker too. */
  async forget(bays: readonly number[]): Promise<void> {
    for (const bay of bays) await this.client.publishAsync(`${root}/bay/${bay}`, "", { retain: true, qos: 1 });
    this.bays.clear();
  }

  believed(): Beliefs {
    return { bays: this.bays, ...readLog(this.stateDirectory) };
  }
}
