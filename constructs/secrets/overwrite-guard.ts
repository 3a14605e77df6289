import { DataAwsSecretsmanagerSecretVersions } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secret-versions";
import { DataAwsSecretsmanagerSecrets } from "@cdktf/provider-aws/lib/data-aws-secretsmanager-secrets";
import type { SecretsmanagerSecret, SecretsmanagerSecretConfig } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import type { SecretsmanagerSecretVersionConfig } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import { Fn } from "cdktf";
import type { Construct } from "constructs";

/** What stands in the place of an argument where the resource must not be created; no secret has it as its description or id. */
const REFUSED = "must not be created";

const REMEDY =
  "import it with npx cdktf-retool adopt <environment> (docs/guides/interrupted-apply.md), or use another name for the environment";

/**
 * Arguments that make Terraform refuse to create a secret whose name is taken, while it plans.
 *
 * A condition cannot ask whether a resource is in state. So an argument says it: where the account has a secret of this
 * name, the argument is {@link REFUSED}, and `ignore_changes` keeps what state has. Only a resource that would be created
 * gets the new argument, and the postcondition, which Terraform checks while it plans, refuses it.
 */
export function refuseTakenName(
  scope: Construct,
  { name, description }: { readonly name: string; readonly description: string },
): Pick<SecretsmanagerSecretConfig, "description" | "lifecycle"> {
  // Of a list, because a data source for one secret fails where there is none. The filter matches the beginning of names.
  const found = new DataAwsSecretsmanagerSecrets(scope, "SameName", { filter: [{ name: "name", values: [name] }] });
  return {
    description: Fn.conditional(Fn.contains(found.names, name), REFUSED, description) as string,
    lifecycle: {
      ignoreChanges: ["description"],
      postcondition: [
        {
          condition: `\${self.description != "${REFUSED}"}`,
          errorMessage: `${name}: the account has a secret of this name that is not in this Terraform state; ${REMEDY}`,
        },
      ],
    },
  };
}

/**
 * Arguments that make Terraform refuse to write a first value into a secret that has one, in the same way.
 *
 * That is so where somebody imported the secret without its version. A secret that the same apply creates is looked at
 * between the two, and has none.
 */
export function refuseOverwriting(
  scope: Construct,
  secret: SecretsmanagerSecret,
  name: string,
): Pick<SecretsmanagerSecretVersionConfig, "secretId" | "lifecycle"> {
  const found = new DataAwsSecretsmanagerSecretVersions(scope, "Versions", { secretId: secret.arn });
  return {
    // The provider answers null where there is none.
    secretId: `\${try(length(${found.fqn}.versions), 0) == 0 ? ${secret.fqn}.arn : "${REFUSED}"}`,
    lifecycle: {
      ignoreChanges: ["secret_id"],
      postcondition: [
        {
          condition: `\${self.secret_id != "${REFUSED}"}`,
          errorMessage: `${name}: the secret has a value that is not in this Terraform state, and it would be overwritten; ${REMEDY}`,
        },
      ],
    },
  };
}
