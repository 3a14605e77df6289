import fc from "fast-check";

import { assertNothingRetained, planWholeDestroy } from "../../cli/destroy-guard";

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
      said: ["no longer exists, so it was taken out of state: aws_cloudwatch_log_group.a"],
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
      "destroy: the plan leaves out 1 of 3 resources (helm_release.pools); run the same command again when the Kubernetes API answers, nothing was destroyed",
    );
    expect(terraform.forgotten).toEqual([]);
  });

  test("takes a release out of state that the cluster has no record of", async () => {
    const terraform = new FakeTerraform(STATE, () => ["helm_release.pools"]);

    await expect(plan(terraform)).resolves.toMatchObject({ deletes: ["aws_cloudwatch_log_group.a", "aws_vpc.b"] });
    expect(terraform.forgotten).toEqual(["helm_release.pools"]);
  });

  test("never forgets a release that the cluster holds, whatever plans leave out", async () => {
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

describe("assertNothingRetained", () => {
  test("accepts a state that has forgotten all that stays", () => {
    expect(() => {
      assertNothingRetained(["aws_lb.front", "aws_db_instance.other"], ["aws_db_instance.main"]);
    }).not.toThrow();
  });

  test.each(["aws_db_instance.main", "aws_db_instance.main[0]", 'aws_db_instance.main["a"]'])(
    "refuses to destroy %s, which stays, and says how to go on",
    (held) => {
      expect(() => {
        assertNothingRetained(["aws_lb.front", held], ["aws_s3_bucket.gone", "aws_db_instance.main"]);
      }).toThrow(
        "destroy: state still holds 1 resources that are to stay (aws_db_instance.main); deploy once more, which forgets them, then run the same command again, nothing was destroyed",
      );
    },
  );

  test("names the first of many", () => {
    const many = ["a.a", "a.b", "a.c", "a.d", "a.e"];

    expect(() => {
      assertNothingRetained(many, many);
    }).toThrow("5 resources that are to stay (a.a, a.b, a.c, and 2 more)");
  });
});
