import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";

import { ExistingKarpenter } from "../../../constructs/nodes/existing-karpenter";
import { encryptionKey } from "../../support/fakes";
import { synthesize } from "../../support/synthesize";

test("ExistingKarpenter is ready when it may use the key of the disks, and what it waits for stands", () => {
  let made: ExistingKarpenter | undefined;
  const stack = synthesize((scope) => {
    made = new ExistingKarpenter(scope, "Karpenter", {
      karpenter: { instanceProfileName: "theirs", controllerRoleArn: "arn:aws:iam::111122223333:role/karpenter" },
      prefix: "retool-prod",
      encryptionKey,
      after: [{ fqn: "kubernetes_namespace_v1.nodes" }],
    });
  });

  expect(made!.instanceProfileName).toBe("theirs");
  expect(made!.ready).toEqual([{ fqn: "kubernetes_namespace_v1.nodes" }, expect.any(KmsGrant)]);
  expect(stack.only("aws_kms_grant")).toEqual({
    grantee_principal: "arn:aws:iam::111122223333:role/karpenter",
    key_id: encryptionKey.keyArn,
    name: "retool-prod-karpenter",
    operations: [
      "CreateGrant",
      "Decrypt",
      "DescribeKey",
      "GenerateDataKeyWithoutPlaintext",
      "ReEncryptFrom",
      "ReEncryptTo",
    ],
  });
});
