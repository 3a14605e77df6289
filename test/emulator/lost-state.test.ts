import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { changesOf } from "../../cli/running/drift";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { prepareAccount } from "../../local/account";
import { ApiServer } from "../support/api-server";
import { local } from "../support/environments/local";
import { Guide } from "../support/guide";
import { Bench, describeOnEmulator, MINUTES, type Ran } from "../support/terraform-bench";
import { secretsIn, type Treasures, treasuresOf } from "../support/treasures";
import { makeWorkspace } from "../support/workspace";

const BUCKET = `cdktf-retool-state-${local.account}-${local.region}`;
const STACK = "cdktf.out/stacks/prod";
const STATE = { region: local.region, "state bucket": BUCKET };
const SANDBOX_KEYS = "retool/prod/sandbox-keys";
const REFUSED = "has a secret of this name that is not in this Terraform state";

/** In us-east-1, version 1 of the AWS CLI, which the tests have, takes RDS's own address unless it is given one. */
const RDS_ON_LOOPBACK = `aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n`;

/** The whole stack `local` in the smallest network, protected as prod is, under its name and with its state in S3. */
const made: EnvironmentSpec = {
  ...local,
  name: "prod",
  network: { zones: 2, nat: "single" },
  dataProtection: "protected",
  backup: { copyTo: { region: "us-west-2" } },
  secrets: { sandboxKeys: { kind: "existing", name: SANDBOX_KEYS } },
  state: { kind: "s3" },
};

/** The same with a database of somebody else; the one that was made stays. */
const existing: EnvironmentSpec = {
  ...made,
  database: { kind: "existing", host: "10.20.0.9", user: "retool_app", secret: "corp/retool-db" },
};

/** The record of a Helm operation that was killed, until it is deleted. */
async function clusterWithStuckRelease(): Promise<ApiServer> {
  const labels = { owner: "helm", name: "retool", status: "pending-install", version: "1" };
  const items = [{ metadata: { name: "sh.helm.release.v1.retool.v1", namespace: "retool", labels } }];
  return ApiServer.start(({ method }) => {
    if (method === "DELETE") items.pop();
    return { json: { items } };
  });
}

