import type { BlobSpec } from "../../domain/storage/storage";
import { BUCKET_USERS } from "../../domain/egress/platform";
import { describeWithRenderedChart, renderedChart } from "../support/contracts";
import { deployments, describeWithChart, render } from "../support/helm-template";
import { releaseValues } from "../support/retool-release";

type Environment = Readonly<Record<string, unknown>>;

interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly serviceAccountName: string | null;
  readonly containers: readonly { readonly env: Environment }[];
}

interface Variant {
  readonly workloads: readonly Workload[];
  readonly sandboxJobTemplate: unknown;
}

const { variants } = renderedChart() as unknown as {
  readonly variants: Readonly<Record<string, Variant>>;
};
const environmentOf = ({ containers }: Workload): Environment => containers[0]?.env ?? {};
const workloads = (variant: string): readonly Workload[] => variants[variant]?.workloads ?? [];
const namesWhere = (variant: string, test: (environment: Environment) => boolean): string[] =>
  workloads(variant)
    .filter((workload) => test(environmentOf(workload)))
    .map(({ name }) => name)
    .sort();

/** Every pod that the chart tells of blob storage, with all features on. */
const USERS = [
  "retool",
  "retool-agent-eval-worker",
  "retool-agent-worker",
  "retool-git-server",
  "retool-jobs-runner",
  "retool-r2-agent-worker",
  "retool-workflow-worker",
];

describeWithRenderedChart("the pods that use blob storage, with a bucket of the environment's own", () => {
  test("for app storage are the backends that run apps, workflows and agents", () => {
    const users = namesWhere("everything", (environment) => "RR_BLOB_STORAGE_PROVIDER" in environment);

    expect(users).toEqual(USERS);
    expect(users).toHaveLength(BUCKET_USERS.length);
  });

  test.each([
    ["default", "retool"],
    ["everything", "retool-git-server"],
  ])("for Git repositories are those with the Git server: in the variant %s %s", (variant, expected) => {
    const servers = namesWhere(variant, ({ SERVICE_TYPE: type }) => String(type).split(",").includes("RR_GIT_SERVER"));

    expect(servers).toEqual([expected]);
    expect(namesWhere(variant, (environment) => "RR_DEFAULT_S3_BUCKET" in environment)).toContain(expected);
  });

  test("for snapshots of sandboxes are api and r2 worker, not the sandboxes, their controller or their proxy", () => {
    const users = namesWhere("everything", (environment) => "RR_DEFAULT_S3_BUCKET" in environment);
    const sandboxes = workloads("everything").filter(({ name }) => name.startsWith("retool-agent-sandbox"));

    expect(users).toEqual(expect.arrayContaining(["retool", "retool-r2-agent-worker"]));
    expect(sandboxes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["retool-agent-sandbox-controller", "retool-agent-sandbox-proxy"]),
    );
    expect(JSON.stringify([sandboxes, variants["everything"]?.sandboxJobTemplate])).not.toMatch(
      /RR_DEFAULT_|SNAPSHOT_S3|AWS_ACCESS_KEY/i,
    );
    expect(releaseValues().rr.agentSandbox).not.toHaveProperty("snapshotStorage");
  });

  test("have the identity of the service account and no key", () => {
    const users = workloads("everything").filter(({ name }) => USERS.includes(name));

    expect(new Set(users.map(({ serviceAccountName }) => serviceAccountName))).toEqual(new Set(["retool"]));
    expect(JSON.stringify(users)).not.toMatch(/ACCESS_KEY|AWS_ROLE_ARN/);
  });

  test("for the agents' evaluations get another bucket by their own variables, none by default", () => {
    expect(namesWhere("everything", (environment) => "AGENT_EVALS_S3_BUCKET" in environment)).toEqual([]);
  });
});

const EXISTING: readonly (readonly [BlobSpec, string, string])[] = [
  [
    { kind: "s3-keys", bucket: "bbb", accessKeyId: "AKIAEXAMPLE", secretAccessKey: "team/s3-key" },
    "RR_DEFAULT_S3_SECRET_ACCESS_KEY",
    "secret-access-key",
  ],
  [{ kind: "gcs", bucket: "bbb", credentials: "team/gcs" }, "RR_DEFAULT_GCS_CREDENTIALS", "credentials.json"],
  [
    { kind: "azure", account: "retoolblobs", container: "ccc", connectionString: "team/azure" },
    "RR_DEFAULT_AZURE_CONNECTION_STRING",
    "connection-string",
  ],
];
const EVERYTHING = { features: { dbconnector: true, agents: true, multiplayer: true, mcp: true } };

describeWithChart("the pods that use blob storage which exists", () => {
  test.each(EXISTING)("are the same, and find the credential in one Secret: %#", (blobStorage, variable, key) => {
    const { objects, error } = render(releaseValues({ blobStorage, retool: EVERYTHING }));
    const found = Object.entries(deployments(objects));
    const users = found.filter(([, workload]) => JSON.stringify(workload).includes(variable));

    expect(error).toBe("");
    // Without pods of its own the Git server is in api.
    expect(users.map(([name]) => name).sort()).toEqual(USERS.filter((name) => name !== "retool-git-server"));
    for (const [, { spec }] of users) {
      const entry = spec.template.spec.containers[0]?.env?.find(({ name }) => name === variable);
      expect(entry?.valueFrom).toEqual({ secretKeyRef: { name: "retool-blob-storage", key } });
    }
    expect(JSON.stringify(objects)).not.toContain("team/");
  });
});
