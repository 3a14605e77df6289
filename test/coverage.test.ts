import { CATALOG } from "../domain/catalog/catalog";
import { RETOOL_ADDRESSES, RETOOL_HOSTS, RETOOL_RANGES } from "../domain/egress/hosts";
import { checkEnvironment } from "../domain/environment/environment";
import { stepsAfterDeployment } from "../domain/environment/notes";
import { isSettable } from "../domain/environment/settable";
import {
  calls,
  type Claim,
  coverageRows,
  hasPolicy,
  production,
  type Production,
  release,
  ruleOf,
  UNSEEN,
  waitsFor,
  word,
} from "./support/coverage";
import { CHOICES } from "./support/coverage-choices";
import { prod } from "./support/environments/prod";

const autoscaled = Object.values(CATALOG)
  .filter(({ sizing }) => sizing?.autoscales === true)
  .map(({ sizing }) => sizing?.setting ?? "");
const settable = (...paths: readonly string[]): boolean[] => paths.map((path) => isSettable(path));

const PLATFORM: Readonly<Record<string, Claim>> = {
  D001: ({ stack }) => ({
    holds: [
      stack.all("aws_eks_cluster").length === 1,
      stack.all("helm_release").filter(({ name }) => name === "retool").length === 1,
    ],
  }),
  D003: (facts) => ({
    holds: ["kubernetes_secret_v1", "kubernetes_network_policy_v1", "helm_release"].map((type) =>
      waitsFor(facts, type),
    ),
  }),
  D004: ({ stack, plan }) => ({
    holds: [
      stack.only("aws_db_instance")["publicly_accessible"] === false,
      stack.only("aws_lb")["internal"] === plan.frontDoor.internal,
      stack.all("aws_subnet").filter((subnet) => subnet["map_public_ip_on_launch"] === true).length === 0,
    ],
  }),
  D005: ({ plan }) => ({
    holds: [Object.values(plan.retool.features).every((isOn) => !isOn)],
    says: ["retool.features"],
  }),
  D006: (facts) => {
    const { allowed } = facts.plan.dnsFirewall!;
    const passes = ({ host }: { host: string }) =>
      allowed.some((name) => name === host || (name.startsWith("*.") && host.endsWith(name.slice(1))));
    const rules = RETOOL_HOSTS.filter(({ host }) => facts.plan.egress.rules.some(({ id }) => id === `retool/${host}`));
    const passed = RETOOL_HOSTS.filter(passes);
    return {
      holds: [rules.every(({ host }) => ruleOf(facts, `retool/${host}`).port === 443), passed.length === rules.length],
      says: [`the DNS Firewall allows ${word(passed.length)} by default`, "egress.pythonPackages"],
    };
  },
  D012: ({ plan, stack }) => ({
    holds: [
      new Set(RETOOL_ADDRESSES).size === 16,
      new Set(RETOOL_RANGES).size === 2,
      stack.all("aws_ec2_managed_prefix_list").length === 0,
      plan.egress.level !== "firewall",
    ],
    says: ["by default none"],
  }),
  D031: ({ plan }) => ({ holds: [plan.egress.rules.every(({ reason }) => reason !== "")] }),
  D032: ({ plan }) => ({ holds: [!plan.egress.retoolAddresses], says: ["names by default"] }),
  D033: () => ({ holds: settable("egress.resources") }),
  D034: (facts) => ({
    holds: [
      ["retool.com", "tryretool.com", "temporal.io"].every((name) => ruleOf(facts, `temporal/*.${name}`).port === 443),
      ruleOf(facts, "temporal/namespace").port === 7233,
      ...settable("temporal.organizationId"),
    ],
  }),
  D037: (facts) => ({ holds: [ruleOf(facts, "temporal/namespace").destination.kind === "subdomains"] }),
  D038: (facts) => ({
    holds: [],
    says: [`${word(ruleOf(facts, "temporal/namespace").sources.length)} containers`],
  }),
  D202: () => ({ holds: settable("cluster.name", "workloads") }),
};

