import { spawnSync } from "node:child_process";

/** One call of an AWS API, as boto3 names it. */
export interface AwsRequest {
  /** Service, such as `elbv2`. */
  readonly service: string;
  /** Method of its client, such as `describe_load_balancers`. */
  readonly operation: string;
  /** Parameters. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Account other than the emulator's own, entered by a role. */
  readonly account?: string;
}

const PROGRAM = `
import json, sys, boto3
def client(call):
    if "account" not in call: return boto3.client(call["service"])
    role = f"arn:aws:iam::{call['account']}:role/dns"
    keys = boto3.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.client(
        call["service"],
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
def answer(call):
    found = getattr(client(call), call["operation"])(**call.get("parameters", {}))
    return {key: value for key, value in found.items() if key != "ResponseMetadata"}
print(json.dumps([answer(call) for call in json.load(sys.stdin)], default=str))
`;

/** Asks an AWS API on the emulator, all requests in one process, and gives their answers. */
export function callAws(python: string, env: NodeJS.ProcessEnv, requests: readonly AwsRequest[]): unknown[] {
  const input = JSON.stringify(requests);
  const { status, stdout, stderr } = spawnSync(python, ["-c", PROGRAM], { env, input, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}
