/** No command that is wrong in any way moves anything, and the right one beside it still does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { securityTypes } from "../../../services/requests/reasons.ts";
import { CommandBench } from "../../support/command-bench.ts";
import { type Mutation, type MutationName, mutations } from "../../support/command-mutations.ts";
import {
  bytesOf,
  type Command,
  Desk,
  everyone,
  type GoodKind,
  goodKinds,
  messageOf,
  people,
  sign,
} from "../../support/commands.ts";

/** Mutated commands in all; the full size is 100,000. */
const wanted = Number(process.env.YIZHAN_COMMANDS ?? "2000");
const commandsEach = 100;

const histogram = new Map<string, number>();
const mutated = new Map<string, number>();
let goodOnes = 0;
let restarts = 0;
let pulses = 0;
const count = (into: Map<string, number>, name: string, by = 1) => into.set(name, (into.get(name) ?? 0) + by);

interface Deed {
  readonly mutation: MutationName;
  readonly kind: GoodKind;
  readonly bay: number;
  readonly pick: number;
  readonly restart: boolean;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  mutation: fc.constantFrom(...(Object.keys(mutations) as MutationName[])),
  kind: fc.constantFrom(...goodKinds),
  bay: fc.integer({ min: 1, max: 4 }),
  pick: fc.nat({ max: 1_000_000 }),
  restart: fc.integer({ min: 0, max: 39 }).map((n) => n === 0),
});

/** The good one is taken by the station, exactly once, for whoever signed it. */
function obeyed(bench: CommandBench, command: Command): void {
  bench.breathe();
  const { reason } = bench.deliver(messageOf(command.verb, bytesOf(sign(command))));
  expect(reason).toBeUndefined();
  const id = String(command.payload.id);
  expect(bench.acts.get(id)?.filter((kind) => kind === "request-taken")).toHaveLength(1);
  goodOnes++;
  if (command.verb === "open") bench.tidyUp();
}

function play(bench: CommandBench, desk: Desk, { mutation: name, kind, bay, pick, restart }: Deed): void {
  if (restart) bench.restart();
  const command = desk.good(kind, bay);
  const mutation: Mutation = mutations[name];
  if (mutation.good === "after") obeyed(bench, command);
  bench.breathe();
  const message = mutation.make(command, pick, desk);
  bench.synchronised = name !== "while the clock is not known";
  const drivenBefore = drivenBy(bench);
  const { reason, changed } = bench.deliver(message);
  bench.synchronised = true;
  expect(mutation.reasons, name).toContain(reason);
  expect({ name, changed, driven: drivenBy(bench) - drivenBefore }).toEqual({ name, changed: false, driven: 0 });
  count(histogram, reason ?? "none");
  count(mutated, name);
  if (mutation.good === "before") obeyed(bench, command);
}

const drivenBy = (bench: CommandBench): number => [...bench.pulses.values()].reduce((sum, n) => sum + n, 0);

/** Every pulse belongs to a good command that opens, and every act to a good command. */
function nothingElseMoved(bench: CommandBench): void {
  for (const id of [...bench.pulses.keys(), ...bench.acts.keys()]) expect(id).toMatch(/^g-\d+$/);
  for (const [, kinds] of bench.acts) expect(kinds.filter((kind) => kind === "request-taken")).toHaveLength(1);
}

test(`of ${wanted} mutated commands not one moves anything, and each good one beside them acts`, () => {
  fc.assert(
    fc.property(fc.array(deed, { minLength: commandsEach, maxLength: commandsEach }), (deeds) => {
      const bench = new CommandBench(everyone);
      const desk = new Desk(bench);
      for (const one of deeds) play(bench, desk, one);
      nothingElseMoved(bench);
      restarts += bench.restarts;
      pulses += drivenBy(bench);
    }),
    { numRuns: Math.ceil(wanted / commandsEach), seed: 31 },
  );
}, 3_600_000);

test("a flood is dropped unread, and what exceeds the memory is refused; neither moves anything", () => {
  const bench = new CommandBench(everyone);
  const desk = new Desk(bench);
  const unread = () => ({ ...desk.envelope(), expiresAt: bench.station.wallMs + 299_000, set: {} });
  const ask = () =>
    bench.deliver(
      messageOf("parameters", bytesOf(sign({ verb: "parameters", asker: people.operator, payload: unread() }))),
    );
  for (let n = 0; n < 60; n++) count(histogram, ask().reason ?? "taken");
  for (let n = 0; n < 1_100; n++) {
    bench.breathe();
    const { reason, changed } = ask();
    if (reason !== undefined) expect({ reason, changed }).toEqual({ reason: "memory-full", changed: false });
    count(histogram, reason ?? "taken");
  }
  expect(bench.pulses.size).toBe(0);
}, 120_000);

test("six bays an hour, and a whole cabinet for two: what one person may not do alone moves nothing", () => {
  const bench = new CommandBench(everyone);
  const desk = new Desk(bench);
  const ask = (command: Command) => {
    bench.breathe();
    bench.deliver(messageOf(command.verb, bytesOf(sign(command))));
    bench.tidyUp();
    return bench.answers.get(String(command.payload.id))?.at(-1);
  };
  const reasons: (string | undefined)[] = [];
  for (let n = 0; n < 8; n++) {
    if (n === 7) bench.restart();
    bench.station.pass(31_000);
    reasons.push(ask(desk.good("open", 1))?.reason);
  }
  expect(reasons).toEqual([...new Array(6), "opens-per-hour", "opens-per-hour"]);
  const before = drivenBy(bench);
  const all = { verb: "open-all", asker: people.supervisor } as const;
  const cabinet = "c-1";
  const confirm = ask({ ...all, payload: { ...desk.envelope(), cabinet } })?.data?.confirm;
  const alone = ask({ ...all, payload: { ...desk.envelope(), cabinet, confirm } });
  expect(alone).toMatchObject({ status: "refused", reason: "same-person" });
  expect(drivenBy(bench)).toBe(before);
  for (const reason of ["opens-per-hour", "opens-per-hour", "same-person"]) count(histogram, reason);
  const together = { ...all, asker: people.second, payload: { ...desk.envelope(), cabinet, confirm } };
  expect(ask(together)?.status).toBe("ok");
  expect(drivenBy(bench)).toBeGreaterThan(before);
}, 120_000);

test("every reason there is was given, and every mutation tried", () => {
  const total = [...mutated.values()].reduce((sum, n) => sum + n, 0);
  console.info(
    `${total} mutated commands, ${goodOnes} good ones beside them, ${pulses} pulses for these, ${restarts} restarts; ` +
      [...histogram]
        .sort(([, a], [, b]) => b - a)
        .map(([reason, n]) => `${reason} ${n}`)
        .join(", "),
  );
  expect(Object.keys(securityTypes).filter((reason) => !histogram.has(reason))).toEqual([]);
  expect(Object.keys(mutations).filter((name) => !mutated.has(name))).toEqual([]);
  expect(total).toBeGreaterThanOrEqual(wanted);
});
