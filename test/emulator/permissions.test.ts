import { App, TerraformStack, Testing } from "cdktf";

import { collect, type Logged, logged } from "../../scripts/permissions/collect";
import { planEnvironment } from "../../domain/environment/environment";
import { type Phase, policiesOf } from "../../domain/permissions/permissions";
import { recorded } from "../../domain/permissions/recorded";
import { stackUse, type SynthesizedStack } from "../../domain/permissions/stack";
import { declareAws, declareBackend } from "../../stacks";
import { Foundation } from "../../stacks/foundation";
import { local } from "../support/environments/local";
import { ACTIONS, PermissionBench } from "../support/permission-bench";
import { describeOnEmulator, MINUTES } from "../support/terraform-bench";
import { readFacts } from "../../scripts/permissions/facts-file";

const base = {
  ...local,
  state: { kind: "local", path: "terraform.tfstate" },
  network: { zones: 2, nat: "single" },
} as const;

/** Keys, network and guards of an environment: what is told by names, by tags and by who made it. */
function configuration(tags: Readonly<Record<string, string>>): string {
  const stack = new TerraformStack(new App({ skipValidation: true }), "permissions");
  const plan = planEnvironment({ ...base, tags });
  declareBackend(stack, plan.state);
  declareAws(stack, plan);
  new Foundation(stack, "Foundation", { plan });
  return Testing.synth(stack);
}

const before = configuration({});
const after = configuration({ Team: "internal-tools" });
const plan = planEnvironment(base);
const policies = (phase: Phase) => policiesOf(plan, stackUse(JSON.parse(before) as SynthesizedStack), phase);

/** Network and keys as a user who has the policies of one phase, and nothing else. */
describeOnEmulator("a user with exactly the policies of a phase", () => {
  let open: PermissionBench;

  beforeAll(async () => {
    open = await PermissionBench.open(before);
  }, 2 * MINUTES);

  afterAll(async () => {
    await open.close();
  });

  const refusals = (run: string): string[] =>
    logged(open.folder, [run]).flatMap(({ refused }: Logged) => refused.map(({ action }) => action));

  async function terraform(run: string, phase: Phase, ...args: string[]): Promise<void> {
    const { code, output } = await open.run(run, args, open.userWith(policies(phase)));
    expect(refusals(run)).toEqual([]);
    expect(code === 0 ? "" : output).toBe("");
    expect(logged(open.folder, [run]).every(({ checked }) => checked)).toBe(true);
  }

  test(
    "can plan but not deploy, deploy, change, and destroy",
    async () => {
      const planner = open.userWith(policies("plan"));
      const refused = await open.run("refused", ["apply", "-auto-approve", "-parallelism=40"], planner);
      expect(refused.code).toBe(1);
      expect(refusals("refused")).toContain("ec2:CreateVpc");

      await terraform("create", "deploy", "apply", "-auto-approve", "-parallelism=40");
      await terraform("plan", "plan", "plan", "-detailed-exitcode");
      open.bench.configure(after);
      await terraform("change", "change", "apply", "-auto-approve", "-parallelism=40");
      await terraform("destroy", "destroy", "destroy", "-auto-approve", "-parallelism=40");
    },
    15 * MINUTES,
  );

  test("sends the requests that were recorded", () => {
    const unknown = Object.entries(collect(open.folder, readFacts(ACTIONS).actions)).flatMap(([type, rows]) =>
      Object.entries(rows).flatMap(([row, calls]) =>
        Object.entries(calls).flatMap(([call, needed]) => {
          const known = recorded[type]?.[row]?.[call] ?? [];
          return needed.filter((one) => !known.includes(one)).map((one) => `${type} ${row} ${call}: ${one}`);
        }),
      ),
    );

    expect(unknown).toEqual([]);
  });
});
