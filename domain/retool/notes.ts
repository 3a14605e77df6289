import { HARD_CODED_IMAGE, PULL_SECRETS_INCOMPLETE } from "./images";
import type { Profile } from "../catalog/services";
import type { RetoolSpec } from "./spec";
import { versions } from "../versions/pins";

/** Something that differs from Retool's documents or chart on purpose. */
export interface Deviation {
  /** What it is about. */
  readonly subject: string;
  /** What the documents or the chart say. */
  readonly documented: string;
  /** What is done here. */
  readonly here: string;
  /** Why. */
  readonly reason: string;
}

/** Lists what differs from the documents. */
export function deviationsOf(profile: Profile): Deviation[] {
  const controller: Deviation = {
    subject: "CPU limit of the sandbox controller",
    documented: "a quarter of a core; 500m in the chart",
    here: "1 core",
    reason: "at 500m it needs 56 seconds to start, and is killed after 60 (tryretool/retool-helm pull request 362)",
  };
  const proxy: Deviation = {
    subject: "Pods of the sandbox proxy",
    documented: "one",
    here: "two",
    reason: "all editing sessions pass through it, and with one pod they all end when its node is replaced",
  };
  const executor: Deviation = {
    subject: "Pods of code-executor",
    documented: "one",
    here: "two",
    reason: "without it workflows cannot run code, and with one pod they stop when its node is replaced",
  };
  const workers: Deviation = {
    subject: "Pods of the workers",
    documented: "one",
    here: "two",
    reason: "with one pod no workflow or agent runs while its node or its zone is replaced",
  };
  return profile === "production" ? [controller, proxy, executor, workers] : [controller];
}

/** Lists warnings: what works and still needs attention. */
export function warningsOf(spec: RetoolSpec): string[] {
  const { chartVersion, codeExecutor, images, outboundProxy } = spec;
  const tested = versions.charts.retool.version;
  const chart = chartVersion ?? tested;
  const warnings: readonly (readonly [boolean, string])[] = [
    [
      chart !== tested,
      `Chart ${chart} is not the one this package was tested with (${tested}); its values may mean something else.`,
    ],
    [codeExecutor?.sandboxing === "privileged", PRIVILEGED],
    [codeExecutor?.sandboxing === "unsandboxed", UNSANDBOXED],
    [images?.registries?.dockerHub !== undefined, HARD_CODED_IMAGE],
    [(images?.pullSecrets ?? []).length > 0, PULL_SECRETS_INCOMPLETE],
    [outboundProxy !== undefined, PROXY],
  ];
  return warnings.filter(([applies]) => applies).map(([, text]) => text);
}

const PRIVILEGED =
  "A privileged code-executor can leave its network and reach its node: IAM and network policies then no longer protect the bucket from users' code.";
const UNSANDBOXED = "Without a sandbox all users' code shares the container of code-executor and its identity.";
const PROXY =
  "Retool's documents do not say which of its connections use a proxy: test each before you block direct connections. The chart does not configure it for the sandbox proxy, through which sandboxes reach npm.";
