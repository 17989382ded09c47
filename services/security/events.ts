/** What the outside is told of the station's own security. */
import type { Publication } from "../contract/publication.ts";
import type { SecurityRecord } from "./records.ts";

const detailMax = 400;

export function securityEvent({ kind: _kind, type, detail, ...data }: SecurityRecord): Publication {
  const words = detail === undefined ? {} : { detail: detail.slice(0, detailMax) };
  return { kind: "security", stream: "security", type, data: { ...data, ...words } };
}
