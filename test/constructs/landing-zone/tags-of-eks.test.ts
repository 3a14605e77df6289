import { TagsOfEks } from "../../../constructs/landing-zone/tags-of-eks";
import { synthesize } from "../../support/synthesize";

describe("TagsOfEks", () => {
  test("tags Auto Scaling groups and a security group, under keys that no construct id may hold as well", () => {
    const stack = synthesize((scope) => {
      new TagsOfEks(scope, "Tags", {
        tags: { "cost center": "4711", "cost/center": "4712" },
        autoscalingGroupNames: ["eks-system-1"],
        clusterSecurityGroupId: "sg-1",
      });
    });

    expect(stack.all("aws_autoscaling_group_tag")).toMatchObject([
      {
        autoscaling_group_name: "eks-system-1",
        tag: { key: "cost center", value: "4711", propagate_at_launch: false },
      },
      {
        autoscaling_group_name: "eks-system-1",
        tag: { key: "cost/center", value: "4712", propagate_at_launch: false },
      },
    ]);
    expect(stack.all("aws_ec2_tag")).toMatchObject([
      { resource_id: "sg-1", key: "cost center", value: "4711" },
      { resource_id: "sg-1", key: "cost/center", value: "4712" },
    ]);
  });

  test("leaves the security group of a cluster that belongs to somebody else", () => {
    const stack = synthesize((scope) => {
      new TagsOfEks(scope, "Tags", { tags: { Team: "tools" }, autoscalingGroupNames: ["eks-system-1"] });
    });

    expect(stack.addresses().map((address) => address.split(".")[0])).toEqual(["aws_autoscaling_group_tag"]);
  });
});
