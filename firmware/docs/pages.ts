/**
 * All generated pages: where each lives and what stands in it. Pure, so that a test can compare them with the files. The only
 * thing handed in is what the commands say about themselves, because the simulator's commands are not firmware's to import.
 */
import { configJsonSchema, configReferenceMarkdown } from "../config/json-schema.ts";
import { asyncApiFile } from "./asyncapi.ts";
import { type CommandHelp, commandsPage } from "./commands-page.ts";
import { faultsPage } from "./faults-page.ts";
import { mqttPage } from "./mqtt-page.ts";
import { outcomesPage } from "./outcomes-page.ts";
import { refusalsPage } from "./refusals-page.ts";

export interface GeneratedPage {
  /** From the package's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Spoken {
  /** What `yizhan --help` prints. */
  readonly overview: string;
  readonly helps: readonly CommandHelp[];
}

export function generatedPages({ overview, helps }: Spoken): readonly GeneratedPage[] {
  return [
    { path: "docs/reference/config.schema.json", text: `${JSON.stringify(configJsonSchema(), undefined, 2)}\n` },
    { path: "docs/reference/configuration.md", text: configReferenceMarkdown() },
    { path: "docs/reference/faults.md", text: faultsPage() },
    { path: "docs/reference/outcomes.md", text: outcomesPage() },
    { path: "docs/reference/refusals.md", text: refusalsPage() },
    { path: "docs/reference/mqtt.md", text: mqttPage() },
    { path: "docs/reference/asyncapi.yaml", text: asyncApiFile() },
    { path: "docs/reference/commands.md", text: commandsPage(overview, helps) },
  ];
}