const CONTAINERS: Readonly<Record<string, Claim>> = {
  D044: ({ plan }) => ({
    holds: ["api", "jobs-runner", "workflow-worker", "workflow-backend", "code-executor", "js-executor"].every((name) =>
      plan.egress.components.includes(name as never),
    )
      ? [true]
      : [false],
  }),
  D056: ({ plan, stack }) => ({
    holds: [
      plan.frontDoor.targets[0]?.containerPort === 3000,
      stack.only("aws_lb")["load_balancer_type"] === "application",
    ],
    says: ["port 3000"],
  }),
  D057: (facts) => ({
    holds: [
      ...(["api", "workflow-worker", "workflow-backend"] as const).map((from) => calls(facts, from, "code-executor")),
      !calls(facts, "code-executor", "api"),
    ],
  }),
  D058: (facts) => ({
    holds: (["api", "jobs-runner", "workflow-worker", "workflow-backend"] as const).map((name) =>
      ruleOf(facts, "platform/database/api").sources.includes(name),
    ),
  }),
  D059: ({ plan }) => ({ holds: [plan.retoolDatabase.kind === "none"], says: ["where there is one"] }),
  D074: (facts) => ({ holds: [calls(facts, "code-executor", "workflow-backend")] }),
  D076: (facts) => ({ holds: [calls(facts, "api", "js-executor"), !calls(facts, "js-executor", "api")] }),
  D077: ({ plan, stack }) => ({
    holds: [
      stack.all("aws_lb_listener_rule").length === 1,
      plan.frontDoor.targets.some(({ name }) => name === "sandbox-proxy"),
      ...settable("frontDoor.sandboxProxy"),
    ],
  }),
  D078: (facts) => ({
    holds: [
      calls(facts, "sandbox", "sandbox-proxy"),
      calls(facts, "sandbox-proxy", "api"),
      !calls(facts, "sandbox", "api"),
    ],
  }),
  D079: (facts) => ({
    holds: [ruleOf(facts, "platform/kubernetes-api/sandbox-controller").sources.join() === "sandbox-controller"],
  }),
  D080: () => ({
    holds: settable(
      "retool.api.replicas",
      "retool.codeExecutor.replicas",
      ...autoscaled.map((id) => `retool.${id}.autoscaling`),
    ),
    says: ["`retool.<container>.autoscaling`"],
  }),
  D085: ({ plan, stack }) => ({
    holds: [
      checkEnvironment({ ...prod, retool: { jobsRunner: { replicas: 2 } as object } }).violations.length === 1,
      plan.retool.jobsRunner.replicas === 1,
      stack.all("kubernetes_horizontal_pod_autoscaler_v2").length === 0,
    ],
    says: ["one replica"],
  }),
  D086: ({ values }) => ({ holds: ["karpenter.sh/do-not-disrupt" in values.jobRunner.annotations] }),
  D087: (facts) => ({ holds: [waitsFor(facts, "kubernetes_secret_v1")] }),
  D089: ({ values }) => ({ holds: [values.workflows.enabled] }),
  D091: ({ values }) => ({ holds: [values.codeExecutor.useSeccompProfile] }),
  D172: ({ values }) => ({
    holds: [!("repository" in values.image), ...settable("retool.images.registries.dockerHub")],
  }),
  D176: ({ values, plan }) => ({ holds: [values.image.tag === plan.retoolVersion] }),
};

