import { CATALOG } from "../catalog/catalog";
import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import type { Entrance, ServedCertificate, TargetState } from "../status/observed";
import { type Finding, good, judged, problem, warning } from "./finding";

const CHECK = "targets";

/** Judges the load balancer: its targets, and the certificate that it shows. */
export function entranceFindings(plan: EnvironmentPlan, fact: Fact<Entrance>, inThirtyDays: string): Finding[] {
  return judged(
    CHECK,
    fact,
    ({ exists, targets, certificate }) => {
      if (!exists)
        return problem(CHECK, {
          what: `there is no load balancer ${plan.frontDoor.prefix}`,
          why: "nobody reaches Retool",
          remedy: deployCommand(plan),
          link: "docs/guides/interrupted-apply.md",
        });
      return [...targetFindings(plan.context.namespace, targets), ...servedFindings(plan, certificate, inThirtyDays)];
    },
    "after",
  );
}

function targetFindings(namespace: string, targets: readonly TargetState[]): Finding[] {
  const found = targets
    .filter(({ healthy, registered }) => healthy === 0 || healthy < registered)
    .map((target) => targetFinding(namespace, target));
  const counts = targets.map(({ name, healthy, registered }) => `${name} ${healthy} of ${registered}`).join(", ");
  return found.length > 0 ? found : [good(CHECK, `all healthy: ${counts}`)];
}

function targetFinding(namespace: string, { name, healthy, registered, reasons }: TargetState): Finding {
  const said = reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
  const fault = {
    what:
      registered === 0
        ? `${name}: no pod is registered`
        : `${name}: ${healthy} of ${registered} pods are healthy${said}`,
    why: healthy === 0 ? "users get an error page" : "the next failure may cut users off",
    remedy:
      registered === 0
        ? "kubectl -n kube-system logs deployment/aws-load-balancer-controller --tail=50"
        : `kubectl -n ${namespace} logs deployment/${deploymentOf(name)} --tail=50; the runbook says what each reason means`,
    link: "docs/runbooks/targets.md",
  };
  return healthy === 0 ? problem(CHECK, fault) : warning(CHECK, fault);
}

/** The Deployment behind a target group. */
function deploymentOf(target: string): string {
  return CATALOG[target === "sandbox-proxy" ? "sandbox-proxy" : "api"].deployment;
}

function servedFindings(
  plan: EnvironmentPlan,
  shown: Fact<ServedCertificate | undefined>,
  inThirtyDays: string,
): Finding[] {
  return judged("certificate", shown, (certificate) => certificateFinding(plan, certificate, inThirtyDays), "after");
}

function certificateFinding(
  plan: EnvironmentPlan,
  certificate: ServedCertificate | undefined,
  inThirtyDays: string,
): Finding {
  if (certificate === undefined)
    return problem("certificate", {
      what: "the load balancer has no HTTPS listener",
      why: "nobody reaches Retool",
      remedy: deployCommand(plan),
      link: "docs/guides/interrupted-apply.md",
    });
  const fault = certificateFault(certificate, inThirtyDays);
  if (fault === undefined)
    return good("certificate", `the one that is shown is valid until ${certificate.notAfter ?? "an unknown day"}`);
  return problem("certificate", {
    what: fault,
    why: "browsers refuse Retool from that day on; ACM renews 60 days ahead where it can",
    remedy: "put the CNAME of its validation back, or import a new one under the same ARN",
    link: "docs/runbooks/certificate.md",
  });
}

function certificateFault(
  { status, notAfter = "an unknown day", renewalFailure }: ServedCertificate,
  inThirtyDays: string,
): string | undefined {
  if (status !== "ISSUED") return `the certificate is ${status}`;
  if (renewalFailure !== undefined)
    return `the certificate ends on ${notAfter}, and its renewal failed: ${renewalFailure}`;
  return notAfter < inThirtyDays ? `the certificate ends on ${notAfter}` : undefined;
}
