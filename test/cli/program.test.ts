import { readFileSync } from "node:fs";
import { join } from "node:path";

import { lostFlags } from "../../cli/lost-flags";
import { cpuRatio } from "../support/cpu";
import { configurationFile, Project, TEAM_SPEC } from "../support/project";
import { ROOT } from "../support/run";

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly version: string };

const projects: Project[] = [];
const project = (file: string, text: string): Project => {
  const made = new Project().write(file, text);
  projects.push(made);
  return made;
};
afterAll(() => projects.forEach((made) => made.remove()));

// With node_modules, in which the compiled configuration is kept.
const team = project("cdktf-retool.config.ts", configurationFile({ tools: TEAM_SPEC })).write("node_modules/.keep", "");

describe("cdktf-retool", () => {
  test("prints its version", () => {
    expect(team.run(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test.each([
    ["cdktf-retool.config.ts", configurationFile({ tools: TEAM_SPEC })],
    ["config/index.ts", configurationFile({ tools: TEAM_SPEC })],
    ["config/index.ts", `export default ${JSON.stringify({ tools: TEAM_SPEC })};`],
  ])("reads the environments of %s, from any folder of the project", (file, text) => {
    const { code, stdout } = project(file, text).write("apps/readme.md", "").run(["plan", "tools"], {}, "apps");

    expect(stdout).toContain("tools: Retool 4.0.9-stable, https://retool.example.com");
    expect(code).toBe(0);
  });

  test.each([
    [
      "without a configuration",
      "readme.md",
      "",
      /: neither this folder nor a parent contains cdktf-retool\.config\.ts or config\/index\.ts; /,
    ],
    ["with an empty one", "cdktf-retool.config.ts", "export const other = 1;", /: exports no environments; add /],
    [
      "with one that fails",
      "cdktf-retool.config.ts",
      "throw new Error('broken\\nfile');",
      /: cannot be loaded: broken; correct the file\n$/,
    ],
    [
      "with a syntax error, by its line",
      "config/index.ts",
      "export const environments = {\n  prod: {},,\n};",
      /^\S+\/config\/index\.ts:2:1\d: cannot be loaded: ParseError: Unexpected token; correct the file\n$/,
    ],
    [
      "with another environment",
      "cdktf-retool.config.ts",
      configurationFile({ prod: { ...TEAM_SPEC, name: "prod" } }),
      /^tools: is not an environment of cdktf-retool\.config\.ts; use prod\n$/,
    ],
  ])("refuses in one line %s", (_, file, text, message) => {
    const { code, stdout, stderr } = project(file, text).run(["plan", "tools"]);

    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect([code, stdout]).toEqual([1, ""]);
  });

  test("refuses a configuration with every problem, and exit code 1", () => {
    const wrong = configurationFile({ tools: { ...TEAM_SPEC, builders: -1, zonez: 3 } });
    const { code, stderr } = project("cdktf-retool.config.ts", wrong).run(["plan", "tools"]);

    expect(code).toBe(1);
    expect(stderr.split("\n")).toHaveLength(4);
  });

  test.each([[["plan"]], [["plan", "tools", "--jsno"]], [["nothing"]]])("refuses %j: exit code 1", (args) => {
    const { code, stdout, stderr } = team.run(args);

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error: /);
  });

  test("moves a state to layers only where they are set and synthesized", () => {
    expect(team.run(["layers", "tools"])).toMatchObject({
      code: 1,
      stderr: "tools: it is one stack; set layers: true, run npx cdktf synth, then run this command again\n",
    });
    const layered = project("cdktf-retool.config.ts", configurationFile({ tools: { ...TEAM_SPEC, layers: true } }));
    expect(layered.run(["layers", "tools", "--move"])).toMatchObject({
      code: 1,
      stderr: "tools-foundation: not synthesized; run npx cdktf synth first\n",
    });
  });

  test("finds what is synthesized, and the project's script that does it, from below the project's root", () => {
    const below = project("cdktf-retool.config.ts", configurationFile({ tools: { ...TEAM_SPEC, layers: true } }))
      .write("package.json", JSON.stringify({ scripts: { synth: "cdktf synth" } }))
      .write("cdktf.out/stacks/tools-foundation/cdk.tf.json", "{}")
      .write("below/.keep", "");

    expect(below.run(["layers", "tools", "--move"], {}, "below").stderr).toBe(
      "tools-cluster: not synthesized; run npm run synth first\n",
    );
    expect(below.run(["permissions", "tools"], {}, "below").stderr).toBe(
      "tools-cluster: not synthesized; run npm run synth first\n",
    );
  });

  test("plans in a clone in less than 6 times the processor time of an empty program", () => {
    const plan = cpuRatio([join(ROOT, "bin", "cdktf-retool.js"), "plan", "tools"], team.folder);
    process.stdout.write(`times an empty program: plan ${plan.toFixed(1)}\n`);

    expect(plan).toBeLessThan(6);
  });

  test("writes a report into a file", () => {
    const { code, stdout } = team.run(["cost", "tools", "--json", "--out", "cost.json"]);

    expect([code, stdout]).toEqual([0, ""]);
    expect(JSON.parse(readFileSync(join(team.folder, "cost.json"), "utf8"))).toMatchObject({ environment: "tools" });
  });

  test("says why a file cannot be written", () => {
    expect(team.run(["plan", "tools", "--out", "missing/plan.txt"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "--out: missing/plan.txt cannot be written (ENOENT); use a file in an existing folder\n",
    });
  });

  test("notices flags that npm kept for itself, with their values", () => {
    const { code, stderr } = team.run(["plan", "tools", "plan.txt"], {
      npm_command: "run-script",
      npm_lifecycle_event: "plan",
      npm_config_json: "true",
      npm_config_out: "true",
    });

    expect(code).toBe(1);
    expect(stderr).toBe(
      "plan: npm did not pass the flags on; write -- before them: npm run plan -- tools --json --out plan.txt\n",
    );
  });
});

describe("lostFlags", () => {
  const env = { npm_command: "run", npm_config_json: "true", npm_config_dry_run: "" };
  const json = { long: "--json", hasValue: false };
  const dryRun = { long: "--dry-run", hasValue: false };
  const out = { long: "--out", hasValue: true };
  const diff = { long: "--diff", hasValue: true };
  const to = { long: "--to", hasValue: true };

  test.each([
    ["kept by npm run", env, [json], ["tools"], ["tools", "--json"]],
    ["given after --", env, [json], ["tools", "--json"], undefined],
    ["of another command", env, [out, dryRun], ["tools"], undefined],
    ["of npx, which keeps nothing behind the command", { ...env, npm_command: "exec" }, [json], ["tools"], undefined],
    [
      "whose value npm left among the words",
      { npm_command: "run", npm_config_out: "true" },
      [json, out],
      ["tools", "f.txt"],
      ["tools", "--out", "f.txt"],
    ],
    [
      "whose value npm kept as well, as it has the same flag",
      { npm_command: "run", npm_config_diff: "HEAD" },
      [diff],
      ["tools"],
      ["tools", "--diff", "HEAD"],
    ],
    [
      "that npm takes for the beginning of its own",
      { npm_command: "run", npm_config_token_description: "4.34.1-stable" },
      [to],
      ["tools"],
      ["tools", "--to", "4.34.1-stable"],
    ],
  ])("finds flags %s", (_, given, flags, words, meant) => {
    expect(lostFlags(given, flags, words, 1)).toEqual(meant);
  });
});
