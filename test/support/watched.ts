import { Alarms } from "../../constructs/observability/alarms";
import { ClusterLogs } from "../../constructs/observability/cluster-logs";
import { Dashboard } from "../../constructs/observability/dashboard";
import { planEnvironment } from "../../domain/environment/environment";
import type { AlarmsSpec } from "../../domain/observability/spec";
import { prod } from "./environments/prod";
import { encryptionKey } from "./fakes";
import { type Synthesized, synthesize } from "./synthesize";

/** What is watched. */
export const resources = {
  loadBalancer: "app/retool-prod/50dc6c495c0c9188",
  targetGroups: new Map(["retool", "sandbox-proxy"].map((name) => [name, `targetgroup/${name}/73e2d6bc24d8a067`])),
  certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/c",
};

/** Alarms, logs and dashboard of the production environment. */
export const watched = (alarms?: AlarmsSpec): Synthesized => {
  const { observability } = planEnvironment({ ...prod, observability: alarms && { alarms } });
  return synthesize((stack) => {
    const made =
      observability.alarms &&
      new Alarms(stack, "Alarms", {
        plan: observability.alarms,
        prefix: "retool-prod",
        account: "111122223333",
        resources,
        keyArns: ["arn:key/data", "arn:key/logs"],
        encryptionKey,
      });
    if (observability.logs !== undefined)
      new ClusterLogs(stack, "Logs", { plan: observability.logs, clusterName: "retool-prod", encryptionKey });
    if (observability.dashboard !== undefined)
      new Dashboard(stack, "Dashboard", {
        plan: observability.dashboard,
        region: "us-east-1",
        resources,
        alarmArns: made?.alarmArns ?? [],
      });
  });
};
