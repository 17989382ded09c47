/**
 * The union's office: signs the station's access list and sends it out anew several times a day. Every day it withdraws a few
 * members and a card, hands visitors their codes and members their care packages. It knows what it said and when, which is what
 * judges hold the door against; it never hears whether a station listened.
 */
import { createHash } from "node:crypto";
import type { Clock } from "../../hal/ports/clock.ts";
import type { SplitRandom } from "../random.ts";
import type { SimulatedCard } from "../wires/card-reader.ts";
import { copiedCard, foreignCard, type MemberCard, memberCard } from "./cards.ts";
import type { Issuer } from "./issuer.ts";

export interface OfficeOptions {
  readonly issuer: Issuer;
  readonly station: string;
  readonly door: string;
  readonly clock: Clock;
  readonly random: SplitRandom;
  readonly seed: string;
  readonly members: readonly string[];
}

interface VisitorCode {
  readonly id: string;
  readonly text: string;
  readonly from: number;
  readonly until: number;
}

interface Package {
  readonly name: string;
  readonly member: string;
  readonly until: number;
}

const HOUR_MS = 3_600_000;
const ISSUES_EVERY_MS = 4 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const REVOKED_A_DAY = 4;
const VISITORS_A_DAY = 6;
const PACKAGES_A_DAY = 5;
const PACKAGE_LIFE_MS = 3 * DAY_MS;
/** Only some members have a card; all others show a code. */
const CARDS = 120;
/** The first list is there before the first rider. */
const FIRST_MS = 2_500;
/** Until then a revocation may still be on its way. */
const SETTLED_MS = 120_000;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export class Office {
  /** Sends a signed list to the station; nobody hears it until somebody connects it. */
  publish: (text: string) => void = () => undefined;
  private readonly options: OfficeOptions;
  private readonly cards = new Map<string, MemberCard>();
  private readonly revoked = new Map<string, number>();
  private readonly revokedCards = new Map<string, number>();
  private visitors: VisitorCode[] = [];
  private readonly usedVisitors: string[] = [];
  private packages: Package[] = [];
  /** The first one that it sends is not the first one that it ever signed. */
  private version = 1;
  private day = -1;
  private newest: { readonly issuedAt: number } | undefined;

  constructor(options: OfficeOptions) {
    this.options = options;
    for (const member of options.members.slice(0, CARDS)) this.cards.set(member, memberCard(options.seed, member));
  }

  start(): void {
    this.options.clock.after(FIRST_MS, () => this.issue());
  }

  private issue(): void {
    const { clock, issuer, station, door } = this.options;
    clock.after(ISSUES_EVERY_MS, () => this.issue());
    const nowMs = clock.wallMs();
    if (Math.floor(clock.monotonicMs() / DAY_MS) !== this.day) this.newDay();
    const list = {
      station,
      version: ++this.version,
      issuedAt: nowMs - 1_000,
      revokedMembers: [...this.revoked.keys()],
      revokedCards: [...this.revokedCards.keys()].map((member) => this.cards.get(member)?.identity ?? ""),
      cards: [...this.cards].map(([member, { identity }]) => ({ card: identity, member })),
      visitorCodes: this.visitors.map(({ id, text, from, until }) => ({ id, code: sha256(text), door, from, until })),
      entitlements: this.packages.filter(({ until }) => until > nowMs),
    };
    this.newest = list;
    this.publish(issuer.list(list));
  }

  /** The list of the day before, on which nobody was withdrawn yet. */
  oldList(): string | undefined {
    const { newest } = this;
    if (newest === undefined) return undefined;
    const issuedAt = newest.issuedAt - DAY_MS;
    return this.options.issuer.list({
      ...newest,
      version: this.version - 1,
      issuedAt,
      revokedMembers: [],
      revokedCards: [],
    });
  }

  private newDay(): void {
    const { clock, random, members } = this.options;
    const nowMs = clock.monotonicMs();
    const wallMs = clock.wallMs();
    this.day = Math.floor(nowMs / DAY_MS);
    this.revoked.clear();
    this.revokedCards.clear();
    for (let count = 0; count < REVOKED_A_DAY; count++) this.revoked.set(random.pick(members), nowMs);
    if (this.cards.size > 0) this.revokedCards.set(random.pick([...this.cards.keys()]), nowMs);
    this.visitors = Array.from({ length: VISITORS_A_DAY }, (_unused, at) => ({
      id: `v-${this.day}-${at}`,
      text: String(10_000_000 + random.int(89_999_999)),
      from: wallMs - 60_000,
      until: wallMs + DAY_MS,
    }));
    for (let count = 0; count < PACKAGES_A_DAY; count++) {
      const name = `pack-${this.day}-${count}`;
      this.packages.push({ name, member: random.pick(members), until: wallMs + PACKAGE_LIFE_MS });
    }
  }

  private isSettled(sinceMs: number | undefined, upMs: number): boolean {
    return sinceMs !== undefined && this.options.clock.monotonicMs() - sinceMs > SETTLED_MS && upMs > SETTLED_MS;
  }

  /** The station must know by now that this member is refused. `upMs`: how long it has run, so that it could hear. */
  isRevoked(member: string, upMs: number): boolean {
    return this.isSettled(this.revoked.get(member), upMs);
  }

  isCardRevoked(member: string, upMs: number): boolean {
    return this.isSettled(this.revokedCards.get(member), upMs) || this.isRevoked(member, upMs);
  }

  cardOf(member: string): SimulatedCard | undefined {
    return this.cards.get(member)?.card;
  }

  /** What looks like this member's card and is not. */
  falseCard(member: string, random: SplitRandom): SimulatedCard {
    return random.chance(0.5) ? copiedCard(member) : foreignCard(this.options.seed, member);
  }

  /** A code that nobody used yet; it counts as used from now on. */
  visitorCode(): string | undefined {
    const code = this.visitors.find(({ text }) => !this.usedVisitors.includes(text));
    if (code !== undefined) this.usedVisitors.push(code.text);
    return code?.text;
  }

  /** How many packages a member ever could fetch. */
  packagesOf(member: string): number {
    return this.packages.filter((one) => one.member === member).length;
  }
}
