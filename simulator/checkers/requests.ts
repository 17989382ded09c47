/**
 * I16 and I17: what operators ask for is done once, in time, and never makes the station less safe. What was asked is what the broker
 * was given; what was done stands in the log and shows at the locks.
 */
import type { StationConfig } from "../../services/config.ts";
import { topicRoot } from "../../services/contract/topics.ts";
import type { JournalRecord } from "../../services/journal/records.ts";
import { parameters, valuesIn } from "../../services/operators/parameters.ts";
import { contextInForce } from "../../services/station/in-force.ts";
import type { BookCheckerSetup, Checker, WholeSetup } from "./checker.ts";

const requestsKept = 5_000;
/** Tries of one door: three pulses, each with its own decision. */
const openingsMax = 3;

type Taken = Extract<JournalRecord, { kind: "request-taken" }>;

interface Order {
  readonly takenInLife: number;
  readonly openings: Map<number, number>;
}

const decoder = new TextDecoder();

function idOf(payload: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(payload));
    const id = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the newest only. */
function bound(all: { readonly size: number; keys(): Iterator<string>; delete(key: string): boolean }): void {
  if (all.size > requestsKept) all.delete(String(all.keys().next().value));
}

export function ordersOnce({ controller, config, report, looked }: WholeSetup): Checker {
  const prefix = `${topicRoot(config.stationId)}request/`;
  const asked = new Set<string>();
  const orders = new Map<string, Order>();
  const numbers = new Map<string, number>();
  let life = 0;
  function taken({ id, expiresAt, key, seq }: Taken): void {
    looked();
    if (!asked.has(id)) report("I16", `request ${id} is taken, and nobody sent it`);
    const lateMs = controller.wallMs() - expiresAt;
    if (lateMs >= 0) report("I16", `request ${id} is taken ${lateMs} ms too late`);
    if (orders.has(id)) report("I16", `request ${id} is taken a second time`);
    orders.set(id, { takenInLife: life, openings: new Map() });
    bound(orders);
    if (key === undefined || seq === undefined) return;
    if (seq <= (numbers.get(key) ?? Number.NEGATIVE_INFINITY)) report("I16", `request ${id} has an old number`);
    numbers.set(key, seq);
  }
  function opening(bay: number, id: string): void {
    const order = orders.get(id);
    looked();
    if (order === undefined) {
      report("I16", `bay ${bay} is opened for request ${id}, which was never taken`);
      return;
    }
    if (order.takenInLife !== life) report("I16", `bay ${bay} is opened for request ${id} after a restart`);
    const times = (order.openings.get(bay) ?? 0) + 1;
    order.openings.set(bay, times);
    if (times > openingsMax) report("I16", `bay ${bay} is opened ${times} times for request ${id}`);
  }
  function restarted(): void {
    // What had not reached the disk is as if it had never been: it may be sent, and taken, again.
    for (const [id, order] of orders) if (order.takenInLife === life) orders.delete(id);
    numbers.clear();
    life++;
  }
  return {
    invariant: "I16",
    says: "a request acts once, before it expires, if somebody sent it and its number is new; a restart carries none on",
    looksAt: "requests on the broker, against orders in the log",
    onMessage({ topic, payload, retained }) {
      if (retained || !topic.startsWith(prefix)) return;
      const id = idOf(payload);
      if (id === undefined) return;
      asked.add(id);
      bound(asked);
    },
    onRecord(record) {
      if (record.kind === "request-taken") taken(record);
      else if (record.kind === "operator-opening") opening(record.bay, record.request);
      else if (record.kind === "started") restarted();
    },
  };
}

type Numbers = Readonly<Record<string, number>>;

function looser(inForce: Numbers, given: Numbers): string | undefined {
  for (const [name, { only }] of parameters) {
    const [now, file] = [inForce[name] ?? Number.NaN, given[name] ?? Number.NaN];
    const isLooser = only === "lower" ? now > file : only === "higher" && now < file;
    if (isLooser) return `${name} is ${now}, and the file says ${file}`;
  }
  return undefined;
}

/** What no operator may change is as in the file, number for number. */
function changed(inForce: StationConfig["safety"], given: StationConfig["safety"]): string | undefined {
  const now = Object.entries(inForce);
  const other = now.find(([key, value]) => {
    return value !== given[key as keyof typeof given] && !parameters.has(`safety.${key}`);
  });
  return other === undefined ? undefined : `safety.${other[0]} is ${String(other[1])}`;
}

export function onlyStricter({ controller, config, report, looked }: BookCheckerSetup): Checker {
  const given = valuesIn(config);
  return {
    invariant: "I17",
    says: "whatever operators set, no limit in force is looser than in the configuration file",
    looksAt: "limits in force, against the configuration file",
    everyMs: 60_000,
    onLook() {
      looked();
      const inForce = contextInForce(controller.context, controller.state()).config;
      const wrong = looser(valuesIn(inForce), given) ?? changed(inForce.safety, config.safety);
      if (wrong !== undefined) report("I17", wrong);
    },
  };
}
