/**
 * A station bench with its desk in front of it: bytes go in as the broker delivers them, and what the station did is counted by
 * the id of the request. A restart knows afterwards only what the log says, folded anew from its text.
 */
import { orderOf, refusedRecord, rememberedAnswers } from "../../firmware/mqtt/orders.ts";
import { createRequests, type Requests } from "../../firmware/mqtt/requests.ts";
import type { BrokerMessage } from "../../hal/ports/broker-link.ts";
import type { Clock } from "../../hal/ports/clock.ts";
import type { ResponsePayload } from "../../services/contract/request-payloads.ts";
import type { Effect } from "../../services/effects.ts";
import type { Durable } from "../../services/journal/durable.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { only, type TestAsker } from "./asking.ts";
import type { BenchOptions } from "./bench-config.ts";
import { StationBench } from "./station-bench.ts";

export const benchStation = "bench";

/** What a delivery did at once, before any time passed. */
export interface Delivered {
  /** The code under which it was refused by the desk, or `repeated`; undefined when it was handed to the station. */
  readonly reason: string | undefined;
  /** Whether anything of the station's state is another than before, but for the numbers of events. */
  readonly changed: boolean;
}

export class CommandBench {
  readonly station: StationBench;
  /** Answers by the id of the request, in order. */
  readonly answers = new Map<string, ResponsePayload[]>();
  /** Records that do something, by the id of the request that they belong to. */
  readonly acts = new Map<string, string[]>();
  readonly pulses = new Map<string, number>();
  synchronised = true;
  restarts = 0;
  private desk: Requests;
  private refusedBefore: Readonly<Record<string, number>> = {};
  private repeatedBefore = 0;
  private readonly askers: readonly TestAsker[];

  constructor(askers: readonly TestAsker[], options: BenchOptions = {}) {
    this.askers = askers;
    this.station = new StationBench({ requests: { twoPersons: true }, ...options });
    this.station.watch = ({ effects }) => this.watched(effects);
    this.desk = this.openDesk();
  }

  private openDesk(): Requests {
    const { station } = this;
    const { durable } = station.state;
    const clock: Clock = {
      monotonicMs: () => station.nowMs,
      wallMs: () => station.wallMs,
      wallSynchronised: () => this.synchronised,
      after: () => ({ cancel: () => undefined }),
    };
    this.refusedBefore = {};
    this.repeatedBefore = 0;
    return createRequests({
      clock,
      station: benchStation,
      remembered: rememberedAnswers(durable),
      asking: { ...only(...this.askers), sequences: durable.operators.sequences },
      link: {
        publish: (_topic, payload, _how, done) => {
          const response = JSON.parse(payload) as ResponsePayload;
          this.answers.set(response.id, [...(this.answers.get(response.id) ?? []), response]);
          done(undefined);
        },
      },
      accepted: (accepted) => {
        if (accepted.verb === "snapshot") this.desk.answer({ id: accepted.request.id, verb: "snapshot", status: "ok" });
        else station.step({ type: "request", request: orderOf(accepted) });
      },
      security: (report) => station.step({ type: "told", record: refusedRecord(report) }),
    });
  }

  private watched(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.do === "respond") {
        const { do: _do, ...answer } = effect;
        this.desk.answer(answer);
      } else if (effect.do === "unlock") {
        const { request = "nobody" } = effect;
        this.pulses.set(request, (this.pulses.get(request) ?? 0) + 1);
      } else if (effect.do === "record") this.noteAct(effect.record);
    }
  }

  private noteAct(record: JournalRecord): void {
    const id = requestOf(record);
    if (id !== undefined) this.acts.set(id, [...(this.acts.get(id) ?? []), record.kind]);
  }

  deliver(message: BrokerMessage): Delivered {
    const before = this.station.state;
    this.desk.received(message);
    const reason = this.refusedNow();
    const { streamSeq: _was, ...was } = before.durable;
    const { streamSeq: _is, ...is } = this.station.state.durable;
    const { openings, confirmations, updatingUntilMs, lockTurn, opens } = before;
    const now = this.station.state;
    const changed =
      (Object.keys(is) as (keyof typeof is)[]).some((part) => is[part] !== was[part]) ||
      now.openings !== openings ||
      now.confirmations !== confirmations ||
      now.updatingUntilMs !== updatingUntilMs ||
      now.lockTurn !== lockTurn ||
      now.opens !== opens;
    return { reason, changed };
  }

  private refusedNow(): string | undefined {
    const { refused, repeated } = this.desk.stats();
    const now = refused as Readonly<Record<string, number>>;
    const reason = Object.keys(now).find((code) => now[code] !== this.refusedBefore[code]);
    const again = repeated !== this.repeatedBefore ? "repeated" : undefined;
    this.refusedBefore = { ...now };
    this.repeatedBefore = repeated;
    return reason ?? again;
  }

  /** Long enough for the next token of the bucket. */
  breathe(ms = 60): void {
    this.station.pass(ms);
  }

  /** Lets doors that opened be shut again, and bays be the rules' again. */
  tidyUp(): void {
    this.station.pass(4_000);
    for (const bay of this.station.openBays()) this.station.shut(bay);
    this.station.pass(4_000);
  }

  /** The power goes and comes back. The log begins with a checkpoint then, as a new segment of it does. */
  restart(): void {
    const { station } = this;
    station.landPulses();
    const durable = JSON.parse(JSON.stringify(station.remembered())) as Durable;
    station.disk.splice(0, station.disk.length, { record: { kind: "checkpoint", durable }, at: station.wallMs });
    station.restart();
    this.desk = this.openDesk();
    this.restarts++;
    station.pass(3_000);
  }
}

/** Whose doing a record is, as far as it says so; the stories put the id where the verb has room for words. */
function requestOf(record: JournalRecord): string | undefined {
  switch (record.kind) {
    case "request-taken":
      return record.id;
    case "operator-opening":
      return record.request;
    case "lock-out":
    case "cabinet-lock-out":
      return record.reason;
    case "pack-bound":
      return record.packId;
    default:
      return undefined;
  }
}
