import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { jsonText, packageFolder, pagesIn } from "../../cli/pages";
import { ROOT } from "../support/run";

describe("pagesIn", () => {
  const text = "set temporal to your own (docs/guides/egress.md#temporal), see docs/settings.md.";

  test("names each page by its path from the folder of the command, in a clone and below it", () => {
    expect(pagesIn(text, ROOT)).toBe(text);
    expect(pagesIn(text, join(ROOT, "stacks"))).toBe(text.replaceAll("docs/", "../docs/"));
  });

  test("leaves other paths and addresses in the web as they are, and what it named already", () => {
    const other = "https://aws.amazon.com/docs/cli.md, my-docs/a.md, ../docs/settings.md";

    expect(pagesIn(other, join(ROOT, "stacks"))).toBe(other);
  });

  test("is in node_modules for a project that installed the package", () => {
    const installed = join(ROOT, "node_modules", "jest");
    const folder = packageFolder(join(installed, "build"));

    expect(folder).toBe(installed);
  });
});

describe("jsonText", () => {
  test("names pages in every text as pagesIn does", () => {
    const folder = jest.spyOn(process, "cwd").mockReturnValue(join(ROOT, "stacks"));
    const json = jsonText({ warnings: ['"quoted", see docs/settings.md#name'], count: 2 });
    folder.mockRestore();

    expect(JSON.parse(json)).toEqual({ warnings: ['"quoted", see ../docs/settings.md#name'], count: 2 });
  });
});

describe("pages that findings and remedies name", () => {
  const texts = readdirSync(join(ROOT, "domain"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(ROOT, "domain", file), "utf8"));
  const named = new Set(
    texts.flatMap(
      (text) => text.match(/docs\/(?:guides|runbooks|capacity|recipes)\/[\w/-]+\.(?:md|ts)|docs\/settings\.md/g) ?? [],
    ),
  );

  test("are in the clone and in the package", () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly files: string[] };

    expect([...named].filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
    expect([...named].filter((page) => !files.some((path) => page === path || page.startsWith(`${path}/`)))).toEqual(
      [],
    );
  });
});
