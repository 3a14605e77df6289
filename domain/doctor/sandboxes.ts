import { isNearlyFull } from "../common/nearly-full";
import type { EnvironmentPlan } from "../environment/environment";
import type { Workloads } from "../status/observed";
import { sandboxStatus } from "../status/sandboxes";
import { type Finding, good, problem, warning } from "./finding";

const CHECK = "sandboxes";
const LINK = "docs/runbooks/sandboxes.md";

/** Judges whether the next editing session finds a sandbox. */
export function sandboxFindings(plan: EnvironmentPlan, workloads: Workloads): Finding[] {
  const { ready, starting, waiting, used, prewarmed, most } = sandboxStatus(plan, workloads);
  const total = ready + starting;
  const counts = `${ready} ready, about ${used} of them in use, ${starting} starting, at most ${most}`;
  if (total >= most)
    return [
      problem(CHECK, {
        what: counts,
        why: "at the limit new editing sessions will fail, without a word in the interface",
        remedy: "raise builders and deploy",
        link: LINK,
      }),
    ];
  if (isNearlyFull(total, most))
    return [
      warning(CHECK, {
        what: counts,
        why: "at the limit new editing sessions will fail",
        remedy: "raise builders and deploy",
        link: LINK,
      }),
    ];
  if (prewarmed > 0 && ready === 0)
    return [
      problem(CHECK, {
        what: `none is ready, ${starting} starting, ${waiting} of them without a node; ${prewarmed} should wait for the next sessions`,
        why: "the next editing session waits for a minute or more, or fails",
        remedy: `kubectl -n ${plan.context.namespace} get pods -l retoolService=retool-agent-sandbox; kubectl -n ${plan.context.namespace} logs deployment/retool-agent-sandbox-controller --tail=50`,
        link: LINK,
      }),
    ];
  return [good(CHECK, counts)];
}
