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
    reason: "every editing session passes through it, and a single pod ends them all when its node is replaced",
  };
  const executor: Deviation = {
    subject: "Pods of code-executor",
    documented: "one",
    here: "two",
    reason: "without it no workflow runs code, and a single pod takes that away when its node is replaced",
  };
  return profile === "production" ? [controller, proxy, executor] : [controller];
}

/** Lists warnings: what works and still needs attention. */
export function warningsOf(spec: RetoolSpec): string[] {
  const { chartVersion, codeExecutor, images, outboundProxy } = spec;
  const tested = versions.charts.retool.version;
  const warnings: readonly (readonly [boolean, string])[] = [
    [
      chartVersion !== undefined && chartVersion !== tested,
      `Chart ${chartVersion ?? ""} is not the one this package was tested with (${tested}); its values may mean something else.`,
    ],
    [codeExecutor?.sandboxing === "privileged", PRIVILEGED],
    [codeExecutor?.sandboxing === "unsandboxed", UNSANDBOXED],
    [images?.registry !== undefined, HARD_CODED_IMAGE],
    [(images?.pullSecrets ?? []).length > 0, PULL_SECRETS_INCOMPLETE],
    [outboundProxy !== undefined, PROXY],
  ];
  return warnings.filter(([applies]) => applies).map(([, text]) => text);
}

const PRIVILEGED =
  "A privileged code-executor can leave its network and reach its node: IAM and network policies no longer keep users' code from the bucket.";
const UNSANDBOXED =
  "Without a sandbox users' code shares code-executor's container with everybody else's, and its identity with it.";
const PROXY =
  "Retool's documents do not say which of its connections use a proxy: test each before direct ways are closed. The chart does not tell the sandbox proxy of it, through which sandboxes reach npm.";
