import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { EgressControl, Network } from "cdktf-retool";

// A network whose resolver answers for listed names only, and whose firewall lets nothing else out.
const app = new App();
const stack = new TerraformStack(app, "egress");
new AwsProvider(stack, "aws", { region: "us-east-1", allowedAccountIds: ["111122223333"] });
const network = new Network(stack, "Network", { zones: 2 });
new EgressControl(stack, "Egress", {
  network,
  level: "firewall",
  allow: [{ to: "api.stripe.com" }, { to: "*.amazonaws.com" }, { to: "198.51.100.0/24", port: 5432 }],
});
app.synth();
