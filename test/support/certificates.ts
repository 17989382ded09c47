/**
 * A certificate authority for one test, made by openssl in a temporary directory: certificates for brokers, stations and operators,
 * with any dates, names and owners. Nothing of it is worth anything outside.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Issued {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface IssueOptions {
  readonly commonName: string;
  /** Names and addresses of a server, such as `DNS:localhost,IP:127.0.0.1`; a client has none. */
  readonly subjectAltName?: string;
  /** Wall ms. Default: an hour ago. */
  readonly fromMs?: number;
  /** Wall ms. Default: in a year. */
  readonly toMs?: number;
}

export interface Authority {
  readonly directory: string;
  readonly caFile: string;
  issue(options: IssueOptions): Issued;
  remove(): void;
}

export function hasOpenssl(): boolean {
  return spawnSync("openssl", ["version"]).status === 0;
}

export const opensslMissing = "needs openssl (apt-get install openssl)";

export function openssl(directory: string, args: readonly string[]): void {
  const done = spawnSync("openssl", args, { cwd: directory, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`openssl ${args.join(" ")}: ${done.stderr}`);
}

/** As openssl-ca(1) wants it: YYYYMMDDHHMMSSZ. */
const stamp = (wallMs: number): string => `${new Date(wallMs).toISOString().replace(/[-:T]|\.\d+Z$/g, "")}Z`;

const settings = (subjectAltName: string | undefined): string => `
[ca]
default_ca = here
[here]
new_certs_dir = .
database = index.txt
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = ${subjectAltName === undefined ? "clientAuth" : "serverAuth"}
${subjectAltName === undefined ? "" : `subjectAltName = ${subjectAltName}`}
`;

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] as const;

export function makeAuthority(name = "authority"): Authority {
  const directory = mkdtempSync(join(tmpdir(), "yizhan-certificates-"));
  let made = 0;
  const ca = ["-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.crt", "-subj", `/CN=${name}`, "-days", "400"];
  openssl(directory, ["req", ...ca]);
  writeFileSync(join(directory, "index.txt"), "");
  return {
    directory,
    caFile: join(directory, "ca.crt"),
    issue({ commonName, subjectAltName, fromMs, toMs }) {
      const base = `${++made}-${commonName}`;
      const file = (ending: string) => join(directory, `${base}.${ending}`);
      writeFileSync(file("cnf"), settings(subjectAltName));
      const request = [...newKey, "-keyout", file("key"), "-out", file("csr"), "-subj", `/CN=${commonName}`];
      openssl(directory, ["req", ...request]);
      const dates = [
        "-startdate",
        stamp(fromMs ?? Date.now() - 3_600_000),
        "-enddate",
        stamp(toMs ?? Date.now() + 365 * 86_400_000),
      ];
      const signing = ["-cert", "ca.crt", "-keyfile", "ca.key", "-in", file("csr"), "-out", file("crt"), "-notext"];
      openssl(directory, ["ca", "-batch", "-config", file("cnf"), ...signing, ...dates]);
      return { certFile: file("crt"), keyFile: file("key") };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
