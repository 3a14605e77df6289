import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { Failure } from "../cli/failure";
import { versions } from "../domain/versions/pins";
import { paths, PROJECT } from "./paths";
import {
  holdAws,
  homeOf,
  impliedFolders,
  mirrorIn,
  type ProviderMirror,
  REGISTRY_HOST,
  searchMirrors,
  variable,
} from "./provider-mirrors";
import { whyUnreachable } from "./registry";

/** Where Terraform installs providers from. */
export interface ProviderSource {
  /** Terraform CLI configuration to use; undefined where Terraform needs none. */
  readonly configuration?: string;
  /** What was chosen, in words. */
  readonly chosen: string;
  /** What was asked for and is not obeyed. */
  readonly warnings: readonly string[];
}

/** How {@link findProviders} looks. */
export interface ProviderSearch {
  /** Folder given by `--providers`. */
  readonly providers?: string;
  /** Environment; default: that of the process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Folder of the project, whose `terraform.d/plugins` Terraform looks into. */
  readonly project?: string;
  /** Where a configuration is written. */
  readonly file?: string;
  /** Folders that are searched where nothing else helps. */
  readonly roots?: readonly string[];
  /** Milliseconds of that search, and of a second one where the first found no AWS provider: a busy machine is slow. */
  readonly searchMs?: readonly [first: number, second: number];
  /** Why the registry cannot be reached, undefined where it can. */
  readonly probe?: () => Promise<string | undefined>;
}

const SEARCH_MS = 1000;
const VARIABLE = "TF_CLI_CONFIG_FILE";

/**
 * Finds out where Terraform can install its providers from, in this order: `--providers`; the file that `TF_CLI_CONFIG_FILE`
 * names; the user's own `.terraformrc` where it says so; Terraform's implied mirror folders; the registry; and, only where the
 * registry cannot be reached, a mirror within a few levels of the file system's root or of HOME.
 *
 * @throws {@link Failure} where there is none, with both ways out.
 */
export async function findProviders(search: ProviderSearch = {}): Promise<ProviderSource> {
  const machine = machineOf(search);
  const named = variable(machine.env, VARIABLE);
  const isThere = named !== undefined && existsSync(named);
  const warnings =
    named === undefined || isThere
      ? []
      : [`${VARIABLE}: ${named} does not exist and is ignored; unset it, or name a file that exists`];
  if (search.providers !== undefined) return { ...(await givenMirror(machine, search.providers)), warnings };
  if (isThere) return { configuration: named, chosen: `${named}, named by ${VARIABLE}`, warnings };
  const own = ownConfiguration(machine.env);
  if (own !== undefined) return { chosen: `${own}, Terraform's own configuration`, warnings };
  return { ...(await impliedOrFound(machine)), warnings };
}

type Machine = Required<Omit<ProviderSearch, "providers">>;

function machineOf(search: ProviderSearch): Machine {
  const { env = process.env } = search;
  return {
    env,
    project: PROJECT,
    file: paths.providers,
    roots: ["/", homeOf(env)],
    searchMs: [SEARCH_MS, 10 * SEARCH_MS],
    probe: () => whyUnreachable(env),
    ...search,
  };
}

/** Sets the environment of Terraform to what {@link findProviders} chose. */
export function useProviders({ configuration }: ProviderSource, env: NodeJS.ProcessEnv = process.env): void {
  if (configuration === undefined) Reflect.deleteProperty(env, VARIABLE);
  else env[VARIABLE] = configuration;
}

async function givenMirror(machine: Machine, folder: string): Promise<Omit<ProviderSource, "warnings">> {
  const mirrors = await searchMirrors([folder], SEARCH_MS);
  if (holdAws(mirrors)) return mirrored(machine, mirrors);
  throw new Failure(
    `--providers: ${folder} holds no AWS provider ${versions.providers.aws.version} for this machine; name a folder made by \`terraform providers mirror\`, which holds a folder ${REGISTRY_HOST}`,
  );
}

async function impliedOrFound(machine: Machine): Promise<Omit<ProviderSource, "warnings">> {
  const adjacent = mirrorIn(join(machine.project, "terraform.d", "plugins"));
  const implied = [adjacent, ...impliedFolders(machine.env).map(mirrorIn)].filter(
    ({ providers }) => providers.length > 0,
  );
  // Terraform looks into `terraform.d/plugins` of the stack's folder, not of the project's: that one it has to be told.
  if (holdAws(implied)) return implied.includes(adjacent) ? mirrored(machine, implied) : { chosen: foldersOf(implied) };
  const problem = await machine.probe();
  if (problem === undefined) return { chosen: `the registry ${REGISTRY_HOST}` };
  for (const milliseconds of machine.searchMs) {
    const mirrors = [...implied, ...(await searchMirrors(machine.roots, milliseconds))];
    if (holdAws(mirrors)) return mirrored(machine, mirrors);
  }
  throw new Failure(
    `providers: ${REGISTRY_HOST} cannot be reached (${problem}) and no folder of this machine holds the AWS provider ${versions.providers.aws.version}; allow access to the registry (HTTPS_PROXY is used), or fill a mirror with \`terraform providers mirror\` on a machine that reaches it and name its folder with --providers`,
  );
}

/** Writes a configuration that installs from mirrors what they hold, and everything else from the registry. */
function mirrored({ file }: Machine, mirrors: readonly ProviderMirror[]): Omit<ProviderSource, "warnings"> {
  mkdirSync(dirname(file), { recursive: true });
  // Terraform may be reading the file of an earlier run.
  const written = `${file}.${String(process.pid)}`;
  writeFileSync(written, configurationFor(mirrors));
  renameSync(written, file);
  return { configuration: file, chosen: foldersOf(mirrors) };
}

/** Terraform CLI configuration for mirrors. */
function configurationFor(mirrors: readonly ProviderMirror[]): string {
  const addresses = ({ providers }: ProviderMirror): string =>
    JSON.stringify([...new Set(providers.map(({ address }) => address))]);
  const blocks = mirrors.map(
    (mirror) =>
      `  filesystem_mirror {\n    path    = ${JSON.stringify(mirror.folder)}\n    include = ${addresses(mirror)}\n  }`,
  );
  const all = addresses({ folder: "", providers: mirrors.flatMap(({ providers }) => providers) });
  const direct = `  direct {\n    exclude = ${all}\n  }`;
  return ["disable_checkpoint = true", "provider_installation {", ...blocks, direct, "}", ""].join("\n");
}

function foldersOf(mirrors: readonly ProviderMirror[]): string {
  const folders = mirrors.map(({ folder }) => folder);
  return `the mirror${folders.length > 1 ? "s" : ""} ${folders.join(", ")}`;
}

/** The configuration that Terraform reads by itself, where it says how providers are installed. */
function ownConfiguration(env: NodeJS.ProcessEnv): string | undefined {
  const home = homeOf(env);
  const [main = "", folder = ""] =
    process.platform === "win32"
      ? ["terraform.rc", "terraform.d"].map((name) => join(variable(env, "APPDATA") ?? home, name))
      : [join(home, ".terraformrc"), join(home, ".terraform.d")];
  const further = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tfrc")) : [];
  return [main, ...further.map((name) => join(folder, name))].find(
    (file) => existsSync(file) && /^\s*provider_installation\s*\{/m.test(readFileSync(file, "utf8")),
  );
}
