import type { JsonObject } from "../common/kubernetes";
import type { AuditBucketPlan } from "./audit-bucket";

/**
 * How Retool's audit events look in the log of `api`: objects with the column `actionType` of its audit table. Retool documents
 * the table and not the line, so this is inferred; a line that is not recognised stays with the other logs of pods.
 *
 * Fluent Bit splits a rule at spaces, and takes a part that begins with a quote as quoted: `\x22` stands for the quotes.
 *
 * Sources: https://docs.retool.com/org-users/guides/monitoring/audit-logs,
 * https://github.com/fluent/fluent-bit/blob/master/src/flb_slist.c
 */
const AUDIT_EVENT = String.raw`\x22actionType\\?\x22\s*:`;

/** One section of Fluent Bit's classic configuration. */
function section(kind: "INPUT" | "FILTER" | "OUTPUT", settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([key, value]) => `    ${key} ${value}`);
  return [`[${kind}]`, ...lines].join("\n");
}

/** Where the agent remembers how far it has read. */
const STATE = "/var/fluent-bit/state";

function tail(tag: string, settings: Readonly<Record<string, string>>): string {
  return section("INPUT", {
    Name: "tail",
    Tag: `${tag}.*`,
    "multiline.parser": "docker, cri",
    DB: `${STATE}/${tag}.db`,
    Mem_Buf_Limit: "50MB",
    Skip_Long_Lines: "On",
    Refresh_Interval: "10",
    Rotate_Wait: "30",
    "storage.type": "filesystem",
    Read_from_Head: "On",
    ...settings,
  });
}

function journal(tag: string, filters: readonly string[]): string {
  const [first = "", ...others] = filters;
  const base = section("INPUT", {
    Name: "systemd",
    Tag: tag,
    Path: "/var/log/journal",
    DB: `${STATE}/${tag}.db`,
    Systemd_Filter: first,
  });
  return [base, ...others.map((filter) => `    Systemd_Filter ${filter}`)].join("\n");
}

/** Groups are made with their key and retention; an agent that could make one would make it without. */
function output(match: string, group: string): string {
  return section("OUTPUT", {
    Name: "cloudwatch_logs",
    Match: match,
    region: `\${AWS_REGION}`,
    log_group_name: `/aws/containerinsights/\${CLUSTER_NAME}/${group}`,
    log_stream_prefix: `\${HOST_NAME}-`,
    auto_create_group: "false",
  });
}

/** Where audit events go. */
interface AuditTargets {
  /** Whether there is a log group for them. */
  readonly hasAudit: boolean;
  /** Bucket that gets them as well. */
  readonly auditBucket: Pick<AuditBucketPlan, "bucketName"> | undefined;
}

/** What the add-on's own configuration reads, and where audit events leave the other logs. */
export function fluentBitConfiguration({ hasAudit, auditBucket }: AuditTargets): JsonObject {
  return {
    extraFiles: {
      "application-log.conf": file([
        tail("application", {
          Path: "/var/log/containers/*.log",
          Exclude_Path: "/var/log/containers/aws-node*, /var/log/containers/kube-proxy*",
        }),
        section("FILTER", {
          Name: "kubernetes",
          Match: "application.*",
          Kube_URL: "https://kubernetes.default.svc:443",
          Kube_Tag_Prefix: "application.var.log.containers.",
          Merge_Log: "On",
          Merge_Log_Key: "log_processed",
          Labels: "Off",
          Annotations: "Off",
          Use_Kubelet: "On",
          Kubelet_Port: "10250",
          Buffer_Size: "0",
        }),
        ...(hasAudit ? auditSections() : []),
        ...(auditBucket === undefined ? [] : [bucketOutput(auditBucket.bucketName)]),
        output("application.*", "application"),
      ]),
      "dataplane-log.conf": file([
        tail("dataplane.tail", { Path: "/var/log/containers/aws-node*, /var/log/containers/kube-proxy*" }),
        journal("dataplane.systemd", ["_SYSTEMD_UNIT=containerd.service", "_SYSTEMD_UNIT=kubelet.service"]),
        output("dataplane.*", "dataplane"),
      ]),
      "host-log.conf": file([
        journal("host.kernel", ["_TRANSPORT=kernel"]),
        journal("host.errors", ["PRIORITY=0", "PRIORITY=1", "PRIORITY=2", "PRIORITY=3"]),
        output("host.*", "host"),
      ]),
    },
  };
}

/** An event that gets the new tag loses the first, so that it is stored once. */
function auditSections(): string[] {
  return [
    section("FILTER", {
      Name: "rewrite_tag",
      Match: "application.*",
      Rule: `$log ${AUDIT_EVENT} audit.$TAG false`,
      "Emitter_Storage.type": "filesystem",
    }),
    output("audit.*", "audit"),
  ];
}

/**
 * A file every five minutes from each node on which `api` runs. What is not sent yet waits on the node's disk, up to 1 GB, and is
 * sent after a restart of the agent; the log group has an event within seconds.
 *
 * Source: https://docs.fluentbit.io/manual/pipeline/outputs/s3
 */
function bucketOutput(bucketName: string): string {
  return section("OUTPUT", {
    Name: "s3",
    Match: "audit.*",
    region: `\${AWS_REGION}`,
    bucket: bucketName,
    use_put_object: "On",
    total_file_size: "10M",
    upload_timeout: "5m",
    compression: "gzip",
    s3_key_format: `/%Y/%m/%d/\${HOST_NAME}-%H%M%S-$UUID.json.gz`,
    store_dir: `${STATE}/s3`,
    store_dir_limit_size: "1G",
  });
}

function file(sections: readonly string[]): string {
  return `${sections.join("\n\n")}\n`;
}
