import fc from "fast-check";

import { assertPlanKeeps, leaveBehind, planWholeDestroy } from "../../cli/destroy-guard";
import type { TerraformState } from "../../domain/lifecycle/state-file";

/** A Terraform whose state holds some addresses, and whose plans leave out what a test says, one plan after the other. */
class FakeTerraform {
  public readonly forgotten: string[] = [];
  private plans = 0;

  public constructor(
    private state: readonly string[],
    private readonly leavesOut: (plan: number) => readonly string[],
  ) {}

  public stateList(): Promise<string[]> {
    return Promise.resolve([...this.state]);
  }

  public planDestroy(): Promise<string[]> {
    this.plans += 1;
    const left = this.leavesOut(this.plans);
    return Promise.resolve(this.state.filter((address) => !left.includes(address)));
  }

  public forget(addresses: readonly string[]): Promise<void> {
    this.forgotten.push(...addresses);
    this.state = this.state.filter((address) => !addresses.includes(address));
    return Promise.resolve();
  }
}

/** Plans with a cluster that holds some releases; gives the deletes and what was said. */
async function plan(terraform: FakeTerraform, held: readonly string[] = []) {
  const said: string[] = [];
  const existing = (releases: readonly string[]): Promise<string[]> =>
    Promise.resolve(releases.filter((release) => held.includes(release)));
  const deletes = await planWholeDestroy(terraform, "p", { existing, say: (text) => said.push(text) });
  return { deletes, said };
}

describe("planWholeDestroy", () => {
  const STATE = ["aws_cloudwatch_log_group.a", "aws_vpc.b", "helm_release.pools"];

  test("takes a plan that deletes all that state holds", async () => {
    const terraform = new FakeTerraform(STATE, () => []);

    await expect(plan(terraform)).resolves.toEqual({ deletes: STATE, said: [] });
    expect(terraform.forgotten).toEqual([]);
  });

  test("takes what is really gone out of state, says so, and ends in the same command", async () => {
    const terraform = new FakeTerraform(STATE, () => ["aws_cloudwatch_log_group.a"]);

    await expect(plan(terraform)).resolves.toEqual({
      deletes: ["aws_vpc.b", "helm_release.pools"],
      said: ["removed from the state, because it no longer exists: aws_cloudwatch_log_group.a"],
    });
    expect(terraform.forgotten).toEqual(["aws_cloudwatch_log_group.a"]);
  });

  test("plans again where one failed request dropped a release, and forgets nothing", async () => {
    const terraform = new FakeTerraform(STATE, (number) => (number === 1 ? ["helm_release.pools"] : []));

    await expect(plan(terraform, ["helm_release.pools"])).resolves.toEqual({ deletes: STATE, said: [] });
    expect(terraform.forgotten).toEqual([]);
  });

  test("refuses while a release is dropped that the cluster still holds", async () => {
    const terraform = new FakeTerraform(STATE, () => ["helm_release.pools"]);

    await expect(plan(terraform, ["helm_release.pools"])).rejects.toThrow(
      "destroy: the plan leaves out 1 of 3 resources (helm_release.pools); nothing was destroyed; run the same command again when the Kubernetes API is reachable",
    );
    expect(terraform.forgotten).toEqual([]);
  });

  test("takes a release out of state that the cluster has no record of", async () => {
    const terraform = new FakeTerraform(STATE, () => ["helm_release.pools"]);

    await expect(plan(terraform)).resolves.toMatchObject({ deletes: ["aws_cloudwatch_log_group.a", "aws_vpc.b"] });
    expect(terraform.forgotten).toEqual(["helm_release.pools"]);
  });

  test("never forgets a release that the cluster holds, even if a plan leaves it out", async () => {
    const leftOut = fc.array(fc.subarray(STATE), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(leftOut, async (plans) => {
        const terraform = new FakeTerraform(STATE, (number) => plans[(number - 1) % plans.length] ?? []);
        const refused = { deletes: ["helm_release.pools"] };
        const planned = await plan(terraform, ["helm_release.pools"]).catch(() => refused);

        expect(terraform.forgotten).not.toContain("helm_release.pools");
        expect(planned.deletes).toContain("helm_release.pools");
      }),
    );
  });
});

describe("leaveBehind", () => {
  const lb = (protectedFromDeletion: boolean) => ({
    mode: "managed",
    type: "aws_lb",
    name: "front",
    provider: "",
    instances: [{ schema_version: 0, attributes: { enable_deletion_protection: protectedFromDeletion } }],
  });
  const terraformWith = (state: readonly string[], isProtected = false) =>
    Object.assign(new FakeTerraform(state, () => []), {
      pullState: (): Promise<TerraformState> => Promise.resolve({ serial: 1, resources: [lb(isProtected)] }),
    });

  test("takes every instance of what stays out of state, and nothing else", async () => {
    const terraform = terraformWith(["a.b[0]", "a.b[1]", "a.bc", "c.d"]);

    await expect(leaveBehind(terraform, ["a.b", "c.d", "e.f"])).resolves.toEqual(["a.b[0]", "a.b[1]", "c.d"]);
    expect(terraform.forgotten).toEqual(["a.b[0]", "a.b[1]", "c.d"]);
    await expect(leaveBehind(terraform, ["a.b", "c.d", "e.f"])).resolves.toEqual([]);
  });

  test("refuses while AWS protects what does not stay, and forgets nothing", async () => {
    const terraform = terraformWith(["a.b"], true);

    await expect(leaveBehind(terraform, ["a.b"])).rejects.toThrow(
      'destroy: AWS still protects aws_lb.front from deletion, so nothing was destroyed; deploy with "retain" first, then run the same command again',
    );
    expect(terraform.forgotten).toEqual([]);
  });

  test("does nothing where nothing stays", async () => {
    await expect(leaveBehind(terraformWith(["a.b"], true), [])).resolves.toEqual([]);
  });
});

describe("assertPlanKeeps", () => {
  test("accepts a plan that takes nothing that stays", () => {
    expect(() => {
      assertPlanKeeps(["aws_db_instance.main"], ["aws_lb.front", "aws_db_instance.other"]);
    }).not.toThrow();
  });

  test.each(["aws_db_instance.main", "aws_db_instance.main[0]", 'aws_db_instance.main["a"]'])(
    "refuses a plan that takes %s, which stays",
    (taken) => {
      expect(() => {
        assertPlanKeeps(["aws_s3_bucket.gone", "aws_db_instance.main"], ["aws_lb.front", taken]);
      }).toThrow("destroy: the plan deletes aws_db_instance.main, which must stay, so nothing was destroyed");
    },
  );
});
