/**
 * Plays the process around the station's decision, one event at a time and without a clock of its own: effects in order, acts
 * behind their records, levels through the interlocks. Everything that is decided here is decided by the real code; what is
 * played is the disk, the wire to the locks and the mains. A cut of the power can strike before any record.
 */
import type { Effect } from "../../services/effects.ts";
import type { StationEvent } from "../../services/events.ts";
import { interlock } from "../../services/interlocks.ts";
import type { Durable } from "../../services/journal/durable.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import type { Levels } from "../../services/levels.ts";
import { applyEntry } from "../../services/publication.ts";
import { deriveLevels } from "../../services/station/levels.ts";
import { lockTurnMsMax } from "../../services/station/lock-turn.ts";
import { pulseStillWanted } from "../../services/station/pulse.ts";
import { bootState } from "../../services/station/state.ts";
import { stepStation } from "../../services/station/step.ts";
import { readWires } from "./wires.ts";
import { bayOf, changeBay, emptyImage, type Pulse, type Run, type Scene, type World, wallMsOf } from "./world.ts";

export const scanMs = 250;
/** A controller is not back at once; longer than any coil is on. */
const startMs = 2_000;
/** The board times the coil. */
const coilOnMs = 300;

/** One decision as it was made. */
export interface Seen {
  readonly scene: Scene;
  readonly before: World;
  readonly event: StationEvent;
  readonly effects: readonly Effect[];
  readonly after: World;
  readonly levels: Levels;
}

export interface Watch {
  /** After every decision, when its effects were carried out. */
  stepped(seen: Seen): void;
  /** A pulse goes out on the wire. */
  sent(scene: Scene, world: World, pulse: Pulse): void;
  /** A coil is energised now. */
  driven(scene: Scene, world: World, bay: number): void;
}

/** The mains failed before a record reached the disk; what had happened by then is the world it carries. */
export class MainsFailed extends Error {
  readonly world: World;
  constructor(world: World) {
    super("the mains failed");
    this.world = world;
  }
}

type Written = Extract<Effect, { do: "record" }>;

/** Records that go to the disk together, and the acts behind them; sentences wait for nothing. */
function runsOf(effects: readonly Effect[]): Run[] {
  const runs: { records: Written[]; acts: Effect[] }[] = [];
  let run: { records: Written[]; acts: Effect[] } | undefined;
  for (const effect of effects) {
    if (effect.do === "prompt") continue;
    if (run === undefined || (effect.do === "record" && run.acts.length > 0)) {
      run = { records: [], acts: [] };
      runs.push(run);
    }
    if (effect.do === "record") run.records.push(effect);
    else run.acts.push(effect);
  }
  return runs;
}

export class Runner {
  private readonly scene: Scene;
  private readonly watch: Watch;
  /** The mains fail before the next record after so many. */
  private readonly cutAfter: number;
  written = 0;

  constructor(scene: Scene, watch: Watch, cutAfter = Number.POSITIVE_INFINITY) {
    this.scene = scene;
    this.watch = watch;
    this.cutAfter = cutAfter;
  }

  /** The station has been on for a while, and everything was read. */
  begin(): World {
    let world = this.scene.first;
    for (let scans = 0; scans < 80; scans++) world = this.tick(world);
    return world;
  }

  put(before: World, event: StationEvent): World {
    const { context } = this.scene;
    const { nowMs, image: readings } = before;
    const step = stepStation(before.station, { event, readings, nowMs, wallMs: wallMsOf(nowMs) }, context);
    const decided = step.state === before.station ? before : { ...before, station: step.state };
    const { world: granted, levels } = this.grant(decided);
    const { world, events } = this.carryOut(granted, step.effects);
    this.watch.stepped({ scene: this.scene, before, event, effects: step.effects, after: world, levels });
    return events.reduce((was, follow) => this.put(was, follow), world);
  }

  private grant(world: World): { world: World; levels: Levels } {
    const { nowMs, station, image } = world;
    const { context, config } = this.scene;
    const turn = station.lockTurn;
    const coilOn = turn !== undefined && nowMs < (turn.freeMs ?? turn.sinceMs + lockTurnMsMax);
    const facts = {
      nowMs,
      lockBay: coilOn ? turn.bay : undefined,
      masterEnabled: true,
      alerts: station.alerts,
      latches: station.durable.safety.latches,
    };
    const { levels } = interlock(deriveLevels(station, context), image, facts, config);
    const chargeMa = levels.bays.map((bay) => bay?.chargeMa ?? 0);
    const same = chargeMa.every((ma, bay) => ma === world.chargeMa[bay]);
    return { world: same ? world : { ...world, chargeMa }, levels };
  }

  private carryOut(world: World, effects: readonly Effect[]): { world: World; events: StationEvent[] } {
    const runs = effects.length === 0 ? [] : runsOf(effects);
    if (runs.length === 0) return { world, events: [] };
    return this.drain({ ...world, disk: { ...world.disk, waiting: [...world.disk.waiting, runs] } });
  }

