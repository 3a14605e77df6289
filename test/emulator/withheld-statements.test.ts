import type { PolicyStatement } from "../../domain/permissions/policies";
import type { Question } from "../../scripts/permissions/collect";
import { describeWithPackages } from "../support/available";
import { type Attempt, withhold } from "../support/withheld-statements";

const statement = (Sid: string, action: string, Resource = "arn:aws:s3:::one"): PolicyStatement => ({
  Sid,
  Effect: "Allow",
  Action: [action],
  Resource: [Resource],
});
const ask = (action: string, resource = "arn:aws:s3:::one"): Question => ({ action, resource, context: {} });

const REFUSED = ({ action, resource }: Question): Attempt => ({
  code: 1,
  output: `Error: │ not authorized to perform:\n│ ${action} on resource: ${resource}`,
  requests: [{ call: action, invocation: "", checked: true, questions: [], refused: [ask(action, resource)] }],
});

/** Terraform that asks one after the other, and stops where it is refused; some refusals it does not print. */
async function tried(
  Statement: readonly PolicyStatement[],
  questions: readonly Question[],
  silent: readonly string[] = [],
): Promise<readonly [unneeded: readonly string[], attempts: number]> {
  const policies = [{ name: "one", document: { Version: "2012-10-17", Statement } as const }];
  let attempts = 0;
  const { unneeded } = await withhold(policies, (granted) => {
    attempts++;
    const actions = granted.flatMap(({ document }) => document.Statement).flatMap(({ Action }) => Action);
    const refused = questions.find(({ action }) => !actions.includes(action));
    if (refused === undefined) return Promise.resolve({ code: 0, output: "", requests: [] });
    const attempt = REFUSED(refused);
    return Promise.resolve(silent.includes(refused.action) ? { ...attempt, code: 0, output: "" } : attempt);
  });
  return [unneeded, attempts];
}

describeWithPackages()("withheld statements", () => {
  const [a, b] = [statement("A", "s3:GetObject"), statement("B", "s3:PutObject")];

  test("are given back one after the other, as Terraform fails for the lack of each", async () => {
    expect(await tried([a, b], [ask("s3:GetObject"), ask("s3:PutObject")])).toEqual([[], 3]);
  });

  test("are unneeded where nothing asks, where another one allows the same, and where no failure is reported", async () => {
    const twice = statement("C", "s3:GetObject");

    expect(await tried([a, b], [ask("s3:GetObject")])).toEqual([["B"], 2]);
    expect(await tried([a, twice, b], [ask("s3:GetObject"), ask("s3:PutObject")])).toEqual([["A", "C"], 3]);
    expect(await tried([a, b], [ask("s3:GetObject"), ask("s3:PutObject")], ["s3:GetObject"])).toEqual([["A"], 3]);
  });

  test("are given back where Terraform takes a read that is refused for one of something that is gone", async () => {
    const read = statement("C", "s3:GetBucketPolicy");
    const policies = [{ name: "one", document: { Version: "2012-10-17", Statement: [a, read] } as const }];
    const granted: number[] = [];
    const { unneeded } = await withhold(policies, (some) => {
      const count = some.flatMap(({ document }) => document.Statement).length;
      granted.push(count);
      if (count > 0) return Promise.resolve({ code: 0, output: "", requests: [] });
      const reported = REFUSED(ask("s3:GetObject"));
      return Promise.resolve({
        ...reported,
        requests: [...reported.requests, ...REFUSED(ask("s3:GetBucketPolicy")).requests],
      });
    });

    expect(unneeded).toEqual(["C"]);
    expect(granted).toEqual([0, 2]);
  });

  test("do not explain a failure that has another reason", async () => {
    await expect(tried([a], [ask("s3:DeleteObject")])).rejects.toThrow("s3:DeleteObject");
  });
});
