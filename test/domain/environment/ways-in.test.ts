import { costOf } from "../../../domain/cost/cost";
import { listPrices } from "../../../domain/cost/prices";
import { planEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { waysIn } from "../../../domain/environment/ways-in";
import { prod } from "../../support/environments/prod";
import { secondInstance } from "../../support/second-instance";

/** Retool without a public address. */
const INTERNAL = {
  access: "internal",
  dns: { kind: "private-zone", validationZoneId: "Z0123456789ABCDEFGHIJ" },
} as const;

const ways = (change: Partial<EnvironmentSpec>): string[] => waysIn(planEnvironment({ ...prod, ...change }));

describe("the way into a private cluster", () => {
  test("is not asked for where the API has a public address", () => {
    expect(ways({})).toEqual([]);
    expect(ways({ bastion: true })).toEqual([]);
  });

  test("is a machine in the VPC", () => {
    expect(ways({ clusterAccess: "private" })).toEqual([
      "# Deploy from a machine in the VPC, such as a runner in a private subnet.",
      "# For the first deployment bastion: true makes a way in, about 4 USD a month.",
    ]);
  });

  test("needs no bastion for a first deployment into a VPC that exists", () => {
    const { network } = secondInstance(prod);

    expect(ways({ clusterAccess: "private", network })).toEqual([
      "# Deploy from a machine in the VPC, such as a runner in a private subnet.",
    ]);
  });

  test("leads through the bastion to a cluster that exists", () => {
    const { network, cluster } = secondInstance(prod);

    expect(ways({ network, cluster })).toEqual([]);
    expect(ways({ network, cluster, bastion: true }).join("\n")).toContain(
      "aws eks describe-cluster --name retool-prod ",
    );
  });

  test("leads through the bastion, under the API's own name", () => {
    expect(ways({ clusterAccess: "private", bastion: true })).toEqual([
      "# The first deployment makes everything in AWS and stops at the cluster.",
      "npx cdktf deploy prod",
      "# Then, and whenever the cluster is to be reached:",
      "export AWS_REGION=us-east-1",
      "BASTION=$(aws ec2 describe-instances --output text --query 'Reservations[].Instances[].InstanceId' --filters Name=instance-state-name,Values=running Name=tag:Name,Values=retool-prod-bastion)",
      "API=$(aws eks describe-cluster --name retool-prod --output text --query cluster.endpoint | sed 's|https://||')",
      'grep -q "$API" /etc/hosts || echo "127.0.0.1 $API" | sudo tee -a /etc/hosts',
      'sudo -E aws ssm start-session --target "$BASTION" --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters "host=$API,portNumber=443,localPortNumber=443"',
      "# In a second terminal, while the session is open:",
      "npx cdktf deploy prod",
      "# When you are done, let the name lead to the API again:",
      'sudo sed -i.bak "/$API/d" /etc/hosts',
    ]);
  });

  test("leads on to a Retool without a public address, under each of its names", () => {
    const closed = ways({ clusterAccess: "private", bastion: true, ...INTERNAL });

    expect(closed.slice(ways({ clusterAccess: "private", bastion: true }).length)).toEqual([
      "# To open https://retool.example.com in a browser, end that session, and then:",
      'grep -q "127.0.0.1 retool.example.com" /etc/hosts || echo "127.0.0.1 retool.example.com agent-proxy.retool.example.com" | sudo tee -a /etc/hosts',
      'sudo -E aws ssm start-session --target "$BASTION" --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters "host=retool.example.com,portNumber=443,localPortNumber=443"',
      'sudo sed -i.bak "/127.0.0.1 retool.example.com/d" /etc/hosts',
    ]);
  });

  test("leads to a Retool without a public address where the API has one", () => {
    const open = ways({ bastion: true, ...INTERNAL });

    expect(open.slice(0, 3)).toEqual([
      "export AWS_REGION=us-east-1",
      expect.stringMatching(/^BASTION=/),
      "# To open https://retool.example.com in a browser:",
    ]);
    expect(open.slice(3)).toEqual(ways({ clusterAccess: "private", bastion: true, ...INTERNAL }).slice(-3));
  });

  test("costs what the plan says", () => {
    const cost = (bastion: boolean) =>
      costOf(planEnvironment({ ...prod, clusterAccess: "private", bastion }), listPrices("us-east-1"));
    const added = cost(true).total.atRest - cost(false).total.atRest;

    expect(cost(true).unpriced).toEqual(cost(false).unpriced);
    expect(added).toBeCloseTo(730 * 0.0042 + 8 * 0.08, 1);
  });
});
