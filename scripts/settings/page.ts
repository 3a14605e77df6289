import { TOPICS, type Topic } from "../../domain/environment/topics";
import type { SettingEntry } from "./entries";

const INTRODUCTION = `# Every setting

Generated from the schemas and docstrings by \`npm run settings:update\`; a test compares it with the code.
In a terminal, \`npm run settings sandbox.diskGiB\` prints the same, and \`npm run plan prod\` prints the value that each setting
has in an environment and where it comes from.

A setting without a default is required. \`[]\` stands for each entry of a list, \`<name>\` for each key of a map. Where only some
kinds of a part have a setting, they stand below its name.
`;

/** The reference of all settings as Markdown. */
export function settingsPage(settings: readonly SettingEntry[]): string {
  const contents = TOPICS.map(
    ({ title, keys }) => `- ${title}: ${keys.map((key) => `[${key}](#${key.toLowerCase()})`).join(", ")}`,
  );
  return [INTRODUCTION, contents.join("\n"), ...TOPICS.map((topic) => topicText(topic, settings))].join("\n\n");
}

function topicText({ title, keys }: Topic, settings: readonly SettingEntry[]): string {
  return [`## ${title}`, ...keys.map((key) => partText(key, settings))].join("\n\n");
}

function partText(key: string, settings: readonly SettingEntry[]): string {
  const [part, ...inner] = settings.filter(
    ({ path }) => path === key || (/^[.[]/.test(path.slice(key.length)) && path.startsWith(key)),
  );
  if (part === undefined) throw new Error(`${key} is not a setting`);
  const facts = [
    `Takes: ${code(part.type)}.`,
    part.default === undefined ? "Required." : `Default: ${defaultText(part.default)}.`,
  ];
  const head = [`### ${key}`, part.text, facts.join(" ")];
  return [...head, ...(inner.length === 0 ? [] : [inner.map(item).join("\n\n")])].join("\n\n");
}

/** One setting: its facts in a line, what it changes below them. */
function item({ path, kinds = [], type, default: value, text }: SettingEntry): string {
  const only = kinds.length === 0 ? "" : ` (${kinds.join(", ")})`;
  const facts = `- **\`${path}\`**${only}: ${code(type)}, ${value === undefined ? "required" : `default ${defaultText(value)}`}`;
  return [facts, ...text.split("\n\n")].join("\n\n  ");
}

function defaultText(value: string): string {
  return value.startsWith("- ") ? value.slice(2) : code(value);
}

function code(text: string): string {
  return `\`${text}\``;
}
