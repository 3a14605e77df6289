import { readFileSync } from "node:fs";
import { join } from "node:path";

import { App, Testing } from "cdktf";

import { prod } from "../../config/prod";
import type { EnvironmentSpec } from "../../domain/environment-spec";
import { RetoolStack } from "../../stacks";
import { expectGolden } from "../support/golden";
import { BEFORE, changed, DATA_TYPES, ORDINARY_CHANGES } from "../support/ordinary-changes";
import { Synthesized } from "../support/synthesize";

const base: EnvironmentSpec = { ...prod, ...BEFORE, dns: { kind: "create" } };

/** Addresses of what holds data. */
function dataAddresses(spec: EnvironmentSpec): string[] {
  const stack = new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]);
  return stack.addresses().filter((address) => DATA_TYPES.has(address.split(".")[0] ?? ""));
}

const before = dataAddresses(base);

test("there are more than twenty of them", () => {
  expect(new Set(ORDINARY_CHANGES.map(({ name }) => name)).size).toBeGreaterThan(20);
});

test.each(ORDINARY_CHANGES)("$name leaves the address of everything that holds data", (change) => {
  const after = new Set(dataAddresses(changed(base, change)));

  expect(before.filter((address) => !after.has(address))).toEqual([]);
});

test("no address that a release had is ever given up: its data would be deleted by the next deployment", () => {
  const path = join(__dirname, "..", "golden", "addresses-of-data.prod.txt");
  const reviewed = process.env["UPDATE_GOLDEN"] === "1" ? [] : readFileSync(path, "utf8").trim().split("\n");

  expect(reviewed.filter((address) => !before.includes(address))).toEqual([]);
  expectGolden("addresses-of-data.prod.txt", `${before.join("\n")}\n`);
});
