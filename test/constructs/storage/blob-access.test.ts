import { BlobAccess } from "../../../constructs/storage/blob-access";
import { BlobStorage } from "../../../constructs/storage/blob-storage";
import { type BlobStorageSpec, planBlobStorage } from "../../../domain/storage/s3";
import { describeWithRenderedChart, renderedChart } from "../../support/contracts";
import { cluster, context, encryptionKey } from "../../support/fakes";
import { evaluate, type IamRequest } from "../../support/iam-evaluator";
import { synthesize } from "../../support/synthesize";

const BUCKET = "arn:aws:s3:::my-bucket";
const OBJECT = `${BUCKET}/apps/1`;
const spec: BlobStorageSpec = { bucketName: "my-bucket" };
const plan = planBlobStorage(spec, context).plan;

const template = synthesize((stack) => {
  const storage = { bucketName: "my-bucket", bucketArn: BUCKET };
  new BlobAccess(stack, "Access", { plan: plan.access, cluster, storage, encryptionKey });
});
const trust = template.only("aws_iam_role")["assume_role_policy"] as string;
const permissions = template.only("aws_iam_role_policy")["policy"] as string;

/** The bucket's policy with the reference to the bucket resolved as Terraform does it. */
const bucketPolicy = (
  synthesize((stack) => new BlobStorage(stack, "Blob", { plan, encryptionKey }))
    .all("aws_s3_bucket_policy")
    .find((policy) => (policy["policy"] as string).includes("NoPodThatRunsUsersCode"))!["policy"] as string
).replaceAll(/\$\{aws_s3_bucket\.[A-Za-z0-9_]+\.arn\}/g, BUCKET);

/** What EKS Pod Identity asks of the role for a pod, and what the pod's session then asks of the bucket. */
interface Pod {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly name: string;
}

/** A workload as the contract describes it. */
interface Workload {
  readonly name: string;
  readonly serviceAccountName: string | null;
  readonly containers: readonly { readonly env: Readonly<Record<string, unknown>> }[];
}

const tags = (prefix: string, { namespace, serviceAccount, name }: Pod): Record<string, string> => ({
  [`${prefix}/kubernetes-namespace`]: namespace,
  [`${prefix}/kubernetes-service-account`]: serviceAccount,
  [`${prefix}/kubernetes-pod-name`]: name,
});
const assume = (pod: Pod, service = "pods.eks.amazonaws.com"): string =>
  evaluate(trust, { action: "sts:AssumeRole", service, context: tags("aws:RequestTag", pod) });
const session = (pod: Pod): Record<string, string> => ({
  ...tags("aws:PrincipalTag", pod),
  "aws:PrincipalAccount": context.account,
  "aws:SecureTransport": "true",
});
const read = (context: Record<string, string>, over: Partial<IamRequest> = {}): string =>
  evaluate(bucketPolicy, { action: "s3:GetObject", resource: OBJECT, context, ...over });

const retool = (name: string): Pod => ({ namespace: "retool", serviceAccount: "retool", name });

describe("who gets the role and the bucket", () => {
  test.each([
    "retool-6c9f8d-x2x5v",
    "retool-jobs-runner-6c9f8d-x2x5v",
    "retool-workflow-worker-6c9f8d-x2x5v",
    "retool-r2-agent-worker-6c9f8d-x2x5v",
    "retool-git-server-6c9f8d-x2x5v",
  ])("%s does", (name) => {
    expect(assume(retool(name))).toBe("Allow");
    expect(read(session(retool(name)))).toBe("None");
  });

  test.each(["retool-code-executor-6c9f8d-x2x5v", "retool-js-executor-6c9f8d-x2x5v", "blue-code-executor-1-2"])(
    "%s does not, although it runs as the same service account",
    (name) => {
      expect(assume(retool(name))).toBe("Deny");
      expect(read(session(retool(name)))).toBe("Deny");
    },
  );

  test.each<[string, Pod]>([
    ["a sandbox, which runs as the default service account", { ...retool("sandbox-1"), serviceAccount: "default" }],
    [
      "the sandbox controller",
      { ...retool("retool-agent-sandbox-controller-1-2"), serviceAccount: "retool-agent-sandbox-controller" },
    ],
    ["a pod of another namespace", { ...retool("retool-1-2"), namespace: "default" }],
  ])("%s does not get the role", (_, pod) => {
    expect(assume(pod)).toBe("None");
  });

  test("another AWS service does not get the role", () => {
    expect(assume(retool("retool-1-2"), "ec2.amazonaws.com")).toBe("None");
  });

  test("a session without a pod's name is not taken for one with it", () => {
    const role = { "aws:PrincipalAccount": context.account, "aws:SecureTransport": "true" };

    expect(read(role)).toBe("None");
  });
});

describeWithRenderedChart("the role and the chart", () => {
  test.each([
    "default",
    "everything",
    "dbconnector",
    "dedicated-proxy-chart-policies",
    "temporal-external-mtls",
    "temporal-local",
  ])("the pods with the role are those with a setting of the bucket: %s", (variant) => {
    const { variants } = renderedChart() as {
      variants: Record<string, { workloads: readonly Workload[] }>;
    };
    const { workloads } = variants[variant]!;
    const podOf = ({ name, serviceAccountName }: Workload): Pod => ({
      namespace: "retool",
      serviceAccount: serviceAccountName ?? "default",
      name: `${name}-6c9f8d-x2x5v`,
    });
    const usesBucket = ({ containers }: Workload): boolean =>
      containers.some(({ env }) => Object.hasOwn(env, "RR_DEFAULT_S3_BUCKET"));
    const names = (chosen: readonly Workload[]): string[] => chosen.map(({ name }) => name);

    expect(names(workloads.filter((workload) => assume(podOf(workload)) === "Allow"))).toEqual(
      names(workloads.filter(usesBucket)),
    );
    expect(names(workloads.filter(usesBucket))).toContain("retool-jobs-runner");
  });
});

