/**
 * Opening bays for an operator, one after another and by the same pulse rules as a swap: the charger is off and its current
 * gone, the lock is pulsed at most three times, and only a door that is seen open counts. It looks anew before every move,
 * so that an opening stops at the first thing that makes it unsafe. It decides nothing about who may ask.
 */
import type { SwapConfig } from "../config.ts";
import type { Effect } from "../effects.ts";
import type { OrderRefusal } from "../requests/reasons.ts";
import { quietMa, stepOpening } from "../swap/opening.ts";
import { newOpening, type Opening, type Sight, type SwapInput } from "../swap/swap.ts";

export interface Skipped {
  readonly bay: number;
  readonly reason: OrderRefusal;
}

/** One request on its way through its bays. */
export interface OpeningOrder {
  readonly request: string;
  readonly verb: "open" | "open-all";
  readonly cabinet: string;
  /** Monotonic; a request that waited past its expiry drives no first pulse. */
  readonly untilMs: number;
  readonly bay: number;
  readonly at:
    | { readonly step: "making-dead"; readonly sinceMs: number }
    | { readonly step: "opening"; readonly opening: Opening };
  readonly left: readonly number[];
  readonly opened: readonly number[];
  readonly skipped: readonly Skipped[];
}

export interface OperatorSight
  extends Pick<
    Sight,
    "nowMs" | "door" | "contactsMs" | "present" | "currentMa" | "lockFree" | "openElsewhere" | "hot"
  > {
  /** Why this bay may not be opened at this instant. */
  readonly unsafe: (bay: number) => OrderRefusal | undefined;
  /** The charger's current when it was last heard; a charger that is off is asked rarely. */
  readonly lastMa: (bay: number) => number | undefined;
}

export interface OrderStep {
  /** The order as it goes on; undefined when its last bay is done. */
  readonly next: OpeningOrder | undefined;
  /** The order after its last bay, for the answer. */
  readonly last: OpeningOrder;
  readonly effects: readonly Effect[];
  /** The bay whose lock was pulsed in vain. */
  readonly failed?: number;
}

/** A lock that is used for somebody else, or was just tried three times, is waited for this long. */
const lockWaitMsMax = 5_000;
/** A lease that is not renewed is over by then (2 s at most), so that an older sample of no current still holds. */
const leaseOverMs = 2_000;

export function newOpeningOrder(
  asked: Pick<OpeningOrder, "request" | "verb" | "cabinet" | "untilMs">,
  bays: readonly [number, ...number[]],
  nowMs: number,
): OpeningOrder {
  const [bay, ...left] = bays;
  return { ...asked, bay, at: { step: "making-dead", sinceMs: nowMs }, left, opened: [], skipped: [] };
}

type BayResult =
  | { readonly is: "going-on"; readonly at: OpeningOrder["at"]; readonly effects: readonly Effect[] }
  | { readonly is: "open" }
  | { readonly is: "not-opened"; readonly reason: OrderRefusal };

const goingOn = (at: OpeningOrder["at"], effects: readonly Effect[] = []): BayResult => ({
  is: "going-on",
  at,
  effects,
});
const notOpened = (reason: OrderRefusal): BayResult => ({ is: "not-opened", reason });

/** Whether the connector is dead; `wait` while that can still come. */
function connector(bay: number, sinceMs: number, sight: OperatorSight, config: SwapConfig) {
  const waitedMs = sight.nowMs - sinceMs;
  const currentMa = sight.currentMa(bay) ?? (waitedMs >= leaseOverMs ? sight.lastMa(bay) : undefined);
  const live = currentMa !== undefined && Math.abs(currentMa) >= quietMa;
  if (currentMa === undefined ? sight.present(bay) === false : !live) return "dead";
  if (waitedMs <= config.chargerOffWaitMs) return "wait";
  return live ? "live-connector" : "current-unknown";
}

function makeDead(order: OpeningOrder, sinceMs: number, sight: OperatorSight, config: SwapConfig): BayResult {
  const { bay } = order;
  const reason = sight.unsafe(bay);
  if (reason !== undefined) return notOpened(reason);
  if (sight.nowMs > order.untilMs && order.verb === "open") return notOpened("expired");
  if (sight.door(bay) !== "open") {
    const state = connector(bay, sinceMs, sight, config);
    if (state === "wait") return goingOn(order.at);
    if (state !== "dead") return notOpened(state);
    if (!sight.lockFree(bay)) return sight.nowMs - sinceMs > lockWaitMsMax ? notOpened("lock-busy") : goingOn(order.at);
  }
  const record = {
    kind: "operator-opening",
    bay,
    request: order.request,
    all: order.verb === "open-all",
  } as const;
  return goingOn({ step: "opening", opening: newOpening(bay, sight.nowMs) }, [{ do: "record", record }]);
}

function pulse(
  order: OpeningOrder,
  opening: Opening,
  input: SwapInput,
  look: { readonly sight: OperatorSight; readonly config: SwapConfig },
): BayResult {
  const { sight, config } = look;
  const { bay, request, cabinet } = order;
  if (sight.door(bay) === "open") return { is: "open" };
  const reason = sight.unsafe(bay);
  if (reason !== undefined) return notOpened(reason);
  if (opening.step === "want" && sight.nowMs - opening.sinceMs > lockWaitMsMax) return notOpened("lock-failed");
  const result = stepOpening(opening, input, sight, { swap: undefined, request, cabinet, config });
  if (result.is === "open") return { is: "open" };
  if (result.is === "failed") return notOpened("lock-failed");
  return goingOn({ step: "opening", opening: result.opening }, result.effects);
}

/** The order after a bay is done, at its next bay if there is one. */
function afterBay(was: OpeningOrder, result: Exclude<BayResult, { is: "going-on" }>, nowMs: number): OrderStep {
  const { bay, request } = was;
  const opened = result.is === "open" ? [...was.opened, bay] : was.opened;
  const skipped = result.is === "open" ? was.skipped : [...was.skipped, { bay, reason: result.reason }];
  const last: OpeningOrder = { ...was, opened, skipped };
  const [nextBay, ...left] = was.left;
  const next: OpeningOrder | undefined =
    nextBay === undefined ? undefined : { ...last, bay: nextBay, left, at: { step: "making-dead", sinceMs: nowMs } };
  if (was.at.step === "making-dead") return { next, last, effects: [] };
  const record = { kind: "operator-opened", bay, request, seen: result.is === "open" } as const;
  const failed = result.is === "not-opened" && result.reason === "lock-failed" ? { failed: bay } : {};
  return { next, last, effects: [{ do: "record", record }], ...failed };
}

export function stepOpeningOrder(
  was: OpeningOrder,
  input: SwapInput,
  sight: OperatorSight,
  config: SwapConfig,
): OrderStep {
  const result =
    was.at.step === "making-dead"
      ? makeDead(was, was.at.sinceMs, sight, config)
      : pulse(was, was.at.opening, input, { sight, config });
  if (result.is !== "going-on") return afterBay(was, result, sight.nowMs);
  const next = result.at === was.at ? was : { ...was, at: result.at };
  return { next, last: next, effects: result.effects };
}

/** The order called off where it stands: bays not opened yet are skipped for this reason. */
export function calledOff(was: OpeningOrder, reason: OrderRefusal): OpeningOrder {
  const skipped = [was.bay, ...was.left].map((bay) => ({ bay, reason }));
  return { ...was, left: [], skipped: [...was.skipped, ...skipped] };
}
