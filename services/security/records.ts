/**
 * What the log remembers of the station's own security. It changes no decision: it is there to be told and to be audited, and it
 * holds no secret.
 */
import type { EventType } from "../contract/event-payloads.ts";

export type SecurityRecord = {
  readonly kind: "security-noticed";
  readonly type: EventType<"security">;
  /** A code of the cause. */
  readonly reason?: string;
  /** Words for a person. */
  readonly detail?: string;
  readonly bay?: number;
  readonly version?: string;
  /** How often it happened since it was last written down, without being written down. */
  readonly suppressed?: number;
};
