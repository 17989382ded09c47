/** A good command acts once and is answered alike, however often it is delivered and whenever the power goes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { CommandBench } from "../../support/command-bench.ts";
import { bytesOf, type Command, Desk, everyone, type GoodKind, messageOf, sign } from "../../support/commands.ts";

/** Redeliveries in all; the full size is 100,000. */
const wanted = Number(process.env.YIZHAN_COMMANDS ?? "2000");
const commandsEach = 20;
const perCommand = 10;

/** Those whose doing bears a mark: an opening its request, the others the id in their words. */
const marked = ["open", "open", "lock-out", "cabinet-lock-out", "bind"] as const satisfies readonly GoodKind[];

interface Deed {
  readonly kind: (typeof marked)[number];
  readonly bay: number;
  /** What is delivered again after it: 0 is this command, 1 the one before it, and so on. */
  readonly again: readonly number[];
  /** The power goes before this delivery; none when it is beyond them. */
  readonly cutBefore: number;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  kind: fc.constantFrom(...marked),
  bay: fc.integer({ min: 1, max: 4 }),
  again: fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat({ max: 8 })), {
    minLength: perCommand,
    maxLength: perCommand,
  }),
  // Early ones strike openings that are under way.
  cutBefore: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 4 * perCommand }), fc.nat({ max: 8 * perCommand })),
});

const total = { redelivered: 0, commands: 0, restarts: 0, acted: 0, interrupted: 0, refused: 0 };

/** An opening that has begun takes a while, and the deliveries come in the middle of it. */
const acts = {
  open: "operator-opening",
  "lock-out": "lock-out",
  "cabinet-lock-out": "cabinet-lock-out",
  bind: "pack-bound",
};

class Story {
  private readonly bench = new CommandBench(everyone, { requests: { twoPersons: true } });
  private readonly desk = new Desk(this.bench);
  private readonly given: { readonly command: Command; readonly bytes: Uint8Array }[] = [];

  private deliver(back: number): void {
    const { command, bytes } = this.given[this.given.length - 1 - back] ?? this.given[0] ?? never();
    this.bench.breathe();
    this.bench.deliver(messageOf(command.verb, bytes));
    this.answeredAlike(command);
  }

  /** To the letter while the command holds; after its expiry a restart may have left out what came with the answer. */
  private answeredAlike({ payload }: Command): void {
    const id = String(payload.id);
    const holds = this.bench.station.wallMs < Number(payload.expiresAt);
    const said = (this.bench.answers.get(id) ?? []).map(({ data, ...rest }) =>
      JSON.stringify(holds ? [rest, data] : rest),
    );
    expect(new Set(said).size, `${id} is answered alike`).toBeLessThanOrEqual(1);
  }

  play({ kind, bay, again, cutBefore }: Deed): void {
    const command = this.desk.good(kind, bay);
    this.given.push({ command, bytes: bytesOf(sign(command)) });
    this.deliver(0);
    again.forEach((back, at) => {
      if (at === cutBefore) this.bench.restart();
      this.deliver(back);
      total.redelivered++;
    });
    if (this.bench.station.openBays().length > 0) this.bench.tidyUp();
  }

  /** After the last restart everything is delivered once more, and has its answer by then. */
  judge(): void {
    this.bench.restart();
    this.bench.station.pass(20_000);
    for (const { command, bytes } of this.given) {
      this.bench.breathe();
      const id = String(command.payload.id);
      const answersBefore = this.bench.answers.get(id) ?? [];
      this.bench.deliver(messageOf(command.verb, bytes));
      const answers = this.bench.answers.get(id) ?? [];
      expect(answers.length, id).toBeGreaterThan(answersBefore.length);
      this.answeredAlike(command);
      this.actedOnce(command, answers[0]?.status ?? "none", answers[0]?.reason);
    }
    total.commands += this.given.length;
    total.restarts += this.bench.restarts;
  }

  private actedOnce({ verb, payload }: Command, status: string, reason: string | undefined): void {
    const id = String(payload.id);
    const did = this.bench.acts.get(id) ?? [];
    const kind = acts[verb as keyof typeof acts];
    const times = did.filter((one) => one === kind).length;
    expect(
      did.filter((one) => one === "request-taken"),
      id,
    ).toHaveLength(1);
    const pulses = this.bench.pulses.get(id) ?? 0;
    if (status === "refused") {
      expect({ id, times, pulses }).toEqual({ id, times: 0, pulses: 0 });
      total.refused++;
    } else if (reason === "interrupted-by-restart") {
      expect(times, id).toBeLessThanOrEqual(1);
      total.interrupted++;
    } else {
      expect({ id, status, times }).toEqual({ id, status: "ok", times: 1 });
      if (verb === "open") expect(pulses, id).toBe(1);
      total.acted++;
    }
  }
}

function never(): never {
  throw new Error("nothing was given yet");
}

test(`of ${wanted} redeliveries each good command acts once and is answered alike, restarts in between`, () => {
  fc.assert(
    fc.property(fc.array(deed, { minLength: commandsEach, maxLength: commandsEach }), (deeds) => {
      const story = new Story();
      for (const one of deeds) story.play(one);
      story.judge();
    }),
    { numRuns: Math.ceil(wanted / commandsEach / perCommand), seed: 32 },
  );
  const { redelivered, commands, restarts, acted, interrupted, refused } = total;
  console.info(
    `${redelivered} redeliveries of ${commands} good commands over ${restarts} restarts: ${acted} acted once, ` +
      `${refused} were refused by the station, ${interrupted} were interrupted by a restart`,
  );
  expect(redelivered).toBeGreaterThanOrEqual(wanted);
  expect(Math.min(acted, interrupted, refused)).toBeGreaterThan(0);
}, 3_600_000);
