import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ROOT, type Ran } from "./run";

/** An environment as a team writes it, with the settings that have no default. */
export const TEAM_SPEC = {
  name: "tools",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.0.9-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
} as const;

/** A project of a team in a temporary folder. */
export class Project {
  /** Folder of the project. */
  public readonly folder = mkdtempSync(join(tmpdir(), "project-"));

  /** Writes a file, by its path from the project's root. */
  public write(file: string, text: string): this {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return this;
  }

  /** Path of a file, by its path from the project's root. */
  public path(file: string): string {
    return join(this.folder, file);
  }

  /** Runs the command in the project, without a terminal. */
  public run(args: readonly string[], env: NodeJS.ProcessEnv = {}, below = "."): Ran {
    const result = spawnSync(process.execPath, [join(ROOT, "bin", "cdktf-retool.js"), ...args], {
      cwd: join(this.folder, below),
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      env: { ...process.env, NODE_OPTIONS: "", npm_command: "", ...env },
    });
    return { code: result.status, stdout: result.stdout, stderr: result.stderr };
  }

  /** Runs git in the project. */
  public git(...args: readonly string[]): void {
    const identity = ["-c", "user.name=Team", "-c", "user.email=team@example.com"];
    const { status, stderr } = spawnSync("git", [...identity, ...args], { cwd: this.folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  }

  /** Takes the project away. */
  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A configuration file with environments, the way a team of the package writes it. */
export function configurationFile(environments: Readonly<Record<string, object>>): string {
  return `import type { EnvironmentSpec } from "cdktf-retool/domain";

export const environments: Record<string, EnvironmentSpec> = ${JSON.stringify(environments, null, 2)};
`;
}
