import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { planEnvironment } from "../../domain/environment/environment";
import { policiesOf } from "../../domain/permissions/permissions";
import { stackUse, type SynthesizedStack } from "../../domain/permissions/stack";
import { PROJECT } from "../../local/paths";
import type { Question } from "../../scripts/permissions/collect";
import { describeWithPackages, PYTHON } from "../support/available";
import { evaluate } from "../support/iam-evaluator";
import { emulated, LIFE, synthesized } from "../support/permission-specs";
import { strangersOf } from "../support/policy-mutations";

/**
 * The answers of the emulator's own evaluation, and those of moto's, which looks at actions and resources only: it gets the statements
 * without their conditions, and `*` for `?`, which it does not know.
 */
const PROGRAM = `
import copy, json, sys
from emulator.authorization_policies import Question, allows
from moto.iam.access_control import IAMPolicy, PermissionResult
asked = json.load(sys.stdin)
bare = copy.deepcopy(asked["statements"])
for one in bare:
    one.pop("Condition", None)
    one["Resource"] = [arn.replace("??????", "*") for arn in one["Resource"]]
moto = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": bare}))
print(json.dumps([
    [
        allows([{"Statement": asked["statements"]}], Question(**one)),
        allows([{"Statement": bare}], Question(**one)),
        moto.is_action_permitted(one["action"], one["resource"]) == PermissionResult.PERMITTED,
    ]
    for one in asked["questions"]
]))
`;

const requests = JSON.parse(
  readFileSync(join(PROJECT, "test", "domain", "permissions", "requests.json"), "utf8"),
) as Record<string, Question[]>;

/** What stands in for IAM where policies are enforced: three evaluations that share no code, held against each other. */
describeWithPackages()("the evaluation of policies", () => {
  const plan = planEnvironment(LIFE.upgrade);
  const use = stackUse(JSON.parse(emulated(synthesized(LIFE.upgrade))) as SynthesizedStack);
  const recorded = requests["create"] ?? [];

  test("is the same in the emulator, in moto and in the tests", () => {
    const statements = policiesOf(plan, use, "deploy").flatMap(({ document }) => document.Statement);
    const strange = statements.flatMap((statement) =>
      recorded
        .filter(({ action }) => statement.Action.includes(action))
        .slice(0, 3)
        .flatMap((question) => strangersOf(statement, question).map(({ question: other }) => other)),
    );
    const questions = [...recorded, ...strange];
    const input = JSON.stringify({ statements, questions });
    const { stdout, stderr } = spawnSync(PYTHON, ["-c", PROGRAM], {
      input,
      encoding: "utf8",
      cwd: join(PROJECT, "local"),
      maxBuffer: 2 ** 26,
    });
    expect(stderr).toBe("");
    const answers = JSON.parse(stdout) as [emulator: boolean, bare: boolean, moto: boolean][];

    const ours = questions.map(({ action, resource, context }) => {
      const Statement = statements.filter(({ Action }) => Action.includes(action));
      return evaluate(JSON.stringify({ Statement }), { action, resource, context }) === "Allow";
    });
    const counts = { allowed: ours.filter(Boolean).length, refused: ours.filter((one) => !one).length };
    expect(Math.min(counts.allowed, counts.refused)).toBeGreaterThan(150);
    expect(questions.filter((_, index) => answers[index]?.[0] !== ours[index])).toEqual([]);
    expect(questions.filter((_, index) => answers[index]?.[1] !== answers[index]?.[2])).toEqual([]);
  });
});
