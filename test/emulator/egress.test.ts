import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack, Testing } from "cdktf";

import { local } from "../support/environments/local";
import type { EgressSpec } from "../../domain/egress/egress";
import { planEnvironment } from "../../domain/environment/environment";
import { Foundation } from "../../stacks/foundation";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

/** Keys, network and guards of an environment over two zones, as the real stack wires them, in Terraform's JSON. */
function configuration(egress: EgressSpec): string {
  const stack = new TerraformStack(new App({ skipValidation: true }), "egress");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  new AwsProvider(stack, "Aws", { region: local.region, maxRetries: 3 });
  stack.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");
  const network = { zones: 2, nat: "per-zone" } as const;
  new Foundation(stack, "Foundation", { plan: planEnvironment({ ...local, network, egress }) });
  return Testing.synth(stack);
}

interface State {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

describeOnEmulator("the way out of a network", () => {
  let bench: Bench;
  const stays: Record<string, string> = {};

  beforeAll(async () => {
    bench = await Bench.open(configuration({ level: "firewall" }));
  }, 2 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  async function apply(): Promise<string> {
    bench.operations.length = 0;
    const { code, output } = await bench.run(["apply", "-auto-approve", "-input=false"]);
    expect(output.split("\n").filter((line) => line.includes("Error:"))).toEqual([]);
    expect(code).toBe(0);
    return output;
  }

  async function expectNothingToDo(): Promise<void> {
    const { output } = await bench.run(["plan", "-input=false"]);
    expect(output).toContain("No changes.");
  }

  function resources(): State["resources"] {
    return (JSON.parse(bench.state()) as State).resources.filter(({ mode }) => mode === "managed");
  }

  /** Ids of what every level has, by address. */
  function ids(): Record<string, string> {
    const lasting = ["aws_subnet", "aws_nat_gateway", "aws_eip", "aws_route_table", "aws_vpc"];
    return Object.fromEntries(
      resources()
        .filter(({ type, name }) => lasting.includes(type) && !name.includes("_Firewall_"))
        .map(({ type, name, instances }) => [`${type}.${name}`, String(instances[0]?.attributes["id"])]),
    );
  }

  const places = (operation: string): number[] =>
    bench.operations.flatMap((name, index) => (name === operation ? [index] : []));

  test(
    "is made with its firewalls, and a second plan is empty",
    async () => {
      await apply();

      const types = new Set(resources().map(({ type }) => type));
      for (const type of ["networkfirewall_firewall", "networkfirewall_rule_group", "route53_resolver_firewall_rule"])
        expect(types).toContain(`aws_${type}`);
      // A route to the internet through the firewall comes after its log.
      const [log = Infinity] = places("UpdateLoggingConfiguration").slice(-1);
      const routes = resources().filter(({ name }) => /PrivateRoute\d/.test(name));
      expect(routes.map(({ instances }) => String(instances[0]?.attributes["vpc_endpoint_id"]))).toEqual(
        Array(2).fill(expect.stringMatching(/^vpce-/)),
      );
      expect(places("CreateRoute").filter((place) => place > log).length).toBeGreaterThanOrEqual(4);
      Object.assign(stays, ids());
      await expectNothingToDo();
    },
    10 * MINUTES,
  );

  test(
    "leads past the firewall before that goes, and keeps subnets, gateways and addresses",
    async () => {
      bench.configure(configuration({ level: "dns" }));
      const output = await apply();

      expect(output).toContain("0 added, 2 changed, ");
      expect(places("ReplaceRoute")).toHaveLength(2);
      const [gone = -1] = places("DeleteFirewall");
      expect(places("ReplaceRoute").filter((place) => place > gone)).toEqual([]);
      expect(ids()).toEqual(stays);
      await expectNothingToDo();
    },
    10 * MINUTES,
  );

  test(
    "leads through a new firewall only when that can log and answer, in place",
    async () => {
      bench.configure(configuration({ level: "firewall", resources: [{ to: "api.partner.example.net" }] }));
      const output = await apply();

      // Both routes and the list of names; what happens to others stays as it is. Four filters count what the firewall refuses.
      expect(output).toMatch(/20 added, 3 changed, 0 destroyed/);
      const [log = Infinity] = places("UpdateLoggingConfiguration").slice(-1);
      const before = [...places("CreateFirewall"), ...places("CreateRoute"), log];
      expect(Math.min(...places("ReplaceRoute"))).toBeGreaterThan(Math.max(...before));
      expect(ids()).toEqual(stays);
      await expectNothingToDo();
    },
    10 * MINUTES,
  );

  test(
    "takes another list in place, and replaces no firewall",
    async () => {
      bench.configure(configuration({ level: "firewall", resources: [{ to: "api.other.example.net" }] }));
      const output = await apply();

      expect(output).toMatch(/0 added, 2 changed, 0 destroyed/);
      expect(bench.operations).toEqual(expect.arrayContaining(["UpdateRuleGroup", "UpdateFirewallDomains"]));
      await expectNothingToDo();
    },
    10 * MINUTES,
  );

  test(
    "is taken down with its firewalls",
    async () => {
      const { code, output } = await bench.run(["destroy", "-auto-approve", "-input=false"]);

      expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
      expect(resources()).toEqual([]);
    },
    10 * MINUTES,
  );
});
