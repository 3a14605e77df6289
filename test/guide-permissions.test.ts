import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { App, Testing } from "cdktf";

import { recorded } from "../domain/permissions/recorded";
import { RetoolStack } from "../stacks";
import { prod } from "./support/environments/prod";
import { evaluate, type IamRequest } from "./support/iam-evaluator";
import { ROLE_DECISIONS, type RoleDecision, SAMPLE } from "./support/role-decisions";

const GUIDE = join(__dirname, "..", "docs", "guides", "permissions.md");

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
const spec = { ...prod, egress: { level: "firewall" } } as const;
const { resource } = JSON.parse(Testing.synth(new RetoolStack(new App({ skipValidation: true }), spec))) as {
  resource: Resources;
};

const REFERENCES: Readonly<Record<string, string>> = {
  aws_cloudwatch_event_rule: SAMPLE.rule,
  aws_cloudwatch_log_group: SAMPLE.logGroup,
  aws_iam_role: SAMPLE.role,
  aws_kms_key: SAMPLE.key,
  aws_lb_target_group: SAMPLE.targetGroup,
  aws_s3_bucket: SAMPLE.bucket,
  aws_sns_topic: SAMPLE.topic,
  aws_sqs_queue: SAMPLE.queue,
};

/** Every policy of the stack by its address, with references as Terraform fills them in. */
const policies = Object.entries(resource).flatMap(([type, byName]) =>
  Object.entries(byName).flatMap(([name, { policy, assume_role_policy }]) => {
    const text = policy ?? assume_role_policy;
    if (typeof text !== "string" || !text.includes('"Statement"')) return [];
    return [
      [`${type}.${name}`, text.replaceAll(/\$\{(\w+)\.[^}]*\}/g, (_, of: string) => REFERENCES[of] ?? of)] as const,
    ];
  }),
);

/** A bucket's policy leaves to the policies of a role what it does not refuse: there, silence refuses services only. */
function decide({ policies: beginning, request }: RoleDecision): string {
  const asked = policies.filter(([address]) => address.startsWith(beginning));
  expect(asked.length).toBeGreaterThan(0);
  const decisions = asked.map(([, policy]) => evaluate(policy, request));
  const isRole = request.service === undefined;
  if (isRole && beginning.startsWith("aws_s3_bucket_policy."))
    return decisions.includes("Deny") ? "refused" : "allowed";
  return !decisions.includes("Deny") && decisions.includes("Allow") ? "allowed" : "refused";
}

/** The decisions as a table of the guide. */
function table(): string {
  const rows = [["who", "may", ""], ...ROLE_DECISIONS.map(({ who, what, expected }) => [who, what, expected])];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[], filler = " "): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, filler)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(["", "", ""], "-"), ...body.map((row) => line(row))].join("\n");
}

/** The part of the guide between two comments, which `UPDATE_GOLDEN=1` writes. */
const BLOCK = /(<!-- decisions: .* -->\n\n)([\s\S]*?)(\n\n<!-- end of decisions -->)/;

/** Policies that leave every decision to others: those of keys to the account's policies, that of the endpoint to S3's. */
function isDecisive([address, policy]: readonly [string, string]): boolean {
  const { Statement } = JSON.parse(policy) as { Statement: { Sid?: string }[] };
  return !address.startsWith("aws_vpc_endpoint.") && Statement.some(({ Sid }) => Sid !== "PoliciesOfTheAccount");
}

test("the guide names every write that is allowed on all resources", () => {
  const rows = Object.values(recorded).flatMap((byRow) =>
    Object.values(byRow).flatMap((calls) => Object.values(calls)),
  );
  const onAll = rows.flat().filter((row) => row.split(" ").length === 1 || row.split(" ")[1] === "*");
  const writes = onAll
    .map((row) => row.split(" ")[0] ?? "")
    .filter((action) => !/:(Describe|Get|List|Search)/.test(action));
  const guide = readFileSync(GUIDE, "utf8");

  expect(writes.length).toBeGreaterThan(10);
  expect([...new Set(writes)].filter((action) => !guide.includes(`\`${action}\``))).toEqual([]);
});

