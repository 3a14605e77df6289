import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Aspects, Testing, type TerraformStack } from "cdktf";

import { OrganizationRules } from "../../../constructs/landing-zone/organization-rules";
import { synthesize } from "../../support/synthesize";

const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";
const iam = { permissionsBoundary: BOUNDARY, path: "/team/", rolePrefix: "app-" };
const ruled = (define: (stack: TerraformStack) => void) =>
  synthesize((stack) => {
    Aspects.of(stack).add(new OrganizationRules({ iam, tags: { Team: "tools" } }));
    define(stack);
  });

describe("OrganizationRules", () => {
  test("limit what a fork adds: a bastion's role, and the profile that follows its name", () => {
    const stack = ruled((scope) => {
      const role = new IamRole(scope, "Bastion", { name: "bastion", assumeRolePolicy: "{}" });
      new IamInstanceProfile(scope, "Profile", { name: "bastion", role: role.name });
    });

    expect(stack.only("aws_iam_role")).toMatchObject({
      name: "app-bastion",
      path: "/team/",
      permissions_boundary: BOUNDARY,
    });
    expect(stack.only("aws_iam_instance_profile")).toMatchObject({
      name: "app-bastion",
      path: "/team/",
      role: "${aws_iam_role.Bastion.name}",
    });
  });

  test("keep names within the limits of IAM, and a generated name generated", () => {
    const stack = ruled((scope) => {
      new IamRole(scope, "Long", { name: "r".repeat(64), assumeRolePolicy: "{}" });
      new IamRole(scope, "Generated", { namePrefix: `${"p".repeat(37)}-`, assumeRolePolicy: "{}" });
    });
    const [generated, long] = stack.all("aws_iam_role");

    expect(long!["name"]).toMatch(/^app-r{51}-[0-9a-f]{8}$/);
    expect(generated!["name_prefix"]).toMatch(/^app-p{24}-[0-9a-f]{8}-$/);
    expect(generated).not.toHaveProperty("name");
  });

  test("leave a boundary and a path that a role has already", () => {
    const own = { path: "/own/", permissionsBoundary: `${BOUNDARY}-stricter` };
    const stack = ruled((scope) => new IamRole(scope, "Own", { name: "own", assumeRolePolicy: "{}", ...own }));

    expect(stack.only("aws_iam_role")).toMatchObject({ path: "/own/", permissions_boundary: own.permissionsBoundary });
  });

  test("add a prefix once, however often a stack is synthesized", () => {
    const stack = ruled((scope) => {
      new IamRole(scope, "Role", { name: "role", assumeRolePolicy: "{}" });
      Testing.synth(scope);
    });

    expect(stack.only("aws_iam_role")["name"]).toBe("app-role");
  });

  test("tag disks of instances when they are made, since the provider launches them without tags", () => {
    const stack = ruled((scope) => {
      new Instance(scope, "Bastion", { ami: "ami-1", instanceType: "t4g.nano" });
      new Instance(scope, "Tagged", { ami: "ami-1", instanceType: "t4g.nano", volumeTags: { Own: "tags" } });
    });

    expect(stack.all("aws_instance").map(({ volume_tags }) => volume_tags)).toEqual([
      { Team: "tools" },
      { Own: "tags" },
    ]);
  });

  test("leave disks of an instance that tags one of them, which the provider refuses together", () => {
    const instance = { ami: "ami-1", instanceType: "t4g.nano" };
    const tags = { Own: "tags" };
    const stack = ruled((scope) => {
      new Instance(scope, "Data", { ...instance, ebsBlockDevice: [{ deviceName: "/dev/sdf", tags }] });
      new Instance(scope, "Root", { ...instance, rootBlockDevice: { tags } });
      new Instance(scope, "Sized", { ...instance, rootBlockDevice: { volumeSize: 9 } });
    });

    expect(stack.all("aws_instance").map(({ volume_tags }) => volume_tags)).toEqual([
      undefined,
      undefined,
      { Team: "tools" },
    ]);
  });

  test("tag what a launch template launches, and a provider without default tags", () => {
    const stack = ruled((scope) => {
      new AwsProvider(scope, "Tagged", { region: "us-east-1", defaultTags: [{ tags: { Own: "tags" } }] });
      new AwsProvider(scope, "Plain", { alias: "plain", region: "us-east-1" });
      new LaunchTemplate(scope, "Template", {
        tagSpecifications: [{ resourceType: "instance", tags: { Name: "bastion" } }],
      });
    });
    const providers = stack.json["provider"]!["aws"] as unknown as { default_tags: unknown }[];

    expect(providers.map(({ default_tags }) => default_tags)).toEqual([
      [{ tags: { Own: "tags" } }],
      [{ tags: { Team: "tools" } }],
    ]);
    expect(stack.only("aws_launch_template")["tag_specifications"]).toEqual([
      { resource_type: "instance", tags: { Team: "tools", Name: "bastion" } },
      { resource_type: "volume", tags: { Team: "tools" } },
      { resource_type: "network-interface", tags: { Team: "tools" } },
    ]);
  });
});
