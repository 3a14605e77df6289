import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * Path of a page of the documentation, as somebody opens it from the folder of the command: in a clone `docs/...`, in a team's
 * own project `node_modules/cdktf-retool/docs/...`. The address of a page in the web stays as it is.
 *
 * @param page Path in this package, such as `docs/runbooks/latency.md`, or an address.
 */
export function pageFrom(page: string, folder = process.cwd()): string {
  return page.startsWith("docs/") ? relative(folder, join(packageFolder(), page)) : page;
}

/** The folder of this package: the command runs from its sources, from a build or from a cache below it. */
export function packageFolder(folder = __dirname): string {
  return existsSync(join(folder, "package.json")) ? folder : packageFolder(dirname(folder));
}