/** One environment is deployed, killed and led through docs/guides/interrupted-apply.md; then its state is lost again and again. */
describeOnEmulator("an environment whose deployment was killed and whose state is lost", () => {
  const guide = new Guide("interrupted-apply.md");
  let workspace: string;
  let bench: Bench;
  let cluster: ApiServer;

  beforeAll(async () => {
    workspace = makeWorkspace();
    cluster = await clusterWithStuckRelease();
    bench = await Bench.start(join(workspace, STACK), {
      MOTO_EKS_ENDPOINT: cluster.access.server,
      MOTO_EKS_CA_DATA: Buffer.from(cluster.access.ca ?? "").toString("base64"),
    });
    const { region, license: licenseSecret } = local;
    await prepareAccount(bench.endpoint, {
      ...{ region, licenseSecret, sandboxKeysSecret: SANDBOX_KEYS },
      zoneName: "example.com",
    });
    bench.call([
      {
        service: "secretsmanager",
        operation: "create_secret",
        parameters: { Name: "corp/retool-db", SecretString: "the password of somebody else's database" },
      },
    ]);
    configure(made);
    await succeed("npm run bootstrap -- prod");
    await succeed(guide.take("terraform -chdir=cdktf.out/stacks/prod init"));
  }, 5 * MINUTES);

  afterAll(async () => {
    await bench.close();
    cluster.stop();
    rmSync(workspace, { recursive: true, force: true });
  });

  function configure(spec: EnvironmentSpec): void {
    mkdirSync(join(workspace, "config"), { recursive: true });
    writeFileSync(
      join(workspace, "config", "index.ts"),
      `export const environments = ${JSON.stringify({ prod: spec })};\n`,
    );
  }

  async function succeed(lines: string): Promise<string> {
    const { code, output } = await bench.shell(lines, workspace);
    if (code !== 0) throw new Error(`${lines}\n${output.slice(-4000)}`);
    return output;
  }

  async function apply(): Promise<Ran> {
    return bench.run(["apply", "-auto-approve", "-input=false", "-parallelism=40"]);
  }

  /** What a plan would change; its text says it without loading the providers a second time. */
  async function planned(): Promise<string[]> {
    return changesOf(await succeed(`terraform -chdir=${STACK} plan -input=false -no-color -out=next.tfplan`));
  }

  const deleteState = (): Promise<string> => succeed(`aws s3 rm s3://${BUCKET}/prod/terraform.tfstate`);
  const state = (): Promise<string> => succeed(`terraform -chdir=${STACK} state pull`);

  /** Terraform refuses to apply the stack in a folder, and has changed nothing by then. */
  async function isRefused(folder: string): Promise<void> {
    const requests = bench.operations.length;
    const { code, output } = await bench.shell(
      `terraform -chdir=${folder} apply -auto-approve -input=false -no-color`,
      workspace,
    );
    expect(code).toBe(1);
    expect(output.replaceAll(/[\s│]+/g, " ")).toContain(REFUSED);
    // Terraform writes its own lock and an empty state into the bucket, which these are not.
    expect(bench.operations.slice(requests)).toEqual([]);
  }

  /** The stack refuses by itself; what adopt takes, plan and apply leave as it is; no value comes into state; all of it ends. */
  async function survivesLoss(before: Treasures): Promise<void> {
    await deleteState();
    await isRefused(STACK);

    const said = await succeed("npm run -s adopt -- prod");
    expect(said).not.toContain("left ");
    const changes = await planned();
    expect(changes.filter((one) => /^aws_(secretsmanager|kms|db_subnet|db_parameter|s3)_/.test(one))).toEqual([]);
    const applied = await bench.run(["apply", "-input=false", "-parallelism=40", "next.tfplan"]);
    expect(applied.code === 0 ? "" : applied.output.slice(-4000)).toBe("");
    expect(await planned()).toEqual([]);

    expect(await treasuresOf(bench)).toEqual(before);
    expect(await secretsIn(bench, await state())).toEqual([]);
  }

  test(
    "is locked after a kill, and everything of the guide leads out of it",
    async () => {
      const kill = ({ operation }: { operation: string }, moment: string): boolean =>
        operation === "CreateDBInstance" && moment === "answered";
      expect(await bench.applyKilledWhen(kill)).toBe(true);
      const [, id = ""] = /Error acquiring the state lock[\s\S]*\bID: +([\w-]+)/.exec((await apply()).output) ?? [];
      const diagnosis = guide.take("cdktf-retool doctor");
      const isLocked = /state locked by \S+ since[\s\S]*force-unlock/;
      let found = "";
      // On a busy machine its questions run out of time, and it says that it could not tell.
      for (let tries = 0; tries < 6 && !isLocked.test(found); tries += 1)
        found = (await bench.shell(diagnosis, workspace)).output.replaceAll(/\s+/g, " ");
      expect(found).toMatch(isLocked);
      expect(found).toContain(id);
      const refused = await bench.shell("npm run -s adopt -- prod", workspace);
      expect(refused.output).toContain(`run terraform -chdir=cdktf.out/stacks/prod force-unlock ${id}`);
      await succeed(`echo yes | ${guide.take("force-unlock", { ID: id })}`);

      await succeed(guide.take("cdktf-retool adopt"));
      await succeed(guide.take("cdktf deploy").replace("deploy prod", "deploy prod --auto-approve"));
      expect(await planned()).toEqual([]);
    },
    20 * MINUTES,
  );

  test(
    "is repaired by the other commands of the guide, and there are no more",
    async () => {
      const file = join(workspace, STACK, "cdk.tf.json");
      const stack = JSON.parse(readFileSync(file, "utf8")) as { resource: object };
      // Without a cluster the stack has no releases.
      const helm_release = { retool: { name: "retool", namespace: "retool" } };
      writeFileSync(file, JSON.stringify({ ...stack, resource: { ...stack.resource, helm_release } }));
      const mend = guide.take("helm-records prod --mend");
      const shown = await bench.shell(guide.take("helm-records"), workspace);
      expect(shown.code).toBe(1);
      expect(shown.output).toContain("pending-install");
      expect(await succeed(mend)).toContain("deleted revision 1, which was pending-install");
      writeFileSync(file, JSON.stringify(stack));

      await deleteState();
      const restore = guide.take("list-object-versions", { ...STATE, version: "$version" });
      const [list = "", copy = ""] = restore.split(/^(?=aws s3api copy-object)/m);
      const last = "awk 'END { print $2 }'";
      await succeed(`version=$(${list.trimEnd()} | ${last})\n${copy.replaceAll("'", '"')}`);
      expect(await state()).toContain('"retool-prod"');

      const leftovers = await succeed(guide.take("resourcegroupstaggingapi", STATE));
      expect(leftovers.split("\n").filter((arn) => !/:snapshot:rds:|^$/.test(arn))).toEqual([]);
      const [{ KeyMetadata }] = bench.call([
        { service: "kms", operation: "describe_key", parameters: { KeyId: "alias/retool-prod-data" } },
      ]) as [{ KeyMetadata: { Arn: string } }];
      const users = await succeed(
        RDS_ON_LOOPBACK + guide.take("key=", { ...STATE, "ARN of the key": KeyMetadata.Arn }),
      );
      expect(users).toMatch(/db:retool-prod[\s\S]*retool\/prod\/encryption-key[\s\S]*retool-prod-123456789012/);
      bench.call([
        {
          service: "secretsmanager",
          operation: "delete_secret",
          parameters: { SecretId: "corp/retool-db", RecoveryWindowInDays: 7 },
        },
      ]);
      await succeed(guide.take("restore-secret", { ...STATE, "name of the secret": "corp/retool-db" }));
      expect(await bench.secretValue("corp/retool-db")).not.toBe("");
      expect(guide.left).toEqual([]);
    },
    10 * MINUTES,
  );

  test(
    "with a database that was made here: is refused by its own stack, and goes on after adopt with every secret and key",
    async () => {
      const before = await treasuresOf(bench);
      expect(Object.keys(before)).toEqual(
        expect.arrayContaining(["retool/prod/encryption-key", "alias/retool-prod-data"]),
      );
      await survivesLoss(before);
    },
    15 * MINUTES,
  );

  test.each([
    ["another state key", { s3: { bucket: BUCKET, key: "other/terraform.tfstate", region: local.region } }],
    ["a fork with the same names in the same account", { local: { path: "terraform.tfstate" } }],
  ])(
    "is not overwritten under %s",
    async (_, backend) => {
      const before = await treasuresOf(bench);
      const folder = "cdktf.out/stacks/another";
      await succeed(`cp -a ${STACK} ${folder} && rm ${folder}/.terraform/terraform.tfstate`);
      const stack = JSON.parse(readFileSync(join(workspace, STACK, "cdk.tf.json"), "utf8")) as { terraform: object };
      writeFileSync(
        join(workspace, folder, "cdk.tf.json"),
        JSON.stringify({ ...stack, terraform: { ...stack.terraform, backend } }),
      );
      await succeed(`terraform -chdir=${folder} init -input=false`);

      await isRefused(folder);
      expect(await treasuresOf(bench)).toEqual(before);
      rmSync(join(workspace, folder), { recursive: true });
    },
    5 * MINUTES,
  );

  test(
    "with a database of somebody else: likewise, and the one that was made stays",
    async () => {
      configure(existing);
      await succeed("npm run synth");
      expect((await apply()).code).toBe(0);
      await survivesLoss(await treasuresOf(bench));
      expect(await bench.databases()).toEqual(["retool-prod"]);
    },
    15 * MINUTES,
  );
});
