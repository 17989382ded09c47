/** Mistakes in trust: certificates, the clock, signatures, what is told of members, and the audit. */
import type { SeededBug } from "../seeded-bug.ts";

export const securityBugs: readonly SeededBug[] = [
  {
    id: "b-127",
    title: "A broker without a certificate of anybody we trust is connected to",
    standsFor: ["I33"],
    file: "firmware/platform/broker-tls.ts",
    find: "const always = { rejectUnauthorized: true,",
    replace: "const always = { rejectUnauthorized: tls?.caFile === undefined,",
    caughtBy: ["test/firmware/platform/broker-tls.test.ts"],
  },
  {
    id: "b-128",
    title: "The certificate of another station is used as one's own",
    standsFor: ["I33"],
    file: "firmware/config/credentials.ts",
    find: "  if (name === stationId) return [];",
    replace: '  if (name?.startsWith(stationId.split("-")[0] ?? "") === true) return [];',
    caughtBy: ["test/firmware/platform/broker-tls.test.ts", "test/firmware/check-credentials.test.ts"],
  },
  {
    id: "b-129",
    title: "A clock that claims to be synchronised is believed although it is older than the log",
    standsFor: ["I28", "I33"],
    file: "firmware/runner/security-desk.ts",
    find: "return !clock.wallSynchronised() || clock.wallMs() < timeFloorMs();",
    replace: "return !clock.wallSynchronised() && clock.wallMs() < timeFloorMs();",
    caughtBy: ["test/firmware/runner/security-desk.test.ts"],
  },
  {
    id: "b-130",
    title: "An old configuration with a right signature is accepted again",
    standsFor: ["I34"],
    file: "firmware/config/signed.ts",
    find: "  const before = kept?.load.config.file.revision ?? 0;",
    replace: "  const before = 0;",
    caughtBy: ["test/firmware/config/signed.test.ts"],
  },
  {
    id: "b-131",
    title: "The end of a swap names its member in full",
    standsFor: ["I32"],
    file: "services/publication.ts",
    find: "{ cabinet: swap.cabinet, member: memberMark(swap.member) }",
    replace: "{ cabinet: swap.cabinet, member: swap.member.slice(0, 16) }",
    caughtBy: ["test/simulation/secrets.test.ts"],
  },
  {
    id: "b-132",
    title: "The audit calls a chain whole whose newest records were taken away",
    standsFor: ["I34"],
    file: "firmware/cli/audit.ts",
    find: "  if (mark === undefined) return chain;",
    replace: "  if (mark === undefined || chain.ok) return chain;",
    caughtBy: ["test/firmware/audit.test.ts"],
  },
];
