/** What a station does not use, its process does not load: seen from the sources, along every static import. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { read, root } from "../support/repository.ts";

/** Everything that is loaded with a module: its own static imports, and theirs. Packages stand by their name. */
function loadedWith(entry: string): Set<string> {
  const loaded = new Set<string>([entry]);
  for (const file of loaded) {
    if (!file.endsWith(".ts") || !existsSync(join(root, file))) continue;
    for (const [statement, path = ""] of read(file).matchAll(/^(?:import|export) [^;]*?from "([^"]+)";/gms)) {
      if (/^(import|export) type /.test(statement)) continue;
      loaded.add(path.startsWith(".") ? join(dirname(file), path) : path);
    }
  }
  return loaded;
}

const unused = /^prom-client$|^firmware\/(http|home-assistant|expander)\//;

describe("the controller", () => {
  test.each(["firmware/cli/run.ts", "simulator/cli/simulate.ts", "firmware/runner/station.ts"])(
    "started by %s loads neither metrics, discovery nor expander boards before they are asked for",
    (entry) => {
      const loaded = loadedWith(entry);
      expect(loaded.size).toBeGreaterThan(50);
      expect([...loaded].filter((file) => unused.test(file))).toEqual([]);
    },
  );

  test("would be caught: the pages do load them", () => {
    expect(loadedWith("firmware/http/surface.ts")).toContain("prom-client");
  });
});
