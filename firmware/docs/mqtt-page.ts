/**
 * The reference page of the MQTT surface, made from the contract table: every topic with its fields and an example, the verbs
 * of requests, and the reasons for which one is refused. What is not in the table is not published.
 */
import { deadbands, pacing, type StateName } from "../../services/contract/deadband.ts";
import { EventData, eventPayloads, eventTypes, urgentKinds } from "../../services/contract/event-payloads.ts";
import { examples } from "../../services/contract/examples.ts";
import { RequestEnvelope, type VerbRow } from "../../services/contract/request-envelope.ts";
import { type Verb, verbs } from "../../services/contract/request-payloads.ts";
import { roomDeadbands } from "../../services/contract/room-deadband.ts";
import { contract, type TopicName, type TopicRow } from "../../services/contract/topics.ts";
import { refusalWords, securityTypes } from "../../services/requests/reasons.ts";
import { askerRoles } from "../../services/requests/roles.ts";
import { code, fenced, generatedFrom, page, table } from "./markdown.ts";
import { fieldHead, fieldRows } from "./payload-fields.ts";

const rows: readonly TopicRow[] = Object.values(contract);
const direction = { out: "station → you", in: "you → station" } as const;

function overview(): string[] {
  const lines = rows.map(({ topic, direction: way, retain, qos, encoding, summary }) => [
    code(topic),
    direction[way],
    retain ? "yes" : "no",
    String(qos),
    encoding,
    summary.en,
    summary.zh,
  ]);
  return table(["topic after the root", "direction", "retained", "QoS", "payload", "meaning", "含义"], lines);
}

function duration(ms: number): string {
  if (ms === 0) return "–";
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}

function paces(): string[] {
  const lines = (Object.keys(pacing) as StateName[]).map((name) => {
    const { stepHoldMs, driftHoldMs, heartbeatMs } = pacing[name];
    return [
      code(contract[name].topic),
      stepHoldMs === 0 ? "at once" : duration(stepHoldMs),
      duration(driftHoldMs),
      duration(heartbeatMs),
    ];
  });
  return table(["topic", "a step is sent after", "a measurement at most every", "unchanged, again every"], lines);
}

const jsonOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value, undefined, 2));

function exampleOf(name: TopicName): string[] {
  const [first] = examples[name];
  return ["Example:", "", ...fenced(contract[name].encoding === "json" ? "json" : "", jsonOf(first)), ""];
}

function topicSection(row: TopicRow): string[] {
  const { name, topic, summary, payload } = row;
  return [`### ${topic}`, "", `${summary.en} ${summary.zh}。`, "", ...table(fieldHead, fieldRows(payload)), ""].concat(
    exampleOf(name as TopicName),
  );
}

function eventSection(): string[] {
  const kinds = Object.entries(eventTypes).map(([kind, types]) => [code(kind), types.map(code).join(", ")]);
  return [
    "### event/{kind}",
    "",
    `${contract.event.summary.en} ${contract.event.summary.zh}。 A consumer drops an \`id\` it has seen and sorts by \`seq\``,
    "within a `stream`. `at` is the time of the station's log; `clock` says whether to believe it. Events of",
    `${[...urgentKinds].map(code).join(", ")} overtake whatever else waits for the broker; they may come again in their place.`,
    "",
    ...table(["kind", "event types"], kinds),
    "",
    ...table(fieldHead, envelope()),
    "",
    "Words that can stand in `data`; an event carries those that fit:",
    "",
    ...table(fieldHead, fieldRows(EventData)),
    "",
    ...exampleOf("event"),
  ];
}

/** The kinds differ in their event types alone, so one of them shows the envelope. */
function envelope(): string[][] {
  const same = fieldRows(eventPayloads.swap).filter(([path]) => path?.startsWith("`data.") !== true);
  return same.map(([path = "", ...rest]) =>
    path === code("event_type") ? [path, "one of the kind's types", "", "", rest.at(-1) ?? ""] : [path, ...rest],
  );
}

const envelopeRows = fieldRows(RequestEnvelope);

