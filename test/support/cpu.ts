import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Processor time that Node takes for its arguments, as a multiple of that of an empty program on the same machine: the least of
 * several runs of each, because other work on the machine only ever adds to it.
 */
export function cpuRatio(args: readonly string[], cwd: string): number {
  const folder = mkdtempSync(join(tmpdir(), "cpu-"));
  const [hook, used] = [join(folder, "hook.cjs"), join(folder, "used")];
  writeFileSync(
    hook,
    `process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  require("node:fs").writeFileSync(${JSON.stringify(used)}, String((user + system) / 1000));
});`,
  );
  const once = (program: readonly string[]): number => {
    const { status, stderr } = spawnSync(process.execPath, ["--require", hook, ...program], {
      ...{ cwd, encoding: "utf8", maxBuffer: 2 ** 26 },
      env: { ...process.env, NODE_OPTIONS: "", npm_command: "" },
    });
    if (status !== 0) throw new Error(`${program.join(" ")}: ${stderr}`);
    return Number(readFileSync(used, "utf8"));
  };
  try {
    const rounds = Array.from({ length: 7 }, () => [once(args), once(["-e", "0"])] as const);
    return Math.min(...rounds.map(([ours]) => ours)) / Math.min(...rounds.map(([, bare]) => bare));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
