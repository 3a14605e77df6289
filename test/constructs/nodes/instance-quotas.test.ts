import { InstanceQuotas } from "../../../constructs/nodes/instance-quotas";
import { synthesize, type Synthesized } from "../../support/synthesize";

const define = (onDemand: number, spot: number): Synthesized =>
  synthesize((scope) => {
    const most = { onDemand: 2 * onDemand, spot: 2 * spot };
    new InstanceQuotas(scope, "Quotas", {
      plan: { peakCpus: { onDemand, spot }, quotaCpus: most },
      systemCpus: 6,
      region: "eu-west-1",
    });
  });

test("a plan stops where the planned peak is above the quota, and says what to ask AWS for", () => {
  const [precondition] = (
    define(96, 0).onlyData("aws_servicequotas_service_quota")["lifecycle"] as {
      postcondition: { condition: string; error_message: string }[];
    }
  ).postcondition;

  expect(precondition?.condition).toBe("${self.value >= 96}");
  expect(precondition?.error_message).toBe(
    'builders: the planned peak needs 96 vCPUs besides the system nodes, and the quota "Running On-Demand Standard instances" of this account and region is lower; ' +
      "ask for more: aws service-quotas request-service-quota-increase --region eu-west-1 --service-code ec2 --quota-code L-1216C47A --desired-value 198",
  );
});

test("spot nodes count against a separate quota", () => {
  const quotas = Object.values(define(16, 64).json["data"]?.["aws_servicequotas_service_quota"] ?? {});

  expect(quotas.map(({ quota_code: code }) => code)).toEqual(["L-1216C47A", "L-34B43A08"]);
});
