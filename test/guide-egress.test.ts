import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";

import { checkEnvironment } from "../domain/environment/environment";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { formatViolation } from "../domain/common/violation";
import { prod } from "./support/environments/prod";
import { CERTIFICATE } from "./support/retool-release";
import { ROOT } from "./support/run";

const guide = readFileSync(join(ROOT, "docs/guides/egress.md"), "utf8");
const blocks = [...guide.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

/** A block is a part of an environment: settings, as they stand between the braces. */
function settingsOf(block: string): Partial<EnvironmentSpec> {
  const text = runInNewContext(`JSON.stringify({\n${block}\n})`, { CERTIFICATE }) as string;
  return JSON.parse(text) as Partial<EnvironmentSpec>;
}

describe("the guide on egress", () => {
  const cases = blocks.map((block) => [block.split("\n")[0] ?? "", block] as const);

  test.each(cases)("%s: can be planned as it stands, at every level", (_, block) => {
    const settings = settingsOf(block);
    for (const level of ["open", "dns", "firewall"] as const) {
      const spec = { ...prod, ...settings, egress: { ...settings.egress, level } };
      expect(checkEnvironment(spec).violations.map(formatViolation)).toEqual([]);
    }
  });

  test("has a block for every kind of Temporal, of data sources and of registries", () => {
    const all = blocks.map(settingsOf);
    const kinds = all.flatMap(({ temporal }) => (temporal === undefined ? [] : [temporal.kind]));
    const resources = all.flatMap(({ egress }) => egress?.resources ?? []);

    expect(kinds).toHaveLength(6);
    expect([...new Set(kinds)].sort()).toEqual(["local", "retool-managed", "self-hosted", "temporal-cloud"]);
    expect(all.filter(({ egress }) => egress?.appPackages !== undefined)).toHaveLength(2);
    expect(new Set(resources.map(({ purpose = "data-source" }) => purpose))).toEqual(
      new Set([
        ...["data-source", "email", "git", "identity", "models", "webhooks", "metrics", "packages"],
        ...["app-packages", "images"],
      ]),
    );
  });
});
