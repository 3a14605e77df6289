import { readFileSync } from "node:fs";
import { join } from "node:path";

import { App, Testing } from "cdktf";

import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import { expectGolden } from "../support/golden";
import { BEFORE, changed, ORDINARY_CHANGES, REPLACING_ARGUMENTS } from "../support/ordinary-changes";
import { Synthesized } from "../support/synthesize";

const base: EnvironmentSpec = { ...prod, ...BEFORE, dns: { kind: "create" } };

/** What holds data, a line each: its address and the arguments that must not change. */
function dataOf(spec: EnvironmentSpec): string[] {
  const { json } = new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]);
  return Object.entries(REPLACING_ARGUMENTS)
    .flatMap(([type, names]) =>
      Object.entries(json["resource"]?.[type] ?? {}).map(([name, block]) => {
        const kept = Object.fromEntries(names.filter((one) => one in block).map((one) => [one, block[one]]));
        return `${type}.${name} ${JSON.stringify(kept)}`;
      }),
    )
    .sort();
}

const before = dataOf(base);

test("there are more than twenty of them", () => {
  expect(new Set(ORDINARY_CHANGES.map(({ name }) => name)).size).toBeGreaterThan(20);
});

test.each(ORDINARY_CHANGES)("$name neither moves nor replaces anything that holds data", (change) => {
  const after = new Set(dataOf(changed(base, change)));

  expect(before.filter((line) => !after.has(line))).toEqual([]);
});

test("sees what would replace the data", () => {
  const renamed = dataOf({ ...base, database: { username: "somebody" }, blobStorage: { bucketName: "another" } });

  expect(before.filter((line) => !renamed.includes(line)).map((line) => line.split(".")[0])).toEqual([
    "aws_db_instance",
    "aws_s3_bucket",
    "aws_s3_bucket",
  ]);
});

test("what a release had is never given up: its data would be deleted or replaced by the next deployment", () => {
  const path = join(__dirname, "..", "golden", "data.prod.txt");
  const reviewed = process.env["UPDATE_GOLDEN"] === "1" ? [] : readFileSync(path, "utf8").trim().split("\n");

  expect(reviewed.filter((line) => !before.includes(line))).toEqual([]);
  expectGolden("data.prod.txt", `${before.join("\n")}\n`);
});
