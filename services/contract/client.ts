/**
 * For programs of operators, imported as `yizhan/contract`: the type of what every topic carries, a topic read back into its
 * parts, and a payload checked before it is believed. It opens no connection; any MQTT client will do.
 */
import { signedText } from "../requests/asker.ts";
import type { EventPayload } from "./event-payloads.ts";
import type { LedgerPayload } from "./ledger-payload.ts";
import type { PeoplePayload } from "./people-payload.ts";
import type { RequestPayload, ResponsePayload, Verb } from "./request-payloads.ts";
import type { AmenityPayload, ClimatePayload, DoorPayload, FridgePayload } from "./room-payloads.ts";
import type {
  Availability,
  BayPayload,
  CabinetPayload,
  FaultPayload,
  HealthPayload,
  InfoPayload,
  PowerPayload,
} from "./state-payloads.ts";
import { contract, schemaProblem, type TopicName, type TopicParams, type TopicRow, topicFor } from "./topics.ts";

/** What each topic carries, by the name of its row. */
export interface Payloads extends Readonly<Record<TopicName, unknown>> {
  readonly availability: Availability;
  readonly info: InfoPayload;
  readonly health: HealthPayload;
  readonly cabinet: CabinetPayload;
  readonly bay: BayPayload;
  readonly bayAvailability: Availability;
  readonly power: PowerPayload;
  readonly ledger: LedgerPayload;
  readonly people: PeoplePayload;
  readonly door: DoorPayload;
  readonly climate: ClimatePayload;
  readonly fridge: FridgePayload;
  readonly amenity: AmenityPayload;
  /** A compact JWS. */
  readonly accessList: string;
  readonly fault: FaultPayload;
  readonly event: EventPayload;
  readonly request: RequestPayload;
  readonly response: ResponsePayload;
}

/** The ids in the topic of a row, without the station. */
export type TopicIds<N extends TopicName> = { readonly [P in TopicParams<(typeof contract)[N]["topic"]>]: string };

/** A message of one row: where it came from and what it says. `payload` is undefined where a retained topic was emptied. */
export type Message = {
  readonly [N in TopicName]: {
    readonly name: N;
    readonly station: string;
    readonly ids: TopicIds<N>;
    readonly payload: Payloads[N] | undefined;
  };
}[TopicName];

/** One request of a verb, as it is to be published on `request/<verb>`. */
export type Request<V extends Verb> = RequestPayload<V>;

interface Shape {
  readonly row: TopicRow;
  readonly names: readonly string[];
  readonly matches: RegExp;
}

const shapes: readonly Shape[] = Object.values(contract).map((row: TopicRow) => {
  const names = [...row.topic.matchAll(/\{([a-z]+)\}/g)].map(([, name = ""]) => name);
  const pattern = row.topic.replace(/\{[a-z]+\}/g, "([a-z0-9-]+)");
  return { row, names, matches: new RegExp(`^yizhan/1/([a-z0-9-]+)/${pattern}$`) };
});

function parsed(row: TopicRow, text: string): { readonly value: unknown } | undefined {
  if (row.encoding === "text") return { value: text };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A message as it came from the broker, checked against the contract; otherwise what is wrong with it. */
export function readMessage(topic: string, text: string): Message | { readonly problem: string } {
  for (const { row, names, matches } of shapes) {
    const found = matches.exec(topic);
    if (found === null) continue;
    const ids = Object.fromEntries(names.map((name, at) => [name, found[at + 2] ?? ""]));
    const told = { name: row.name, station: found[1] ?? "", ids };
    if (text === "" && row.retain) return { ...told, payload: undefined } as unknown as Message;
    const read = parsed(row, text);
    if (read === undefined) return { problem: "payload: not JSON" };
    const problem = schemaProblem(row.payload, read.value);
    return problem === undefined ? ({ ...told, payload: read.value } as unknown as Message) : { problem };
  }
  return { problem: "topic: not one of the contract" };
}

/** Where a request goes and what is published there. */
export function requestMessage<V extends Verb>(
  station: string,
  verb: V,
  request: Request<V>,
): { readonly topic: string; readonly text: string } {
  return { topic: topicFor(contract.request, { station, verb }), text: JSON.stringify(request) };
}

/**
 * What the asker's key signs of a request: Ed25519 over the UTF-8 bytes of this text gives `signature`, in base64url without
 * padding. It throws for what has no canonical JSON, such as half a surrogate pair.
 */
export function textToSign<V extends Verb>(station: string, verb: V, request: Request<V>): string {
  const text = signedText(station, verb, request);
  if (text === undefined) throw new TypeError("this request has no canonical JSON");
  return text;
}

/** The filter under which everything of one station, or of all, is heard. */
export function stationFilter(station?: string): string {
  return station === undefined ? "yizhan/1/+/#" : topicFor({ topic: "" }, { station }).concat("#");
}
