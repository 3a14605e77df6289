import { spawnSync } from "node:child_process";
import { join } from "node:path";

import type { PolicyStatement } from "../../domain/permissions/policies";
import { PROJECT } from "../../local/paths";
import type { Question } from "../../scripts/permissions/collect";
import { PYTHON } from "./available";

const PROGRAM = `
import json, sys
from emulator.authorization_policies import Question, allows
asked = json.load(sys.stdin)
print(json.dumps([
    [index for index, one in enumerate(asked["statements"]) if allows([{"Statement": [one]}], Question(**question))]
    for question in asked["questions"]
]))
`;

/** The statements that allow each question, by the evaluation with which the emulator refuses requests. */
export function allowing(
  statements: readonly PolicyStatement[],
  questions: readonly Question[],
): readonly (readonly PolicyStatement[])[] {
  const { stdout, stderr } = spawnSync(PYTHON, ["-c", PROGRAM], {
    input: JSON.stringify({ statements, questions }),
    encoding: "utf8",
    cwd: join(PROJECT, "local"),
    maxBuffer: 2 ** 26,
  });
  if (stderr !== "") throw new Error(stderr);
  return (JSON.parse(stdout) as number[][]).map((those) => statements.filter((_, index) => those.includes(index)));
}

/** Statements that are the only one to allow something: nothing is denied, so without one of them that is refused. */
export function indispensable(
  statements: readonly PolicyStatement[],
  questions: readonly Question[],
): ReadonlySet<PolicyStatement> {
  const distinct = [...new Map(questions.map((one) => [JSON.stringify(one), one])).values()];
  return new Set(allowing(statements, distinct).flatMap((those) => (those.length === 1 ? those : [])));
}
