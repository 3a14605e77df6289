import { planEnvironment } from "../../domain/environment/environment";
import { type Phase, policiesOf } from "../../domain/permissions/permissions";
import type { Policy, PolicyStatement } from "../../domain/permissions/policies";
import { recorded } from "../../domain/permissions/recorded";
import { stackUse, type SynthesizedStack } from "../../domain/permissions/stack";
import { type Logged, logged, type Question } from "../../scripts/permissions/collect";
import { evaluate } from "../support/iam-evaluator";
import { PermissionBench } from "../support/permission-bench";
import { configure, lifeTexts, live, prepareLife, type Run, withoutBackend } from "../support/permission-life";
import { LIFE } from "../support/permission-specs";
import { describeOnEmulator, MINUTES } from "../support/terraform-bench";

const isAsked = process.env["ENFORCE_PERMISSIONS"] === "1";

if (!isAsked)
  process.stdout.write(
    "the whole life of an environment under its policies, and ten statements taken away, are skipped: set ENFORCE_PERMISSIONS=1 (half an hour)\n",
  );

/** What each run may do, and the environment that it has then. */
const RUNS: Readonly<Record<Run, readonly [phase: Phase, of: keyof typeof LIFE]>> = {
  create: ["deploy", "create"],
  change: ["change", "change"],
  upgrade: ["upgrade", "upgrade"],
  plan: ["plan", "upgrade"],
  destroy: ["destroy", "upgrade"],
};

/** Types of which each stands for another statement of a first deployment. */
const SAMPLE = [
  "aws_acm_certificate",
  "aws_backup_vault",
  "aws_cloudwatch_log_group",
  "aws_iam_role_policy_attachment",
  "aws_iam_role",
  "aws_kms_alias",
  "aws_kms_key",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "aws_sns_topic",
  "aws_sqs_queue",
  "aws_vpc",
];

(isAsked ? describeOnEmulator : describe.skip)("the life of an environment", () => {
  const texts = lifeTexts();
  let open: PermissionBench;

  const policies = (run: Run): Policy[] => {
    const [phase, of] = RUNS[run];
    return policiesOf(planEnvironment(LIFE[of]), stackUse(JSON.parse(texts[of]) as SynthesizedStack), phase);
  };
  const refusedIn = (run: string): Question[] => logged(open.folder, [run]).flatMap(({ refused }: Logged) => refused);
  const allows = (statement: PolicyStatement, question: Question): boolean =>
    evaluate(JSON.stringify({ Statement: [statement] }), question) === "Allow";

  beforeEach(async () => {
    open = await PermissionBench.open(withoutBackend(texts.create));
  }, 2 * MINUTES);

  afterEach(async () => {
    await open.close();
  });

  test(
    "is deployed, changed, upgraded, planned and destroyed, each by a user with exactly the policies for it",
    async () => {
      await live(open, texts, (run) => open.userWith(policies(run)));

      for (const run of Object.keys(RUNS)) {
        const requests = logged(open.folder, [run]);
        expect([run, requests.length > 300, requests.every(({ checked }) => checked)]).toEqual([run, true, true]);
        expect(refusedIn(run)).toEqual([]);
      }
    },
    60 * MINUTES,
  );

  test(
    "does not begin where one of ten statements is missing",
    async () => {
      await prepareLife(open);
      await configure(open, withoutBackend(texts.create));
      const { resource = {} } = JSON.parse(texts.create) as SynthesizedStack;
      const all = policies("create");
      const taken = new Set<string>();
      for (const type of SAMPLE) {
        const statement = statementOf(type, all, taken);
        taken.add(statement.Sid);
        const target = `-target=${type}.${Object.keys(resource[type] ?? {})[0] ?? ""}`;
        const run = `without-${statement.Sid}`;
        const user = open.userWith(without(all, statement));
        const { code } = await open.run(run, ["apply", "-auto-approve", target], user);

        const refused = refusedIn(run);
        expect([type, statement.Sid, code, refused.length > 0]).toEqual([type, statement.Sid, 1, true]);
        expect(refused.filter((question) => !allows(statement, question))).toEqual([]);
      }
      expect(taken.size).toBeGreaterThanOrEqual(10);
    },
    30 * MINUTES,
  );
});

/** The statement that lets resources of a type be made; another one for each type. */
function statementOf(type: string, policies: readonly Policy[], taken: ReadonlySet<string>): PolicyStatement {
  const actions = Object.values(recorded[type]?.["create"] ?? {})
    .flat()
    .map((permission) => permission.split(" ")[0] ?? "");
  const found = policies
    .flatMap(({ document }) => document.Statement)
    .find(({ Sid, Action }) => !taken.has(Sid) && Action.some((action) => actions.includes(action)));
  if (found === undefined) throw new Error(`${type}: no statement is left for it`);
  return found;
}

function without(policies: readonly Policy[], statement: PolicyStatement): Policy[] {
  return policies.map(({ name, document }) => ({
    name,
    document: { ...document, Statement: document.Statement.filter((one) => one !== statement) },
  }));
}
