import type { Fact } from "../../domain/common/fact";
import type { TargetPlan } from "../../domain/front-door/routing";
import type {
  AlarmReceiver,
  AlarmState,
  ClusterState,
  Copies,
  DatabaseState,
  Entrance,
  ServedCertificate,
  TargetState,
} from "../../domain/status/observed";
import { type AskAws, mapped, type Moment, momentOf } from "../ask-aws";

const HOUR_MS = 3_600_000;

/** AWS's words for what is not there. */
const ABSENT = /NotFound|does not exist/i;

/** The answer, or what stands for something that is not there. */
function orAbsent<Value>(fact: Fact<Value>, absent: Value): Fact<Value> {
  return "unknown" in fact && ABSENT.test(fact.unknown) ? { known: absent } : fact;
}

/** The control plane. */
export async function clusterOf(ask: AskAws, name: string): Promise<Fact<ClusterState>> {
  const answer = await ask<{ cluster: { status: string; version: string } }>([
    ...["eks", "describe-cluster", "--name", name],
  ]);
  const state = mapped(answer, ({ cluster: { status, version } }): ClusterState => ({ status, version }));
  return orAbsent(state, { status: undefined, version: undefined });
}

/** An instance of RDS, its connections and how far it can be restored. */
export async function databaseOf(ask: AskAws, identifier: string, now: Date): Promise<Fact<DatabaseState>> {
  interface Instance {
    readonly DBInstanceStatus: string;
    readonly LatestRestorableTime?: Moment;
  }
  const [instance, connections, snapshots] = await Promise.all([
    ask<{ DBInstances: readonly Instance[] }>([
      ...["rds", "describe-db-instances", "--db-instance-identifier", identifier],
    ]),
    connectionsOf(ask, identifier, now),
    ask<{ DBSnapshots: readonly { readonly SnapshotCreateTime?: Moment }[] }>([
      ...["rds", "describe-db-snapshots", "--db-instance-identifier", identifier],
    ]),
  ]);
  if ("unknown" in instance)
    return orAbsent<DatabaseState>(instance, {
      status: undefined,
      connections: { known: undefined },
      restorableTo: undefined,
      lastSnapshot: { known: undefined },
    });
  const [found] = instance.known.DBInstances;
  return {
    known: {
      status: found?.DBInstanceStatus,
      connections,
      restorableTo: newest([found?.LatestRestorableTime]),
      lastSnapshot: mapped(snapshots, ({ DBSnapshots }) =>
        newest(DBSnapshots.map(({ SnapshotCreateTime }) => SnapshotCreateTime)),
      ),
    },
  };
}

async function connectionsOf(ask: AskAws, identifier: string, now: Date): Promise<Fact<number | undefined>> {
  const answer = await ask<{ Datapoints: readonly { readonly Maximum?: number }[] }>([
    ...["cloudwatch", "get-metric-statistics", "--namespace", "AWS/RDS", "--metric-name", "DatabaseConnections"],
    ...["--dimensions", `Name=DBInstanceIdentifier,Value=${identifier}`, "--statistics", "Maximum", "--period", "300"],
    ...["--start-time", new Date(now.getTime() - HOUR_MS).toISOString(), "--end-time", now.toISOString()],
  ]);
  return mapped(answer, ({ Datapoints }) =>
    Datapoints.length === 0 ? undefined : Math.max(...Datapoints.map(({ Maximum = 0 }) => Maximum)),
  );
}

function newest(moments: readonly (Moment | undefined)[]): string | undefined {
  return moments
    .filter((moment) => moment !== undefined)
    .map(momentOf)
    .sort()
    .at(-1);
}

/** The load balancer of a name: its targets, and the certificate of its HTTPS listener. */
export async function entranceOf(ask: AskAws, name: string, targets: readonly TargetPlan[]): Promise<Fact<Entrance>> {
  const balancers = await ask<{ LoadBalancers: readonly { readonly LoadBalancerArn: string }[] }>([
    ...["elbv2", "describe-load-balancers", "--names", name],
  ]);
  if ("unknown" in balancers)
    return orAbsent<Entrance>(balancers, { exists: false, targets: [], certificate: { known: undefined } });
  const arn = balancers.known.LoadBalancers[0]?.LoadBalancerArn ?? "";
  const [groups, certificate] = await Promise.all([targetsOf(ask, arn, targets), certificateOf(ask, arn)]);
  return mapped(groups, (known) => ({ exists: true, targets: known, certificate }));
}

interface TargetGroup {
  readonly TargetGroupArn: string;
  readonly TargetGroupName: string;
}

async function targetsOf(ask: AskAws, balancer: string, planned: readonly TargetPlan[]): Promise<Fact<TargetState[]>> {
  const groups = await ask<{ TargetGroups: readonly TargetGroup[] }>([
    ...["elbv2", "describe-target-groups", "--load-balancer-arn", balancer],
  ]);
  if ("unknown" in groups) return groups;
  const states = await Promise.all(
    groups.known.TargetGroups.map(async (group) => healthOf(ask, group, nameOf(group, planned))),
  );
  const failed = states.find((state) => "unknown" in state);
  if (failed !== undefined) return failed;
  return { known: states.flatMap((state) => ("known" in state ? [state.known] : [])) };
}

/** AWS's provider puts digits behind the prefix of a name. */
function nameOf({ TargetGroupName }: TargetGroup, planned: readonly TargetPlan[]): string {
  const found = planned.find(({ groupName, namePrefix }) =>
    groupName === undefined ? TargetGroupName.startsWith(namePrefix) : TargetGroupName === groupName,
  );
  return found?.name ?? TargetGroupName;
}

