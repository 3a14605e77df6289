import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack, Testing } from "cdktf";

import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { environmentSpecs } from "../../stacks/environment-specs";
import { Foundation } from "../../stacks/foundation";
import { local } from "../support/environments/local";
import { secondInstance } from "../support/second-instance";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

/** Ids that AWS gave the owner's network, by range. */
interface Ids {
  readonly vpcId: string;
  readonly subnets: Readonly<Record<string, string>>;
}

const owner: EnvironmentSpec = {
  ...local,
  name: "owner",
  domain: "retool.example.com",
  network: { zones: 2, nat: "single" },
  egress: { level: "dns" },
};

function guestIn({ vpcId, subnets }: Ids): EnvironmentSpec {
  const second = secondInstance(owner);
  const known = <Part extends { readonly cidr: string }>(parts: readonly Part[] = []): Part[] =>
    parts.map((part) => ({ ...part, id: subnets[part.cidr] ?? "subnet-unknown" }));
  const network = second.network as Extract<EnvironmentSpec["network"], { readonly kind: "existing" }>;
  return {
    ...second,
    egress: { resources: [{ to: "warehouse.example.net" }] },
    network: {
      ...network,
      vpcId,
      privateSubnets: known(network.privateSubnets),
      publicSubnets: known(network.publicSubnets),
      databaseSubnets: known(network.databaseSubnets),
    },
  };
}

/** Keys, network and guards of environments, as synthesis of all of `config/` makes them, in Terraform's JSON. */
function configuration(environments: Readonly<Record<string, EnvironmentSpec>>): string {
  const stack = new TerraformStack(new App({ skipValidation: true }), "shared");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  new AwsProvider(stack, "Aws", { region: local.region, maxRetries: 3 });
  stack.addOverride("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0");
  const { specs, violations } = environmentSpecs(stack, environments);
  expect(violations).toEqual([]);
  for (const spec of specs) new Foundation(stack, spec.name, { plan: planEnvironment(spec) });
  return Testing.synth(stack);
}

interface State {
  readonly resources: readonly {
    readonly type: string;
    readonly mode: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

describeOnEmulator("two environments in one VPC", () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open(configuration({ owner }));
  }, 2 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  const attributes = (type: string): Readonly<Record<string, unknown>>[] =>
    (JSON.parse(bench.state()) as State).resources
      .filter((one) => one.mode === "managed" && one.type === type)
      .flatMap(({ instances }) => instances.map((instance) => instance.attributes));
  const names = (): string =>
    JSON.stringify(attributes("aws_route53_resolver_firewall_domain_list").map(({ domains }) => domains));
  const endpoint = (): string =>
    attributes("aws_vpc_endpoint")
      .map(({ policy }) => String(policy))
      .join("\n");

  async function apply(environments: Readonly<Record<string, EnvironmentSpec>>): Promise<void> {
    bench.configure(configuration(environments));
    const { code, output } = await bench.run(["apply", "-auto-approve", "-input=false"]);
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
    expect((await bench.run(["plan", "-input=false"])).output).toContain("No changes.");
  }

  test(
    "the owner's policies carry the guest's bucket and hosts while it is there, and one group of names guards the resolver",
    async () => {
      await apply({ owner });
      expect(names()).not.toContain("warehouse.example.net");
      expect(endpoint()).not.toContain("retool-tools-");

      const subnets = attributes("aws_subnet").map(({ cidr_block, id }) => [String(cidr_block), String(id)]);
      const vpcId = String(attributes("aws_vpc")[0]?.["id"]);
      const guest = guestIn({ vpcId, subnets: Object.fromEntries(subnets) as Ids["subnets"] });
      await apply({ owner, tools: guest });
      expect(names()).toContain("warehouse.example.net.");
      expect(endpoint()).toContain("retool-tools-");
      expect(attributes("aws_vpc")).toHaveLength(1);
      expect(
        attributes("aws_route53_resolver_firewall_rule_group_association").map(({ priority }) => priority),
      ).toEqual([101]);

      await apply({ owner });
      expect(names()).not.toContain("warehouse.example.net");
      expect(endpoint()).not.toContain("retool-tools-");
    },
    15 * MINUTES,
  );
});
