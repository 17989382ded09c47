/** I27, I32 and I33: what stands on the broker is so, names nobody, and stands under the station's own name. Judged in its inbox. */
import { topicRoot } from "../../services/contract/topics.ts";
import type { BrokerCheckerSetup, Checker, WholeSetup } from "./checker.ts";
import { controllerEra } from "./controller-era.ts";

/** From a record to its retained topic: the disk, the publisher's own pace, a reconnect. */
const settledMs = 60_000;

/** Faults by the log: raised and cleared, and none after a start. */
export function brokerShowsTheLog(setup: WholeSetup): Checker {
  const { clock, broker, config, report, looked } = setup;
  const root = `${topicRoot(config.stationId)}fault/`;
  const era = controllerEra(setup);
  const raised = new Set<string>();
  let changedMs = clock.nowMs;
  let connectedSinceMs: number | undefined;
  const wrongSince = new Map<string, number>();
  function judge(name: string, isWrong: boolean, what: string): void {
    if (!isWrong) {
      wrongSince.delete(name);
      return;
    }
    const sinceMs = wrongSince.get(name) ?? clock.nowMs;
    wrongSince.set(name, sinceMs);
    if (clock.nowMs - sinceMs < settledMs) return;
    report("I27", what);
    wrongSince.set(name, clock.nowMs);
  }
  function compare(): void {
    const shown = new Set<string>();
    for (const topic of broker.retainedTopics()) if (topic.startsWith(root)) shown.add(topic.slice(root.length));
    looked();
    for (const name of raised) judge(name, !shown.has(name), `${name} is raised, and the broker does not show it`);
    for (const name of shown) judge(name, !raised.has(name), `the broker shows ${name}, which is not raised`);
  }
  return {
    invariant: "I27",
    says: "the faults that stand on the broker are those that the log holds as raised",
    looksAt: "retained faults on the broker, against the log",
    excuses: "no connection",
    everyMs: 30_000,
    onRecord(record) {
      // A start knows of no fault before it has looked.
      if (record.kind === "started") raised.clear();
      if (record.kind !== "fault-raised" && record.kind !== "fault-cleared" && record.kind !== "started") return;
      changedMs = clock.nowMs;
      if (record.kind === "started") return;
      const name = `${record.code}/${record.subject}`;
      if (record.kind === "fault-raised") raised.add(name);
      else raised.delete(name);
    },
    onLook() {
      connectedSinceMs = broker.hasStation() && era.runs ? (connectedSinceMs ?? clock.nowMs) : undefined;
      const isSettled = connectedSinceMs !== undefined && clock.nowMs - connectedSinceMs > settledMs;
      if (isSettled && clock.nowMs - changedMs >= settledMs) compare();
    },
  };
}

/** What the simulated town's secrets and members look like: codes on phones, signed codes, member numbers. */
const secrets = ["yz-member-", "yz-technician-", "eyJhbGciOi", '"m-0'].map((text) => Buffer.from(text));

export function nobodyIsNamed({ report, looked }: BrokerCheckerSetup): Checker {
  return {
    invariant: "I32",
    says: "nothing the station publishes holds a credential or a member's number",
    looksAt: "everything published",
    onPublished({ topic, payload }) {
      looked();
      const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      const found = secrets.find((secret) => bytes.includes(secret));
      if (found !== undefined) report("I32", `${topic} holds ${found}…`);
    },
  };
}

export function ownTopicsOnly({ broker, config, file, report, looked }: WholeSetup): Checker {
  const root = topicRoot(config.stationId);
  const { prefix } = file.homeassistant;
  const isOwn = (topic: string): boolean => topic.startsWith(root) || topic.startsWith(`${prefix}/`);
  return {
    invariant: "I33",
    says: "the station publishes under its own name and for discovery, and listens to no other station's topics",
    looksAt: "topics of everything published, and what the station listens to",
    everyMs: 60_000,
    onPublished({ topic }) {
      looked();
      if (!isOwn(topic)) report("I33", `something is published on ${topic}`);
    },
    onLook() {
      for (const filter of broker.filters()) {
        looked();
        if (!isOwn(filter)) report("I33", `the station listens to ${filter}`);
      }
    },
  };
}
