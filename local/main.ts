import { Command } from "commander";

import { Failure, reportFailures } from "../cli/failure";
import { onStopSignal, passOnSignal } from "../cli/interrupt";
import { showing, Steps } from "../cli/steps";
import { LocalDeployment } from "./deployment";
import { isApplyUnfinished } from "./interrupted";
import { asOnlyRun } from "./killed-run";
import { checkPrerequisites } from "./prerequisites";
import { findProviders, useProviders } from "./providers";
import { commandFor, lostEmulator } from "./command-line";
import { formatReport, makeReport, type RunFacts } from "./report";

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
  .option("--destroy", "take everything down afterwards; if an earlier run left something, only take that down")
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
  await asOnlyRun((ended) => deployOrDestroy(flags, ended));
}

async function deployOrDestroy(flags: Flags, ended: string | undefined): Promise<void> {
  const started = Date.now();
  const steps = new Steps();
  if (ended !== undefined) steps.say(ended);
  const deployment = new LocalDeployment(flags, (text) => {
    steps.say(text);
  });
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
  await steps.run("Look at the cluster", () => deployment.connect());
  try {
    const cleared = await clear(steps, deployment);
    const onlyDestroy = flags.destroy === true && (cleared || (await deployment.isResumable()));
    const outputs = cleared && onlyDestroy ? undefined : await work(flags, steps, deployment, onlyDestroy);
    await finish(flags, steps, deployment);
    const seconds = Math.round((Date.now() - started) / 1000);
    print(flags, { outputs, deployed: deployment.hasCluster, destroyed: flags.destroy === true, seconds });
  } catch (error) {
    deployment.release();
    throw await explained(error, deployment, flags);
  }
}

/** Takes down what an earlier run left although its emulator is gone; whether there was anything. */
async function clear(steps: Steps, deployment: LocalDeployment): Promise<boolean> {
  if (!(await deployment.hasLeftovers())) {
    const isGone = await deployment.forgetDeadEmulator();
    if (isGone) steps.say("The emulator of the earlier run has ended by itself, and everything in it is gone.");
    return isGone;
  }
  await steps.run("Take down what an earlier run left in the cluster", (show) => deployment.clear(showing(show)));
  return true;
}

/** Deploys, destroys, or both; the outputs of what was deployed. */
async function work(
  flags: Flags,
  steps: Steps,
  deployment: LocalDeployment,
  onlyDestroy: boolean,
): Promise<Record<string, unknown> | undefined> {
  await steps.run("Install the emulator", () => deployment.prepare());
  await steps.run("Start the emulator", () => deployment.start());
  await steps.run("Synthesize", () => deployment.synthesize());
  await steps.run("Install the providers", () => deployment.init());
  // Helm uninstalls a release in every status; without its record nothing would be uninstalled.
  for (const mended of onlyDestroy ? [] : await deployment.mend()) steps.say(mended);
  if (isApplyUnfinished() && (!onlyDestroy || deployment.hasCluster)) {
    await steps.run("Find what the interrupted run made", (show) => deployment.adopt(show, onlyDestroy));
  }
  const outputs = onlyDestroy ? undefined : await deploy(steps, deployment);
  if (flags.destroy !== true) return outputs;
  await steps.run("Destroy", (show) => deployment.destroy(showing(show)));
  return outputs;
}

async function deploy(steps: Steps, deployment: LocalDeployment): Promise<Record<string, unknown>> {
  await steps.run("Apply", (show) => deployment.apply(showing(show)));
  await steps.run("Plan again", () => deployment.verify());
  return deployment.outputs();
}

/** Stops the emulator, unless it is to stay or the cluster still holds what only its state knows. */
async function finish(flags: Flags, steps: Steps, deployment: LocalDeployment): Promise<void> {
  const isNeeded = deployment.hasCluster && flags.destroy !== true;
  if (isNeeded && flags.keep !== true) {
    steps.say(`The emulator keeps running: ${commandFor(flags, "--destroy")} takes down what is in the cluster, too.`);
  }
  if (isNeeded || flags.keep === true) deployment.release();
  else await deployment.stop();
}

function print(flags: Flags, facts: RunFacts): void {
  const report = makeReport(facts);
  process.stdout.write(`${flags.json === true ? JSON.stringify(report, null, 2) : formatReport(report)}\n`);
}

/** Adds to a failure what it leaves behind and how to go on. */
async function explained(error: unknown, deployment: LocalDeployment, flags: Flags): Promise<unknown> {
  if (!(error instanceof Failure)) return error;
  // What Terraform says then is only that nobody answers, once for every resource.
  if (await deployment.hasLostEmulator()) return new Failure(lostEmulator(flags, deployment.hasCluster));
  if (!(await deployment.isResumable())) return error;
  return new Failure(
    error.message,
    `The emulator is still running and Terraform's state is in .local/terraform.tfstate: ${commandFor(flags)} goes on from here, ${commandFor(flags, "--destroy")} takes it down.`,
  );
}

let stopped: number | undefined;
// Terraform finishes what it started and saves its state; we wait for it.
onStopSignal((exitCode) => {
  stopped = exitCode;
  process.stderr.write("Interrupted: waiting for Terraform to save its state.\n");
  passOnSignal();
});

void reportFailures(async () => {
  program.parse();
  await main(program.opts<Flags>());
}).finally(() => {
  if (stopped !== undefined) process.exitCode = stopped;
});