const SANDBOX: Readonly<Record<string, Claim>> = {
  D094: ({ stack }) => ({
    holds: [],
    says: [`${String(Number(stack.only("aws_lb")["idle_timeout"]) / 60)} minutes`],
  }),
  D096: ({ plan: { capacity, egress } }) => ({
    holds: [
      ["sandbox-controller", "sandbox-proxy", "r2-agent-worker", "sandbox"].every((name) =>
        egress.components.includes(name as never),
      ),
      capacity.sandbox.cpuMillicores === 1000 && capacity.sandbox.memoryMiB === 2048,
    ],
  }),
  D098: ({ values }) => ({ holds: [values.rr.agentSandbox.tolerations.length === 1] }),
  D104: ({ plan: { retool } }) => ({
    holds: [retool.deviations.some(({ subject }) => subject === "Pods of the sandbox proxy")],
    says: [
      `${word(retool.sandboxController.replicas)} controller`,
      `${word(retool.sandboxProxy.replicas)} proxies`,
      `${word(retool.r2Worker.replicas)} workers`,
    ],
  }),
  D107: ({ plan }) => ({ holds: [], says: [plan.hostnames.sandboxProxyHost!.replace(prodDomain(plan), "<domain>")] }),
  D108: ({ plan }) => ({
    holds: [plan.hostnames.records.join() === plan.hostnames.certificateNames.join()],
    says: plan.hostnames.certificateNames.slice(1).map((name) => name.replace(prodDomain(plan), "<domain>")),
  }),
  D105: ({ plan }) => ({ holds: [plan.capacity.prewarmPoolSize === 5, ...settable("sandbox.prewarmPoolSize")] }),
  D109: ({ values, plan: { retool } }) => ({
    holds: [
      values.rr.agentSandbox.controller.resources.requests.cpu === "250m",
      values.rr.agentSandbox.proxy.resources.requests.memory === "256Mi",
    ],
    says: [
      `${word((retool.sandboxController.resources.cpuLimitMillicores ?? 0) / 1000)} core`,
      `${word(retool.sandboxProxy.replicas)} proxies`,
    ],
  }),
  D111: () => ({ holds: settable("sandbox.cpuMillicores", "sandbox.memoryMiB") }),
  D114: ({ plan: { capacity } }) => ({
    holds: [
      capacity.podsAtPeak === capacity.builders + capacity.prewarmPoolSize,
      capacity.cpuMillicores === 25_000 && capacity.memoryMiB === 50 * 1024,
    ],
  }),
  D117: ({ plan, values }) => ({
    holds: [values.rr.agentSandbox.controller.scaling.maxTotalJobs === plan.capacity.maxTotalJobs],
    says: [String(plan.capacity.maxTotalJobs)],
  }),
  D120: ({ plan }) => ({
    holds: [plan.capacity.sandbox.perUserSandboxLimit === 5, ...settable("sandbox.perUserSandboxLimit")],
  }),
  D123: ({ plan: { capacity } }) => ({
    holds: settable("sandbox.lifetimeMinutes", "sandbox.idleTimeoutMinutes", "sandbox.assignedTtlMinutes"),
    says: [
      `\`sandbox.lifetimeMinutes\` ${String(capacity.lifetimeMs / 60_000)}`,
      `\`sandbox.idleTimeoutMinutes\` ${String(capacity.idleTimeoutMs / 60_000)}`,
      `\`sandbox.assignedTtlMinutes\` ${String(capacity.assignedTtlSeconds / 60)}`,
    ],
  }),
  D126: ({ stack }) => ({
    holds: ["karpenter", "karpenter-crd", "retool-node-pools"].map((name) =>
      stack.all("helm_release").some((one) => one["name"] === name),
    ),
  }),
  D128: ({ plan: { capacity } }) => ({
    holds: [capacity.sandboxPool.limits.nodes * capacity.maxDevices >= capacity.maxTotalJobs],
  }),
};

const DATA: Readonly<Record<string, Claim>> = {
  D131: ({ stack }) => ({ holds: [], says: [String(stack.only("aws_db_instance")["engine_version"])] }),
  D132: ({ values, stack }) => ({
    holds: [!values.postgresql.enabled, stack.only("aws_db_instance")["engine"] === "postgres"],
  }),
  D133: ({ stack }) => {
    const instance = stack.only("aws_db_instance");
    const { storage_encrypted: encrypted, deletion_protection: kept, skip_final_snapshot: skips } = instance;
    return {
      holds: [encrypted === true, kept === true, skips === false, Number(instance["backup_retention_period"]) > 0],
    };
  },
  D134: (facts) => ({ holds: [hasPolicy(facts, "retool-api"), hasPolicy(facts, "retool-default-deny")] }),
  D135: ({ stack, plan }) => ({
    holds: [stack.all("aws_db_instance").length === 1, plan.retoolDatabase.kind === "none"],
  }),
  D137: ({ stack }) => ({ holds: [stack.all("aws_db_instance").length === 1] }),
  D138: ({ plan }) => ({ holds: settable("retool.api.autoscaling"), says: [`${word(plan.retool.api.replicas)} pods`] }),
  D139: ({ stack, plan }) => ({
    holds: [
      (stack.only("aws_lb")["subnets"] as unknown[]).length === (plan.network.kind === "new" ? plan.network.zones : 0),
      stack.all("aws_lb_target_group").every((target) => "health_check" in target),
    ],
  }),
  D140: ({ stack }) => ({
    holds: [
      !stack.addresses().some((address) => address.includes("persistent_volume")),
      !stack.text().includes("volumeClaimTemplates"),
    ],
  }),
  D141: ({ stack }) => ({ holds: [stack.all("aws_eks_cluster").length === 1] }),
  D216: ({ values }) => ({ holds: ["scaling" in values.rr.agentSandbox.controller, !("agentSandbox" in values)] }),
  D142: ({ stack, plan }) => ({
    holds: [
      stack
        .all("aws_s3_bucket")
        .some(({ bucket }) => plan.blobStorage.kind === "s3" && bucket === plan.blobStorage.bucketName),
    ],
  }),
  D144: ({ values, stack }) => ({
    holds: [
      Object.keys(values.rr.blobStorage).join() === "s3",
      !("accessKeyId" in (values.rr.blobStorage["s3"] as object)),
      stack.all("aws_iam_access_key").length === 0,
    ],
  }),
};

