/**
 * Every MQTT topic of the station, once. The publisher, the documentation, the discovery messages and the tests all read this
 * table. `topicFor` refuses ids that could change the shape of a topic, so nothing here ever publishes outside its own root.
 */
import type { z } from "zod";
import { EventPayload } from "./event-payloads.ts";
import {
  bayHints,
  cabinetHints,
  type HomeHint,
  healthHints,
  infoHints,
  ledgerHints,
  powerHints,
} from "./home-hints.ts";
import { peopleHints } from "./home-hints-people.ts";
import { climateHints, doorsHints, fridgeHints } from "./home-hints-room.ts";
import { LedgerPayload } from "./ledger-payload.ts";
import { PeoplePayload } from "./people-payload.ts";
import { RequestPayload, ResponsePayload } from "./request-payloads.ts";
import { AccessListPayload, AmenityPayload, ClimatePayload, DoorPayload, FridgePayload } from "./room-payloads.ts";
import {
  AvailabilityPayload,
  BayPayload,
  CabinetPayload,
  FaultPayload,
  HealthPayload,
  ID_PATTERN,
  InfoPayload,
  PowerPayload,
} from "./state-payloads.ts";

export interface TopicRow {
  readonly name: string;
  /** After the station's root; `{name}` stands for one id. */
  readonly topic: string;
  /** Seen from the station. */
  readonly direction: "out" | "in";
  /** Who may publish there. A broker's access list must refuse everybody else. */
  readonly sender: "station" | "operator";
  /** Of what comes in: whether a retained message is listened to. */
  readonly retain: boolean;
  readonly qos: 1;
  readonly encoding: "json" | "text";
  readonly summary: { readonly zh: string; readonly en: string };
  readonly payload: z.ZodType;
  /** What Home Assistant makes of it; left out where it makes nothing. */
  readonly home?: readonly HomeHint[];
}

const out = { direction: "out", sender: "station", qos: 1, encoding: "json" } as const;

export const contract = {
  availability: {
    ...out,
    name: "availability",
    topic: "availability",
    retain: true,
    encoding: "text",
    summary: { zh: "站点在线状态（也是遗嘱）", en: "Whether the station is connected; also the last will." },
    payload: AvailabilityPayload,
  },
  info: {
    ...out,
    name: "info",
    topic: "info",
    retain: true,
    summary: { zh: "版本、配置与硬件清单", en: "Version, configuration and hardware." },
    payload: InfoPayload,
    home: infoHints,
  },
  health: {
    ...out,
    name: "health",
    topic: "health",
    retain: true,
    summary: { zh: "控制器自身健康状况，每 60 秒", en: "How the controller itself feels, every 60 s." },
    payload: HealthPayload,
    home: healthHints,
  },
  cabinet: {
    ...out,
    name: "cabinet",
    topic: "cabinet/{cabinet}",
    retain: true,
    summary: { zh: "换电柜概况", en: "One cabinet at a glance." },
    payload: CabinetPayload,
    home: cabinetHints,
  },
  bay: {
    ...out,
    name: "bay",
    topic: "bay/{bay}",
    retain: true,
    summary: { zh: "仓位状态", en: "One bay: door, lock, pack, charger." },
    payload: BayPayload,
    home: bayHints,
  },
  bayAvailability: {
    ...out,
    name: "bayAvailability",
    topic: "bay/{bay}/availability",
    retain: true,
    encoding: "text",
    summary: { zh: "仓位设备是否应答", en: "Whether the devices of the bay answer." },
    payload: AvailabilityPayload,
  },
  power: {
    ...out,
    name: "power",
    topic: "power",
    retain: true,
    summary: { zh: "站点用电功率", en: "The site's power." },
    payload: PowerPayload,
    home: powerHints,
  },
  ledger: {
    ...out,
    name: "ledger",
    topic: "ledger",
    retain: true,
    summary: { zh: "电池台账：去向、欠账与待查", en: "Where the packs are, who is owed one, what to look at." },
    payload: LedgerPayload,
    home: ledgerHints,
  },
  people: {
    ...out,
    name: "people",
    topic: "people",
    retain: true,
    summary: { zh: "服务人次：今天与最近七天，不记是谁", en: "People served today and lately; nobody's name." },
    payload: PeoplePayload,
    home: peopleHints,
  },
  door: {
    ...out,
    name: "door",
    topic: "door",
    retain: true,
    summary: {
      zh: "房间的门：位置、模式、室内人数",
      en: "The doors of the room, their modes, and how many are inside.",
    },
    payload: DoorPayload,
    home: doorsHints,
  },
  climate: {
    ...out,
    name: "climate",
    topic: "climate",
    retain: true,
    summary: { zh: "室内冷暖", en: "Warmth and coolness of the room." },
    payload: ClimatePayload,
    home: climateHints,
  },
  fridge: {
    ...out,
    name: "fridge",
    topic: "fridge",
    retain: true,
    summary: { zh: "饮料冰箱：温度、存量、食品安全", en: "The drinks fridge: cold, stock, food safety." },
    payload: FridgePayload,
    home: fridgeHints,
  },
  amenity: {
    ...out,
    name: "amenity",
    topic: "amenity/{amenity}",
    retain: true,
    summary: {
      zh: "一项便民设施：热水、微波炉、充电格、礼品格、急救柜、灯、求助按钮",
      en: "One amenity: hot water, microwave, lockers, first aid, light, help.",
    },
    payload: AmenityPayload,
  },
  fault: {
    ...out,
    name: "fault",
    topic: "fault/{code}/{subject}",
    retain: true,
    summary: { zh: "故障，消除后清空", en: "A fault while it is raised; emptied when it clears." },
    payload: FaultPayload,
  },
  event: {
    ...out,
    name: "event",
    topic: "event/{kind}",
    retain: false,
    summary: { zh: "事件，至少送达一次", en: "What happened, at least once, through the outbox." },
    payload: EventPayload,
  },
  request: {
    name: "request",
    topic: "request/{verb}",
    direction: "in",
    sender: "operator",
    retain: false,
    qos: 1,
    encoding: "json",
    summary: { zh: "运营请求；保留消息一律拒绝", en: "An operator's request; refused when retained." },
    payload: RequestPayload,
  },
  accessList: {
    name: "accessList",
    topic: "access-list",
    direction: "in",
    sender: "operator",
    retain: true,
    qos: 1,
    encoding: "text",
    summary: {
      zh: "门禁名单：已签名、有版本号，可保留",
      en: "Who is let in and who no more: signed and numbered, so it may be retained.",
    },
    payload: AccessListPayload,
  },
  response: {
    ...out,
    name: "response",
    topic: "response/{verb}",
    retain: false,
    summary: { zh: "对请求的答复", en: "The answer to a request." },
    payload: ResponsePayload,
  },
} as const satisfies Record<string, TopicRow>;

