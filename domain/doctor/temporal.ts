import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import type { Workloads } from "../status/observed";
import { serviceStatuses } from "../status/services";
import { temporalFailure, temporalWorkers } from "../status/temporal";
import { type Finding, good, judged, problem } from "./finding";

const CHECK = "temporal";

/**
 * Judges whether the workers reach Temporal, by what Kubernetes can tell: whether they are ready, and the end of their logs.
 *
 * A worker that gets no connection at its start ends, so a ready one had one. Nothing is sent to Temporal.
 */
export function temporalFindings(
  plan: EnvironmentPlan,
  workloads: Workloads,
  log: Fact<string>,
  at: string,
): Finding[] {
  const workers = temporalWorkers(plan);
  const statuses = serviceStatuses(plan, workloads, at).filter(({ service }) => workers.includes(service));
  const ready = statuses.reduce((sum, each) => sum + each.ready, 0);
  const { namespace } = plan.context;
  return judged(
    CHECK,
    log,
    (text) => {
      const failure = temporalFailure(text);
      if (failure !== undefined)
        return problem(CHECK, {
          what: `the workers' logs say that they do not get through to Temporal: ${failure}`,
          why: "no workflow starts, and apps whose backend uses it fail",
          remedy: REMEDIES[failure] ?? `npx cdktf-retool egress ${plan.context.name} --check | kubectl apply -f -`,
          link: "docs/guides/egress.md",
        });
      if (ready === 0)
        return problem(CHECK, {
          what: `no worker is ready (${workers.join(", ")})`,
          why: "nobody takes the tasks of workflows",
          remedy: `kubectl -n ${namespace} get pods; kubectl -n ${namespace} logs deployment/retool-workflow-worker --tail=50`,
          link: "docs/runbooks/restarts.md",
        });
      return good(
        CHECK,
        `${ready} workers are ready, and the end of their logs names no failure; no connection was tried`,
      );
    },
    "after",
  );
}

const REMEDIES: Readonly<Record<string, string>> = {
  "the certificate is not accepted":
    "check temporal.tls: the authority must be the one that signed the server's certificate",
  "Temporal refuses the client":
    "check the client's certificate and namespace in temporal; with Retool-managed Temporal enroll in Retool's settings",
};
