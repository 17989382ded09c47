/**
 * The answer of `/healthz`: 200 while the controller does its work, 503 with the reasons when it does not. What is not configured or
 * was taken out of service is never a reason, and a dead device is none either: the station goes on without it.
 */
import { faultCatalogue } from "../../services/faults.ts";
import type { RunningStation } from "../runner/station.ts";
import type { Answer } from "./server.ts";

/** Scans come every quarter of a second; after this long without one the loop stands still. */
const stuckAfterMs = 5_000;

/** Faults of the controller itself, as against those of what it controls. Without a broker or a guardian they are never raised. */
const own: ReadonlySet<string> = new Set(["log-failed", "guardian-lost", "broker-lost"]);

export interface HealthReport {
  readonly status: "ok" | "degraded" | "failing";
  /** Codes for which it is `failing`. */
  readonly reasons: readonly string[];
  /** Faults of errors and dangers in what is in use; with any of them `ok` becomes `degraded`. */
  readonly faults: readonly { readonly code: string; readonly subject: string; readonly severity: string }[];
}

export function healthOf(station: RunningStation, nowMs: number): HealthReport {
  const { scannedMs } = station.loop.stats();
  const raised = station.inUse.faults(station.loop.state());
  const reasons = raised.filter(({ code }) => own.has(code)).map(({ code }): string => code);
  if (scannedMs === undefined || nowMs - scannedMs > stuckAfterMs) reasons.unshift("loop-stopped");
  const faults = raised
    .map(({ code, subject }) => ({ code, subject, severity: faultCatalogue[code].severity }))
    .filter(({ code, severity }) => !own.has(code) && (severity === "error" || severity === "danger"));
  const status = reasons.length > 0 ? "failing" : faults.length > 0 ? "degraded" : "ok";
  return { status, reasons: [...new Set(reasons)], faults };
}

export function healthz(station: RunningStation, nowMs: number): Answer {
  const report = healthOf(station, nowMs);
  return {
    status: report.status === "failing" ? 503 : 200,
    type: "application/json",
    body: `${JSON.stringify(report)}\n`,
  };
}