async function healthOf(ask: AskAws, { TargetGroupArn }: TargetGroup, name: string): Promise<Fact<TargetState>> {
  interface Health {
    readonly State: string;
    readonly Reason?: string;
    readonly Description?: string;
  }
  const answer = await ask<{ TargetHealthDescriptions: readonly { readonly TargetHealth: Health }[] }>([
    ...["elbv2", "describe-target-health", "--target-group-arn", TargetGroupArn],
  ]);
  return mapped(answer, ({ TargetHealthDescriptions }) => {
    // A pod that leaves is not asked any more.
    const asked = TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth).filter(
      ({ State }) => State !== "draining",
    );
    const poor = asked.filter(({ State }) => State !== "healthy");
    return {
      name,
      healthy: asked.length - poor.length,
      registered: asked.length,
      reasons: [...new Set(poor.map(({ State, Reason, Description }) => Description ?? Reason ?? State))],
    };
  });
}

async function certificateOf(ask: AskAws, balancer: string): Promise<Fact<ServedCertificate | undefined>> {
  interface Listener {
    readonly Port?: number;
    readonly Certificates?: readonly { readonly CertificateArn: string }[];
  }
  const listeners = await ask<{ Listeners: readonly Listener[] }>([
    ...["elbv2", "describe-listeners", "--load-balancer-arn", balancer],
  ]);
  if ("unknown" in listeners) return listeners;
  const arn = listeners.known.Listeners.find(({ Port }) => Port === 443)?.Certificates?.[0]?.CertificateArn;
  if (arn === undefined) return { known: undefined };
  interface Detail {
    readonly Status: string;
    readonly NotAfter?: Moment;
    readonly RenewalSummary?: { readonly RenewalStatus: string; readonly RenewalStatusReason?: string };
  }
  const answer = await ask<{ Certificate: Detail }>(["acm", "describe-certificate", "--certificate-arn", arn]);
  return mapped(answer, ({ Certificate: { Status, NotAfter, RenewalSummary } }) => ({
    status: Status,
    notAfter: NotAfter === undefined ? undefined : momentOf(NotAfter).slice(0, 10),
    renewalFailure:
      RenewalSummary?.RenewalStatus === "FAILED" ? (RenewalSummary.RenewalStatusReason ?? "FAILED") : undefined,
  }));
}

/** The daily copies in a vault. */
export async function copiesOf(ask: AskAws, vault: string, now: Date): Promise<Fact<Copies>> {
  const since = new Date(now.getTime() - 48 * HOUR_MS).toISOString();
  const named = ["--backup-vault-name", vault];
  const [points, jobs] = await Promise.all([
    ask<{ RecoveryPoints: readonly { readonly CreationDate?: Moment; readonly Status?: string }[] }>([
      ...["backup", "list-recovery-points-by-backup-vault", ...named, "--by-created-after", since, "--no-paginate"],
    ]),
    ask<{ BackupJobs: readonly { readonly StatusMessage?: string; readonly ResourceType?: string }[] }>([
      ...["backup", "list-backup-jobs", "--by-backup-vault-name", vault],
      ...["--by-state", "FAILED", "--by-created-after", since, "--no-paginate"],
    ]),
  ]);
  if ("unknown" in points) return orAbsent<Copies>(points, { last: undefined, failures: { known: [] } });
  const complete = points.known.RecoveryPoints.filter(({ Status = "COMPLETED" }) => Status === "COMPLETED");
  return {
    known: {
      last: newest(complete.map(({ CreationDate }) => CreationDate)),
      failures: mapped(jobs, ({ BackupJobs }) =>
        BackupJobs.map(
          ({ ResourceType = "", StatusMessage = "without a message" }) => `${ResourceType} ${StatusMessage}`,
        ),
      ),
    },
  };
}

/** The alarms whose names begin with a prefix. */
export async function alarmsOf(ask: AskAws, prefix: string): Promise<Fact<readonly AlarmState[]>> {
  interface Alarm {
    readonly AlarmName: string;
    readonly StateValue: string;
    /** When the value last changed; `StateUpdatedTimestamp` moves with its reason as well. */
    readonly StateTransitionedTimestamp?: Moment;
    readonly StateUpdatedTimestamp?: Moment;
    readonly ActionsEnabled?: boolean;
  }
  const answer = await ask<{ MetricAlarms: readonly Alarm[] }>([
    ...["cloudwatch", "describe-alarms", "--alarm-name-prefix", `${prefix}-`],
  ]);
  return mapped(answer, ({ MetricAlarms }) =>
    MetricAlarms.map((alarm) => ({
      name: alarm.AlarmName,
      isOn: alarm.StateValue === "ALARM",
      since: newest([alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp]),
      tells: alarm.ActionsEnabled ?? true,
    })),
  );
}

/** The mail addresses that are subscribed to a topic. */
export async function receiversOf(ask: AskAws, topicArn: string): Promise<Fact<readonly AlarmReceiver[]>> {
  interface Subscription {
    readonly Protocol: string;
    readonly Endpoint: string;
    /** Its ARN, or `PendingConfirmation`. */
    readonly SubscriptionArn: string;
  }
  const answer = await ask<{ Subscriptions: readonly Subscription[] }>([
    ...["sns", "list-subscriptions-by-topic", "--topic-arn", topicArn],
  ]);
  const receivers = mapped(answer, ({ Subscriptions }) =>
    Subscriptions.filter(({ Protocol }) => Protocol === "email").map(({ Endpoint, SubscriptionArn }) => ({
      address: Endpoint,
      hasConfirmed: SubscriptionArn.startsWith("arn:"),
    })),
  );
  return orAbsent<readonly AlarmReceiver[]>(receivers, []);
}
