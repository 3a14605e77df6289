import { siteConfiguration, type SiteIds } from "../support/site-configuration";
import { Bench, describeOnEmulator, MINUTES } from "../support/terraform-bench";

interface State {
  readonly resources: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** What is in state of one type, with its Terraform name. */
function resources(bench: Bench, type: string): (Readonly<Record<string, unknown>> & { readonly key: string })[] {
  return (JSON.parse(bench.state()) as State).resources
    .filter((one) => one.mode === "managed" && one.type === type)
    .flatMap(({ name, instances }) => instances.map(({ attributes }) => ({ ...attributes, key: name })));
}

function idsOf(bench: Bench): SiteIds {
  const subnets = (part: string): { id: string; cidr: string }[] =>
    resources(bench, "aws_subnet")
      .filter(({ key }) => key.startsWith(`Owner_${part}`))
      .map(({ id, cidr_block }) => ({ id: String(id), cidr: String(cidr_block) }));
  return {
    vpcId: String(resources(bench, "aws_vpc")[0]?.["id"]),
    privateSubnets: subnets("Network_Private"),
    sandboxSubnets: subnets("Sandboxes_Subnet"),
  };
}

/** What `npm run local` leaves out: ranges of the sandboxes' own, blocks of addresses, networks and clusters of others. */
describeOnEmulator("a network and a cluster that two more environments share", () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open(siteConfiguration());
  }, 2 * MINUTES);

  afterAll(async () => {
    await bench.close();
  });

  test(
    "are made with a second range and prefixes, are used as they are, plan empty, and go",
    async () => {
      expect(await bench.run(["apply", "-auto-approve", "-input=false"])).toMatchObject({ code: 0 });
      const ids = idsOf(bench);
      expect(ids.sandboxSubnets.map(({ cidr }) => cidr).sort()).toEqual(
        expect.arrayContaining(["100.64.0.0/18", "100.65.0.0/18"]),
      );
      const cni = resources(bench, "aws_eks_addon").find(({ addon_name }) => addon_name === "vpc-cni");
      expect(JSON.parse(String(cni?.["configuration_values"]))).toMatchObject({
        env: { ENABLE_PREFIX_DELEGATION: "true" },
      });

      bench.configure(siteConfiguration(ids));
      const guests = await bench.run(["apply", "-auto-approve", "-input=false"]);
      expect(guests).toMatchObject({ code: 0, output: expect.stringContaining(" 0 changed, 0 destroyed") as unknown });
      expect(resources(bench, "aws_vpc")).toHaveLength(1);
      expect(resources(bench, "aws_eks_cluster")).toHaveLength(1);
      expect(resources(bench, "aws_kms_grant")).toHaveLength(1);
      expect(
        resources(bench, "aws_eks_node_group")
          .map(({ node_group_name }) => node_group_name)
          .sort(),
      ).toEqual([expect.stringMatching(/^retool-loner-system-\d+$/), expect.stringMatching(/^system-\d+$/)]);

      const plan = await bench.run(["plan", "-detailed-exitcode", "-input=false"]);
      expect(plan).toMatchObject({ code: 0 });

      const wrong = siteConfiguration({ ...ids, privateSubnets: [...ids.privateSubnets].reverse().map(swapRanges) });
      bench.configure(wrong);
      const refused = await bench.run(["plan", "-input=false"]);
      expect(refused.code).toBe(1);
      expect(refused.output.replaceAll(/\s*[│╵]\s*/g, " ")).toContain(
        "network.privateSubnets[0].cidr: the subnet has another range; correct it",
      );

      bench.configure(siteConfiguration(ids));
      expect(await bench.run(["destroy", "-auto-approve", "-input=false"])).toMatchObject({ code: 0 });
      expect((JSON.parse(bench.state()) as State).resources).toEqual([]);
    },
    20 * MINUTES,
  );
});

/** The other subnet's range, as somebody who mixes two lines up would write it. */
function swapRanges(
  { id }: { readonly id: string },
  index: number,
  all: readonly { readonly cidr: string }[],
): { readonly id: string; readonly cidr: string } {
  return { id, cidr: all[all.length - 1 - index]?.cidr ?? "" };
}
