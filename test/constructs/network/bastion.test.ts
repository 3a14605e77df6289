import { Bastion, type BastionProps } from "../../../constructs/network/bastion";
import { planBastion } from "../../../domain/network/bastion";
import { context, encryptionKey, network } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

const made = (endpoints: readonly string[] = [], props: Partial<BastionProps> = {}): Synthesized =>
  synthesize((stack) => {
    new Bastion(stack, "Bastion", { plan: planBastion(context, { interfaceEndpoints: endpoints }), network, ...props });
  });

describe("Bastion", () => {
  const bastion = made([], { encryptionKey });

  test("has no public address, no key, version 2 of the metadata service and an encrypted disk", () => {
    const instance = bastion.only("aws_instance");

    expect(instance).toMatchObject({
      instance_type: "t4g.nano",
      subnet_id: "subnet-prv1",
      associate_public_ip_address: false,
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
      root_block_device: { encrypted: true, kms_key_id: encryptionKey.keyArn, volume_size: 8, volume_type: "gp3" },
      lifecycle: { ignore_changes: ["ami"] },
      tags: { Name: "retool-prod-bastion" },
    });
    expect(instance["key_name"]).toBeUndefined();
    expect(instance["user_data"]).toBeUndefined();
  });

  test("takes no connection, and opens only those of HTTPS", () => {
    expect(bastion.only("aws_security_group")).toMatchObject({ vpc_id: "vpc-1" });
    expect(bastion.only("aws_security_group")["ingress"]).toBeUndefined();
    expect(bastion.all("aws_vpc_security_group_ingress_rule")).toEqual([]);
    expect(bastion.only("aws_vpc_security_group_egress_rule")).toMatchObject({
      cidr_ipv4: "0.0.0.0/0",
      from_port: 443,
      to_port: 443,
    });
  });

  test("is let in to the API of a cluster that exists", () => {
    const template = made([], { existingCluster: "platform" });

    expect(template.onlyData("aws_eks_cluster")).toMatchObject({ name: "platform" });
    expect(template.only("aws_vpc_security_group_ingress_rule")).toMatchObject({
      security_group_id: expect.stringMatching(
        /^\$\{data\.aws_eks_cluster\.\w+\.vpc_config\[0\]\.cluster_security_group_id\}$/,
      ) as unknown,
      referenced_security_group_id: expect.stringMatching(/^\$\{aws_security_group\.\w+\.id\}$/) as unknown,
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
    });
  });

  test("stays in the VPC where Session Manager has endpoints there", () => {
    const cidrs = [["ssm", "ssmmessages"], ["ssm"]].map(
      (endpoints) => made(endpoints).only("aws_vpc_security_group_egress_rule")["cidr_ipv4"],
    );

    expect(cidrs).toEqual(["10.0.0.0/16", "0.0.0.0/0"]);
  });

  test("may be reached by Session Manager, and nothing else", () => {
    expect(bastion.all("aws_iam_role_policy")).toEqual([]);
    expect(bastion.only("aws_iam_role_policy_attachment")["policy_arn"]).toBe(
      "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    );
    expect(String(bastion.only("aws_iam_role")["assume_role_policy"])).toContain("ec2.amazonaws.com");
  });

  test("is encrypted without a key too", () => {
    expect(made().only("aws_instance")["root_block_device"]).toMatchObject({ encrypted: true });
  });
});
