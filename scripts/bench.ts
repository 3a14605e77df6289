import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(__dirname, "..");
const ROUNDS = 5;
/** A synthesis this dear is so by its code, not by other work on the machine: today's are near 3 and 200. */
const LIMITS = { ratio: 5, megabytes: 350 };

const USAGE = `process.on("exit", () => {
  const { userCPUTime, maxRSS } = process.resourceUsage();
  require("node:fs").writeSync(2, JSON.stringify({ cpuMs: userCPUTime / 1000, megabytes: maxRSS / 1024 }));
});`;

const EMPTY_APP = `import { App, TerraformStack } from "cdktf";
const app = new App();
for (const id of ["a", "b", "c"]) new TerraformStack(app, id);
app.synth();
`;

interface Cost {
  readonly cpuMs: number;
  readonly megabytes: number;
}

/** CPU time in user mode and peak memory of one synthesis, as the operating system accounts them. */
function cost(cwd: string, hook: string, outdir: string): Cost {
  const { status, stderr } = spawnSync(process.execPath, ["--require", hook, "--import", "tsx", join(cwd, "main.ts")], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "", CDKTF_OUTDIR: outdir },
  });
  if (status !== 0) throw new Error(`${cwd}: ${stderr}`);
  return JSON.parse(stderr.slice(stderr.lastIndexOf("{"))) as Cost;
}

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;

/** Prints what a synthesis of all environments costs besides that of an empty app, measured in turn in the same run. */
function main(): void {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const [empty, hook, outdir] = [join(folder, "empty"), join(folder, "usage.cjs"), join(folder, "out")];
    mkdirSync(empty);
    symlinkSync(join(ROOT, "node_modules"), join(empty, "node_modules"), "junction");
    writeFileSync(join(empty, "main.ts"), EMPTY_APP);
    writeFileSync(hook, USAGE);
    const rounds = Array.from({ length: ROUNDS }, () => ({
      ours: cost(ROOT, hook, outdir),
      empty: cost(empty, hook, outdir),
    }));
    const ours = median(rounds.map((round) => round.ours.cpuMs));
    const base = median(rounds.map((round) => round.empty.cpuMs));
    const megabytes = Math.max(...rounds.map((round) => round.ours.megabytes));
    const ratio = ours / base;
    process.stdout.write(
      `synthesis of all environments: ${ours.toFixed(0)} ms of CPU, an empty app ${base.toFixed(0)} ms (median of ${String(ROUNDS)}): ratio ${ratio.toFixed(2)}; ${megabytes.toFixed(0)} MB at most\n`,
    );
    if (ratio <= LIMITS.ratio && megabytes <= LIMITS.megabytes) return;
    process.stderr.write(
      `bench: more than ${String(LIMITS.ratio)} times an empty app or ${String(LIMITS.megabytes)} MB; look for what was added to every synthesis\n`,
    );
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