describe("what the role may do", () => {
  const may = (action: string, resource: string, over: Record<string, string> = {}): boolean =>
    evaluate(permissions, { action, resource, context: over }) === "Allow";

  test.each([
    ["s3:ListBucket", BUCKET],
    ["s3:GetBucketLocation", BUCKET],
    ["s3:GetObject", OBJECT],
    ["s3:PutObject", OBJECT],
    ["s3:DeleteObject", OBJECT],
    ["s3:AbortMultipartUpload", OBJECT],
    ["s3:ListMultipartUploadParts", OBJECT],
  ])("%s", (action, resource) => {
    expect(may(action, resource)).toBe(true);
  });

  test.each([
    ["s3:DeleteObjectVersion", OBJECT],
    ["s3:PutBucketPolicy", BUCKET],
    ["s3:PutLifecycleConfiguration", BUCKET],
    ["s3:DeleteBucket", BUCKET],
    ["s3:GetObject", "arn:aws:s3:::my-bucket-logs/s3/1"],
    ["s3:ListBucket", "arn:aws:s3:::other"],
    ["s3:ListAllMyBuckets", "*"],
  ])("not %s on %s", (action, resource) => {
    expect(may(action, resource)).toBe(false);
  });

  test("the key, only for S3 of the region", () => {
    const through = (service: string): boolean =>
      may("kms:Decrypt", encryptionKey.keyArn, { "kms:ViaService": service });

    expect(through("s3.us-east-1.amazonaws.com")).toBe(true);
    expect(through("secretsmanager.us-east-1.amazonaws.com")).toBe(false);
    expect(may("kms:Decrypt", encryptionKey.keyArn)).toBe(false);
    expect(may("kms:Encrypt", encryptionKey.keyArn, { "kms:ViaService": "s3.us-east-1.amazonaws.com" })).toBe(false);
  });
});

describe("what the bucket refuses from everybody", () => {
  const own = { "aws:PrincipalAccount": context.account, "aws:SecureTransport": "true" };
  const put = (headers: Record<string, string>): string => read({ ...own, ...headers }, { action: "s3:PutObject" });

  test("plain HTTP", () => {
    expect(read({ ...own, "aws:SecureTransport": "false" })).toBe("Deny");
  });

  test("other accounts and the anonymous", () => {
    expect(read({ ...own, "aws:PrincipalAccount": "999999999999" })).toBe("Deny");
    expect(read({ "aws:SecureTransport": "true" })).toBe("Deny");
  });

  test("but not AWS services, whose own rules decide", () => {
    expect(read({ "aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "true" })).toBe("None");
  });

  test("another encryption or another key", () => {
    const sse = "s3:x-amz-server-side-encryption";

    expect(put({})).toBe("None");
    expect(put({ [sse]: "aws:kms" })).toBe("None");
    expect(put({ [sse]: "aws:kms", [`${sse}-aws-kms-key-id`]: encryptionKey.keyArn })).toBe("None");
    expect(put({ [sse]: "AES256" })).toBe("Deny");
    expect(put({ [sse]: "aws:kms", [`${sse}-aws-kms-key-id`]: "arn:aws:kms:us-east-1:1:key/other" })).toBe("Deny");
  });
});

describe("BlobAccess", () => {
  test("binds the role to Retool's one service account", () => {
    expect(template.only("aws_eks_pod_identity_association")).toMatchObject({
      cluster_name: "retool-prod",
      namespace: "retool",
      service_account: "retool",
      role_arn: expect.stringMatching(/^\$\{aws_iam_role\.Access_Role_\w+\.arn\}$/),
    });
  });
});

describe("with IAM roles for service accounts", () => {
  const access = planBlobStorage({ ...spec, identity: "irsa" }, context).plan.access;
  const synthesized = (hasOidcProvider: boolean) => {
    let role: string | undefined;
    const made = synthesize((stack) => {
      const storage = { bucketName: "my-bucket", bucketArn: BUCKET };
      const props = { plan: access, cluster, storage, encryptionKey, hasOidcProvider };
      role = new BlobAccess(stack, "Access", props).annotatedRoleArn;
    });
    return { made, role, trust: made.only("aws_iam_role")["assume_role_policy"] as string };
  };
  const issuer = `\${replace(\"${cluster.oidcIssuer}\", \"https://\", \"\")}`;

  test("the role trusts the tokens of the service account, by a provider that is made", () => {
    const { made, role, trust: document } = synthesized(false);

    expect(made.only("aws_iam_openid_connect_provider")).toMatchObject({
      url: cluster.oidcIssuer,
      client_id_list: ["sts.amazonaws.com"],
    });
    expect(document.replaceAll("\\", "")).toContain(
      `"${issuer.replaceAll("\\", "")}:sub":"system:serviceaccount:retool:retool"`,
    );
    expect(document).toContain("aws_iam_openid_connect_provider");
    expect(role).toBeDefined();
    expect(made.all("aws_eks_pod_identity_association")).toEqual([]);
  });

  test("or by one that the cluster has", () => {
    const { made, trust: document } = synthesized(true);

    expect(made.all("aws_iam_openid_connect_provider")).toEqual([]);
    expect(document).toContain(`arn:aws:iam::${context.account}:oidc-provider/`);
  });
});
