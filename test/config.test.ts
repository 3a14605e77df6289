import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { App, Testing } from "cdktf";

import { formatViolation } from "../domain/common/violation";
import { checkEnvironment } from "../domain/environment/environment";
import { neighbourViolations } from "../domain/environment/neighbours";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { RetoolStack } from "../stacks";
import { ROOT } from "./support/workspace";

// By its whole path: jest.config.js leads every other import of config/ to the tests' own environments.
const { environments } = jest.requireActual<{ readonly environments: Readonly<Record<string, EnvironmentSpec>> }>(
  join(ROOT, "config", "index.ts"),
);

/** The one test that looks into config/, for any team's environments. */
describe("config/", () => {
  const names = Object.keys(environments);

  test("has an environment", () => {
    expect(names).not.toEqual([]);
  });

  test.each(names)("%s is valid, and its name is its key", (name) => {
    const { plan, violations } = checkEnvironment(environments[name]!);

    expect(violations.map(formatViolation)).toEqual([]);
    expect(plan.context.name).toBe(name);
  });

  test("has environments that take nothing from each other", () => {
    const plans = Object.fromEntries(names.map((name) => [name, checkEnvironment(environments[name]!).plan]));

    expect(neighbourViolations(plans).map(formatViolation)).toEqual([]);
  });

  test.each(names)("%s is synthesized", (name) => {
    const stack = new RetoolStack(new App({ skipValidation: true }), environments[name]!);
    const { resource } = JSON.parse(Testing.synth(stack)) as { readonly resource: object };

    expect(stack.node.id).toBe(name);
    expect(Object.keys(resource)).toContain("aws_db_instance");
  });
});

test("no other test reads config/", () => {
  const tests = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !["config.test.ts", "architecture.test.ts"].includes(basename(file)),
  );
  const reading = tests.filter((file) =>
    /from "(?:\.\.\/)+config[/"]|join\((?:ROOT|root), "config"/.test(readFileSync(join(ROOT, "test", file), "utf8")),
  );

  expect(tests.length).toBeGreaterThan(100);
  expect(reading).toEqual([]);
});
