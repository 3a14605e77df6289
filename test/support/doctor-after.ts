import { clusterOf, copiesOf, databaseOf, entranceOf } from "../../cli/running/aws";
import { absentFindings, runningFindings } from "../../cli/doctor/running";
import type { Check } from "../../domain/doctor/checks";
import { clusterFindings, driftFindings } from "../../domain/doctor/deployment";
import { copyFindings } from "../../domain/doctor/copies";
import { databaseFindings } from "../../domain/doctor/databases";
import { entranceFindings } from "../../domain/doctor/entrance";
import type { Finding } from "../../domain/doctor/finding";
import { planEnvironment } from "../../domain/environment/environment";
import type { AlarmReceiver, DeploymentState, Observed, PodState, Workloads } from "../../domain/status/observed";
import { denied, type DoctorCases, throttled, unreachable } from "./doctor-before";
import { prod } from "./environments/prod";
import {
  alarmsAsPlanned,
  asPlanned,
  AT,
  deployment,
  node,
  nodesAsPlanned,
  observedAsPlanned,
  withService,
} from "./observed";
import { recordedAws, type RecordedAnswers, refusal } from "./recorded-aws";

const plan = planEnvironment(prod);
const planned = asPlanned(plan);
const nodes = nodesAsPlanned(plan);
const NOW = new Date(AT);
const API = "Kubernetes API: https://0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com";
const NO_VPN = `${API} cannot be reached (timed out after 10 s); check that it runs and admits this machine`;
const FORBIDDEN =
  'Kubernetes API: GET /api/v1/nodes was refused (403: nodes is forbidden: User "viewer" cannot list resource "nodes" in API group "" at the cluster scope); check the permissions of these credentials';

/** What doctor says of a platform that runs as planned but for something. */
const runs = (change: Partial<Observed>) => (): Finding[] =>
  runningFindings(plan, { ...observedAsPlanned(plan), ...change }, "2026-12-29");
const works = (workloads: Workloads) => runs({ workloads: { known: workloads } });
const service = (name: string, change: Partial<DeploymentState>, ...pods: Partial<PodState>[]) =>
  works(withService(planned, name, change, pods.length === 0 ? undefined : pods));
const without = (name: string) =>
  works({ ...planned, deployments: planned.deployments.filter((each) => each.name !== name) });
const sandboxes = (count: number) => {
  const [sandbox] = planned.pods.filter(({ name }) => name.startsWith("sandbox-"));
  const others = planned.pods.filter(({ name }) => !name.startsWith("sandbox-"));
  const pods = sandbox === undefined ? [] : Array.from({ length: count }, () => sandbox);
  return works({ ...planned, pods: [...others, ...pods] });
};

const cluster = (answer: object | string) => async () =>
  clusterFindings(plan, await clusterOf(recordedAws({ "eks describe-cluster": answer }), "retool-prod"));
const version = plan.cluster.kubernetesVersion;

const INSTANCE = { DBInstanceStatus: "available", LatestRestorableTime: "2026-11-29T11:55:00Z" };
const database =
  (instance: object | string, more: RecordedAnswers = {}) =>
  async () => {
    const ask = recordedAws({
      "rds describe-db-instances":
        typeof instance === "string" ? instance : { DBInstances: [{ ...INSTANCE, ...instance }] },
      "rds describe-db-snapshots": { DBSnapshots: [{ SnapshotCreateTime: "2026-11-29T03:00:00Z" }] },
      "cloudwatch get-metric-statistics": { Datapoints: [{ Maximum: 43 }] },
      ...more,
    });
    return databaseFindings(plan, { database: await databaseOf(ask, "retool-prod", NOW) }, AT);
  };

const POINTS = "backup list-recovery-points-by-backup-vault";
const JOBS = "backup list-backup-jobs";
const copies =
  (created: string | undefined, jobs: object | string = { BackupJobs: [] }) =>
  async () => {
    const RecoveryPoints = created === undefined ? [] : [{ CreationDate: created, Status: "COMPLETED" }];
    return copyFindings(
      plan,
      await copiesOf(recordedAws({ [POINTS]: { RecoveryPoints }, [JOBS]: jobs }), "vault", NOW),
      AT,
    );
  };

const targets =
  (...health: readonly object[]) =>
  async () => {
    const ask = recordedAws({
      "elbv2 describe-load-balancers": { LoadBalancers: [{ LoadBalancerArn: "arn:lb" }] },
      "elbv2 describe-target-groups": {
        TargetGroups: [{ TargetGroupArn: "arn:tg", TargetGroupName: "retool20261129" }],
      },
      "elbv2 describe-target-health": { TargetHealthDescriptions: health.map((TargetHealth) => ({ TargetHealth })) },
      "elbv2 describe-listeners": { Listeners: [{ Port: 443, Certificates: [{ CertificateArn: "arn:certificate" }] }] },
      "acm describe-certificate": { Certificate: { Status: "ISSUED", NotAfter: "2027-11-01T12:00:00Z" } },
    });
    return entranceFindings(plan, await entranceOf(ask, "retool-prod", plan.frontDoor.targets), "2026-12-29");
  };
