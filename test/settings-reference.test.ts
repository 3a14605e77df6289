import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { parse } from "yaml";

import type { EnvironmentSpec } from "../domain/environment/spec";
import { TOPICS, whereDescribed } from "../domain/environment/topics";
import { Docstrings } from "../scripts/settings/docstrings";
import { settingsOf } from "../scripts/settings/entries";
import { settingsFiles } from "../scripts/settings/files";
import { prod } from "./support/environments/prod";
import { REFUSED } from "./support/mistakes";
import { ROOT } from "./support/run";

const settings = settingsOf(new Docstrings());

describe("the reference of all settings", () => {
  test.each(Object.entries(settingsFiles(settings)))("%s is what `npm run settings:update` writes", (path, text) => {
    expect(readFileSync(join(ROOT, path), "utf8")).toBe(text);
  });

  test("describes every setting in a sentence", () => {
    expect(settings.length).toBeGreaterThan(300);
    expect(settings.filter(({ text }) => !/([.:`]|https:\S+)$/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test("says where the database's password is set what its rotation interrupts", () => {
    expect(settings.find(({ path }) => path === "secrets.databasePassword")?.text).toContain("open no new connections");
  });

  test("has the same default in the docstring and in the schema", () => {
    const different = settings
      .filter(({ schemaDefault }) => schemaDefault !== undefined)
      .filter(
        ({ schemaDefault, documentedDefault = "" }) => !isDeepStrictEqual(schemaDefault, parse(documentedDefault)),
      )
      .map(({ path, schemaDefault, documentedDefault }) => [path, schemaDefault, documentedDefault]);

    expect(different).toEqual([]);
  });

  test("shows each part of a configuration under one topic", () => {
    const keys: readonly string[] = TOPICS.flatMap((topic) => topic.keys);
    const parts = settings.map(({ path }) => path).filter((path) => !/[.[]/.test(path));

    expect([...keys].sort()).toEqual([...parts].sort());
    expect(keys).toEqual(expect.arrayContaining(Object.keys(prod satisfies EnvironmentSpec)));
  });
});

describe("whereDescribed", () => {
  test("names the section of each part once, wherever the part stands", () => {
    expect(whereDescribed(["prod.sandbox.diskGiB", "sandbox.cpuMillicores", "nodePools.nodeCpus", "prod"])).toBe(
      "These settings are described in docs/settings.md#sandbox, docs/settings.md#nodepools; or run: npx cdktf-retool settings <setting>",
    );
    expect(whereDescribed(["--to"])).toBe("");
  });

  test("leads from every refusal to a section that is there", () => {
    const page = readFileSync(join(ROOT, "docs/settings.md"), "utf8");
    const anchors = new Set([...page.matchAll(/^### (\w+)$/gm)].map(([, key = ""]) => key.toLowerCase()));
    const paths = Object.values(REFUSED).flatMap((mistakes) => mistakes.map(({ path }) => path));
    const lost = paths.filter((path) => {
      const [, anchor = ""] = /docs\/settings\.md#(\w+)/.exec(whereDescribed([path])) ?? [];
      return !anchors.has(anchor);
    });

    expect(lost).toEqual([]);
    expect(new Set(paths).size).toBeGreaterThan(50);
  });
});
