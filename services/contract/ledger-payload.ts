/** What the retained ledger topic carries: where the packs are in numbers, who is owed one, and what a person should look at. */
import { z } from "zod";
import { Id, Stamp } from "./state-payloads.ts";

/** More than this is told by its number only; the oldest are named, because they wait longest. */
export const ledgerRowsMax = 20;

const count = (description: string) => z.int().min(0).meta({ description });
const bay = (description: string) => z.int().min(1).nullable().meta({ description });

const LedgerDebt = z
  .strictObject({
    swap: Id.meta({ description: "Swap that left the debt." }),
    member: z.string().max(16).meta({ description: "Short mark of the member, never the full id." }),
    cabinet: Id.meta({ description: "Cabinet of that swap." }),
    bay: bay("Bay of the deposit; null when there was none."),
    packIn: Id.nullable().meta({ description: "Pack that was deposited; null when it was not accepted." }),
    since: Stamp.meta({ description: "When the debt arose." }),
    overdue: z.boolean().meta({ description: "Older than the configured limit." }),
  })
  .meta({ description: "A rider who is owed a pack." });

const LedgerFinding = z
  .strictObject({
    is: z.literal(["quarantine", "unread", "unknown"]).meta({
      description:
        "`quarantine`: kept from riders until a person has looked. `unread`: stands in a bay and does not say who it is. `unknown`: nobody saw where it went.",
    }),
    packId: Id.nullable().meta({ description: "null for what does not say who it is." }),
    bay: bay("Bay it stands in, or stood in last."),
    since: Stamp.meta({ description: "When it was found." }),
    why: z.string().max(64).nullable().meta({ description: "Reason code." }),
  })
  .meta({ description: "A pack, or a thing, that a person should look for or at." });

export const LedgerPayload = z
  .strictObject({
    counts: z
      .strictObject({
        bays: count("Packs in bays, at the riders' service or on their way there."),
        quarantine: count("Packs in bays that nobody gets before a person has looked."),
        unread: count("Bays that hold something which does not say who it is."),
        riders: count("Packs that were handed out and not brought back."),
        unknown: count("Packs that nobody saw go."),
      })
      .meta({ description: "Every pack the station knows, in exactly one place." }),
    debtCount: count("Riders' debts open now."),
    debts: z.array(LedgerDebt).max(ledgerRowsMax).meta({ description: "The oldest of them, oldest first." }),
    findingCount: count("Packs and things that a person should see to."),
    findings: z.array(LedgerFinding).max(ledgerRowsMax).meta({ description: "The oldest of them, oldest first." }),
  })
  .meta({ description: "Where every pack is, as far as the log tells." });
export type LedgerPayload = z.output<typeof LedgerPayload>;
