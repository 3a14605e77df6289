import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { environmentNamed, plannedEnvironment } from "../../cli/environments";

describe("the environments of a project", () => {
  const before = process.cwd();

  beforeAll(() => {
    const project = mkdtempSync(join(tmpdir(), "cdktf-retool-environments-"));
    mkdirSync(join(project, "config"));
    const spec = {
      name: "acme-prod",
      account: "111122223333",
      region: "us-east-1",
      domain: "retool.acme.io",
      license: "retool/license",
      retoolVersion: "4.0.9-stable",
      access: "internal",
      clusterAccess: "private",
      dns: { kind: "existing-zone", zoneName: "acme.io" },
    };
    writeFileSync(join(project, "config/index.ts"), `export const environments = { prod: ${JSON.stringify(spec)} };\n`);
    process.chdir(project);
  });
  afterAll(() => process.chdir(before));

  test.each(["acme-prod", "prod"])("are found by name and by key: %s", (name) => {
    expect(environmentNamed(name).name).toBe("acme-prod");
    expect(plannedEnvironment(name).context.name).toBe("acme-prod");
  });

  test("that are not there are refused with those that are", () => {
    expect(() => environmentNamed("staging")).toThrow("staging: is not an environment of config/index.ts; use prod");
  });
});
