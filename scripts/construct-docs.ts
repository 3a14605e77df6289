import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// Writes docs/constructs.md from what the constructs of library/ say of themselves: `npm run docs:constructs`.

const ROOT = join(__dirname, "..");
const PAGE = join(ROOT, "docs", "constructs.md");

/** A construct with its documentation. */
interface Documented {
  readonly name: string;
  readonly text: string;
  readonly example: string;
  readonly members: readonly string[];
}

const HEADER = `# The constructs of the library

From their own documentation; \`npm run docs:constructs\` writes this page. [The guide](guides/library.md) says how they fit together.
`;

/** The page, from the sources of today, before it is formatted. */
export function constructsPage(): string {
  const library = join(ROOT, "library");
  const sources = readdirSync(library).map((file) => readFileSync(join(library, file), "utf8"));
  const documented = sources.flatMap(constructsIn).sort((one, other) => one.name.localeCompare(other.name));
  return [HEADER, ...documented.map(section)].join("\n");
}

const CLASS = /\/\*\*\n((?: \*[^\n]*\n)+?) \*\/\nexport class (\w+) extends/g;

function constructsIn(source: string): Documented[] {
  return [...source.matchAll(CLASS)].map(([, comment = "", name = ""]) => {
    const [text = "", example = ""] = plain(comment).split("@example\n```ts\n");
    return {
      name,
      text: text.trim(),
      example: example.slice(0, example.indexOf("```")),
      members: membersOf(source),
    };
  });
}

/** A comment without its stars, and names in place of links. */
function plain(comment: string): string {
  return comment.replaceAll(/^ \* ?/gm, "").replaceAll(/\{@link (\w+)\}/g, "`$1`");
}

/** Members that have a sentence. */
function membersOf(source: string): string[] {
  return [...source.matchAll(/ {2}\/\*\* ([^{*\n][^*\n]*) \*\/\n {2}public (?:static )?readonly (\w+)/g)].map(
    ([, text = "", member = ""]) => `- \`${member}\`: ${text}`,
  );
}

function section({ name, text, example, members }: Documented): string {
  const list = members.length === 0 ? [] : ["", ...members];
  return [`## ${name}`, "", text, "", "```ts", example.trimEnd(), "```", ...list, ""].join("\n");
}

async function write(): Promise<void> {
  // Loaded only here: Jest cannot load it.
  const { format, resolveConfig } = await import("prettier");
  writeFileSync(PAGE, await format(constructsPage(), { ...(await resolveConfig(PAGE)), parser: "markdown" }));
}

if (require.main === module) void write();
