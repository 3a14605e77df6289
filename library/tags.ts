import { Aspects, type IAspect, TerraformResource } from "cdktf";
import type { Construct, IConstruct } from "constructs";

import { OrganizationRules } from "../constructs/landing-zone/organization-rules";
import { NO_IAM_RULES } from "../domain/landing-zone/iam";

type Tags = Readonly<Record<string, string>>;

/**
 * Tags everything inside a construct, also what is added to it later: its resources, what its launch templates launch and the copies
 * that its backup plans make. A tag that a resource has already stays.
 */
export function tag(construct: Construct, tags: Tags = {}): void {
  if (Object.keys(tags).length === 0) return;
  Aspects.of(construct).add(new ResourceTags(tags));
  Aspects.of(construct).add(new OrganizationRules({ iam: NO_IAM_RULES, tags }));
}

interface Taggable extends IConstruct {
  tags: Record<string, string>;
  readonly tagsInput: Tags | undefined;
}

class ResourceTags implements IAspect {
  public constructor(private readonly tags: Tags) {}

  public visit(node: IConstruct): void {
    if (isTaggable(node)) node.tags = { ...this.tags, ...node.tagsInput };
  }
}

/** Bindings of resources that can be tagged have the argument and what was given for it. */
function isTaggable(node: IConstruct): node is Taggable {
  return TerraformResource.isTerraformResource(node) && "tags" in node && "tagsInput" in node;
}
