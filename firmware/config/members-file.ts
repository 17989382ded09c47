/** The allow-list beside the configuration. It refuses a member or a credential that stands twice, and repeats no credential. */
import { type MemberList, MembersFile, makeMemberList } from "../../services/members/members.ts";
import type { ConfigFiles } from "./files.ts";
import { type Located, type Locator, locate } from "./problem.ts";
import { type FileRead, readYamlFile } from "./read-file.ts";
import { child } from "./schema-node.ts";
import type { Entry } from "./uses.ts";
import { repeated } from "./wiring-checks.ts";

/** Room for 20,000 members of about 150 bytes. */
const limits = { bytesMax: 4_000_000, nodesMax: 250_000 };

export interface MembersRead {
  readonly list: MemberList | undefined;
  /** Set when the file could not be read at all; whoever names the file is then to blame. */
  readonly unreadable: Located | undefined;
  readonly count: number;
  readonly problems: readonly Located[];
  readonly warnings: readonly Located[];
}

function column(root: unknown, key: string): Entry<string>[] {
  const list = child(root, "members");
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry, at) => {
    const value = child(entry, key);
    return typeof value === "string" ? [{ path: ["members", at, key], value }] : [];
  });
}

function duplicates(root: unknown, locator: Locator): Located[] {
  const lineOf = (entry: Entry<string>) => locator.place(entry.path, "value").line;
  const members = repeated(column(root, "member"), (member) => member).map(({ first, second }) =>
    locate(locator, second.path, "value", {
      code: "E_CFG_DUPLICATE_MEMBER",
      message: {
        zh: `会员 ${second.value} 已在第 ${lineOf(first)} 行`,
        en: `${second.value} stands already on line ${lineOf(first)}`,
      },
      expected: { zh: "每个会员只出现一次", en: "each member once" },
    }),
  );
  const credentials = repeated(column(root, "credentialSha256"), (digest) => digest).map(({ first, second }) =>
    locate(locator, second.path, "value", {
      code: "E_CFG_DUPLICATE_CREDENTIAL",
      message: { zh: `与第 ${lineOf(first)} 行的凭证相同`, en: `is the credential of line ${lineOf(first)}` },
      expected: { zh: "每个凭证只属于一名会员", en: "each credential for one member" },
    }),
  );
  return [...members, ...credentials];
}

function emptyList(locator: Locator): Located {
  return locate(locator, ["members"], "value", {
    code: "W_CFG_NO_MEMBERS",
    message: { zh: "名单是空的，任何人都不能换电", en: "is empty, so nobody can be served" },
    expected: { zh: "至少一名会员", en: "at least one member" },
  });
}

function judged(read: Extract<FileRead<MembersFile>, { is: "read" }>): MembersRead {
  const { root, locator, value } = read;
  const twice = root === undefined || locator === undefined ? [] : duplicates(root.value, locator);
  const problems = [...read.problems, ...twice];
  const entries = problems.length === 0 ? value?.members : undefined;
  return {
    list: entries && makeMemberList(entries),
    unreadable: undefined,
    count: entries?.length ?? 0,
    problems,
    warnings: entries?.length === 0 && locator !== undefined ? [emptyList(locator)] : [],
  };
}

export function readMembers(files: ConfigFiles, path: string): MembersRead {
  const read = readYamlFile({ files, path, schema: MembersFile, limits });
  if (read.is === "read") return judged(read);
  return { list: undefined, unreadable: read.problem, count: 0, problems: [], warnings: [] };
}