export type TopicName = keyof typeof contract;

/** What stands between the braces of a topic. */
export const topicParams = {
  station: { description: "Id of the station, as in its configuration.", example: "liaoyuan-1" },
  cabinet: { description: "Id of the cabinet.", example: "a" },
  bay: { description: "Number on the door of the bay.", example: "3" },
  amenity: { description: "Id of the amenity, as in the configuration.", example: "hot-water" },
  code: { description: "Code of the fault, from the catalogue.", example: "bay-door-left-open" },
  subject: {
    description:
      "What the fault is about: a bay, a cabinet, a bus, a swap, a door, an amenity, `room`, `fridge` or `station`.",
    example: "3",
  },
  kind: { description: "Kind of event.", example: "swap" },
  verb: { description: "What is asked.", example: "open" },
} as const;

/** Names between braces in a template. */
export type TopicParams<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | TopicParams<Rest>
  : never;

/** No topic may grow past this; requests on longer ones are refused unread. */
export const TOPIC_LENGTH_MAX = 200;

export function topicRoot(station: string): string {
  assertId(station, "station");
  return `yizhan/1/${station}/`;
}

function assertId(id: string, what: string): void {
  if (!ID_PATTERN.test(id) || id.length > 64) throw new TypeError(`not an id for ${what}: ${JSON.stringify(id)}`);
}

/** The whole topic of one row. An id outside `[a-z0-9-]` is a bug of the caller, so it throws. */
export function topicFor<T extends string>(
  row: { readonly topic: T },
  params: { readonly station: string } & { readonly [P in TopicParams<T>]: string | number },
): string {
  const values: Readonly<Record<string, string | number>> = params;
  const tail = row.topic.replace(/\{([a-z]+)\}/gi, (_whole, name: string) => {
    const id = String(values[name]);
    assertId(id, name);
    return id;
  });
  return topicRoot(params.station) + tail;
}

/** The filter that receives every request of a station. */
export function requestFilter(station: string): string {
  return `${topicRoot(station)}request/+`;
}

/** The filter that finds every fault a broker still shows for a station. */
export function faultFilter(station: string): string {
  return `${topicRoot(station)}fault/+/+`;
}

/** What is wrong with a payload, in one line; undefined when it is as the contract says. */
export function payloadProblem(row: TopicRow, payload: unknown): string | undefined {
  return schemaProblem(row.payload, payload);
}

export function schemaProblem(schema: z.ZodType, value: unknown): string | undefined {
  const result = schema.safeParse(value);
  if (result.success) return undefined;
  const first = result.error.issues[0];
  const path = first?.path.map(String).join(".") ?? "";
  return `${path === "" ? "payload" : path}: ${first?.message ?? "not valid"}`.slice(0, 200);
}
