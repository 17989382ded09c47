/**
 * Carries effects out, in order, one step after another. Whatever follows a record waits until that record is on disk; acts
 * of later steps wait behind it, so that the log's order is the order of the world. A record that cannot be written takes
 * the acts behind it in the same step with it; only whoever waits for an answer is told so.
 */
import type { Effect } from "../../services/effects.ts";

export interface ActPorts {
  /** Appends and syncs; settles exactly once, never from inside the call. */
  record(effects: readonly Extract<Effect, { do: "record" }>[], done: (failure: string | undefined) => void): void;
  unlock(effect: Extract<Effect, { do: "unlock" }>): void;
  prompt(effect: Extract<Effect, { do: "prompt" }>): void;
  reidentify(effect: Extract<Effect, { do: "reidentify" }>): void;
  release(effect: Extract<Effect, { do: "release" }>): void;
  respond(effect: Extract<Effect, { do: "respond" }>): void;
  /** Only where the station has a room of its own. */
  readonly room?: {
    /** What was to be written before it is on disk. */
    written(token: string): void;
    say(effect: Extract<Effect, { do: "room-say" }>): void;
    keepList(text: string): void;
  };
  /** The records of a swap (or of no swap) were lost, and with them the acts behind; once for every swap of the step. */
  lost(swap: string | undefined, why: string): void;
}

export interface Acts {
  carryOut(effects: readonly Effect[]): void;
  /** Steps whose acts still wait for the disk. */
  waiting(): number;
}

type Run = { readonly records: Extract<Effect, { do: "record" }>[]; readonly acts: Effect[] };

/** Consecutive records of a step go to the disk together; sentences do not wait, because words actuate nothing. */
function runsOf(effects: readonly Effect[], ports: ActPorts): Run[] {
  const runs: Run[] = [];
  let run: Run = { records: [], acts: [] };
  for (const effect of effects) {
    if (effect.do === "prompt") {
      ports.prompt(effect);
      continue;
    }
    if (effect.do === "room-say") {
      ports.room?.say(effect);
      continue;
    }
    if (effect.do === "record" && run.acts.length > 0) {
      runs.push(run);
      run = { records: [], acts: [] };
    }
    if (effect.do === "record") run.records.push(effect);
    else run.acts.push(effect);
  }
  if (run.records.length > 0 || run.acts.length > 0) runs.push(run);
  return runs;
}

/** Every swap that loses a record or a pulse with these runs; nobody's records are told once as such. */
function swapsOf(runs: readonly Run[]): ReadonlySet<string | undefined> {
  const found = new Set<string | undefined>();
  for (const effect of runs.flatMap(({ records, acts }) => [...records, ...acts])) {
    if ((effect.do === "record" || effect.do === "unlock") && effect.swap !== undefined) found.add(effect.swap);
  }
  return found.size > 0 ? found : new Set([undefined]);
}

export function createActs(ports: ActPorts): Acts {
  const queue: Run[][] = [];
  let writing = false;

  function act(effect: Effect): void {
    switch (effect.do) {
      case "unlock":
        ports.unlock(effect);
        return;
      case "reidentify":
        ports.reidentify(effect);
        return;
      case "release":
        ports.release(effect);
        return;
      case "respond":
        ports.respond(effect);
        return;
      case "room-written":
        ports.room?.written(effect.token);
        return;
      case "keep-list":
        ports.room?.keepList(effect.text);
        return;
      case "prompt":
      case "room-say":
      case "record":
        return; // Prompts were said at once; records went to the disk.
    }
  }

  /** The next run that is due, letting go of steps that are done. */
  function due(): { readonly step: Run[]; readonly run: Run } | undefined {
    for (let step = queue[0]; step !== undefined; step = queue[0]) {
      const run = step.shift();
      if (run !== undefined) return { step, run };
      queue.shift();
    }
    return undefined;
  }

  function next(): void {
    while (!writing) {
      const ready = due();
      if (ready === undefined) return;
      if (ready.run.records.length > 0) write(ready.step, ready.run);
      else ready.run.acts.forEach(act);
    }
  }

  function write(step: Run[], run: Run): void {
    writing = true;
    ports.record(run.records, (failure) => {
      writing = false;
      if (failure === undefined) run.acts.forEach(act);
      else {
        const dropped = [run, ...step];
        const unanswered = dropped.flatMap(({ acts }) => acts.filter((effect) => effect.do === "respond"));
        step.length = 0;
        for (const { id, verb } of unanswered)
          ports.respond({ do: "respond", id, verb, status: "error", reason: "cannot-record" });
        for (const swap of swapsOf(dropped)) ports.lost(swap, failure);
      }
      next();
    });
  }

  return {
    carryOut(effects) {
      if (effects.length === 0) return;
      const runs = runsOf(effects, ports);
      if (runs.length === 0) return;
      queue.push(runs);
      next();
    },
    waiting: () => queue.length,
  };
}
