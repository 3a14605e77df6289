import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { packageFolder, pageFrom } from "../../cli/pages";
import { ROOT } from "../support/run";

describe("pageFrom", () => {
  test("is the path from the folder of the command, in a clone and below it", () => {
    expect(pageFrom("docs/settings.md", ROOT)).toBe(join("docs", "settings.md"));
    expect(pageFrom("docs/settings.md", join(ROOT, "stacks"))).toBe(join("..", "docs", "settings.md"));
  });

  test("leaves the address of a page in the web as it is", () => {
    expect(pageFrom("https://aws.amazon.com/cli", join(ROOT, "stacks"))).toBe("https://aws.amazon.com/cli");
  });

  test("is in node_modules for a project that installed the package", () => {
    const installed = join(ROOT, "node_modules", "jest");
    const folder = packageFolder(join(installed, "build"));

    expect(folder).toBe(installed);
  });
});

describe("pages that findings and remedies name", () => {
  const texts = readdirSync(join(ROOT, "domain"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(ROOT, "domain", file), "utf8"));
  const named = new Set(
    texts.flatMap(
      (text) => text.match(/docs\/(?:guides|runbooks|capacity|recipes)\/[\w/-]+\.md|docs\/settings\.md/g) ?? [],
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
