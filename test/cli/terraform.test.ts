import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { Failure } from "../../cli/failure";
import { type Progress, Terraform } from "../../cli/terraform";

const folder = mkdtempSync(join(tmpdir(), "terraform-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A `terraform` that prints what a test says and exits as it says. */
function terraform(stdout: string, code = 0): Terraform {
  writeFileSync(join(folder, "answer"), stdout);
  writeFileSync(join(folder, "terraform"), `#!/bin/sh\ncat "${folder}/answer"\nexit ${String(code)}\n`);
  chmodSync(join(folder, "terraform"), 0o755);
  return new Terraform(folder, { PATH: `${folder}:${process.env["PATH"] ?? ""}` });
}

const line = (message: object): string => JSON.stringify(message);

describe("Terraform", () => {
  test("counts what an apply has done and names what it waits for", async () => {
    const seen: Progress[] = [];
    const output = [
      line({ type: "change_summary", changes: { add: 2, change: 1, remove: 0, operation: "plan" } }),
      line({ type: "apply_start", hook: { resource: { addr: "aws_vpc.a" } } }),
      line({ type: "apply_start", hook: { resource: { addr: "aws_eip.b" } } }),
      line({ type: "apply_complete", hook: { resource: { addr: "aws_vpc.a" } } }),
      "not JSON",
    ];
    await terraform(output.join("\n")).apply((progress) => seen.push(progress));

    expect(seen.at(-1)).toEqual({ done: 1, total: 3, running: ["aws_eip.b"] });
  });

  test("says nothing of a fix where a signal ended it", async () => {
    const killed = terraform("");
    writeFileSync(join(folder, "terraform"), "#!/bin/sh\nkill -KILL $$\n");

    await expect(killed.plan()).rejects.toThrow(
      "terraform plan: was stopped by SIGKILL before it finished; run the same command again",
    );
  });

  test("takes the number of deletes of a saved plan, which Terraform does not repeat", async () => {
    const seen: Progress[] = [];
    await terraform(line({ type: "apply_start", hook: { resource: { addr: "aws_vpc.a" } } })).applyPlan(
      "p",
      7,
      (progress) => seen.push(progress),
    );

    expect(seen).toEqual([{ done: 0, total: 7, running: ["aws_vpc.a"] }]);
  });

  test("says once for each server that it went away, however many requests it took with it", async () => {
    const failed = (address: string, summary: string): string =>
      line({ type: "diagnostic", diagnostic: { severity: "error", address, summary } });
    const numbers = ["1", "2", "3", "4", "5"];
    const each = (name: string, summary: string): string[] => numbers.map((n) => failed(`${name}.${n}`, summary));
    const cluster = 'Get "https://k.example:443/api": dial tcp 10.0.0.1:443: connect: connection refused';
    const proxy = "dial tcp 10.0.0.9:3128: connect: connection refused";
    const output = [
      ...each("a", 'an error on the server ("socket hang up")'),
      ...each("c", cluster),
      ...each("d", proxy),
      failed("e.1", 'Post "https://kms.example/": EOF'),
      failed("b.b", "refused"),
    ];
    const apply = terraform(output.join("\n"), 1).apply(() => undefined);

    await expect(apply).rejects.toThrow(
      new Failure(
        'terraform apply: a.1: an error on the server ("socket hang up")',
        `terraform apply: c.1: ${cluster}`,
        `terraform apply: d.1: ${proxy}`,
        'terraform apply: e.1: Post "https://kms.example/": EOF',
        "terraform apply: b.b: refused",
        'terraform apply: 4 more requests ended in the same way: an error on the server ("socket hang up")',
        "terraform apply: 4 more requests did not reach k.example:443",
        "terraform apply: 4 more requests did not reach 10.0.0.9:3128",
      ),
    );
  });

  test("fails with one line for each error, with its address", async () => {
    const error = {
      severity: "error",
      summary: "creating EKS Cluster",
      detail: "no such\n  role",
      address: "aws_eks_cluster.it",
    };
    const apply = terraform(line({ type: "diagnostic", diagnostic: error }), 1).apply(() => undefined);

    await expect(apply).rejects.toThrow("terraform apply: aws_eks_cluster.it: creating EKS Cluster (no such role)");
  });

  test("names the resource that failed where Terraform does not", async () => {
    const output = [
      line({ type: "apply_start", hook: { resource: { addr: "helm_release.retool" } } }),
      line({ type: "apply_errored", hook: { resource: { addr: "helm_release.retool" } } }),
      line({ type: "diagnostic", diagnostic: { severity: "error", summary: "context deadline exceeded" } }),
    ];

    await expect(terraform(output.join("\n"), 1).applyPlan("p", 1, () => undefined)).rejects.toThrow(
      "terraform apply: helm_release.retool: context deadline exceeded",
    );
  });

  test("names of several that failed the one whose id the error mentions", async () => {
    const failing = Object.entries({ a: "retool", b: "retool-node-classes", c: "karpenter" }).flatMap(([name, id]) => {
      const resource = { addr: `helm_release.${name}` };
      return [
        line({ type: "apply_start", hook: { resource, id_key: "id", id_value: id } }),
        line({ type: "apply_errored", hook: { resource } }),
      ];
    });
    const said = ["failed to delete release: retool-node-classes", "delete secrets retool", "timed out"];
    const errors = said.map((summary) => line({ type: "diagnostic", diagnostic: { severity: "error", summary } }));
    const all = "helm_release.a or helm_release.b or helm_release.c";

    await expect(terraform([...failing, ...errors].join("\n"), 1).applyPlan("p", 3, () => undefined)).rejects.toThrow(
      [`helm_release.b: ${said[0]}`, `helm_release.a: ${said[1]}`, `${all}: ${said[2]}`]
        .map((text) => `terraform apply: ${text}`)
        .join("\n"),
    );
  });

  test("says once that a provider ended, however many resources it worked on", async () => {
    const unanswered = ["a", "b"].map((name) =>
      line({
        type: "diagnostic",
        diagnostic: {
          severity: "error",
          address: `aws_vpc.${name}`,
          summary: name === "a" ? "Plugin did not respond" : "Request cancelled",
          detail: "The plugin.(*GRPCProvider).ApplyResourceChange request was cancelled.",
        },
      }),
    );
    const refused = line({
      type: "diagnostic",
      diagnostic: { severity: "error", address: "aws_eip.c", summary: "no" },
    });

    await expect(terraform([...unanswered, refused].join("\n"), 1).apply(() => undefined)).rejects.toThrow(
      new Failure(
        "terraform apply: a provider ended while it worked on resources (2 without an answer): it was killed, or memory ran out",
        "terraform apply: aws_eip.c: no",
      ).message,
    );
  });

  test("says that it was killed instead of the end of its log", async () => {
    const killed = terraform("aws_vpc.a: Creating...");
    writeFileSync(join(folder, "terraform"), '#!/bin/sh\necho "aws_vpc.a: Creating..."\nkill -9 $$\n');

    await expect(killed.apply(() => undefined)).rejects.toThrow(
      /^terraform apply: was stopped by SIGKILL before it finished$/,
    );
  });

  test("takes no state file for an empty state, but never an error", async () => {
    await expect(terraform("No state file was found!", 1).stateList()).resolves.toEqual([]);
    await expect(terraform("Error: Failed to load state: EOF", 1).stateList()).rejects.toThrow(
      "terraform state list: Failed to load state: EOF; restore the state from its backup, then run the same command again",
    );
  });

  test("says who holds the lock of the state, and what to do", async () => {
    const text = [
      "│ Error: Error acquiring the state lock",
      "│ ",
      "│ Error message: operation error S3: PutObject, StatusCode: 412, PreconditionFailed",
      "│ Lock Info:",
      "│   ID:        0f3c",
      "│   Path:      bucket/prod/terraform.tfstate",
      "│   Operation: OperationTypeApply",
      "│   Who:       ann@build-3",
      "│   Version:   1.11.4",
      "│   Created:   2026-11-29 23:31:41.481699 +0000 UTC",
    ].join("\n");

    await expect(terraform(text, 1).plannedCreates()).rejects.toThrow(
      `terraform plan: the state is locked since 2026-11-29 23:31:41 by ann@build-3; ask whether that run goes on; only if not, run terraform -chdir=${relative(process.cwd(), folder)} force-unlock 0f3c`,
    );
  });

  test("says what the condition of a resource says, and not where it stands", async () => {
    const refusal = [
      ...["", "Error: Resource postcondition failed", ""],
      "  on cdk.tf.json line 671, in resource.aws_vpc.Network.lifecycle.postcondition[0]:",
      ...['  671:   "condition": "${self.instance_tenancy != \\"dedicated\\"}",', "    ├────────────────"],
      ...[
        '    │ self.instance_tenancy is "dedicated"',
        "",
        "prod: the account has a VPC retool-prod; move the",
        "state",
        "",
      ],
    ];
    const framed = ["╷", ...refusal.map((text) => `│ ${text}`), "╵", ""].join("\n");

    await expect(terraform(framed, 1).plan()).rejects.toThrow(
      /^terraform plan: prod: the account has a VPC retool-prod; move the state$/,
    );
  });

  test("says how to go on when no provider can be installed", async () => {
    await expect(
      terraform("\n│ Error: Failed to query available provider packages\n│ \n│ Could not reach it", 1).init(),
    ).rejects.toThrow(
      "terraform init: Failed to query available provider packages Could not reach it; check that the provider registry can be reached, or point TF_CLI_CONFIG_FILE at a file with a provider mirror",
    );
  });

  test.each([
    [0, "no changes"],
    [2, "changes"],
  ])("reads exit code %i of a plan as %s", async (code, verdict) => {
    await expect(terraform("", code).plan()).resolves.toMatchObject({ verdict });
  });

  test("lists managed resources, not data sources", async () => {
    await expect(terraform("aws_vpc.a\ndata.aws_region.b\nmodule.x.data.aws_region.c").stateList()).resolves.toEqual([
      "aws_vpc.a",
    ]);
  });

  test("leaves sensitive outputs out", async () => {
    const outputs = { url: { sensitive: false, value: "https://a" }, key: { sensitive: true, value: "s" } };

    await expect(terraform(JSON.stringify(outputs)).outputs()).resolves.toEqual({ url: "https://a" });
  });

  test("takes for new in state what is made or imported, and what AWS would refuse to make again; no other replacement and no data source", async () => {
    const change = (mode: string, name: string, ...actions: string[]) => ({
      address: name,
      mode,
      ...(name === "tainted" && { action_reason: "replace_because_tainted" }),
      type: "aws_s3_bucket",
      change: { actions, after: { bucket: name }, ...(name === "imported" && { importing: { id: name } }) },
    });
    const changes = [
      change("managed", "new", "create"),
      change("managed", "replaced", "delete", "create"),
      change("managed", "tainted", "create", "delete"),
      change("managed", "renamed", "create", "delete"),
      { ...change("managed", "tainted", "create", "delete"), type: "aws_nat_gateway" },
      change("managed", "tainted", "delete", "create"),
      change("managed", "kept", "no-op"),
      change("managed", "imported", "update"),
      change("data", "read", "create"),
    ];

    await expect(terraform(line({ resource_changes: changes })).plannedCreates()).resolves.toEqual({
      creates: ["new", "tainted", "imported"].map((name) => ({
        address: name,
        type: "aws_s3_bucket",
        values: { bucket: name },
      })),
    });
  });
});
