/**
 * The pack in one bay, spoken to in JBD General Protocol V4 on a line of its own (the protocol has no addresses). Silence
 * is the normal state of an empty bay, so it probes at most every 5 s. Identity is read anew whenever a pack may have been
 * exchanged, and confirmed after every reading of the cells: a pack of the same age that speaks in its place is another pack.
 * Values that cannot be true never replace the last good ones.
 */
import type { Bus, Outcome, PollHandle } from "../buses/bus.ts";
import {
  encodeJbdMos,
  encodeJbdRead,
  JBD_BASIC,
  JBD_CELLS,
  JBD_MODEL,
  JBD_MOS,
  JBD_OK,
  type JbdReply,
  parseJbdReply,
} from "../codecs/jbd.ts";
import { decodeJbdBasic, decodeJbdCells, decodeJbdModel, type JbdBasic } from "../codecs/jbd-registers.ts";
import { type Parser, remembered } from "../codecs/remembered.ts";
import type { PackLink, PackStatus } from "../ports/pack-link.ts";
import type { Reading, Watch } from "../ports/reading.ts";
import { isPlausible } from "./jbd-plausible.ts";
import { Sampled } from "./sampled.ts";

export interface PackLinkOptions {
  /** Period of the basic data while charging or inspecting. Default 1,000 ms. */
  readonly watchMs?: number;
  /** Period of the basic data otherwise, and the slowest probe of an empty bay. Default 5,000 ms. */
  readonly restMs?: number;
  /** Period of the cell voltages, watched and at rest. Defaults 10,000 and 60,000 ms. */
  readonly cellsWatchMs?: number;
  readonly cellsRestMs?: number;
  /** How long the pack may take to answer. Default 250 ms. */
  readonly deadlineMs?: number;
}

export interface JbdPackLink extends PackLink {
  /** Switches the pack's own MOS. `true` only when the pack confirmed it; it is not repeated. */
  writeMos(
    mos: { readonly chargeOn: boolean; readonly dischargeOn: boolean },
    done: (confirmed: boolean) => void,
  ): void;
}

type Pace = "watch" | "rest";

/** With one retry each: stale about 2 s after the last answer while watched, and a good deal later at rest. */
const MISSES_TO_STALE: Readonly<Record<Pace, number>> = { watch: 2, rest: 3 };
const MODEL_TRIES_MAX = 3;
const NO_CELLS: readonly number[] = [];

class PackLine implements JbdPackLink {
  private readonly bus: Bus;
  private readonly deadlineMs: number;
  private readonly periods: Readonly<Record<Pace, { readonly basicMs: number; readonly cellsMs: number }>>;
  private readonly sampled = new Sampled<PackStatus | undefined>(undefined);
  private readonly basicPoll: PollHandle;
  private cellsPoll: PollHandle | undefined;
  private pace: Pace = "rest";
  private misses = 0;
  private last: JbdBasic | undefined;
  private lastReply: JbdReply | undefined;
  private lastBasic: JbdBasic | undefined;
  private status: PackStatus | undefined;
  private statusFrom: JbdBasic | undefined;
  private packId: string | undefined;
  private cellsMv = NO_CELLS;
  private readonly modelQuestion: ReturnType<PackLine["question"]>;
  /** The last answer that told a name, and the name in it: mostly the same pack confirms itself. */
  private modelReply: JbdReply | undefined;
  private modelId: string | undefined;
  private modelTries = 0;
  private modelPending = false;
  /** Another name than the one that is known, said once. One answer may be wrong; the next says the same or is forgotten. */
  private otherId: string | undefined;
  /** Answers asked for before the pack may have been exchanged are void. */
  private epoch = 0;

  constructor(options: PackLinkOptions, ports: { readonly bus: Bus }) {
    this.bus = ports.bus;
    this.deadlineMs = options.deadlineMs ?? 250;
    this.periods = {
      watch: { basicMs: options.watchMs ?? 1_000, cellsMs: options.cellsWatchMs ?? 10_000 },
      rest: { basicMs: options.restMs ?? 5_000, cellsMs: options.cellsRestMs ?? 60_000 },
    };
    this.modelQuestion = this.question(JBD_MODEL, remembered);
    this.basicPoll = this.bus.poll<JbdReply>({
      name: "pack basic",
      periodMs: this.periods.rest.basicMs,
      slowestMs: this.periods.rest.basicMs,
      ...this.question(JBD_BASIC, remembered),
      done: (outcome) => this.heardBasic(outcome),
    });
  }

  reading(): Reading<PackStatus | undefined> {
    return this.sampled.reading;
  }

  watch(onChange: Watch<PackStatus | undefined>): void {
    this.sampled.watch(onChange);
  }

  urgency(level: Pace): void {
    this.pace = level;
    this.basicPoll.period(this.periods[level].basicMs);
    this.cellsPoll?.period(this.periods[level].cellsMs);
  }

  reidentify(): void {
    this.forgetPack();
    const { value } = this.sampled.reading;
    if (value !== undefined) this.sampled.forget({ ...value, packId: undefined, cellsMv: NO_CELLS });
    this.basicPoll.now();
  }

  writeMos(
    mos: { readonly chargeOn: boolean; readonly dischargeOn: boolean },
    done: (confirmed: boolean) => void,
  ): void {
    this.bus.transact<JbdReply>({
      lane: "act",
      ...this.question(JBD_MOS),
      request: encodeJbdMos(mos),
      done: (outcome) => done(outcome.is === "answered" && outcome.value.status === JBD_OK),
    });
  }