/** What a verb asks for beside the envelope. */
function ownFields(request: Parameters<typeof fieldRows>[0]): string[] {
  const own = fieldRows(request).filter(([field]) => !envelopeRows.some(([shared]) => shared === field));
  return own.length === 0 ? [] : [...table(fieldHead, own), ""];
}

function rolesOf({ role, higher }: VerbRow): string {
  const more = higher === undefined ? "" : `; ${higher.when.en}: ${code(higher.role)}`;
  return ` Least role: ${code(role)}${more}.`;
}

function requestSection(): string[] {
  const each = (Object.keys(verbs) as Verb[]).flatMap((verb) => {
    const row: VerbRow = verbs[verb];
    const { summary, request, actuates, lifeMaxMs } = row;
    const trust = actuates
      ? ` It changes what the station does, so it is journalled first, and refused while the station's clock is unconfirmed. It may expire at most ${duration(lifeMaxMs)} ahead.`
      : "";
    return [
      `#### request/${verb}`,
      "",
      `${summary.en} ${summary.zh}。${rolesOf(row)}${trust}`,
      "",
      ...ownFields(request),
    ];
  });
  const types: Readonly<Record<string, string>> = securityTypes;
  const reasons = Object.entries(refusalWords).map(([reason, { zh, en }]) => {
    const type = types[reason];
    return [code(reason), en, zh, type === undefined ? "" : code(type)];
  });
  return [
    "### request/{verb}",
    "",
    `${contract.request.summary.en} ${contract.request.summary.zh}。 The answer comes on \`response/{verb}\`. The same`,
    "`id` asked twice is answered alike and acts once, over restarts too: what was interrupted by one is answered so and",
    "never carried on. Where the configuration knows keys (`requests.keys`), a request must be signed with one of them: then",
    "`key`, `signature` and, for whatever changes something, `seq` are needed, and the key's role decides what it may ask for:",
    `${askerRoles.map(code).join(" < ")}. [How to sign](../how-to/sign-requests.md). Without keys whoever may publish on`,
    "these topics may ask, so give that right to operators only (the broker's access list).",
    "",
    "Every request carries:",
    "",
    ...table(fieldHead, envelopeRows),
    "",
    ...exampleOf("request"),
    ...each,
    "Reasons for which a request is not carried out. `refused` with one of them did nothing; `error` says that something",
    "was begun (a lock was pulsed) and did not end as it should. Reasons with a type in the last column are told on",
    "`event/security` as well, with that type and the reason in `data.reason`.",
    "",
    ...table(["reason", "meaning", "含义", "security event"], reasons),
    "",
  ];
}

export function mqttPage(): string {
  const bands = Object.entries({ ...deadbands, ...roomDeadbands }).map(([name, band]) => `${code(name)} ${band}`);
  return page([
    generatedFrom("services/contract/"),
    "",
    "# MQTT topics",
    "",
    "Version 1. Every topic begins with `yizhan/1/<station>/`; the words between braces are ids of lower-case letters,",
    "digits and dashes. MQTT 3.1.1 and QoS 1 are enough. Everything retained is the state of now; events are history, come",
    "at least once and are never retained. An operator of several stations subscribes to `yizhan/1/+/#`.",
    "",
    ...overview(),
    "",
    "For programs: the same contract as [AsyncAPI 3.0](asyncapi.yaml), and as TypeScript types with a check of every message:",
    '`import { readMessage, requestMessage } from "yizhan/contract"`.',
    "",
    "Home Assistant finds the station by itself where the configuration says `homeassistant: { enabled: true }`.",
    "",
    "## When a retained topic is sent again",
    "",
    "A step is something a person acts upon (a door, a state, a count, a sentence). A measurement is sent when it left its",
    `dead-band since it was last sent: ${bands.join(", ")} (the unit stands last in the name).`,
    "",
    ...paces(),
    "",
    "## Payloads",
    "",
    ...rows.filter(({ name }) => !["event", "request", "response", "accessList"].includes(name)).flatMap(topicSection),
    ...eventSection(),
    ...requestSection(),
    ...topicSection(contract.response),
    ...topicSection(contract.accessList),
  ]);
}
