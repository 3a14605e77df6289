import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * Names pages of the documentation as somebody opens them from the folder of the command: in a clone `docs/...`, in a team's
 * own project `node_modules/cdktf-retool/docs/...`. Addresses of pages in the web stay as they are.
 *
 * @param text Text with paths in this package, such as `docs/runbooks/latency.md`.
 */
export function pagesIn(text: string, folder = process.cwd()): string {
  return text.replaceAll(/(?<![\w./-])docs\/[\w./-]*\w/g, (page) => relative(folder, join(packageFolder(), page)));
}

/** Writes a value as JSON, with the pages in its texts named as {@link pagesIn} does. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "string" ? pagesIn(each) : each), indent);
}

/** The folder of this package: the command runs from its sources, from a build or from a cache below it. */
export function packageFolder(folder = __dirname): string {
  return existsSync(join(folder, "package.json")) ? folder : packageFolder(dirname(folder));
}
