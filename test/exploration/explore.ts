/**
 * The search: from one world along every way, worlds with one name visited once. Ordered by deviations first and moves second,
 * so that the first way to a broken rule is the plainest one. It stops at what it was told (moves, deviations, worlds) and says
 * how far it got; it samples nothing.
 */
import type { OutcomeCode } from "../../services/swap/outcomes.ts";
import type { SwapAt } from "../../services/swap/swap.ts";
import { canonical, keyOf } from "./canonical.ts";
import { type Move, tell, type WholeMove, waysFrom } from "./moves.ts";
import { play } from "./play.ts";
import { type Rule, recordsOf } from "./rules.ts";
import { Runner, type Seen, type Watch } from "./runner.ts";
import type { Scene, World } from "./world.ts";

export interface Bounds {
  readonly moves: number;
  /** Undefined: every order of everything, whatever deviates. */
  readonly deviations: number | undefined;
  readonly worlds: number;
}

export interface Reached {
  readonly states: Set<SwapAt["at"]>;
  readonly ends: Set<OutcomeCode>;
}

export interface Found {
  readonly worlds: number;
  readonly transitions: number;
  /** Decisions of the station that were checked. */
  readonly decisions: number;
  /** The longest way to a world, in moves. */
  readonly deepest: number;
  /** Worlds in which no swap runs and nothing waits. */
  readonly atRest: number;
  /** Every way within the bounds was gone; false when the number of worlds ran out first. */
  readonly whole: boolean;
  /** All worlds up to so many moves (or deviations, where those are rationed) were gone on from. */
  readonly complete: number;
}

/** A rule that was broken, with the plainest way there. */
export class Broken extends Error {
  constructor(rule: Rule, why: string, story: readonly string[]) {
    const steps = story.map((line, index) => `  ${String(index + 1).padStart(2)}. ${line}`);
    super(`${rule.id}: ${rule.says}\n${steps.join("\n")}\n  → ${why}`);
  }
}

class RuleBroken extends Error {
  readonly rule: Rule;
  constructor(rule: Rule, why: string) {
    super(why);
    this.rule = rule;
  }
}

interface Node {
  readonly parent: number;
  readonly move: Move | undefined;
  readonly moves: number;
  deviations: number;
}

const isAtRest = ({ station, pulses, disk }: World): boolean =>
  Object.keys(station.swaps).length === 0 &&
  station.recovering.length === 0 &&
  pulses.length === 0 &&
  disk.waiting.length === 0;

/** A world, by its number, that is still to be gone on from. */
type Due = { readonly node: number; readonly world: World };

export class Exploration {
  readonly reached: Reached = { states: new Set(), ends: new Set() };
  private readonly scene: Scene;
  private readonly rules: readonly Rule[];
  private readonly bounds: Bounds;
  private readonly nodes: Node[] = [];
  private readonly known = new Map<string, number>();
  private readonly watch: Watch;
  private prologue: readonly Move[] = [];
  private now: Due[] = [];
  private later: Due[] = [];
  private transitions = 0;
  private decisions = 0;
  private atRest = 0;
  private deepest = 0;
  private full = false;

  constructor(scene: Scene, rules: readonly Rule[], bounds: Bounds) {
    this.scene = scene;
    this.rules = rules;
    this.bounds = bounds;
    this.watch = this.watchAll();
  }

  private watchAll(): Watch {
    const steps = this.rules.flatMap((rule) => (rule.step === undefined ? [] : [{ rule, check: rule.step }]));
    const sents = this.rules.flatMap((rule) => (rule.sent === undefined ? [] : [{ rule, check: rule.sent }]));
    const drivens = this.rules.flatMap((rule) => (rule.driven === undefined ? [] : [{ rule, check: rule.driven }]));
    return {
      stepped: (seen) => {
        this.decisions++;
        this.note(seen);
        for (const { rule, check } of steps) complain(rule, check(seen));
      },
      sent: (scene, world, pulse) => {
        for (const { rule, check } of sents) complain(rule, check(scene, world, pulse));
      },
      driven: (scene, world, bay) => {
        for (const { rule, check } of drivens) complain(rule, check(scene, world, bay));
      },
    };
  }

  private note({ after, effects }: Seen): void {
    for (const cabinet in after.station.swaps) {
      const swap = after.station.swaps[cabinet];
      if (swap !== undefined) this.reached.states.add(swap.at);
    }
    if (effects.length === 0) return;
    for (const { outcome } of recordsOf(effects, "swap-ended")) this.reached.ends.add(outcome);
    for (const { reason } of recordsOf(effects, "scan-refused")) this.reached.ends.add(reason as OutcomeCode);
  }

