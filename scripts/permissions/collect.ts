import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { ActionFacts } from "../../domain/permissions/facts";
import type { Recorded } from "../../domain/permissions/recorded";
import { unique } from "../../domain/permissions/unique";
import { scopeKind } from "../../domain/permissions/scopes";
import { FREE_REQUESTS } from "./needs";
import { NOT_REACHED } from "./not-reached";

/** Runs of Terraform, and the row in which what each of them applies is noted; what it reads is in the row `read`. */
export const RUNS = ["create", "change", "upgrade", "plan", "destroy"] as const;

/** What IAM was asked, as the emulator logs it. */
export interface Question {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** One request as the emulator logs it. */
export interface Logged {
  readonly call: string;
  readonly invocation: string;
  /** Whether a user's policies were asked. */
  readonly checked: boolean;
  readonly questions: readonly Question[];
  readonly refused: readonly Question[];
}

type Facts = Readonly<Record<string, ActionFacts>>;

/** Notes which requests the provider sent for each type of resources, and what IAM asks for them. */
export function collect(folder: string, facts: Facts): Recorded {
  const rows: Record<string, Record<string, Record<string, Set<string>>>> = {};
  const senders = sendersOf(folder);
  for (const { call, invocation, questions } of logged(folder)) {
    const sender = senders.get(invocation);
    if (sender === undefined || FREE_REQUESTS.includes(call)) continue;
    const calls = ((rows[sender.type] ??= {})[sender.row] ??= {});
    const needed = (calls[call] ??= new Set());
    for (const question of questions) needed.add(permission(question, facts));
  }
  const found = sorted(rows, (row) => sorted(row, (calls) => sorted(calls, (needed) => [...needed].sort())));
  return together(NOT_REACHED, found);
}

/** What is known already, and what was recorded besides. */
export function together(known: Recorded, found: Recorded): Recorded {
  return sorted({ ...known, ...found }, (_, type) =>
    sorted({ ...known[type], ...found[type] }, (__, row) =>
      sorted({ ...known[type]?.[row], ...found[type]?.[row] }, (needed, call) =>
        unique([...(known[type]?.[row]?.[call] ?? []), ...needed]),
      ),
    ),
  );
}

/** The lines that the emulator logged. */
export function logged(folder: string, runs: readonly string[] = RUNS.flatMap((run) => [run, `${run}2`])): Logged[] {
  return runs.flatMap((run) => readLog(join(folder, `${run}.actions`)));
}

/** The lines of one file that the emulator logged. */
export function readLog(file: string): Logged[] {
  return lines(file).map((line) => JSON.parse(line) as Logged);
}

interface Sender {
  readonly type: string;
  readonly row: string;
}

/** Who sent a request, by the id that the AWS SDK gave it. */
function sendersOf(folder: string): Map<string, Sender> {
  return new Map(
    RUNS.flatMap((run) =>
      [...lines(join(folder, `${run}.log`)), ...lines(join(folder, `${run}2.log`))]
        // Terraform's own requests, to the bucket of the state, are made by no provider.
        .filter((line) => line.includes('"HTTP Request Sent"') && line.includes('"tf_rpc"'))
        .map((line) => senderOf(JSON.parse(line) as Record<string, string>, run)),
    ),
  );
}

function senderOf(line: Record<string, string>, run: string): [string, Sender] {
  const { tf_resource_type: resource, tf_data_source_type: data, tf_ephemeral_resource_type: ephemeral, tf_rpc } = line;
  const type =
    resource ??
    (data === undefined ? undefined : `data.${data}`) ??
    (ephemeral === undefined ? "provider" : `ephemeral.${ephemeral}`);
  const row = tf_rpc === "ApplyResourceChange" ? run : "read";
  return [line["http.request.header.amz_sdk_invocation_id"] ?? "", { type, row }];
}

const TAG = "Environment";

/** `<action> <type of resources> <how it is told>`, the last two left out where the action is asked for all resources. */
export function permission({ action, resource, context }: Question, facts: Facts): string {
  if (resource === "*") return context[`aws:RequestTag/${TAG}`] === undefined ? action : `${action} * request`;
  const { on = {}, tags = [] } = facts[action] ?? {};
  const type = typeOf(resource, Object.keys(on)) ?? "unknown";
  return [action, type, told(type, [...(on[type] ?? []), ...tags], context, resource.endsWith(MADE))].join(" ");
}

/** End of the ARN of what a request makes, which has no tag to be told by where the request gives it none. */
const MADE = "/0new";

function told(type: string, tags: readonly string[], context: Question["context"], isMade: boolean): string {
  if (context["kms:ViaService"] !== undefined) return "via";
  if (type === "unknown" || scopeKind(type) === "name") return "name";
  const how = toldByTag(tags, Object.keys(context));
  return isMade && how === "untagged" ? "any" : how;
}

function toldByTag(tags: readonly string[], keys: readonly string[]): string {
  const has = (of: string): boolean => keys.includes(`aws:${of}Tag/${TAG}`);
  if (tags.includes("resource") && has("Resource")) return "resource";
  if (tags.includes("request") && has("Request"))
    return keys.some((key) => key.endsWith(":CreateAction")) ? "made" : "request";
  return has("Resource") || !tags.includes("resource") ? "any" : withoutTag(keys);
}

function withoutTag(keys: readonly string[]): string {
  return keys.includes("aws:ResourceTag/aws:eks:cluster-name") ? "cluster" : "untagged";
}

/** The type of an ARN: the one whose ARN it matches. */
export function typeOf(arn: string, types: readonly string[]): string | undefined {
  const [, , service = "", , , ...rest] = arn.split(":");
  const name = rest.join(":");
  const candidates = types.filter((type) => type.startsWith(`${service}:`));
  const first = name.split(/[/:]/)[0] ?? "";
  return (
    candidates.find((type) => name.startsWith(`${type.split(":")[1] ?? ""}/`)) ??
    candidates.find((type) => name.startsWith(`regional/${type.split(":")[1] ?? ""}/`)) ??
    candidates.find((type) => sameKind(type, first)) ??
    candidates.find((type) => ["s3:bucket", "s3:object", "sns:topic", "sqs:queue"].includes(type) && s3(type, name))
  );
}

const KINDS: Readonly<Record<string, string>> = {
  "backup:backupPlan": "backup-plan",
  "backup:backupVault": "backup-vault",
  "events:rule-on-default-event-bus": "rule",
  "network-firewall:Firewall": "firewall",
  "network-firewall:FirewallPolicy": "firewall-policy",
  "network-firewall:StatefulRuleGroup": "stateful-rulegroup",
  "secretsmanager:Secret": "secret",
};

function sameKind(type: string, first: string): boolean {
  return (KINDS[type] ?? type.split(":")[1] ?? "").replace(/\/.*/, "") === first;
}

function s3(type: string, name: string): boolean {
  return !type.startsWith("s3:") || (type === "s3:object") === name.includes("/");
}

function lines(file: string): string[] {
  return existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}

function sorted<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From, key: string) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, map(record[key] as From, key)]),
  );
}
