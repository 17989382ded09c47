/**
 * Between the broker's requests and the station's own: an accepted message becomes an order, and what the log remembers becomes
 * the answers that the same ids get again. It judges nothing.
 */
import { isVerb } from "../../services/contract/request-payloads.ts";
import type { ToldRecord } from "../../services/events.ts";
import type { Durable } from "../../services/journal/durable.ts";
import type { OperatorRequest } from "../../services/operators/requests.ts";
import type { AcceptedRequest } from "../../services/requests/judge.ts";
import type { RememberedAnswer, SecurityReport } from "./requests.ts";

/** The expiry goes on as a moment; what only the transport needs stays behind. */
export function orderOf(accepted: Exclude<AcceptedRequest, { verb: "snapshot" }>): OperatorRequest {
  const { verb, expiresAtMs, role, request } = accepted;
  const { transaction: _t, expiresAt: _e, station: _station, key, seq, signature: _signature, ...order } = request;
  // A key that no signature proved is nobody's.
  const signed =
    role === undefined ? {} : { role, ...(key === undefined ? {} : { key }), ...(seq === undefined ? {} : { seq }) };
  // The pair was judged together: the verb chose the schema that the request passed.
  return { ...order, verb, expiresAt: expiresAtMs, ...signed } as OperatorRequest;
}

/** A report as the log keeps it. */
export function refusedRecord({ reason, verb, request, claims, suppressed }: SecurityReport): ToldRecord {
  const id = request === undefined ? {} : { id: request };
  return { kind: "request-refused", reason, verb, ...id, ...claims, suppressed };
}

const statuses: ReadonlySet<string> = new Set(["ok", "refused", "error"]);

/**
 * Answers of earlier runs, oldest first. A request that was taken and not answered is never carried out again; its answer
 * stands fixed from the first message on, and the station sends it as soon as it runs.
 */
export function rememberedAnswers({ answers, operators }: Durable): RememberedAnswer[] {
  const given = answers.flatMap(({ id, verb, status, reason, expiresAt, data }): RememberedAnswer[] => {
    // A verb of a newer controller is nothing that this one could be asked.
    if (!isVerb(verb) || !statuses.has(status)) return [];
    return [
      {
        id,
        verb,
        status: status as RememberedAnswer["status"],
        ...(reason === undefined ? {} : { reason }),
        ...(data === undefined ? {} : { data }),
        ...(expiresAt === undefined ? {} : { expiresAtMs: expiresAt }),
      },
    ];
  });
  const interrupted = Object.entries(operators.taken).map(([id, { verb, expiresAt }]): RememberedAnswer => {
    return { id, verb, status: "error", reason: "interrupted-by-restart", expiresAtMs: expiresAt };
  });
  return [...given, ...interrupted];
}
