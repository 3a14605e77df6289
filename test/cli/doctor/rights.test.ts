import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { AskAws } from "../../../cli/ask-aws";
import { rightsOf, useOf } from "../../../cli/doctor/rights";
import type { Fact } from "../../../domain/common/fact";
import { rightsFindings } from "../../../domain/doctor/rights";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { DENIED } from "../../support/findings";
import { refusal } from "../../support/recorded-aws";

const plan = planEnvironment(prod);
const ROLE = "arn:aws:iam::111122223333:role/ci/deploy";
const SESSION = "arn:aws:sts::111122223333:assumed-role/deploy/me";
const use = {
  types: ["aws_vpc", "aws_kms_key"],
  trusted: [],
  secrets: [],
  readSecrets: [],
  attached: [],
  records: [],
  regions: {},
};

/** The values of one option of a command line. */
const option = (args: readonly string[], name: string): string[] => {
  const start = args.indexOf(name);
  const rest = start === -1 ? [] : args.slice(start + 1);
  const end = rest.findIndex((value) => value.startsWith("--"));
  return rest.slice(0, end === -1 ? rest.length : end);
};

/** Answers as IAM's simulator does: one result for each action, and one in it for each resource but `*`. */
function simulator(refused: object | string = {}, asked: string[][] = []): AskAws {
  return <Answer>(args: readonly string[]): Promise<Fact<Answer>> => {
    asked.push([...args]);
    const known = (answer: unknown) => Promise.resolve({ known: answer as Answer });
    if (args[1] === "get-role") return known({ Role: { Arn: ROLE } });
    const actions = option(args, "--action-names");
    if (typeof refused === "string") return Promise.resolve({ unknown: refused });
    const resources = option(args, "--resource-arns");
    return known({
      EvaluationResults: actions.map((action) => {
        const change = action === "ec2:CreateVpc" ? (refused as Record<string, unknown>) : {};
        const effect = Object.keys(change).length > 0 ? "implicitDeny" : "allowed";
        const specific = { EvalResourceDecision: effect, ...change };
        return {
          EvalActionName: action,
          EvalResourceName: resources.length === 1 ? resources[0] : "*",
          EvalDecision: effect,
          ...change,
          ...(resources[0] === "*"
            ? {}
            : { ResourceSpecificResults: resources.map((EvalResourceName) => ({ EvalResourceName, ...specific })) }),
        };
      }),
    });
  };
}

const rights = (ask: AskAws, arn = SESSION, of = plan) =>
  rightsOf(ask, of, "deploy", { use: { known: use }, identity: { account: "111122223333", arn } });

const found = async (ask: AskAws) =>
  rightsFindings(plan, "deploy", await rights(ask)).map(({ grade, what }) => [grade, what]);

describe("the rights of those who deploy", () => {
  test("are those of the role behind a session, asked with what a real request comes with", async () => {
    const asked: string[][] = [];

    await expect(found(simulator({}, asked))).resolves.toEqual([
      ["good", expect.stringContaining(`${ROLE} may do what a first deployment needs`)],
    ]);
    expect(asked[0]).toEqual(["iam", "get-role", "--role-name", "deploy"]);
    const create = asked.find((args) => args.includes("ec2:CreateVpc")) ?? [];
    expect(create.slice(0, 4)).toEqual(["iam", "simulate-principal-policy", "--policy-source-arn", ROLE]);
    expect(option(create, "--resource-arns")).toEqual(["arn:aws:ec2:us-east-1:111122223333:vpc/x"]);
    expect(JSON.parse(option(create, "--context-entries")[0] ?? "")).toEqual([
      { ContextKeyName: "aws:RequestedRegion", ContextKeyValues: ["us-east-1"], ContextKeyType: "string" },
      { ContextKeyName: "aws:SecureTransport", ContextKeyValues: ["true"], ContextKeyType: "boolean" },
      { ContextKeyName: "aws:RequestTag/Environment", ContextKeyValues: ["prod"], ContextKeyType: "string" },
    ]);
  });

  test.each([
    [{ MatchedStatements: [] }, "problem", `no policy of ${ROLE} allows`],
    [{ OrganizationsDecisionDetail: { AllowedByOrganizations: false } }, "problem", "a service control policy refuses"],
    [
      { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
      "problem",
      `the permissions boundary of ${ROLE} refuses`,
    ],
    [{ EvalResourceDecision: "explicitDeny" }, "problem", `a Deny in a policy of ${ROLE} refuses`],
    [{ MissingContextValues: ["aws:SourceIp"] }, "unknown", "the simulation does not show whether"],
  ])("lack an action: %j", async (refused, grade, what) => {
    const findings = await found(simulator(refused));

    expect(findings).toEqual([[grade, expect.stringContaining(what)]]);
    expect(findings[0]?.[1]).toMatch(/: ec2: CreateVpc$/);
  });

  test("are asked for in halves where IAM does not simulate some actions together, and not for ever", async () => {
    const together = refusal("InvalidInput", "SimulatePrincipalPolicy", "Invalid Input Actions: [a] and [b] require");
    const apart: AskAws = (args) =>
      option(args, "--action-names").length > 1 ? Promise.resolve({ unknown: together }) : simulator()(args);

    await expect(found(apart)).resolves.toEqual([["good", expect.any(String)]]);
    await expect(found(simulator(together))).resolves.toEqual([["unknown", expect.stringContaining("kms: CreateKey")]]);
  });

  test("are those of the role that Terraform assumes, of a user, and of nobody else", async () => {
    const role = "arn:aws:iam::111122223333:role/retool-deploy";
    const user = "arn:aws:iam::111122223333:user/ci/bot";

    await expect(rights(simulator(), SESSION, { ...plan, deployRoleArn: role })).resolves.toMatchObject({
      known: { principal: role },
    });
    await expect(rights(simulator(), user)).resolves.toMatchObject({ known: { principal: user } });
    for (const arn of ["arn:aws:iam::111122223333:root", "arn:aws:sts::111122223333:federated-user/me"])
      await expect(rights(simulator(), arn)).resolves.toEqual({
        unknown: `IAM simulates users and roles only, and ${arn} is neither`,
      });
  });

  test("are not known where the role, the simulation or the stack is not", async () => {
    const noRole: AskAws = () => Promise.resolve({ unknown: DENIED });
    const folder = mkdtempSync(join(tmpdir(), "rights-"));
    const missing = useOf(plan, folder);
    mkdirSync(join(folder, "cdktf.out", "stacks", "prod"), { recursive: true });
    writeFileSync(join(folder, "cdktf.out", "stacks", "prod", "cdk.tf.json"), '{"resource":{"aws_vpc":{"one":{}}}}');
    const there = useOf(plan, folder);
    rmSync(folder, { recursive: true });

    await expect(rights(noRole)).resolves.toEqual({ unknown: DENIED });
    await expect(rights(simulator(DENIED))).resolves.toEqual({ unknown: DENIED });
    expect(missing).toEqual({ unknown: expect.stringMatching(/^prod: not synthesized; run np\S+ .*synth first$/) });
    expect(there).toMatchObject({ known: { types: ["aws_vpc"] } });
    await expect(
      rightsOf(simulator(), plan, "deploy", { use: missing, identity: { account: "", arn: ROLE } }),
    ).resolves.toEqual(missing);
  });
});
