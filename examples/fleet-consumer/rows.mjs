// What a message becomes in the tables. Pure: it reads nothing, writes nothing, and never throws for anything a broker can send.

/** `yizhan/1/<station>/event/<kind>` or `yizhan/1/<station>/health`. */
const TOPIC = /^yizhan\/1\/([a-z0-9-]+)\/(?:event\/([a-z0-9-]+)|(health))$/;
/** The id of an event is the id of its log and its number there. */
const EVENT_ID = /^(.+)-\d+$/;

const rejected = (topic, payload, why) => ({ into: "rejected", topic, payload: payload.slice(0, 10_000), why });

function eventRow(topic, station, kind, text) {
  const { id, stream, seq, event_type, at, clock, data } = JSON.parse(text);
  const log = EVENT_ID.exec(id)?.[1];
  const complete = [id, stream, event_type, at, clock].every((value) => typeof value === "string");
  if (log === undefined || !complete || !Number.isSafeInteger(seq) || Number.isNaN(Date.parse(at)))
    return rejected(topic, text, "not an event");
  return { into: "event", id, station, log, stream, seq, kind, event_type, at, clock, data: data ?? {} };
}

function healthRow(topic, station, text) {
  // A topic that is emptied says nothing about health.
  if (text === "") return { into: "nothing" };
  const payload = JSON.parse(text);
  if (!Number.isFinite(payload?.uptimeS)) return rejected(topic, text, "not a health");
  return { into: "health", station, uptime_s: Math.floor(payload.uptimeS), payload };
}

export function rowOf(topic, payload) {
  // PostgreSQL's text holds no NUL.
  const text = payload.toString("utf8").replaceAll("\u0000", "");
  const [, station, kind, health] = TOPIC.exec(topic) ?? [];
  try {
    if (kind !== undefined) return eventRow(topic, station, kind, text);
    if (health !== undefined) return healthRow(topic, station, text);
    return rejected(topic, text, "unknown topic");
  } catch (error) {
    return rejected(topic, text, String(error).slice(0, 200));
  }
}
