import {
  bucketStatements,
  logBucketStatements,
  planBlobAccess,
  roleStatements,
  USER_CODE_POD_NAMES,
} from "../../../domain/storage/bucket-access";
import { context } from "../../support/fakes";

const ARNS = { bucketArn: "arn:aws:s3:::b", keyArn: "arn:aws:kms:us-east-1:1:key/k" };
const ACCESS = planBlobAccess("pod-identity", context);

describe("who may reach the bucket", () => {
  test("the role reads, writes and deletes objects and changes nothing about the bucket", () => {
    const actions = roleStatements(ACCESS, ARNS).flatMap(({ Action }) => Action);

    expect(actions.filter((action) => !/^(kms|s3:(Get|List|Put|Delete)Object|s3:(List|Abort))/.test(action))).toEqual([
      "s3:GetBucketLocation",
    ]);
  });

  test("the bucket only refuses, and names the pods that run users' code", () => {
    const statements = bucketStatements({ account: context.account, userCodePodNames: USER_CODE_POD_NAMES }, ARNS);

    expect(statements.map(({ Effect, Sid }) => `${Effect} ${Sid}`)).toEqual([
      "Deny TlsOnly",
      "Deny OwnAccountOnly",
      "Deny NoOtherEncryption",
      "Deny NoOtherKey",
      "Deny NoPodThatRunsUsersCode",
    ]);
    expect(statements.at(-1)?.Condition).toEqual({
      StringLike: { "aws:PrincipalTag/kubernetes-pod-name": USER_CODE_POD_NAMES },
    });
  });

  test("only S3 writes the access logs, of one bucket", () => {
    const [, writer] = logBucketStatements(context, { ...ARNS, logsArn: "arn:aws:s3:::logs" });

    expect(writer).toMatchObject({
      Principal: { Service: "logging.s3.amazonaws.com" },
      Condition: {
        StringEquals: { "aws:SourceAccount": context.account },
        ArnLike: { "aws:SourceArn": ARNS.bucketArn },
      },
    });
  });

  test("pods that run users' code or have no setting of the bucket do not get the role", () => {
    expect(ACCESS.refusedPodNames).toEqual(expect.arrayContaining([...USER_CODE_POD_NAMES, "*-multiplayer-ws-*"]));
  });
});

describe("USER_CODE_POD_NAMES", () => {
  const matches = (pod: string): boolean =>
    USER_CODE_POD_NAMES.some((pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(pod));

  test.each(["retool-code-executor-6c9f-x2x", "retool-js-executor-77-abcde", "other-release-code-executor-1-2"])(
    "names %s",
    (pod) => {
      expect(matches(pod)).toBe(true);
    },
  );

  test.each(["retool-6c9f-x2x", "retool-jobs-runner-1-2", "retool-workflow-worker-1-2", "retool-r2-agent-worker-1-2"])(
    "does not name %s",
    (pod) => {
      expect(matches(pod)).toBe(false);
    },
  );
});
