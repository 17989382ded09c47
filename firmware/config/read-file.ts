/** One YAML file from disk to a checked value: bytes, text, document, schema. Every way it can fail is a located problem. */
import type { z } from "zod";
import { type OpenedDocument, openDocument } from "./document.ts";
import { type ConfigFiles, failureWords } from "./files.ts";
import type { Located, Locator } from "./problem.ts";
import { checkSchema } from "./schema-problems.ts";
import { openText, tooLarge } from "./text.ts";

export interface ReadLimits {
  readonly bytesMax: number;
  readonly nodesMax: number;
}

export type FileRead<T> =
  | { readonly is: "unreadable"; readonly problem: Located }
  | {
      readonly is: "read";
      /** Undefined when the text itself is broken: there is nothing to compare then. */
      readonly root: OpenedDocument["root"];
      readonly locator: Locator | undefined;
      /** Undefined when the schema or the text refuses something. */
      readonly value: T | undefined;
      readonly problems: readonly Located[];
    };

function unreadable(code: string): Located {
  return {
    line: 1,
    column: 1,
    path: ".",
    code: "E_CFG_UNREADABLE",
    message: failureWords(code),
    expected: { zh: "可读的 YAML 文件", en: "a YAML file that can be read" },
  };
}

export interface ReadRequest<T extends z.ZodType> {
  readonly files: ConfigFiles;
  readonly path: string;
  readonly schema: T;
  readonly limits: ReadLimits;
}

export function readYamlFile<T extends z.ZodType>(request: ReadRequest<T>): FileRead<z.output<T>> {
  const { files, path, schema, limits } = request;
  const content = files.read(path, limits.bytesMax);
  if (content.is === "failed") return { is: "unreadable", problem: unreadable(content.code) };
  const broken = { is: "read", root: undefined, locator: undefined, value: undefined } as const;
  if (content.is === "too-large") return { ...broken, problems: [tooLarge(content.bytes, limits.bytesMax)] };
  const opened = openText(content.bytes);
  if (opened.is === "refused") return { ...broken, problems: [opened.problem] };
  const { root, locator, problems } = openDocument(opened.text, limits.nodesMax);
  if (root === undefined) return { ...broken, locator, problems };
  const checked = checkSchema(schema, root.value, locator);
  const all = [...problems, ...checked.problems];
  return { is: "read", root, locator, value: all.length === 0 ? checked.value : undefined, problems: all };
}
