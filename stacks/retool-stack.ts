import type { App } from "cdktf";

import { ConfigurationError } from "../domain/common/violation";
import { planEnvironment } from "../domain/environment/environment";
import { wholeStack } from "../domain/environment/layers";
import type { EnvironmentSpec } from "../domain/environment/spec";
import { PlatformStack } from "./platform-stack";

/**
 * One Retool environment as one stack, named like it, so that `cdktf deploy prod` deploys all of it.
 *
 * @throws `ConfigurationError` with every violation before any construct is made.
 */
export class RetoolStack extends PlatformStack {
  public constructor(app: App, spec: EnvironmentSpec) {
    const plan = planEnvironment(spec);
    if (plan.layers)
      throw new ConfigurationError([
        {
          path: "layers",
          problem: "is true, and RetoolStack is one stack",
          remedy: "use RetoolLayers, or remove layers",
        },
      ]);
    super(app, plan, wholeStack(plan));
  }
}