describe("what the policies of roles and keys decide", () => {
  test.each(ROLE_DECISIONS)("$who: $what is $expected", (decision) => {
    expect(decide(decision)).toBe(decision.expected);
  });

  test.each(policies.filter(isDecisive))("%s allows and refuses a request of the list", (address) => {
    const asked = ROLE_DECISIONS.filter(({ policies: beginning }) => address.startsWith(beginning));

    expect([...new Set(asked.map(({ expected }) => expected))].sort()).toEqual(["allowed", "refused"]);
  });

  test("name every service that a key trusts, with every key", () => {
    const keys = policies.filter(([address]) => address.startsWith("aws_kms_key."));
    const trusted = keys.flatMap(([, policy]) => policy.match(/[a-z0-9.-]+\.amazonaws\.com(?=")/g) ?? []);
    const missing = [...new Set(trusted)].flatMap((service) =>
      keys
        .map(([address]) => address)
        .filter(
          (address) =>
            !ROLE_DECISIONS.some(
              ({ policies: beginning, request }) => address.startsWith(beginning) && request.service === service,
            ),
        )
        .map((address) => `${service} ${address}`),
    );

    expect(trusted.length).toBeGreaterThan(2);
    expect(missing).toEqual([]);
  });

  test("is what the guide says", () => {
    const guide = readFileSync(GUIDE, "utf8");
    if (process.env["UPDATE_GOLDEN"] === "1") {
      writeFileSync(
        GUIDE,
        guide.replace(BLOCK, (_, begin: string, _table, end: string) => `${begin}${table()}${end}`),
      );
    }

    expect(BLOCK.exec(readFileSync(GUIDE, "utf8"))?.[2]).toBe(table());
  });
});

describe("the trust policies of the role that deploys", () => {
  const role = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;
  const [github = "", plain = ""] = Array.from(
    readFileSync(GUIDE, "utf8").matchAll(/```json\n([\s\S]*?)```/g),
    ([, document]) => document ?? "",
  );
  const GITHUB = "token.actions.githubusercontent.com";
  const token = (sub: string, aud = "sts.amazonaws.com"): IamRequest => ({
    action: "sts:AssumeRoleWithWebIdentity",
    principal: `arn:aws:iam::111122223333:oidc-provider/${GITHUB}`,
    context: { [`${GITHUB}:sub`]: sub, [`${GITHUB}:aud`]: aud },
  });
  const from = (name: string, account = "111122223333"): IamRequest => ({
    action: "sts:AssumeRole",
    principal: `arn:aws:iam::${account}:root`,
    context: { "aws:PrincipalArn": role(name).replace("111122223333", account) },
  });

  test.each<[string, string, IamRequest, string]>([
    ["GitHub's environment", github, token("repo:acme/retool-infrastructure:environment:prod"), "Allow"],
    ["a pull request", github, token("repo:acme/retool-infrastructure:pull_request"), "None"],
    ["another repository", github, token("repo:shop/retool-infrastructure:environment:prod"), "None"],
    ["a token for others", github, token("repo:acme/retool-infrastructure:environment:prod", "shop"), "None"],
    ["the role itself after GitHub", github, from("retool-deploy"), "Allow"],
    ["another role of the account", github, from("platform-engineer"), "None"],
    ["people", plain, from("platform-engineer"), "Allow"],
    ["the role itself", plain, from("retool-deploy"), "Allow"],
    ["people of another role", plain, from("intern"), "None"],
    ["another account", plain, from("platform-engineer", "999999999999"), "None"],
  ])("let in %s as intended", (_, document, request, expected) => {
    expect(evaluate(document, request)).toBe(expected);
  });
});