const SLOW = { State: "unhealthy", Reason: "Target.Timeout", Description: "Request timed out" };

const unready = { ready: false, created: "2026-11-29T11:00:00Z" };
const crash = { ...unready, waiting: { reason: "CrashLoopBackOff", message: "" } };
const noSecret = { reason: "CreateContainerConfigError", message: 'secret "retool-encryption-key" not found' };
const MIGRATING = "== 20260102-b: migrating =======\nError: canceling statement due to lock timeout\n";
const noNode = { ...unready, phase: "Pending", unschedulable: "0/3 nodes are available: 3 Insufficient cpu." };
const migrating = (pod: Partial<PodState>) =>
  runs({
    workloads: { known: withService(planned, "retool-jobs-runner", { ready: 0 }, [pod]) },
    migrationLog: { known: MIGRATING },
  });
const receivers = (known: readonly AlarmReceiver[]) => () => {
  const mailed = planEnvironment({
    ...prod,
    observability: { alarms: { kind: "mail", addresses: ["ana@example.com"] } },
  });
  return runningFindings(mailed, { ...observedAsPlanned(mailed), receivers: { known } }, "2026-12-29");
};
const operation = (status: string, since: string) =>
  runs({ operations: { known: [{ release: "retool/retool", status, since }] } });
const drift =
  (...changes: string[]) =>
  () =>
    driftFindings(plan, "prod", { known: { changes } });
const on = (...names: string[]) => runs({ alarms: { known: alarmsAsPlanned(plan, ...names) } });

