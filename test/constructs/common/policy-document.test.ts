import {
  podIdentityTrust,
  policyDocument,
  serviceTrust,
  webIdentityTrust,
} from "../../../constructs/common/policy-document";

const parse = (text: string): unknown => JSON.parse(text);

describe("policyDocument", () => {
  test("allows unless a statement denies", () => {
    expect(
      parse(
        policyDocument([
          { Action: "s3:GetObject", Resource: "*" },
          { Effect: "Deny", Action: "s3:*", Resource: "*" },
        ]),
      ),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
        { Effect: "Deny", Action: "s3:*", Resource: "*" },
      ],
    });
  });

  test("keeps an IAM policy variable, which looks like a Terraform template", () => {
    expect(policyDocument([{ Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${aws:username}/*" }])).toContain(
      "$${aws:username}",
    );
  });
});

test("serviceTrust lets only the service assume the role", () => {
  expect(parse(serviceTrust("eks.amazonaws.com"))).toMatchObject({
    Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
});

test("webIdentityTrust accepts the tokens of one service account that were made for STS", () => {
  const issuer = "oidc.eks.us-east-1.amazonaws.com/id/1";

  expect(
    parse(webIdentityTrust({ providerArn: "arn:p", issuer, namespace: "apps", serviceAccount: "retool" })),
  ).toMatchObject({
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: "arn:p" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: "sts.amazonaws.com",
            [`${issuer}:sub`]: "system:serviceaccount:apps:retool",
          },
        },
      },
    ],
  });
});

describe("podIdentityTrust", () => {
  test("accepts one service account of one namespace", () => {
    expect(parse(podIdentityTrust({ namespace: "retool", serviceAccount: "retool" }))).toMatchObject({
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Condition: {
            StringEquals: {
              "aws:RequestTag/kubernetes-namespace": "retool",
              "aws:RequestTag/kubernetes-service-account": "retool",
            },
          },
        },
      ],
    });
  });

  test("denies pods by name on top", () => {
    const trust = podIdentityTrust({ namespace: "n", serviceAccount: "s", refusedPodNames: ["*-code-executor-*"] });

    expect(parse(trust)).toMatchObject({
      Statement: [
        { Effect: "Allow" },
        {
          Effect: "Deny",
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: { StringLike: { "aws:RequestTag/kubernetes-pod-name": ["*-code-executor-*"] } },
        },
      ],
    });
  });
});
