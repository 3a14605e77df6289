import { readFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";

import type { Question } from "../../../scripts/permissions/collect";
import { type EnvironmentPlan, planEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import {
  permissionsOf,
  type Phase,
  PHASES,
  policiesOf,
  unrecordedTypes,
} from "../../../domain/permissions/permissions";
import {
  type Policy,
  type PolicyStatement,
  POLICY_LIMIT,
  policySize,
  statementsOf,
} from "../../../domain/permissions/policies";
import { coversNames } from "../../../domain/permissions/scopes";
import { stackUse, type StackUse, type SynthesizedStack } from "../../../domain/permissions/stack";
import { prod as existingCluster } from "../../../docs/recipes/existing-cluster";
import { prod as govcloud } from "../../../docs/recipes/govcloud";
import { prod as landingZone } from "../../../docs/recipes/landing-zone";
import { prod } from "../../support/environments/prod";
import { readFacts } from "../../../scripts/permissions/facts-file";
import { NEVER_UPDATED, UPDATES } from "../../../scripts/permissions/updates";
import { recorded } from "../../../domain/permissions/recorded";
import { ACTIONS } from "../../support/permission-bench";
import { evaluate } from "../../support/iam-evaluator";
import { permissionPlans } from "../../support/permission-plans";
import { emulated, LIFE, synthesized } from "../../support/permission-specs";
import { partsOf, strangersOf } from "../../support/policy-mutations";

/** What IAM was asked while the environments of {@link LIFE} were deployed, changed, upgraded and destroyed, and what everyday changes ask. */
const requests = JSON.parse(readFileSync(join(__dirname, "requests.json"), "utf8")) as Record<string, Question[]>;

/** What Terraform itself asks for its state; the provider asks nothing of the kind. */
const STATE_ACTIONS = ["s3:GetObject", "s3:PutObject", "sts:AssumeRole"];

interface Case {
  readonly plan: EnvironmentPlan;
  readonly use: StackUse;
}

const caseOf = (spec: EnvironmentSpec, over: Partial<EnvironmentSpec> = {}): Case => ({
  plan: planEnvironment({ ...spec, ...over }),
  use: stackUse(JSON.parse(emulated(synthesized(spec))) as SynthesizedStack),
});
const first = caseOf(LIFE.create);
const last = caseOf(LIFE.upgrade);

/** The environment and the run of each phase. */
const RUNS: readonly (readonly [phase: Phase, runs: string, of: Case])[] = [
  ["plan", "plan", last],
  ["deploy", "create", first],
  ["change", "change everyday", caseOf(LIFE.change)],
  ["upgrade", "change everyday upgrade", last],
  ["destroy", "destroy", last],
];

const statements = ({ plan, use }: Case, phase: Phase): PolicyStatement[] =>
  policiesOf(plan, use, phase).flatMap(({ document }) => document.Statement);

const askedIn = (runs: string): Question[] => runs.split(" ").flatMap((run) => requests[run] ?? []);

/** Statements without the action have no say; leaving them out spares most of the time. */
const isAllowed = (granted: readonly PolicyStatement[], { action, resource, context }: Question): boolean => {
  const Statement = granted.filter(({ Action }) => Action.includes(action));
  return evaluate(JSON.stringify({ Statement }), { action, resource, context }) === "Allow";
};

const refused = (granted: readonly PolicyStatement[], questions: readonly Question[]): string[] =>
  questions
    .filter((question) => !isAllowed(granted, question))
    .map(({ action, resource, context }) => `${action} ${resource} ${JSON.stringify(context)}`);

describe("the policies of a phase", () => {
  test.each(RUNS)("%s: allow everything that was asked", (phase, runs, of) => {
    expect(askedIn(runs).length).toBeGreaterThan(50);
    expect(refused(statements(of, phase), askedIn(runs))).toEqual([]);
  });

  test.each(RUNS)("%s: have no statement that could be left out", (phase, runs, of) => {
    const granted = statements(of, phase);
    // Where nothing is denied, a statement is needed when one request is allowed by no other one.
    const allowing = askedIn(runs).map((question) => granted.filter((one) => isAllowed([one], question)));
    const needed = new Set(allowing.flatMap((those) => (those.length === 1 ? those : [])));

    expect(granted.filter((one) => !needed.has(one)).map(({ Sid, Action }) => `${Sid}: ${Action.join(" ")}`)).toEqual(
      [],
    );
  });
});

/** Parts that no recorded request uses, by phase or all of them, each with the reason that it stays. */
const UNASKED: readonly (readonly [phase: string, part: RegExp, why: string])[] = [
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
  ["", /^arn:\S+:log-group:\S+:\*$/, "IAM writes log groups with this end; the reference and the emulator do not"],
  ["", /:backup-vault:retool-local$/, "the vault of copies in a second region"],
  ["", /:db:retool-local-\*$/, "the database that follows a restored or replaced one has a number in its name"],
  ["deploy", /:podidentityassociation\//, "a second deployment reads what the first made"],
  ["destroy", /^arn:aws:s3:::retool-local-\*\/\*$/, "a bucket that is emptied first holds objects by then"],
  ["change upgrade", /^iam:PassedToService /, "a change may bring any role that the stack has"],
  [
    "change upgrade",
    /wafv2\.amazonaws\.com/,
    "the log of a firewall may be changed; which service needs a role is asked by its request",
  ],
];

describe("every part of a statement", () => {
  test.each(RUNS)("%s: lets through a request that was recorded", (phase, runs, of) => {
    const unused = statements(of, phase).flatMap((statement) => {
      const allowed = askedIn(runs).filter((question) => isAllowed([statement], question));
      return partsOf(statement)
        .filter(({ without }) => allowed.every((question) => isAllowed([without], question)))
        .map(({ what }) => what);
    });
    const reasons = UNASKED.filter(([phases]) => phases === "" || phases.split(" ").includes(phase));

    expect(unused.filter((what) => !reasons.some(([, part]) => part.test(what)))).toEqual([]);
  });

  test.each(RUNS)("%s: keeps out the same request with another value or on what others have", (phase, runs, of) => {
    const granted = statements(of, phase);
    const tried = new Set<string>();
    let count = 0;
    const letIn = granted.flatMap((statement) => {
      const others = granted.filter((one) => one !== statement);
      const own = askedIn(runs).filter((one) => isAllowed([statement], one) && !isAllowed(others, one));
      const strange = own.flatMap((question) => strangersOf(statement, question));
      for (const { what } of strange) tried.add(`${statement.Sid} ${what}`);
      count += strange.length;
      return strange
        .filter(({ question }) => isAllowed(granted, question))
        .map(({ what, question }) => `${what}: ${question.action} ${question.resource}`);
    });
    const conditions = granted.flatMap(({ Sid, Condition = {} }) =>
      Object.values(Condition).flatMap((keys) => Object.keys(keys).map((key) => `${Sid} ${key}`)),
    );

    expect(count).toBeGreaterThan(200);
    expect(letIn).toEqual([]);
    expect(conditions.filter((condition) => !tried.has(condition))).toEqual([]);
  });
});

/** Every kind of environment whose permissions differ in their form. */
const KINDS: Readonly<Record<string, EnvironmentSpec>> = {
  prod,
  "a long name in GovCloud": { ...govcloud, name: "a".repeat(20) },
  "a landing zone": landingZone,
  "an existing cluster": existingCluster,
  "a bastion, roles by a token, a locked vault": {
    ...prod,
    bastion: true,
    blobStorage: { identity: "irsa" },
    backup: { lock: "governance" },
    cluster: { viewerRoleArns: ["arn:aws:iam::111122223333:role/viewers"] },
  },
};

/** What is allowed only where `iam.permissionsBoundary` is set. */
const UNBOUNDED = ["iam:PutRolePermissionsBoundary"];

describe("the permissions of every environment", () => {
  const kinds = Object.entries(KINDS).map(([name, spec]) => [name, caseOf(spec)] as const);

  test.each(kinds)("%s: are known for all of its types", (_, { use }) => {
    expect(use.types.length).toBeGreaterThan(50);
    expect(unrecordedTypes(use)).toEqual([]);
  });

  test.each(kinds)("%s: let every type be changed in place that can be", (_, of) => {
    const granted = new Set(statements(of, "change").flatMap(({ Action }) => Action));
    const types = of.use.types.filter((type) => type.startsWith("aws_"));
    const unknown = types.filter((type) => UPDATES[type] === undefined && NEVER_UPDATED[type] === undefined);
    const lacking = types.flatMap((type) =>
      (UPDATES[type] ?? [])
        .flatMap((call) => recorded[type]?.["change"]?.[call] ?? [`${type} ${call}`])
        .map((one) => one.split(" ")[0] ?? "")
        .filter((action) => !granted.has(action) && !UNBOUNDED.includes(action)),
    );

    expect(unknown).toEqual([]);
    expect(lacking).toEqual([]);
  });

  test.each(kinds)("%s: fit IAM's limit, in ten policies at most", (_, { plan, use }) => {
    const numbers = Object.keys(PHASES).map((phase) => {
      const sizes = policiesOf(plan, use, phase as Phase).map(({ document }) => policySize(document));
      expect(Math.max(...sizes)).toBeLessThanOrEqual(POLICY_LIMIT);
      return [phase, sizes.length] as const;
    });
    const { deploy = 0, upgrade = 0, destroy = 0 } = Object.fromEntries(numbers);

    // All that a role needs for everything: `upgrade` holds `change`, and each of them `plan`.
    expect(deploy + upgrade + destroy).toBeLessThanOrEqual(10);
  });

  test.each(kinds)(
    "%s: have no wildcard in an action, and pass roles of the environment to known services only",
    (_, of) => {
      const granted = (Object.keys(PHASES) as Phase[]).flatMap((phase) => statements(of, phase));
      const passing = granted.filter(({ Action }) => Action.includes("iam:PassRole"));

      expect(granted.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
      expect(passing.length).toBeGreaterThan(0);
      for (const { Resource, Condition } of passing) {
        expect(Resource.filter((arn) => !/:role\/[\w/-]*[a-z]-\*$/.test(arn))).toEqual([]);
        expect(Condition).toEqual({ StringEquals: { "iam:PassedToService": of.use.trusted } });
      }
      expect(of.use.trusted.filter((service) => service.includes("*"))).toEqual([]);
    },
  );

  /** What reads or writes with a key; an existing Karpenter's role gets its grant from Terraform itself. */
  const DATA = /^kms:(Decrypt|Encrypt|GenerateDataKey\w*|ReEncrypt\w*)$/;

  test.each(kinds)(
    "%s: use keys through services only, and lend no key that was given but to what those keep",
    (_, of) => {
      const granted = (Object.keys(PHASES) as Phase[]).flatMap((phase) => statements(of, phase));
      const using = granted.filter(({ Action }) => Action.some((action) => DATA.test(action)));
      const { data, backup, logs, cluster } = of.plan.landingZone.encryptionKeys;
      const given = [data, backup, logs, cluster].filter((arn) => arn !== undefined);
      const lending = granted.filter(
        ({ Action, Resource }) => Action.includes("kms:CreateGrant") && Resource.some((arn) => given.includes(arn)),
      );

      expect(using.length).toBeGreaterThan(0);
      for (const { Condition } of using) expect(Condition?.["StringLike"]).toHaveProperty(["kms:ViaService"]);
      expect(lending.length > 0).toBe(given.length > 0);
      for (const { Condition } of lending) {
        expect(Condition?.["StringLike"]).toHaveProperty(["kms:ViaService"]);
        expect(Condition?.["Bool"]).toEqual({ "kms:GrantIsForAWSResource": "true" });
      }
    },
  );

  test.each(kinds)("%s: launch nobody's image but Amazon's, in every phase", (_, of) => {
    const launching = (Object.keys(PHASES) as Phase[])
      .flatMap((phase) => statements(of, phase))
      .filter(({ Resource }) => Resource.some((arn) => arn.includes(":image/")));

    for (const { Condition } of launching) expect(Condition?.["StringEquals"]).toEqual({ "ec2:Owner": "amazon" });
  });

  test.each(kinds)("%s: ask for all resources at once only in a region", (_, of) => {
    const open = (Object.keys(PHASES) as Phase[])
      .flatMap((phase) => statements(of, phase))
      .filter(({ Resource }) => Resource.includes("*"));

    expect(open.length).toBeGreaterThan(0);
    for (const { Condition } of open) expect(Condition?.["StringEquals"]).toHaveProperty(["aws:RequestedRegion"]);
  });
});

/** Everything that was ever recorded, for environments of every kind: partitions, levels, layers, networks and clusters of others. */
describe("the policies of any environment", () => {
  test("name no action with a wildcard, pass only their roles to known services, and are of a form and size that IAM takes", () => {
    fc.assert(
      fc.property(permissionPlans, ({ plan, use }) => {
        for (const phase of Object.keys(PHASES) as Phase[]) {
          const policies = policiesOf(plan, use, phase);
          const granted = policies.flatMap(({ document }) => document.Statement);

          expect(policies.length).toBeLessThanOrEqual(10);
          for (const { document } of policies) expectOfForm(document);
          for (const statement of granted) expectInPlace(statement, plan);
          for (const statement of granted.filter(({ Action }) => Action.includes("iam:PassRole")))
            expectPassed(statement, plan, use.trusted);
        }
      }),
      { numRuns: 20 },
    );
  });
});

/** Of a size that IAM takes, each statement under a name that IAM takes. */
function expectOfForm(document: Policy["document"]): void {
  const sids = document.Statement.map(({ Sid }) => Sid);

  expect(policySize(document)).toBeLessThanOrEqual(POLICY_LIMIT);
  expect(sids).toEqual([...new Set(sids)]);
  expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
}

const partitionOf = ({ context }: EnvironmentPlan): string =>
  context.region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

/** Known actions on what lies in the partition; on everything in one region only, and with the boundary where there is one. */
function expectInPlace({ Action, Resource, Condition = {} }: PolicyStatement, plan: EnvironmentPlan): void {
  const { actions } = readFacts(ACTIONS);
  const equals = Condition["StringEquals"] ?? {};
  const { permissionsBoundary } = plan.landingZone.iam;
  const isBounded = permissionsBoundary === undefined || !Action.includes("iam:CreateRole");

  expect(Action.filter((action) => actions[action] === undefined && !STATE_ACTIONS.includes(action))).toEqual([]);
  expect(Resource.filter((arn) => arn !== "*" && !arn.startsWith(`arn:${partitionOf(plan)}:`))).toEqual([]);
  expect(!Resource.includes("*") || "aws:RequestedRegion" in equals).toBe(true);
  expect(isBounded || equals["iam:PermissionsBoundary"] === permissionsBoundary).toBe(true);
}

/** Roles of the environment only, to the services that they trust. */
function expectPassed(
  { Action, Resource, Condition }: PolicyStatement,
  plan: EnvironmentPlan,
  trusted: readonly string[],
): void {
  const { account, prefix } = plan.context;

  expect(Action).toEqual(["iam:PassRole"]);
  expect(Condition).toEqual({ StringEquals: { "iam:PassedToService": trusted } });
  for (const arn of Resource) {
    expect(arn).toContain(`arn:${partitionOf(plan)}:iam::${account}:role/`);
    expect(arn).toMatch(new RegExp(`${prefix.slice(0, 20)}[a-z0-9-]*\\*$`));
  }
}

const TAGGED = { "aws:RequestedRegion": "us-east-1", "aws:ResourceTag/Environment": "staging" };
const ARN = "arn:aws";

describe("the role that deploys an environment", () => {
  const granted = statements(caseOf(prod), "destroy").concat(statements(caseOf(prod), "deploy"));

  test.each<[string, Question]>([
    [
      "the VPC of another environment",
      { action: "ec2:DeleteVpc", resource: `${ARN}:ec2:us-east-1:111122223333:vpc/vpc-1`, context: TAGGED },
    ],
    [
      "a key of another environment",
      { action: "kms:ScheduleKeyDeletion", resource: `${ARN}:kms:us-east-1:111122223333:key/k`, context: TAGGED },
    ],
    [
      "a key without a tag",
      { action: "kms:ScheduleKeyDeletion", resource: `${ARN}:kms:us-east-1:111122223333:key/k`, context: {} },
    ],
    [
      "the database of an environment with a longer name",
      { action: "rds:DeleteDBInstance", resource: `${ARN}:rds:us-east-1:111122223333:db:retool-prod2`, context: {} },
    ],
    ["a bucket of others", { action: "s3:DeleteBucket", resource: `${ARN}:s3:::shop`, context: {} }],
    [
      "the bucket of the state",
      { action: "s3:DeleteBucket", resource: `${ARN}:s3:::cdktf-retool-state-111122223333-us-east-1`, context: {} },
    ],
    [
      "the state itself",
      {
        action: "s3:DeleteObject",
        resource: `${ARN}:s3:::cdktf-retool-state-111122223333-us-east-1/prod/terraform.tfstate`,
        context: {},
      },
    ],
    [
      "the license key",
      {
        action: "secretsmanager:PutSecretValue",
        resource: `${ARN}:secretsmanager:us-east-1:111122223333:secret:retool/license-key-AbCdEf`,
        context: {},
      },
    ],
    [
      "DNS records of others",
      {
        action: "route53:ChangeResourceRecordSets",
        resource: `${ARN}:route53:::hostedzone/Z1`,
        context: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["shop.example.com"] },
      },
    ],
    ["roles of others", { action: "iam:PutRolePolicy", resource: `${ARN}:iam::111122223333:role/admin`, context: {} }],
    [
      "AWS's administrator policy",
      {
        action: "iam:AttachRolePolicy",
        resource: `${ARN}:iam::111122223333:role/retool-prod-cluster`,
        context: { "iam:PolicyARN": `${ARN}:iam::aws:policy/AdministratorAccess` },
      },
    ],
    [
      "a role passed to Lambda",
      {
        action: "iam:PassRole",
        resource: `${ARN}:iam::111122223333:role/retool-prod-cluster`,
        context: { "iam:PassedToService": "lambda.amazonaws.com" },
      },
    ],
    [
      "a new VPC without the tag",
      { action: "ec2:CreateVpc", resource: `${ARN}:ec2:us-east-1:111122223333:vpc/*`, context: {} },
    ],
    [
      "the tag of a subnet of others",
      {
        action: "ec2:CreateTags",
        resource: `${ARN}:ec2:us-east-1:111122223333:subnet/subnet-1`,
        context: { "aws:RequestTag/Environment": "prod" },
      },
    ],
  ])("cannot touch %s", (_, question) => {
    expect(granted.flatMap(({ Action }) => Action)).toContain(question.action);
    expect(isAllowed(granted, question)).toBe(false);
  });
});

describe("a permissions boundary", () => {
  const boundary = "arn:aws:iam::123456789012:policy/limit";
  const bounded = statementsOf(
    permissionsOf(planEnvironment({ ...LIFE.create, iam: { permissionsBoundary: boundary } }), first.use, "deploy"),
  );
  const create: Question = {
    action: "iam:CreateRole",
    resource: "arn:aws:iam::123456789012:role/retool-local-cluster",
    context: {},
  };

  test("is demanded of every role that is made or gets a policy", () => {
    expect(isAllowed(bounded, { ...create, context: { "iam:PermissionsBoundary": boundary } })).toBe(true);
    expect(isAllowed(bounded, { ...create, action: "iam:PutRolePolicy" })).toBe(false);
    expect(isAllowed(bounded, create)).toBe(false);
    expect(isAllowed(statements(first, "deploy"), create)).toBe(true);
  });
});

describe("a type of resources that was never recorded", () => {
  test("is refused", () => {
    const use = { ...first.use, types: [...first.use.types, "aws_lambda_function"] };

    expect(unrecordedTypes(use)).toEqual(["aws_lambda_function"]);
    expect(() => permissionsOf(first.plan, use, "plan")).toThrow(
      "aws_lambda_function: its requests were never recorded",
    );
  });
});

test("a deployer of layers may write the state of each, and not that of the one stack", () => {
  const plan = planEnvironment({ ...prod, layers: true });
  const states = permissionsOf(plan, stackUse({}), "deploy").find(({ action }) => action === "s3:PutObject");

  expect(states?.resources.filter((file) => !file.endsWith(".tflock"))).toEqual(
    ["foundation", "cluster", "retool"].map(
      (layer) => `arn:aws:s3:::cdktf-retool-state-111122223333-us-east-1/prod-${layer}/terraform.tfstate`,
    ),
  );
});

test("a deploy role may be assumed by itself, and no other role", () => {
  const plan = planEnvironment({ ...prod, deployRoleArn: "arn:aws:iam::111122223333:role/retool-deploy" });
  const assumed = permissionsOf(plan, stackUse({}), "plan").filter(({ action }) => action === "sts:AssumeRole");

  expect(assumed.flatMap(({ resources }) => resources)).toEqual(["arn:aws:iam::111122223333:role/retool-deploy"]);
});

describe("a bastion", () => {
  const of = caseOf({ ...prod, bastion: true });
  const granted = statements(of, "deploy");
  const ec2 = (action: string, name: string, context: Question["context"]): Question => ({
    action: `ec2:${action}`,
    resource: `arn:aws:ec2:us-east-1:111122223333:${name}`,
    context,
  });
  const MADE = { "aws:RequestTag/Environment": "prod" };
  const OURS = { "aws:ResourceTag/Environment": "prod" };
  const image = "arn:aws:ec2:us-east-1::image/ami-1";

  test.each<[string, Question, boolean]>([
    ["an instance with the tag", ec2("RunInstances", "instance/*", MADE), true],
    ["an instance without the tag", ec2("RunInstances", "instance/*", {}), false],
    ["a disk with the tag", ec2("RunInstances", "volume/*", MADE), true],
    ["AWS's image", { action: "ec2:RunInstances", resource: image, context: { "ec2:Owner": "amazon" } }, true],
    [
      "a foreign image",
      { action: "ec2:RunInstances", resource: image, context: { "ec2:Owner": "999999999999" } },
      false,
    ],
    [
      "an image of the marketplace",
      { action: "ec2:RunInstances", resource: image, context: { "ec2:Owner": "aws-marketplace" } },
      false,
    ],
    ["a subnet of the environment", ec2("RunInstances", "subnet/subnet-1", OURS), true],
    ["a subnet of others", ec2("RunInstances", "subnet/subnet-2", {}), false],
    ["a security group of others", ec2("RunInstances", "security-group/sg-2", {}), false],
  ])("is launched with %s or not at all", (_, question, isGranted) => {
    expect(isAllowed(granted, question)).toBe(isGranted);
  });

  test("is terminated, and no other instance", () => {
    const destroying = statements(of, "destroy");

    expect(isAllowed(destroying, ec2("TerminateInstances", "instance/i-1", OURS))).toBe(true);
    expect(isAllowed(destroying, ec2("TerminateInstances", "instance/i-2", {}))).toBe(false);
  });
});

describe("who may be let into the cluster", () => {
  const viewers = "arn:aws:iam::111122223333:role/viewers";
  const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
  const ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
  const withViewers = caseOf({ ...prod, cluster: { viewerRoleArns: [viewers] } });
  const cluster = "arn:aws:eks:us-east-1:111122223333:cluster/retool-prod";
  const entry = "arn:aws:eks:us-east-1:111122223333:access-entry/retool-prod/role/111122223333/viewers/1";
  const admit = (principal: string): Question => ({
    action: "eks:CreateAccessEntry",
    resource: cluster,
    context: { "aws:RequestTag/Environment": "prod", "eks:principalArn": principal },
  });
  const associate = (policy: string): Question => ({
    action: "eks:AssociateAccessPolicy",
    resource: entry,
    context: { "eks:policyArn": policy },
  });

  test.each<[string, Question, boolean]>([
    ["a viewer of the configuration", admit(viewers), true],
    ["a role of nodes", admit("arn:aws:iam::111122223333:role/retool-prod-karpenter-node"), true],
    ["another role", admit("arn:aws:iam::111122223333:role/deployer"), false],
    ["a viewer's policy", associate(VIEW), true],
    ["an administrator's policy", associate(ADMIN), false],
  ])("with %s", (_, question, isGranted) => {
    for (const phase of ["deploy", "change"] as const)
      expect(isAllowed(statements(withViewers, phase), question)).toBe(isGranted);
  });

  test("is nobody with a policy where the configuration names none", () => {
    const granted = statements(caseOf({ ...prod, cluster: { viewerRoleArns: [], adminRoleArns: [] } }), "change");

    expect(isAllowed(granted, associate(VIEW))).toBe(false);
    expect(isAllowed(granted, admit(viewers))).toBe(false);
  });
});

describe("the tag of a key", () => {
  const granted = statements(caseOf(prod), "deploy");
  const tag = (context: Question["context"]): Question => ({
    action: "kms:TagResource",
    resource: "arn:aws:kms:us-east-1:111122223333:key/1",
    context: { "aws:RequestTag/Environment": "prod", ...context },
  });

  test("is given to a new key, and to none that has an owner or an alias", () => {
    expect(isAllowed(granted, tag({}))).toBe(true);
    expect(isAllowed(granted, tag({ "aws:ResourceTag/Environment": "staging" }))).toBe(false);
    expect(isAllowed(granted, tag({ "kms:ResourceAliases": "alias/shop" }))).toBe(false);
  });
});

describe("names that begin with another environment's", () => {
  const of = (over: Partial<EnvironmentSpec>): EnvironmentPlan => planEnvironment({ ...prod, ...over });

  test("are covered by its policies in the same account", () => {
    const own = of({});

    expect(coversNames(own, of({ name: "prod-eu" }))).toBe(true);
    expect(coversNames(of({ name: "prod-eu" }), own)).toBe(false);
    expect(coversNames(own, of({ name: "prod2" }))).toBe(false);
    expect(coversNames(own, of({ name: "prod-eu", account: "444455556666" }))).toBe(false);
    expect(coversNames(own, own)).toBe(false);
  });

  test("are covered both ways where the names of roles are cut before they differ", () => {
    const live = (end: string): EnvironmentPlan =>
      of({ iam: { rolePrefix: "platform-infra-team-" }, name: `live-${end}` });

    expect(coversNames(live("one"), live("two"))).toBe(true);
    expect(coversNames(live("two"), live("one"))).toBe(true);
  });
});

describe("the role that plans", () => {
  const kinds = Object.entries(KINDS).map(([name, spec]) => [name, caseOf(spec)] as const);
  /** Beginnings of actions that change nothing; a lock of the state is written and deleted, and keys decrypt what is read. */
  const READS =
    /^([a-z0-9-]+:(Describe|Get|List|Search|Batch(Get|Describe))\w*|kms:Decrypt|sts:AssumeRole|ec2:GetManaged\w*)$/;

  test.each(kinds)("%s: reads, and writes the lock of the state only", (_, of) => {
    const writing = statements(of, "plan").filter(({ Action }) => Action.some((action) => !READS.test(action)));

    expect(writing.flatMap(({ Action }) => Action).filter((action) => !/^s3:(Put|Delete)Object$/.test(action))).toEqual(
      [],
    );
    expect(writing.flatMap(({ Resource }) => Resource).filter((arn) => !arn.endsWith(".tflock"))).toEqual([]);
  });
});

describe("what is made elsewhere or named otherwise", () => {
  const spec: EnvironmentSpec = {
    ...prod,
    backup: { copyTo: { region: "us-west-2" } },
    blobStorage: { bucketName: "apps-of-ours" },
  };
  const granted = statements(caseOf(spec), "deploy");
  const usual = statements(caseOf(prod), "deploy");
  const TAG = { "aws:RequestTag/Environment": "prod" };
  const vault = (region: string): Question => ({
    action: "backup:CreateBackupVault",
    resource: `arn:aws:backup:${region}:111122223333:backup-vault:${planEnvironment(spec).backup.copyVaultName}`,
    context: TAG,
  });
  const key = (region: string): Question => ({
    action: "kms:CreateKey",
    resource: "*",
    context: { ...TAG, "aws:RequestedRegion": region },
  });
  const secret = (region: string): Question => ({
    action: "kms:GenerateDataKey",
    resource: `arn:aws:kms:${region}:111122223333:key/1`,
    context: { "aws:ResourceTag/Environment": "prod", "kms:ViaService": `secretsmanager.${region}.amazonaws.com` },
  });

  test.each([
    ["the vault", vault],
    ["the key", key],
    ["the key's use by Secrets Manager", secret],
  ])("%s of copies is allowed in the second region, and nowhere else", (_, question) => {
    expect(isAllowed(granted, question("us-east-1"))).toBe(true);
    expect(isAllowed(granted, question("us-west-2"))).toBe(true);
    expect(isAllowed(granted, question("eu-west-1"))).toBe(false);
    expect(isAllowed(usual, question("us-west-2"))).toBe(false);
  });

  test.each(["apps-of-ours", "apps-of-ours-logs"])("the bucket %s is allowed where it is named so", (name) => {
    const question: Question = { action: "s3:CreateBucket", resource: `arn:aws:s3:::${name}`, context: {} };

    expect(isAllowed(granted, question)).toBe(true);
    expect(isAllowed(usual, question)).toBe(false);
  });
});