  /** Goes on from the scene's first world, after the moves of a prologue. */
  run(prologue: readonly Move[]): Found {
    this.prologue = prologue;
    let world = new Runner(this.scene, this.watch).begin();
    this.nodes.push({ parent: -1, move: undefined, moves: 0, deviations: 0 });
    for (const move of prologue) world = play(this.scene, world, move, this.watch).world;
    this.now.push({ node: 0, world });
    let complete = -1;
    while (this.now.length > 0 && !this.full) {
      this.level();
      if (!this.full) complete++;
      this.now = this.later;
      this.later = [];
    }
    return {
      worlds: this.nodes.length,
      transitions: this.transitions,
      decisions: this.decisions,
      deepest: this.deepest,
      atRest: this.atRest,
      whole: !this.full,
      complete,
    };
  }

  /** All worlds with so many deviations, or with so many moves where deviations are not rationed. */
  private level(): void {
    // The list grows while it is gone through: proper moves stay on the level.
    for (let at = 0; at < this.now.length && !this.full; at++) {
      const due = this.now[at];
      if (due === undefined) continue;
      delete this.now[at];
      this.goOn(due);
    }
  }

  private goOn({ node, world }: Due): void {
    const from = this.nodes[node];
    if (from === undefined || from.deviations < 0) return;
    const level = from.deviations;
    // Found again with fewer deviations and gone on from already.
    from.deviations = -1 - level;
    if (from.moves >= this.bounds.moves) return;
    for (const { move, deviates } of waysFrom(world)) {
      const cost = deviates ? 1 : 0;
      if (level + cost > (this.bounds.deviations ?? Number.POSITIVE_INFINITY)) continue;
      const played = this.guarded(node, move, () => play(this.scene, world, move, this.watch));
      this.arrive(node, move, played.world, level + cost);
      if (level + 1 > (this.bounds.deviations ?? Number.POSITIVE_INFINITY) || move.do === "cut") continue;
      for (let after = 0; after < played.written; after++) this.cutWithin(node, world, { move, after, level });
    }
  }

  private cutWithin(node: number, world: World, cut: { move: WholeMove; after: number; level: number }): void {
    for (const lands of world.pulses.length > 0 ? [false, true] : [false]) {
      const move: Move = { do: "cut-within", move: cut.move, after: cut.after, lands };
      const played = this.guarded(node, move, () => play(this.scene, world, move, this.watch));
      this.arrive(node, move, played.world, cut.level + 1);
    }
  }

  private arrive(parent: number, move: Move, world: World, deviations: number): void {
    this.transitions++;
    const key = keyOf(canonical(this.scene, world));
    const known = this.known.get(key);
    const moves = (this.nodes[parent]?.moves ?? 0) + 1;
    const rationed = this.bounds.deviations !== undefined;
    if (known !== undefined) {
      const node = this.nodes[known];
      if (node === undefined || !rationed || node.deviations <= deviations) return;
      this.nodes[known] = { parent, move, moves, deviations };
      this.now.push({ node: known, world });
      return;
    }
    const node = this.nodes.length;
    this.nodes.push({ parent, move, moves, deviations });
    this.known.set(key, node);
    this.deepest = Math.max(this.deepest, moves);
    if (isAtRest(world)) this.atRest++;
    const started = move.do === "cut" || move.do === "cut-within";
    this.guarded(node, undefined, () => {
      for (const rule of this.rules) {
        complain(rule, rule.rest?.(this.scene, world));
        if (started) complain(rule, rule.started?.(this.scene, world));
      }
    });
    const level = Math.abs(deviations);
    const isNext = !rationed || level > this.levelOf(parent);
    (isNext ? this.later : this.now).push({ node, world });
    if (this.nodes.length >= this.bounds.worlds) this.full = true;
  }

  private levelOf(node: number): number {
    const deviations = this.nodes[node]?.deviations ?? 0;
    return deviations < 0 ? -1 - deviations : deviations;
  }

  /** Adds the way to whatever goes wrong. */
  private guarded<T>(node: number, move: Move | undefined, act: () => T): T {
    try {
      return act();
    } catch (problem) {
      const way = [...this.prologue, ...this.wayTo(node), ...(move === undefined ? [] : [move])].map(tell);
      if (problem instanceof RuleBroken) throw new Broken(problem.rule, problem.message, way);
      throw new Error(`${String(problem)} on the way: ${way.join("; ")}`, { cause: problem });
    }
  }

  private wayTo(node: number): Move[] {
    const way: Move[] = [];
    for (let at = this.nodes[node]; at?.move !== undefined; at = this.nodes[at.parent]) way.unshift(at.move);
    return way;
  }
}

function complain(rule: Rule, why: string | undefined): void {
  if (why !== undefined) throw new RuleBroken(rule, why);
}