/** Checks of what runs. */
export const AFTER = {
  cluster: {
    active: cluster({ cluster: { status: "ACTIVE", version } }),
    "not made yet": cluster(
      refusal("ResourceNotFoundException", "DescribeCluster", "No cluster found for name: retool-prod."),
    ),
    failed: cluster({ cluster: { status: "FAILED", version } }),
    "of another version": cluster({ cluster: { status: "ACTIVE", version: "1.30" } }),
    "gone, and the database is there": () => absentFindings(plan, observedAsPlanned(plan)),
    denied: cluster(denied("eks:DescribeCluster", "DescribeCluster")),
  },
  kubernetes: {
    answers: runs({}),
    "no way to a private API": runs({ workloads: { unknown: NO_VPN } }),
    "a role that is not admitted": runs({
      workloads: {
        unknown:
          "Kubernetes API: GET /apis/apps/v1 was refused (401: Unauthorized); check the permissions of these credentials",
      },
    }),
    "too many requests": runs({
      workloads: {
        unknown: "Kubernetes API: GET /api/v1/pods was refused (429: Too many requests, please try again later.)",
      },
    }),
  },
  controllers: {
    "all ready": runs({}),
    missing: works({ ...planned, controllers: planned.controllers.slice(1) }),
    "not ready": works({
      ...planned,
      controllers: [...planned.controllers.slice(1), deployment("coredns", { wanted: 2, ready: 0 })],
    }),
    "Karpenter missing": runs({
      workloads: {
        known: { ...planned, controllers: planned.controllers.filter(({ name }) => name !== "karpenter") },
      },
    }),
  },
  nodes: {
    "all ready": runs({}),
    "not ready": runs({
      nodes: { known: { ...nodes, nodes: [...nodes.nodes, node("ip-10-0-1-5", { pool: "retool", ready: false })] } },
    }),
    "not launched": runs({
      nodes: {
        known: {
          ...nodes,
          failures: [
            {
              pool: "sandbox",
              message:
                "VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 32 allows",
            },
          ],
        },
      },
    }),
    "not to be seen": runs({ nodes: { unknown: FORBIDDEN } }),
  },
  releases: {
    none: runs({}),
    "one that has just begun": operation("pending-upgrade", "2026-11-29T11:50:00Z"),
    "one that was killed yesterday": operation("pending-install", "2026-11-28T11:50:00Z"),
    "not to be seen": runs({ operations: { unknown: FORBIDDEN } }),
  },
  "jobs-runner": {
    one: runs({}),
    two: service("retool-jobs-runner", { wanted: 2, updated: 2, existing: 2, ready: 2 }, {}, {}),
    missing: without("retool-jobs-runner"),
    "without a node": service("retool-jobs-runner", { ready: 0 }, { ...noNode, created: "2026-11-29T11:55:00Z" }),
    "that does not become ready, and whose log names no migration": service(
      "retool-jobs-runner",
      { ready: 0 },
      unready,
    ),
  },
  migrations: {
    complete: runs({}),
    run: service("retool-jobs-runner", { updated: 1, existing: 2 }, {}, { ready: false, created: AT }),
    "run for a quarter of an hour": migrating({ ...unready, created: "2026-11-29T11:45:00Z" }),
    hang: migrating(unready),
    fail: migrating(crash),
    "fail between two starts": migrating({
      ...unready,
      restarts: 7,
      stopped: { reason: "exit code 1", message: "", at: "2026-11-29T11:58:00Z" },
    }),
  },
  services: {
    "all there": runs({}),
    missing: without("retool-js-executor"),
    "a broken Secret": service("retool-code-executor", { ready: 1 }, { ...unready, waiting: noSecret }, {}),
    "no room": service("retool-code-executor", { ready: 1 }, noNode, {}),
    "no room for anything": runs({
      workloads: {
        known: withService(
          withService(planned, "retool-code-executor", { ready: 0 }, [noNode, noNode]),
          "retool-js-executor",
          { ready: 0 },
          [noNode],
        ),
      },
    }),
    refused: service("retool-code-executor", {
      ready: 0,
      updated: 0,
      existing: 0,
      refused: 'pods "retool-code-executor-1" is forbidden: exceeded quota: team',
    }),
  },
  sandboxes: {
    some: runs({}),
    "near the limit": sandboxes(46),
    "at the limit": sandboxes(50),
    none: sandboxes(0),
  },
  temporal: {
    "no failure": runs({}),
    "a name that is not resolved": runs({
      temporalLog: {
        known: "TransportError: tonic::transport::Error(Transport, hyper::Error(Connect, ConnectError(dns error)))",
      },
    }),
    "a client that is refused": runs({ temporalLog: { known: "temporal: Status { code: PermissionDenied }" } }),
    "no log": runs({ temporalLog: { unknown: FORBIDDEN } }),
  },
  targets: {
    healthy: targets({ State: "healthy" }, { State: "healthy" }),
    "one that is slow": targets({ State: "healthy" }, SLOW),
    "none that answers": targets(SLOW, SLOW),
    "none registered": targets(),
    denied: runs({
      entrance: { unknown: denied("elasticloadbalancing:DescribeLoadBalancers", "DescribeLoadBalancers") },
    }),
  },
  database: {
    available: database({}),
    missing: database(refusal("DBInstanceNotFound", "DescribeDBInstances", "DBInstance retool-prod not found.")),
    full: database({ DBInstanceStatus: "storage-full" }),
    "without its key": database({ DBInstanceStatus: "inaccessible-encryption-credentials-recoverable" }),
    "without its key for a week": database({ DBInstanceStatus: "inaccessible-encryption-credentials" }),
    "many connections": database({}, { "cloudwatch get-metric-statistics": { Datapoints: [{ Maximum: 9000 }] } }),
    "without the right to one question": database(
      {},
      { "cloudwatch get-metric-statistics": denied("cloudwatch:GetMetricStatistics", "GetMetricStatistics") },
    ),
    throttled: database(throttled("DescribeDBInstances")),
  },
  backups: {
    "up to date": database({}),
    "far behind": database({ LatestRestorableTime: "2026-11-29T08:00:00Z" }),
    none: database({ LatestRestorableTime: undefined }),
    "snapshots not to be seen": database(
      {},
      { "rds describe-db-snapshots": denied("rds:DescribeDBSnapshots", "DescribeDBSnapshots") },
    ),
  },
  copies: {
    "of last night": copies("2026-11-29T02:10:00Z"),
    old: copies("2026-11-28T02:10:00Z"),
    none: copies(undefined),
    failed: copies("2026-11-29T02:10:00Z", {
      BackupJobs: [
        {
          ResourceType: "RDS",
          StatusMessage:
            "IAM Role arn:aws:iam::111122223333:role/backup does not have sufficient permissions to execute the backup",
        },
      ],
    }),
    "jobs not to be seen": copies("2026-11-29T02:10:00Z", unreachable("backup")),
  },
  alarms: {
    "none on": runs({}),
    "one on": on("latency"),
    "three on, of two pages": on("latency", "no-healthy-retool", "unhealthy-retool"),
    "one missing": runs({ alarms: { known: alarmsAsPlanned(plan).slice(1) } }),
    "switched off": runs({
      alarms: { known: alarmsAsPlanned(plan).map((each, index) => ({ ...each, tells: index > 0 })) },
    }),
    "an address that has not confirmed": receivers([{ address: "ana@example.com", hasConfirmed: false }]),
    "an address that SNS has forgotten": receivers([]),
  },
  drift: {
    none: drift(),
    "one change": drift("aws_lb.FrontDoor will be updated in-place"),
    "a held lock": () => driftFindings(plan, "prod", { unknown: "Error acquiring the state lock" }),
  },
} satisfies Partial<Record<Check, DoctorCases>>;
