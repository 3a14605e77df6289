import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { BackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import type { IAspect } from "cdktf";
import type { IConstruct } from "constructs";

import { ROLE_NAME_LIMIT } from "../../domain/common/names";
import { iamName, iamNamePrefix, type IamPlan } from "../../domain/landing-zone/iam";

/** What {@link OrganizationRules} apply. */
export interface OrganizationRulesProps {
  /** What every role, instance profile and policy has. */
  readonly iam: IamPlan;
  /** Tags of everything. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Longest name of an instance profile or a policy. */
const LONGEST_NAME = 128;

/** What a launch template can tag when an instance starts. */
const LAUNCHED = ["instance", "volume", "network-interface"];

/**
 * The rules of an organization, applied to everything in a scope: also to what a fork adds, and to what is added later.
 *
 * Roles, instance profiles and policies get boundary, path and prefix; what refers to one by its attributes follows. A boundary
 * or path that a resource already has stays. Every AWS provider gets the tags as its default, and what a provider does not
 * tag by itself gets them as well: what launch templates launch, disks of instances, and copies that AWS Backup makes.
 *
 * @example
 * ```ts
 * Aspects.of(stack).add(new OrganizationRules({ iam, tags: { CostCenter: "4711" } }));
 * ```
 */
export class OrganizationRules implements IAspect {
  /** A stack that is synthesized twice is visited twice; a prefix is added once. */
  private readonly visited = new WeakSet<IConstruct>();

  public constructor(private readonly rules: OrganizationRulesProps) {}

  /** Applies the rules to one construct; cdktf calls it for each before it synthesizes. */
  public visit(node: IConstruct): void {
    if (this.visited.has(node)) return;
    this.visited.add(node);
    if (node instanceof IamRole) this.limitRole(node);
    else if (node instanceof IamInstanceProfile || node instanceof IamPolicy) this.name(node, LONGEST_NAME);
    else this.tag(node);
  }

  private tag(node: IConstruct): void {
    if (node instanceof LaunchTemplate) this.tagLaunched(node);
    else if (node instanceof Instance) this.tagDisks(node);
    else if (node instanceof BackupPlan) this.tagCopies(node);
    else if (node instanceof AwsProvider) node.defaultTags ??= [{ tags: { ...this.rules.tags } }];
  }

  private limitRole(role: IamRole): void {
    const { permissionsBoundary } = this.rules.iam;
    if (permissionsBoundary !== undefined && role.permissionsBoundaryInput === undefined)
      role.permissionsBoundary = permissionsBoundary;
    this.name(role, ROLE_NAME_LIMIT);
  }

  private name(node: IamRole | IamInstanceProfile | IamPolicy, limit: number): void {
    const { iam } = this.rules;
    if (iam.path !== "/" && node.pathInput === undefined) node.path = iam.path;
    if (iam.rolePrefix === "") return;
    if (node.nameInput !== undefined) node.name = iamName(iam, node.nameInput, limit);
    if (node.namePrefixInput !== undefined) node.namePrefix = iamNamePrefix(iam, node.namePrefixInput);
  }

  private tagLaunched(template: LaunchTemplate): void {
    const given = template.tagSpecificationsInput;
    const own = new Map(Array.isArray(given) ? given.map(({ resourceType = "", tags }) => [resourceType, tags]) : []);
    template.putTagSpecifications(
      [...new Set([...LAUNCHED, ...own.keys()])].map((resourceType) => ({
        resourceType,
        tags: { ...this.rules.tags, ...own.get(resourceType) },
      })),
    );
  }

  /** The provider refuses tags of all disks together with those of one; a team that gives the latter names all of them. */
  private tagDisks(instance: Instance): void {
    const { rootBlockDeviceInput: root, ebsBlockDeviceInput: others, volumeTagsInput: given } = instance;
    const blocks = [root, ...(Array.isArray(others) ? others : [])];
    if (given !== undefined || blocks.some((block) => block?.tags !== undefined)) return;
    instance.volumeTags = { ...this.rules.tags };
  }

  private tagCopies(plan: BackupPlan): void {
    const rules = plan.ruleInput;
    if (!Array.isArray(rules)) return;
    plan.putRule(rules.map((rule) => ({ recoveryPointTags: { ...this.rules.tags }, ...rule })));
  }
}
