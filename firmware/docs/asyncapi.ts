/**
 * The contract as an AsyncAPI 3.0 document, for generators and viewers of other people: every topic as a channel, every kind of
 * event and every verb as one of its own, what the station sends and receives, and which answer belongs to which request. It is
 * made from the contract table; what is not there cannot be here.
 */
import { stringify } from "yaml";
import type { z } from "zod";
import { pacing } from "../../services/contract/deadband.ts";
import { EventData, type EventKind, eventPayloads } from "../../services/contract/event-payloads.ts";
import { examples } from "../../services/contract/examples.ts";
import { type Verb, verbs } from "../../services/contract/request-payloads.ts";
import { contract, type TopicName, type TopicRow, topicParams } from "../../services/contract/topics.ts";
import { type Json, payloadSchema } from "./asyncapi-schema.ts";

/** One channel: a row, or one kind or verb of a row. */
interface Place {
  readonly key: string;
  readonly row: TopicRow;
  /** After the station's root, with the kind or verb filled in. */
  readonly topic: string;
  readonly message: string;
  readonly payload: z.ZodType;
  readonly summary: { readonly zh: string; readonly en: string };
  readonly verb?: Verb;
}

function eventPlaces(row: TopicRow): Place[] {
  return (Object.keys(eventPayloads) as EventKind[]).map((kind) => {
    const payload = eventPayloads[kind];
    const en = payload.description ?? row.summary.en;
    const key = `event-${kind}`;
    return { key, row, topic: `event/${kind}`, message: key, payload, summary: { zh: row.summary.zh, en } };
  });
}

function verbPlaces(row: TopicRow, name: "request" | "response"): Place[] {
  return (Object.keys(verbs) as Verb[]).map((verb) => {
    const { request, summary } = verbs[verb];
    const key = `${name}-${verb}`;
    const own = name === "request" ? { message: key, payload: request, summary } : {};
    return {
      key,
      row,
      topic: `${name}/${verb}`,
      message: name,
      payload: row.payload,
      summary: row.summary,
      verb,
      ...own,
    };
  });
}

function placesOf(row: TopicRow): Place[] {
  const { name, topic, payload, summary } = row;
  if (name === "event") return eventPlaces(row);
  if (name === "request" || name === "response") return verbPlaces(row, name);
  return [{ key: name, row, topic, message: name, payload, summary }];
}

const ref = (path: string): Json => ({ $ref: `#/${path}` });

function parametersOf(topic: string): Json {
  const names = ["station", ...[...topic.matchAll(/\{([a-z]+)\}/g)].map(([, name = ""]) => name)];
  const told = (name: string) => topicParams[name as keyof typeof topicParams];
  return Object.fromEntries(
    names.map((name) => [name, { description: told(name).description, examples: [told(name).example] }]),
  );
}

function channelOf({ key, row, topic, message, summary }: Place): Json {
  return {
    address: `yizhan/1/{station}/${topic}`,
    title: key,
    summary: summary.en,
    description: `${summary.zh}。`,
    parameters: parametersOf(topic),
    messages: { [message]: ref(`components/messages/${message}`) },
    "x-sender": row.sender,
  };
}

const carried = (place: Place): Json[] => [ref(`channels/${place.key}/messages/${place.message}`)];

/** Seen from the station, so an operator's program does the opposite. */
function operationOf(place: Place): Json {
  const { key, row, summary, verb } = place;
  const paced = Object.hasOwn(pacing, row.name) ? pacing[row.name as keyof typeof pacing] : undefined;
  return {
    action: row.direction === "out" ? "send" : "receive",
    channel: ref(`channels/${key}`),
    summary: summary.en,
    messages: carried(place),
    bindings: { mqtt: { qos: row.qos, retain: row.retain, bindingVersion: "0.2.0" } },
    ...(paced === undefined ? {} : { "x-heartbeat-ms": paced.heartbeatMs }),
    ...(verb === undefined ? {} : askedBy(verb)),
  };
}

function askedBy(verb: Verb): Json {
  const { actuates, lifeMaxMs } = verbs[verb];
  const channel = `channels/response-${verb}`;
  return {
    reply: { channel: ref(channel), messages: [ref(`${channel}/messages/response`)] },
    "x-actuates": actuates,
    "x-life-max-ms": lifeMaxMs,
  };
}

/** All kinds of event share what an event may say; it is written once. */
function schemaOf({ row, payload }: Place): Json {
  const schema = payloadSchema(payload);
  if (row.name !== "event") return schema;
  return { ...schema, properties: { ...(schema.properties as Json), data: ref("components/schemas/eventData") } };
}

function messageOf(place: Place): Json {
  const { row, message, payload, summary } = place;
  const fitting = examples[row.name as TopicName].filter((example) => payload.safeParse(example).success);
  return {
    name: message,
    title: message,
    summary: summary.en,
    contentType: row.encoding === "json" ? "application/json" : "text/plain",
    payload: schemaOf(place),
    ...(fitting.length === 0 ? {} : { examples: fitting.map((example) => ({ payload: example })) }),
  };
}

const broker = (protocol: "mqtt" | "mqtts", port: string): Json => ({
  host: "{host}:{port}",
  protocol,
  protocolVersion: "3.1.1",
  description: protocol === "mqtt" ? "The operator's broker." : "The same with TLS.",
  variables: { host: { default: "localhost" }, port: { default: port } },
});

const about = [
  "Everything a station says and may be asked over MQTT. Retained topics are the state of now; events are history, come at",
  "least once and are never retained: drop an `id` that was seen, sort by `seq` within a `stream`. A request is answered on",
  "the response topic of its verb; the same `id` asked twice is answered alike and acts once.",
].join(" ");

/** The document as data. Responses have no operation of their own: each is the reply of its request. */
export function asyncApiDocument(): Json {
  const places = (Object.values(contract) as TopicRow[]).flatMap(placesOf);
  const acting = places.filter(({ row }) => row.name !== "response");
  return {
    asyncapi: "3.0.0",
    info: {
      title: "yizhan station",
      version: "1",
      description: about,
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    defaultContentType: "application/json",
    servers: { broker: broker("mqtt", "1883"), secure: broker("mqtts", "8883") },
    channels: Object.fromEntries(places.map((place) => [place.key, channelOf(place)])),
    operations: Object.fromEntries(
      acting.map((place) => [`${place.row.direction === "out" ? "send" : "receive"}-${place.key}`, operationOf(place)]),
    ),
    components: {
      messages: Object.fromEntries(places.map((place) => [place.message, messageOf(place)])),
      schemas: { eventData: payloadSchema(EventData) },
    },
  };
}

/** The file: no anchors, because not every reader of AsyncAPI follows them. */
export function asyncApiFile(): string {
  const head =
    "# Generated by `yizhan docs` from services/contract/. Do not edit: change the source, then run `npm run generate`.\n";
  return head + stringify(asyncApiDocument(), { aliasDuplicateObjects: false, lineWidth: 120 });
}