  /** Writes and acts, in order, as far as the disk lets it; what came of it returns as events. */
  private drain(from: World): { world: World; events: StationEvent[] } {
    const events: StationEvent[] = [];
    let world = from;
    for (let [step, ...later] = world.disk.waiting; step !== undefined; [step, ...later] = world.disk.waiting) {
      const [run, ...rest] = step;
      if (run === undefined) {
        world = { ...world, disk: { ...world.disk, waiting: later } };
        continue;
      }
      if (run.records.length > 0 && world.disk.mode === "slow") break;
      if (run.records.length > 0 && world.disk.mode === "fails") {
        world = { ...world, disk: { ...world.disk, waiting: later } };
        events.push(...this.lost(world, run));
        continue;
      }
      for (const { record, publish } of run.records) world = this.write(world, record, publish);
      world = { ...world, disk: { ...world.disk, waiting: [rest, ...later] } };
      for (const act of run.acts) world = this.act(world, act, events);
    }
    return { world, events };
  }

  private lost(world: World, { records }: Run): StationEvent[] {
    const swap = records.find((effect) => effect.swap !== undefined)?.swap;
    const failed: StationEvent = { type: "journal-failed", swap, why: "the disk is full" };
    if (world.station.conditions["log-failed/station"] !== undefined) return [failed];
    return [failed, { type: "condition", code: "log-failed", subject: "station", present: true }];
  }

  private write(world: World, record: JournalRecord, publish: Written["publish"]): World {
    if (this.written >= this.cutAfter) throw new MainsFailed(world);
    this.written++;
    return { ...world, disk: { ...world.disk, durable: remember(world.disk.durable, record, publish, world.nowMs) } };
  }

  private act(world: World, act: Effect, events: StationEvent[]): World {
    if (act.do !== "unlock") return world;
    const { bay, swap } = act;
    if (!pulseStillWanted(world.station, act)) {
      events.push({ type: "lock-failed", bay, why: "no longer wanted" });
      return world;
    }
    events.push({ type: "lock-sent", bay });
    const pulse: Pulse = { bay, swap, sinceMs: world.nowMs };
    this.watch.sent(this.scene, world, pulse);
    return { ...world, pulses: [...world.pulses, pulse] };
  }

  /** One scan: time passes and the wires are asked. */
  tick(was: World, ms = scanMs): World {
    const nowMs = was.nowMs + ms;
    const coil = was.coil !== undefined && was.coil.untilMs > nowMs ? was.coil : undefined;
    return this.put(readWires(this.scene, { ...was, nowMs, coil }), { type: "tick" });
  }

  /** The pulse reaches the lock: its coil is on, and the door opens or stays shut. */
  drive(was: World, pulse: Pulse, opens: boolean): World {
    const { bay, swap } = pulse;
    const { pack, pulses } = bayOf(was, bay);
    const recent = [...pulses.slice(-2), was.nowMs];
    this.watch.driven(this.scene, was, bay);
    const moved = opens ? { open: true, opened: { swap: swap ?? "", pack } } : {};
    const world = changeBay(was, bay, { ...moved, pulses: recent });
    return { ...world, coil: { bay, untilMs: was.nowMs + coilOnMs } };
  }

  disk(was: World, mode: World["disk"]["mode"]): World {
    const world: World = { ...was, disk: { ...was.disk, mode } };
    if (was.disk.mode === "fails") {
      // The log begins anew with what is known now.
      const { durable } = was.station;
      const begun: World = { ...world, disk: { ...world.disk, durable, hole: false } };
      return this.put(begun, { type: "condition", code: "log-failed", subject: "station", present: false });
    }
    const { world: drained, events } = this.drain(world);
    return events.reduce((last, event) => this.put(last, event), drained);
  }

  /** Mains off and on again. Pulses on the wire land or do not; of what the disk held back, so many records are on it. */
  cut(was: World, lands: boolean, written: number): World {
    let world = was;
    if (lands) for (const pulse of was.pulses) world = this.drive(world, pulse, !bayOf(was, pulse.bay).jammed);
    const held = was.disk.waiting.flatMap((step) => step.flatMap(({ records }) => records)).slice(0, written);
    const durable = held.reduce<Durable>(
      (last, { record, publish }) => remember(last, record, publish, was.nowMs),
      was.disk.durable,
    );
    const hole = was.disk.hole || (was.disk.mode === "fails" && durable !== was.station.durable);
    const nowMs = was.nowMs + startMs;
    const started: World = {
      ...world,
      nowMs: nowMs + scanMs,
      station: bootState(this.scene.context, durable, nowMs),
      image: emptyImage(this.scene.config),
      chargeMa: world.chargeMa.map(() => 0),
      bays: world.bays.map((bay) => (bay === undefined ? undefined : { ...bay, touched: false, pulses: [] })),
      riders: world.riders.map((rider) => ({ ...rider, scanned: false })),
      disk: { mode: "works", durable, waiting: [], hole },
      pulses: [],
      coil: undefined,
    };
    // The first scan comes before any answer from the wires.
    return this.put(started, { type: "tick" });
  }
}

/** As the disk gives it back: through the text that was written. */
function remember(durable: Durable, record: JournalRecord, publish: Written["publish"], nowMs: number): Durable {
  const read = JSON.parse(JSON.stringify(record)) as JournalRecord;
  return applyEntry(durable, { record: read, at: wallMsOf(nowMs), ...(publish === undefined ? {} : { publish }) });
}
