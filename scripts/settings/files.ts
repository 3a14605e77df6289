import { Docstrings } from "./docstrings";
import { type FoundSetting, type SettingEntry, settingsOf } from "./entries";
import { settingsPage } from "./page";

/** The generated files by their paths. */
export function settingsFiles(
  found: readonly FoundSetting[] = settingsOf(new Docstrings()),
): Readonly<Record<string, string>> {
  const settings = found.map(published);
  return {
    "docs/settings.md": settingsPage(settings),
    "cli/settings.json": `${JSON.stringify(settings, null, 1)}\n`,
  };
}

function published({ path, type, default: value, kinds = [], text }: FoundSetting): SettingEntry {
  return { path, type, ...(value !== undefined && { default: value }), ...(kinds.length > 0 && { kinds }), text };
}
