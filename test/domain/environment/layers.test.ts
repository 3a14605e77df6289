import { checkEnvironment } from "../../../domain/environment/environment";
import { deployCommand, layerStack, stacksOf, wholeStack } from "../../../domain/environment/layers";
import { prod } from "../../support/environments/prod";

const whole = checkEnvironment(prod).plan;
const layered = checkEnvironment({ ...prod, layers: true }).plan;
const onDisk = (path: string) => checkEnvironment({ ...prod, layers: true, state: { kind: "local", path } }).plan;

describe("stacks of an environment", () => {
  test("are one with the environment's name by default", () => {
    expect(stacksOf(whole)).toEqual([{ name: "prod", state: whole.state }]);
  });

  test("are three with `layers`, the lowest first, each with its own state in the same bucket", () => {
    const bucket = "cdktf-retool-state-111122223333-us-east-1";

    expect(stacksOf(layered).map(({ name, state }) => [name, state])).toEqual(
      ["prod-foundation", "prod-cluster", "prod-retool"].map((name) => [
        name,
        { kind: "s3", bucket, region: "us-east-1", key: `${name}/terraform.tfstate` },
      ]),
    );
  });

  test("are deployed by one command", () => {
    expect(deployCommand(whole)).toBe("npx cdktf deploy prod");
    expect(deployCommand(layered)).toBe("npx cdktf deploy 'prod-*'");
  });

  test("have their files next to each other where state is on disk", () => {
    const paths = (path: string) => stacksOf(onDisk(path)).map(({ state }) => "path" in state && state.path);

    expect(paths("../state/terraform.tfstate")).toEqual([
      "../state/terraform-foundation.tfstate",
      "../state/terraform-cluster.tfstate",
      "../state/terraform-retool.tfstate",
    ]);
    expect(paths("prod")[0]).toBe("prod-foundation.tfstate");
  });

  test("leave the one stack where it was, so that its state can be moved", () => {
    expect(wholeStack(layered)).toEqual(wholeStack(whole));
    expect(layerStack(layered, "cluster")).toEqual(stacksOf(layered)[1]);
  });
});
