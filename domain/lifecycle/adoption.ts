/** A resource that the next apply would make. */
export interface PlannedResource {
  /** Address in Terraform. */
  readonly address: string;
  /** Type of the resource. */
  readonly type: string;
  /** What the configuration says of it, as far as it is known before. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A resource that may exist although state does not know of it, and the id under which it would be found. */
export interface Candidate {
  /** Address in Terraform. */
  readonly address: string;
  /** Type of the resource. */
  readonly type: string;
  /** Id that `terraform import` takes. */
  readonly id: string;
}

/**
 * Attributes that hold a name which AWS gives once only, by type; each is also the id for an import.
 *
 * A deployment that is killed between AWS's answer and Terraform's note leaves such a resource behind, and the next one fails
 * because its name is taken. What has no unique name (a subnet, a key) is made once more instead.
 */
const NAMES: Readonly<Record<string, string>> = {
  aws_backup_vault: "name",
  aws_cloudwatch_log_group: "name",
  aws_db_instance: "identifier",
  aws_db_parameter_group: "name",
  aws_db_subnet_group: "name",
  aws_eks_cluster: "name",
  aws_iam_role: "name",
  aws_kms_alias: "name",
  aws_s3_bucket: "bucket",
  aws_secretsmanager_secret: "name",
};

/** Picks what may be left over from a deployment that was killed. */
export function adoptionCandidates(planned: readonly PlannedResource[]): Candidate[] {
  return planned.flatMap(({ address, type, values }) => {
    const id = values[NAMES[type] ?? ""];
    return typeof id === "string" ? [{ address, type, id }] : [];
  });
}

/** Finds the resource whose tags say whose a found one is: for an alias, which has none, its key; undefined is itself. */
export function bearerOfTags(
  { type }: Candidate,
  attributes: Readonly<Record<string, unknown>>,
): { readonly type: string; readonly id: string } | undefined {
  if (type !== "aws_kms_alias") return undefined;
  return { type: "aws_kms_key", id: String(attributes["target_key_id"]) };
}

/** Whether something found in AWS has the tags `Project` and `Environment` of an environment. */
export function isOfEnvironment(
  attributes: Readonly<Record<string, unknown>> | undefined,
  own: Readonly<Record<string, string>>,
): boolean {
  const tags = (attributes?.["tags_all"] ?? {}) as Readonly<Record<string, string>>;
  return ["Project", "Environment"].every((tag) => own[tag] !== undefined && tags[tag] === own[tag]);
}
