import { Command } from "commander";

import { Failure, reportFailures } from "../cli/failure";
import type { Progress } from "../cli/terraform";
import { LocalDeployment } from "./deployment";
import { checkPrerequisites } from "./prerequisites";
import { findProviders, useProviders } from "./providers";
import { formatReport, makeReport } from "./report";
import { Steps } from "./steps";

interface Flags {
  readonly destroy?: true;
  readonly keep?: true;
  readonly kubeconfig?: string;
  readonly charts?: string;
  readonly port: number;
  readonly providers?: string;
  readonly json?: true;
}

const program = new Command("npm run local --")
  .description(
    "Deploys the stack `local` with the real cdktf, Terraform and AWS provider onto an AWS emulator on loopback.",
  )
  .option("--destroy", "take everything down again; what an earlier run left behind is only taken down")
  .option("--keep", "leave the emulator running, to look around or to deploy again")
  .option("--kubeconfig <file>", "deploy the Kubernetes half into the cluster of this kubeconfig")
  .option("--charts <folder>", "install charts from folders on disk instead of their repositories")
  .option("--providers <folder>", "install Terraform's providers from the mirror in this folder")
  .option("--port <number>", "port of the emulator on loopback; 0 takes a free one", parsePort, 0)
  .option("--json", "print the report as JSON on standard output; progress goes to standard error");

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new Failure(`--port: ${text} is not a port; use a number from 0 to 65535`);
}

async function main(flags: Flags): Promise<void> {
  const started = Date.now();
  const steps = new Steps();
  const deployment = new LocalDeployment(flags);
  await steps.run("Check prerequisites", () => {
    checkPrerequisites();
    return Promise.resolve();
  });
  await steps.run("Find the providers", async () => {
    const source = await findProviders({ providers: flags.providers });
    for (const warning of source.warnings) steps.say(warning);
    useProviders(source);
    return source.chosen;
  });
  const onlyDestroy = flags.destroy === true && (await deployment.isResumable());
  try {
    await steps.run("Look at the cluster", () => deployment.connect());
    await steps.run("Install the emulator", () => deployment.prepare());
    await steps.run("Start the emulator", () => deployment.start());
    await steps.run("Synthesize", () => deployment.synthesize());
    await steps.run("Install the providers", () => deployment.init());
    const mended = await deployment.mend();
    if (mended !== "") steps.say(mended);
    const outputs = onlyDestroy ? undefined : await deploy(steps, deployment);
    if (flags.destroy === true) await steps.run("Destroy", (show) => deployment.destroy(showing(show)));
    await finish(flags, deployment);
    print(
      flags,
      makeReport({
        outputs,
        deployed: deployment.hasCluster,
        destroyed: flags.destroy === true,
        seconds: Math.round((Date.now() - started) / 1000),
      }),
    );
  } catch (error) {
    deployment.release();
    throw await explained(error, deployment);
  }
}

async function deploy(steps: Steps, deployment: LocalDeployment): Promise<Record<string, unknown>> {
  await steps.run("Apply", (show) => deployment.apply(showing(show)));
  await steps.run("Plan again", () => deployment.verify());
  return deployment.outputs();
}

async function finish(flags: Flags, deployment: LocalDeployment): Promise<void> {
  if (flags.keep === true) deployment.release();
  else await deployment.stop();
}

function showing(show: (text: string) => void): (progress: Progress) => void {
  return ({ done, total, running }) => {
    if (total === 0) return;
    const more = running.length > 2 ? ", ..." : "";
    const waiting = running.length === 0 ? "" : `, waiting for ${running.slice(0, 2).join(", ")}${more}`;
    show(`${String(done)} of ${String(total)} resources${waiting}`);
  };
}

function print(flags: Flags, report: ReturnType<typeof makeReport>): void {
  process.stdout.write(`${flags.json === true ? JSON.stringify(report, null, 2) : formatReport(report)}\n`);
}

/** Adds to a failure what it leaves behind and how to go on. */
async function explained(error: unknown, deployment: LocalDeployment): Promise<unknown> {
  if (!(error instanceof Failure) || !(await deployment.isResumable())) return error;
  return new Failure(
    error.message,
    "The emulator is still running and Terraform's state is in .local/terraform.tfstate: `npm run local` goes on from here, `npm run local -- --destroy` takes it down.",
  );
}

// An interrupt reaches Terraform too, which finishes what it started and saves its state; we wait for it.
process.on("SIGINT", () => process.stderr.write("Interrupted: waiting for Terraform to save its state.\n"));

void reportFailures(async () => {
  program.parse();
  await main(program.opts<Flags>());
});