const TEMPORAL_AND_UPGRADES: Readonly<Record<string, Claim>> = {
  D149: ({ values }) => ({ holds: ["R2_ORCHESTRATION_BACKEND" in values.env] }),
  D150: ({ plan, values }) => ({ holds: [plan.temporal.kind === "retool-managed", !("temporal" in values)] }),
  D154: ({ plan, stack }) => ({
    holds: [
      plan.temporal.steps.every((step) => stepsAfterDeployment(plan).includes(step)),
      "next_steps" in (stack.json["output"] ?? {}),
    ],
  }),
  D159: ({ plan }) => ({ holds: [plan.temporal.warnings.some((warning) => warning.includes("Enterprise"))] }),
  D164: ({ stack }) => ({
    holds: [
      stack.all("aws_secretsmanager_secret").filter(({ name }) => String(name).endsWith("/encryption-key")).length ===
        1,
    ],
    says: ["one secret"],
  }),
  D170: (facts) => ({ holds: [!ruleOf(facts, "temporal/namespace").sources.includes("code-executor")] }),
  D191: (facts) => ({
    holds: [
      release(facts)["atomic"] === false,
      Number(release(facts)["timeout"]) > facts.plan.retool.jobsRunner.migrationTimeoutMinutes * 60,
      facts.patches.some(({ deployment, startupProbe }) => deployment === "retool" && startupProbe !== undefined),
    ],
  }),
  D199: ({ plan }) => ({ holds: [!plan.retool.features.dbconnector] }),
  D209: () => ({ holds: settable("retool.features.dbconnector") }),
};

function prodDomain({ context }: Production["plan"]): string {
  return context.domain;
}

const CLAIMS = { ...PLATFORM, ...CONTAINERS, ...SANDBOX, ...DATA, ...TEMPORAL_AND_UPGRADES, ...CHOICES };

describe("docs/coverage.md", () => {
  const facts = production();
  const rows = new Map(coverageRows().map((row) => [row.id, row]));

  test.each(Object.entries(CLAIMS))("is right about %s in production", (id, claim) => {
    const { holds, says = [] } = claim(facts);
    const { here = "" } = rows.get(id) ?? {};

    expect(here).not.toBe("");
    expect(holds.map((fact, index) => [index, fact])).toEqual(holds.map((_, index) => [index, true]));
    expect(says.filter((text) => !here.includes(text))).toEqual([]);
  });

  test("names no setting that does not exist", () => {
    const named = [...rows.values()].flatMap(({ id, here }) =>
      [
        ...here.matchAll(/`((?:retool|egress|sandbox|temporal|frontDoor|cluster|database|blobStorage)\.[A-Za-z.]+)/g),
      ].map(([, path = ""]) => [id, path]),
    );

    expect(named.length).toBeGreaterThan(15);
    expect(named.filter(([, path = ""]) => !isSettable(path))).toEqual([]);
  });

  test("has for every row either a claim that is checked, or the reason why nothing here shows it", () => {
    const reasons = [...rows.values()].map(({ id, seen }) => ({
      id,
      reason: /^nothing to configure: (.*?) *<!--/.exec(seen)?.[1],
    }));

    expect(reasons.filter(({ id, reason }) => id in CLAIMS === (reason !== undefined)).map(({ id }) => id)).toEqual([]);
    expect(reasons.filter(({ reason = UNSEEN[0] }) => !UNSEEN.includes(reason as never))).toEqual([]);
    expect(Object.keys(CLAIMS).filter((id) => !rows.has(id))).toEqual([]);
  });
});