  /** `known`: how the answer is read; one that is asked for again and again is compared with the last first. */
  private question(register: number, known: (parse: Parser<JbdReply>) => Parser<JbdReply> = (parse) => parse) {
    return {
      request: encodeJbdRead(register),
      deadlineMs: this.deadlineMs,
      kin: `jbd ${register}`,
      expects: known((bytes, length) => parseJbdReply(bytes, length, register)),
    };
  }

  private heardBasic(outcome: Outcome<JbdReply>): void {
    if (outcome.is !== "answered") {
      this.missed(outcome.is === "closed");
      return;
    }
    this.misses = 0;
    const basic = this.basicOf(outcome.value);
    if (basic === undefined) {
      this.sampled.invalid();
      return;
    }
    if (this.last !== undefined && !isSamePack(this.last, basic)) this.forgetPack();
    this.last = basic;
    this.sampled.good(this.statusOf(basic), outcome.atMs);
    this.readModel();
    this.cellsPoll ??= this.bus.poll<JbdReply>({
      name: "pack cells",
      periodMs: this.periods[this.pace].cellsMs,
      ...this.question(JBD_CELLS, remembered),
      done: (cells) => this.heardCells(cells),
    });
  }

  /** Undefined for what cannot be true. The same answer as the last one is not read again. */
  private basicOf(reply: JbdReply): JbdBasic | undefined {
    if (reply === this.lastReply) return this.lastBasic;
    const basic = reply.status === JBD_OK ? decodeJbdBasic(reply.data) : undefined;
    this.lastReply = reply;
    this.lastBasic = basic !== undefined && isPlausible(basic) ? basic : undefined;
    return this.lastBasic;
  }

  /** The same object while nothing of it is different. */
  private statusOf(basic: JbdBasic): PackStatus {
    const { status } = this;
    const same = status !== undefined && basic === this.statusFrom && this.cellsMv === status.cellsMv;
    if (same && this.packId === status.packId) return status;
    const next = this.newStatus(basic);
    this.status = next;
    this.statusFrom = basic;
    return next;
  }

  private newStatus(basic: JbdBasic): PackStatus {
    return {
      packId: this.packId,
      packMv: basic.packMv,
      packMa: basic.packMa,
      socPct: basic.socPct,
      cellTempsC: basic.tempsC,
      cellsMv: this.cellsMv,
      protectionBits: basic.protectionBits,
      chargeMosOn: basic.chargeMosOn,
      dischargeMosOn: basic.dischargeMosOn,
      remainingMah: basic.remainingMah,
      nominalMah: basic.nominalMah,
      cycles: basic.cycles,
    };
  }

  private missed(lineGone: boolean): void {
    if (lineGone || ++this.misses >= MISSES_TO_STALE[this.pace]) {
      this.sampled.stale();
      this.forgetPack();
    } else this.basicPoll.now();
  }

  private heardCells(outcome: Outcome<JbdReply>): void {
    if (outcome.is !== "answered" || outcome.value.status !== JBD_OK) return;
    this.cellsMv = decodeJbdCells(outcome.value.data);
    this.amend();
    // Known or not: a name that got lost on the line a few times must not stay unknown for ever, since such a pack is not charged.
    this.askModel();
  }

  private readModel(): void {
    if (this.packId !== undefined || this.modelTries >= MODEL_TRIES_MAX) return;
    this.askModel();
  }

  private askModel(): void {
    if (this.modelPending) return;
    this.modelPending = true;
    this.modelTries++;
    const { epoch } = this;
    this.bus.transact<JbdReply>({
      lane: "poll",
      ...this.modelQuestion,
      done: (outcome) => {
        if (epoch !== this.epoch) return;
        this.modelPending = false;
        if (outcome.is !== "answered" || outcome.value.status !== JBD_OK) return;
        this.heardModel(this.idOf(outcome.value));
      },
    });
  }

  private idOf(reply: JbdReply): string | undefined {
    if (reply !== this.modelReply) {
      this.modelReply = reply;
      this.modelId = packIdOf(decodeJbdModel(reply.data));
    }
    return this.modelId;
  }

  private heardModel(packId: string | undefined): void {
    const isKnown = this.packId === undefined || packId === undefined || packId === this.packId;
    if (!isKnown && packId !== this.otherId) {
      this.otherId = packId;
      this.askModel();
      return;
    }
    this.otherId = undefined;
    this.packId = packId ?? this.packId;
    this.amend();
  }

  private amend(): void {
    const { value } = this.sampled.reading;
    if (value === undefined) return;
    const { last, packId, cellsMv } = this;
    this.sampled.amend(last === undefined ? { ...value, packId, cellsMv } : this.statusOf(last));
  }

  private forgetPack(): void {
    this.epoch++;
    this.last = undefined;
    this.packId = undefined;
    this.cellsMv = NO_CELLS;
    this.modelTries = 0;
    this.modelPending = false;
    this.otherId = undefined;
    this.cellsPoll?.stop();
    this.cellsPoll = undefined;
  }
}

/** A pack's birthday, size and age in cycles do not change between two answers; another pack's do. */
function isSamePack(before: JbdBasic, now: JbdBasic): boolean {
  return (
    before.productionDate === now.productionDate &&
    before.nominalMah === now.nominalMah &&
    before.cellCount === now.cellCount &&
    before.cycles <= now.cycles
  );
}

/** Identity as it may stand in topics and logs; undefined when the pack's text holds nothing of the kind. */
export function packIdOf(model: string): string | undefined {
  const id = model
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return id === "" ? undefined : id;
}

export function jbdPackLink(options: PackLinkOptions, ports: { readonly bus: Bus }): JbdPackLink {
  return new PackLine(options, ports);
}
