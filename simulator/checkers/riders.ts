/**
 * I25 and I36: nobody is left without a pack and without a word. Riders are judged as they stand there: what they brought, what they
 * hold, what they heard; only the note of what they are owed is the log's.
 */
import type { JournalRecord } from "../../services/journal/records.ts";
import { prompts } from "../../services/prompts.ts";
import { roomSentences } from "../../services/room/sentences.ts";
import { memberName } from "../members.ts";
import type { TruthEvent } from "../truth-types.ts";
import type { RiderVisit } from "../visit-types.ts";
import type { BookCheckerSetup, Checker, CheckerSetup } from "./checker.ts";
import { type ControllerEra, controllerEra } from "./controller-era.ts";

const owedMs = 60_000;
/** A start reads its bays first, and ends what the cut interrupted. */
const recoverMs = 120_000;

/** The bay in which a pack stands, if it stands in any. */
const bayOf = ({ world }: Pick<CheckerSetup, "world">, packId: string | undefined): number | undefined =>
  world.truth.bays.find(({ pack }) => pack !== undefined && pack.id === packId)?.bay;

/** When something was last so of each. */
function lastTimes<Key>({ clock }: Pick<CheckerSetup, "clock">) {
  const times = new Map<Key, number>();
  return {
    now: (key: Key) => times.set(key, clock.nowMs),
    isSince: (key: Key, sinceMs: number): boolean => (times.get(key) ?? Number.NEGATIVE_INFINITY) >= sinceMs,
  };
}

/** What the log says of bays for whoever comes to look. */
function bayNotes(setup: Pick<CheckerSetup, "clock" | "world">) {
  const { clock } = setup;
  /** Whose names stand on the notes, and when somebody on site took such a note off: perhaps while they still stood there. */
  const namedAt = new Map<number, string>();
  const lookedMs = new Map<string, number>();
  const unclaimedMs = new Map<number, number>();
  const isSince = (atMs: number | undefined, sinceMs: number): boolean => atMs !== undefined && atMs >= sinceMs;
  return {
    read(record: JournalRecord): void {
      if (record.kind === "pack-seen" && (record.how === "unasked" || record.how === "operator"))
        unclaimedMs.set(record.bay, clock.nowMs);
      if (record.kind !== "lock-out") return;
      const named = namedAt.get(record.bay);
      if (named !== undefined && record.lockOut === "none" && record.by === "operator")
        lookedMs.set(named, clock.nowMs);
      if (record.member === undefined) namedAt.delete(record.bay);
      else namedAt.set(record.bay, record.member);
    },
    wasLookedAt: (member: string, sinceMs: number): boolean => isSince(lookedMs.get(member), sinceMs),
    /** Put in at a door that stood open or that an operator opened: that it is there is told, whose it is nobody can know. */
    isUnclaimed(packId: string | undefined, sinceMs: number): boolean {
      const bay = bayOf(setup, packId);
      return bay !== undefined && isSince(unclaimedMs.get(bay), sinceMs);
    },
  };
}

/** Packs carried off while no controller was there to see it, or out of a door that was forced meanwhile and found open. */
function unseenThefts(era: ControllerEra) {
  const unseen = new Set<string | undefined>();
  const forced = new Set<number>();
  return {
    unseen,
    read(event: TruthEvent): void {
      if (event.type === "door" && !event.open) forced.delete(event.bay);
      if (event.type === "door" && event.open && !era.runs) forced.add(event.bay);
      if (event.type === "pack" && !event.in && (!era.runs || forced.has(event.bay))) unseen.add(event.packId);
    },
  };
}

/** Any note of this member that somebody has to see to. */
function isNoted(member: string, { controller }: Pick<BookCheckerSetup, "controller">): boolean {
  const { durable, swaps, recovering } = controller.state();
  const { packs, bays } = durable.ledger;
  return (
    Object.values(durable.debts).some((debt) => debt.member === member) ||
    Object.values(swaps).some((swap) => swap.member === member) ||
    recovering.some(({ swap }) => swap.member === member) ||
    Object.values(packs).some((place) => "member" in place && place.member === member) ||
    Object.values(bays).some((holding) => "member" in holding && holding.member === member) ||
    Object.values(durable.lockOuts).some((lockOut) => lockOut.member === member)
  );
}

