import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
    const file = `const spec = ${JSON.stringify(spec)};\nexport const environments = { "acme-prod": spec, copy: spec };\n`;
    writeFileSync(join(project, "config/index.ts"), file);
    process.chdir(project);
  });
  afterAll(() => process.chdir(before));

  test("are found by their name", () => {
    expect(environmentNamed("acme-prod").name).toBe("acme-prod");
    expect(plannedEnvironment("acme-prod").context.name).toBe("acme-prod");
  });

  test("that have another name than their key are refused, with what makes them one", () => {
    expect(() => environmentNamed("copy")).toThrow(
      'copy.name: "acme-prod" is not the key of this environment, and commands, stacks and resources go by one name; rename the key to "acme-prod", which changes nothing in AWS, or use the name "copy" if it was never deployed',
    );
  });

  test("that have no name, or none that is text, are refused for that and for all that is wrong besides", () => {
    const spec = { account: "111122223333" };
    writeFileSync(
      "cdktf-retool.config.ts",
      `export default ${JSON.stringify({ prod: spec, trial: { ...spec, name: 5 } })};`,
    );

    expect(() => plannedEnvironment("prod")).toThrow(/^name: is missing; .*\nregion: is missing; /);
    expect(() => plannedEnvironment("trial")).toThrow(/^name: 5 has the wrong type; .*\nregion: is missing; /);
    rmSync("cdktf-retool.config.ts");
  });

  test("that are not there are refused with those that are", () => {
    expect(() => environmentNamed("staging")).toThrow(
      "staging: is not an environment of config/index.ts; use acme-prod, copy",
    );
  });
});
