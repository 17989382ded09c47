/** The report of a fleet for a person, in one of two languages. It shows what the report holds and computes nothing. */
import type { FleetReport } from "./report.ts";

type Language = "zh" | "en";

const words = {
  title: { zh: "站群报告", en: "Fleet report" },
  stations: { zh: "站点", en: "stations" },
  processes: { zh: "进程", en: "processes" },
  connected: { zh: "已连接", en: "connected" },
  told: { zh: "全部状态已上报", en: "all state told after" },
  ack: { zh: "应答时延", en: "acknowledged" },
  birth: { zh: "上线阶段", en: "while connecting" },
  steady: { zh: "平稳阶段", en: "afterwards" },
  messages: { zh: "消息", en: "messages" },
  published: { zh: "发布", en: "published" },
  acknowledged: { zh: "已应答", en: "acknowledged" },
  failed: { zh: "失败", en: "failed" },
  events: { zh: "事件", en: "events" },
  seen: { zh: "观察者收到", en: "seen by the observer" },
  lost: { zh: "丢失", en: "lost" },
  duplicated: { zh: "重复", en: "duplicated" },
  unjudged: { zh: "观察者离线时无法判断", en: "not judged, the observer was away" },
  waiting: { zh: "仍待发送", en: "still waiting" },
  reconnects: { zh: "重连", en: "reconnects" },
  errors: { zh: "错误", en: "errors" },
  dropped: { zh: "断开", en: "dropped" },
  back: { zh: "全部恢复", en: "all back" },
  ownDrop: { zh: "主动断开期间", en: "while we broke the line" },
  memory: { zh: "每站内存", en: "memory a station" },
  code: { zh: "其中代码", en: "of it code" },
  cpu: { zh: "处理器", en: "CPU" },
  ofCore: { zh: "单核", en: "of one core" },
  whole: { zh: "完整站点：违反不变量", en: "whole stations: invariants violated" },
  behind: { zh: "落后于实时", en: "behind real time" },
  never: { zh: "未完成", en: "never" },
} as const;

export function fleetPage(report: FleetReport, language: Language): string {
  const say = (key: keyof typeof words) => words[key][language];
  const time = (value: number | undefined) => (value === undefined ? say("never") : `${value} s`);
  const count = (value: number) => value.toLocaleString("en");
  const { connect, acknowledged: ack, messages, events, errors, memory, cpu, steady, whole } = report;
  const latency = ({ p50Ms, p99Ms, count: of }: typeof ack.birth) => `p50 ${p50Ms} ms, p99 ${p99Ms} ms (${count(of)})`;
  const kinds = (by: Readonly<Record<string, number>>) =>
    Object.entries(by).map(([what, times]) => `    ! ${count(times)} × ${what}`);
  const lines = [
    "",
    `── ${say("title")} ──`,
    ...(report.failed === undefined ? [] : [`  ! ${report.failed}`]),
    `  ${count(report.stations)} ${say("stations")} (${report.kind}), ${report.processes} ${say("processes")}, ${report.broker}, seed ${report.seed}`,
    `  ${say("connected")}: ${count(connect.connected)}/${count(report.stations)}, ${time(connect.allSeconds)} (${connect.perSecond ?? "–"}/s); ${say("told")}: ${time(connect.toldSeconds)}`,
    `  ${say("ack")}: ${say("birth")} ${latency(ack.birth)}; ${say("steady")} ${latency(ack.steady)}`,
    `  ${say("messages")}: ${count(messages.published)} ${say("published")}, ${count(messages.acknowledged)} ${say("acknowledged")}, ${count(messages.failed)} ${say("failed")}; ${say("steady")} ${steady.messagesPerSecond}/s, ${count(steady.bytesPerSecond)} B/s`,
    `  ${say("events")}: ${count(events.acknowledged)} ${say("acknowledged")}, ${count(events.seen)} ${say("seen")}; ${say("lost")} ${events.lost}, ${say("duplicated")} ${events.duplicated}, ${say("waiting")} ${events.waiting}`,
    ...(events.unjudged === 0 ? [] : [`    ${say("unjudged")}: ${events.unjudged}`]),
    ...events.lostExamples.map((name) => `    ! ${say("lost")}: ${name}`),
    `  ${say("reconnects")}: ${count(report.reconnects)}; ${say("errors")}: ${count(errors.total)}`,
    ...kinds(errors.by),
    ...report.outages.map(
      (outage) =>
        `    ${outage.atSeconds} s: ${count(outage.dropped)} ${say("dropped")}, ${say("back")}: ${time(outage.backSeconds)} (${outage.perSecond ?? "–"}/s); ${say("told")}: ${time(outage.toldSeconds)}`,
    ),
    ...(Object.keys(errors.whileDropped).length === 0 ? [] : [`    ${say("ownDrop")}:`, ...kinds(errors.whileDropped)]),
    `  ${say("memory")}: ${memory.perStationKb} KB (${say("code")}: ${memory.codePerStationKb} KB); ${memory.rssMb} MB, max ${memory.peakMb} MB`,
    `  ${say("cpu")}: ${say("birth")} ${cpu.birthSeconds} s; ${say("steady")} ${cpu.steadyPctOfOneCore} % ${say("ofCore")} (${cpu.steadyPctPerStation} % × ${count(report.stations)})`,
    ...(whole === undefined
      ? []
      : [`  ${say("whole")}: ${whole.violated}; ${say("behind")}: ${whole.behindSeconds} s`]),
    "",
  ];
  return lines.join("\n");
}