export function nobodyIsStranded(setup: BookCheckerSetup): Checker {
  const { clock, controller, report, looked } = setup;
  const era = controllerEra(setup);
  const notes = bayNotes(setup);
  /** E10: what nobody can read was not taken back. Its bay says so to whoever comes to look. */
  function isLeftBehind(packId: string | undefined): boolean {
    return controller.state().durable.lockOuts[String(bayOf(setup, packId))]?.reason === "left-behind";
  }
  /** Put in while a swap ran on the code of somebody else: no station can tell who stands there, and it is that member's now. */
  function isAnothers(packId: string | undefined): boolean {
    const { durable, swaps } = controller.state();
    return [...Object.values(durable.debts), ...Object.values(swaps)].some(({ packIn }) => packIn === packId);
  }
  const reserved = lastTimes<string>(setup);
  /**
   * Put in before any code, at a door that still stands open: who shuts it, and whether the pack is still there then, nobody knows,
   * so it is the door that is told.
   */
  function standsOpenUnasked({ rider, arrivedMs, depositedPack }: RiderVisit): boolean {
    const bay = bayOf(setup, depositedPack);
    const isAsked = reserved.isSince(memberName(rider), arrivedMs);
    return bay !== undefined && setup.world.truth.bay(bay).doorOpen && !isAsked;
  }
  /** When there was last a note of a member who left. Who looks into the bay on site ends it, and then it is theirs to see to. */
  const noted = lastTimes<string>(setup);
  const waiting = new Set<string>();
  const served = lastTimes<number>(setup);
  let onSiteMs = Number.NEGATIVE_INFINITY;
  const thefts = unseenThefts(era);
  function note(): void {
    for (const member of waiting) if (isNoted(member, setup)) noted.now(member);
  }
  function judge(visit: RiderVisit, leftMs: number): void {
    const { rider, depositedPack } = visit;
    if (era.upMs() < recoverMs) {
      clock.after(recoverMs - era.upMs() + 1_000, () => judge(visit, leftMs));
      return;
    }
    looked();
    const member = memberName(rider);
    waiting.delete(member);
    // The judge had to wait for a start: who came back meanwhile may have been served, with what they left or with another pack.
    if (served.isSince(rider, leftMs)) return;
    const wasNoted = noted.isSince(member, leftMs) && onSiteMs >= leftMs;
    const isExcused =
      notes.wasLookedAt(member, visit.arrivedMs) ||
      notes.isUnclaimed(depositedPack, visit.arrivedMs) ||
      thefts.unseen.has(depositedPack) ||
      isLeftBehind(depositedPack) ||
      standsOpenUnasked(visit) ||
      isAnothers(depositedPack);
    if (!isNoted(member, setup) && !wasNoted && !isExcused)
      report("I25", `rider ${rider} left ${depositedPack} here and has nothing, and nobody notes it`);
  }
  return {
    invariant: "I25",
    says: "who left a pack here and got none has a note of it in the log within 60 s",
    looksAt: "riders who leave without the pack they put in, against the log",
    excuses:
      "the time in which the controller is dead or starts, a pack that is carried off meanwhile or from a door that is forced meanwhile, one put in on another member's code, before any code or at an operator's door, a note that somebody on site took off, and a pack that nobody can read, left behind",
    onRecord(record: JournalRecord) {
      if (record.kind === "lock-out" && record.member !== undefined && waiting.has(record.member))
        noted.now(record.member);
      if (record.kind === "swap-reserved") reserved.now(record.swap.member);
      note();
      notes.read(record);
      if (record.kind === "lock-out" && record.by === "operator") onSiteMs = clock.nowMs;
    },
    onTruth(event) {
      thefts.read(event);
      if (event.type !== "left") return;
      const { visit } = event;
      if (visit.receivedPack !== undefined) served.now(visit.rider);
      if (visit.depositedPack === undefined || visit.receivedPack !== undefined || visit.ending !== "owed") return;
      const leftMs = clock.nowMs;
      waiting.add(memberName(visit.rider));
      note();
      clock.after(owedMs, () => judge(visit, leftMs));
    },
  };
}

const wordsMs = 1_000;
const chinese = /\p{Script=Han}/u;

function hasChinese(id: string, sentences: Readonly<Record<string, { readonly zh: string }>>): boolean {
  return chinese.test(sentences[id]?.zh ?? "");
}

export function refusalsAreSaid(setup: CheckerSetup): Checker {
  const { clock, report, looked } = setup;
  const saidMs = new Map<string, number>();
  const said = (place: string, id: string, sentences: Readonly<Record<string, { readonly zh: string }>>): void => {
    if (hasChinese(id, sentences)) saidMs.set(place, clock.nowMs);
  };
  /** Said in the same step, or within a second. */
  function expectWords(place: string, reason: string): void {
    const { nowMs } = clock;
    looked();
    clock.after(wordsMs, () => {
      if ((saidMs.get(place) ?? Number.NEGATIVE_INFINITY) < nowMs)
        report("I36", `${place} refused with ${reason}, and nothing is said`);
    });
  }
  return {
    invariant: "I36",
    says: "whoever is refused hears or reads why, in Chinese, within 1 s",
    looksAt: "what is said where somebody was refused",
    onRecord(record: JournalRecord) {
      if (record.kind === "scan-refused") expectWords(`cabinet ${record.cabinet}`, record.reason);
      if (record.kind === "door-refused") expectWords(`reader ${record.reader}`, record.reason);
    },
    onTruth(event) {
      if (event.type === "prompt") said(`cabinet ${event.cabinet}`, event.prompt.promptId, prompts);
      if (event.type === "room-said") said(`reader ${event.reader}`, event.sentence, roomSentences);
    },
  };
}
