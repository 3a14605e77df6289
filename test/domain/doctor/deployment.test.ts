import { clusterFindings, driftFindings, halfMade, lostCluster } from "../../../domain/doctor/deployment";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";
import { secondInstance } from "../../support/second-instance";
import { DENIED, texts } from "../../support/findings";

const plan = planEnvironment(prod);
const version = plan.cluster.kubernetesVersion;

describe("the cluster", () => {
  const judge = (status: string | undefined, runs: string | undefined): string[] =>
    texts(clusterFindings(plan, { known: { status, version: runs } }));

  test("is good where it is active, or not made yet", () => {
    expect(judge("ACTIVE", version)).toEqual([`good retool-prod is active on Kubernetes ${version}`]);
    expect(judge(undefined, undefined)).toEqual([
      "good retool-prod is not made yet; what runs is looked at after the first deployment",
    ]);
  });

  test("is at work, of another version, or not known", () => {
    expect(judge("UPDATING", version)).toEqual([
      "warning retool-prod is UPDATING; a deployment is at work, or an upgrade of the control plane; wait: aws eks wait cluster-active --region us-east-1 --name retool-prod",
    ]);
    expect(judge("ACTIVE", "1.30")).toEqual([
      `warning retool-prod runs Kubernetes 1.30, the configuration says ${version}; the configuration was changed and not deployed, or somebody upgraded it; npx cdktf-retool upgrade prod --platform shows the steps`,
    ]);
    const existing = planEnvironment(secondInstance(prod));
    expect(texts(clusterFindings(existing, { known: { status: "ACTIVE", version: "1.30" } }))).toEqual([
      `warning retool-prod runs Kubernetes 1.30, the configuration says ${version}; its owner upgraded it, or the configuration is wrong; new nodes get the image for the configured version; set cluster.kubernetesVersion to the version that it runs, and deploy`,
    ]);
    expect(texts(clusterFindings(plan, { unknown: DENIED }))).toEqual([
      `unknown could not be found out: ${DENIED}; not checked, so it may be broken; let this role do what the message names, or ask the people who may`,
    ]);
  });

  test("is broken for good, or gone while its database is there", () => {
    expect(judge("FAILED", version)).toEqual([
      "problem retool-prod is FAILED; EKS could not make it, and nothing can run in it; aws eks describe-cluster --region us-east-1 --name retool-prod --query cluster.health.issues says why; mend that, delete the cluster and deploy again",
    ]);
    expect(judge("DELETING", version)).toEqual([
      "problem retool-prod is DELETING; somebody deletes it, or a destroy is at work; with it goes everything that runs; CloudTrail names who called eks:DeleteCluster; once it is gone, deploy again: database and bucket stay",
    ]);
    expect(texts([lostCluster(plan, ["the database retool-prod"])])).toEqual([
      "problem there is no cluster retool-prod, but the database retool-prod exists; nobody is served: somebody deleted the cluster, or the first deployment is at work or stopped halfway; see who holds the state's lock (check state); if nobody does: npx cdktf deploy prod",
    ]);
  });

  test("holds nothing of Retool", () => {
    expect(texts([halfMade(plan)])).toEqual([
      "warning the namespace retool has no Deployment of Retool yet; a deployment is at work, or one stopped halfway; npx cdktf-retool status prod --watch; if nothing runs: npx cdktf deploy prod",
    ]);
  });
});

describe("drift", () => {
  test("is good where a plan changes nothing", () => {
    expect(texts(driftFindings(plan, "prod", { known: { changes: [] } }))).toEqual([
      "good a plan of Terraform changes nothing",
    ]);
  });

  test("is mended in the layer that it is in", () => {
    const layered = planEnvironment({ ...prod, layers: true });

    expect(texts(driftFindings(layered, "prod-retool", { known: { changes: ["a"] } }))).toEqual([
      expect.stringContaining("cdktf diff prod-retool shows each change; npx cdktf deploy 'prod-*' makes it"),
    ]);
  });

  test("names the first changes, or says why there is no plan", () => {
    const changes = ["a", "b", "c", "d", "e", "f"].map((name) => `aws_x.${name} will be updated in-place`);

    expect(texts(driftFindings(plan, "prod", { known: { changes } }))).toEqual([
      `warning a plan of Terraform changes 6 resources: ${changes.slice(0, 5).join(", ")} and 1 more; somebody changed them by hand, or the configuration was changed and not deployed; npx cdktf diff prod shows each change; npx cdktf deploy prod makes it`,
    ]);
    expect(texts(driftFindings(plan, "prod", { unknown: "Error acquiring the state lock" }))).toEqual([
      "unknown could not be found out: Error acquiring the state lock; not checked, so it may be broken; wait for the run that holds it, or see who does: check state",
    ]);
  });
});
