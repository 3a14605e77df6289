import { type Decision, rightsFindings } from "../../../domain/doctor/rights";
import { planEnvironment } from "../../../domain/environment/environment";
import type { SampleRequest } from "../../../domain/permissions/simulation";
import { prod } from "../../support/environments/prod";
import { DENIED, texts, WAITING } from "../../support/findings";

const plan = planEnvironment(prod);
const ROLE = "arn:aws:iam::111122223333:role/retool-deploy";
const VPC = "arn:aws:ec2:us-east-1:111122223333:vpc/x";
const WHY = "the deployment stops at the first request that is refused, with a part of the environment made";

const decision = (action: string, over: Partial<Decision> = {}): Decision => ({
  action,
  resource: VPC,
  effect: "allowed",
  isOutsideBoundary: false,
  isRefusedByOrganization: false,
  missingKeys: [],
  ...over,
});
const silent = (action: string, over: Partial<Decision> = {}): Decision =>
  decision(action, { effect: "implicitDeny", ...over });

/** What is said where each decision was asked for on its own. */
const said = (decisions: readonly Decision[], principal = ROLE): string[] => {
  const requests = decisions.map(({ action, resource }) => ({ action, resources: [resource], isExact: false }));
  return texts(
    rightsFindings(plan, "deploy", { known: { principal, answers: [{ requests, context: {}, decisions }] } }),
  );
};

describe("rights", () => {
  test("are all there", () => {
    expect(said([decision("ec2:CreateVpc"), decision("eks:CreateCluster")])).toEqual([
      `good ${ROLE} may do what a first deployment needs (2 actions simulated)`,
    ]);
  });

  test("are missing, by service, the first ten", () => {
    const actions = Array.from({ length: 11 }, (_, index) => `ec2:Create${String.fromCharCode(65 + index)}`);

    expect(said([...actions, "eks:CreateCluster"].map((action) => silent(action)))).toEqual([
      `problem no policy of ${ROLE} allows what a first deployment needs: ec2: CreateA, CreateB, CreateC, CreateD, CreateE, CreateF, CreateG, CreateH, CreateI, CreateJ; and 2 more; ${WHY}; npx cdktf-retool permissions prod --out policies writes the policies; attach those of retool-prod-deploy-*.json to it`,
    ]);
  });

  test("are those of a permission set, where a role of single sign-on deploys", () => {
    const role = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Deploy_0a1b";

    expect(said([silent("iam:PassRole"), silent("eks:CreateCluster")], role)).toEqual([
      `problem no policy of ${role} allows what a first deployment needs: eks: CreateCluster; iam: PassRole; ${WHY}; npx cdktf-retool permissions prod --out policies writes the policies; attach those of retool-prod-deploy-*.json to its permission set`,
    ]);
  });

  test.each([
    [
      { effect: "explicitDeny", isRefusedByOrganization: true },
      `a service control policy refuses ${ROLE} what a first deployment needs: ec2: CreateVpc; ${WHY}; ask the people who keep the organization's service control policies to allow these actions in this account`,
    ],
    [
      { effect: "implicitDeny", isOutsideBoundary: true },
      `the permissions boundary of ${ROLE} refuses what a first deployment needs: ec2: CreateVpc; ${WHY}; allow these actions in that boundary; npx cdktf-retool permissions prod --out policies writes them to retool-prod-deploy-*.json`,
    ],
    [
      { effect: "explicitDeny" },
      `a Deny in a policy of ${ROLE} refuses what a first deployment needs: ec2: CreateVpc; ${WHY}; take these actions out of the Deny, or deploy as another role`,
    ],
  ] as const)("are refused: %j", (over, expected) => {
    expect(said([decision("ec2:CreateVpc", over), decision("eks:CreateCluster")])).toEqual([`problem ${expected}`]);
  });

  test("are not clear where policies ask for more than a simulation has, or where nothing was decided", () => {
    const unclear = `unknown the simulation does not show whether ${ROLE} may do what a first deployment needs: ec2: CreateVpc; its policies ask for what only a real request has, such as the address that it comes from; npx cdktf-retool permissions prod --out policies writes what is needed to retool-prod-deploy-*.json; compare its policies with that`;
    const requests: SampleRequest[] = [{ action: "ec2:CreateVpc", resources: [VPC], isExact: false }];
    const undecided = { principal: ROLE, answers: [{ requests, context: {}, decisions: [] }] };

    expect(said([decision("ec2:CreateVpc", { effect: "explicitDeny", missingKeys: ["aws:SourceIp"] })])).toEqual([
      unclear,
    ]);
    expect(texts(rightsFindings(plan, "deploy", { known: undecided }))).toEqual([unclear]);
  });

  test("on samples need one name of each kind, on what exists every one", () => {
    const [bare, prefixed] = ["retool-prod", "retool-prod-x"].map(
      (name) => `arn:aws:rds:us-east-1:111122223333:db:${name}`,
    );
    const decisions = [bare, prefixed].map((resource = "", index) =>
      decision("rds:CreateDBInstance", { resource, effect: index === 0 ? "allowed" : "implicitDeny" }),
    );
    const grade = (isExact: boolean): string | undefined => {
      const resources = decisions.map(({ resource }) => resource);
      const requests = [{ action: "rds:CreateDBInstance", resources, isExact }];
      return rightsFindings(plan, "change", {
        known: { principal: ROLE, answers: [{ requests, context: {}, decisions }] },
      })[0]?.grade;
    };

    expect(grade(false)).toBe("good");
    expect(grade(true)).toBe("problem");
  });

  test.each([
    [DENIED, "let this role do what the message names, or ask the people who may"],
    [
      "aws iam simulate-principal-policy timed out after 20 s",
      "run the command again; if it stays so, check that this machine reaches AWS: proxy, VPN, DNS",
    ],
    ["prod: not synthesized; run npx cdktf synth first", "fix what the message says, and run the command again"],
    ["IAM simulates users and roles only, and arn:aws:iam::111122223333:root is neither", "deploy as a role"],
    [
      "An error occurred (Throttling) when calling the SimulatePrincipalPolicy operation",
      "run the command again in a minute",
    ],
  ])("could not be simulated: %s", (unknown, remedy) => {
    expect(texts(rightsFindings(plan, "deploy", { unknown }))).toEqual([
      `unknown could not be found out: ${unknown}; ${WAITING}; ${remedy}`,
    ]);
  });
});
