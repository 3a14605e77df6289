import { credentialFindings } from "../domain/doctor/credentials";
import type { EnvironmentPlan } from "../domain/environment/environment";
import { awsOf } from "./ask-aws";
import { identityOf } from "./doctor/gather";
import { CouldNotTell, Failure } from "./failure";

/**
 * Stops a command that is nothing without AWS before it runs into errors of Terraform that do not name the reason.
 *
 * @throws {@link CouldNotTell} where there are no valid credentials, {@link Failure} where they are of another account.
 */
export async function assertCredentials({
  context: { account, region },
  deployRoleArn,
}: Pick<EnvironmentPlan, "context" | "deployRoleArn">): Promise<void> {
  const identity = await identityOf(awsOf(region));
  // The role is of the environment's account; who may take it on need not be.
  if (deployRoleArn !== undefined && "known" in identity) return;
  const [problem] = credentialFindings(account, identity).filter(({ grade }) => ["problem", "unknown"].includes(grade));
  if (problem === undefined) return;
  const line = `${problem.check}: ${problem.what}; ${problem.remedy ?? ""}`;
  throw "unknown" in identity ? new CouldNotTell(line) : new Failure(line);
}
