import { App, TerraformStack } from "cdktf";
import { RenderedWorkloads } from "cdktf-retool/constructs";
import { planEnvironment } from "cdktf-retool/domain";
import { declareAws, declareBackend, declareTls, RetoolPlatform } from "cdktf-retool/stacks";

// AWS by Terraform, Kubernetes by your own tools: Helm values and manifests become the output `workloads`, from which a
// pipeline commits them to the repository of Argo CD or Flux. Secrets are named there, not held: that pipeline brings them.
// No Helm runs here, so the post-renderer does not either (docs/adr/0019): let your tools apply it, which needs Node.js on their PATH.
const plan = planEnvironment({
  name: "gitops",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: "internal",
  clusterAccess: "private",
  license: "none",
});

const app = new App();
const stack = new TerraformStack(app, "gitops");
declareBackend(stack, plan.state);
declareAws(stack, plan);
declareTls(stack);
new RetoolPlatform(stack, "Retool", { plan, workloads: () => new RenderedWorkloads(stack) });
app.synth();
