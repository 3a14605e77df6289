import type { EnvironmentPlan } from "./environment";

/** Section that holds the statements which a key of the organization needs. */
const GUIDE = "docs/guides/security.md#keys-of-your-organization";

/**
 * What the policies of the organization's keys must allow for this environment besides the account's own principals. AWS shows the
 * policy of another account's key to nobody here, and each of these fails without an error where it is looked for.
 */
export function organizationKeyWarnings({ keys, observability, capacity }: EnvironmentPlan): string[] {
  return [
    ...(keys.logs.kind === "existing" && observability.alarms?.topic.kind === "new"
      ? [
          `encryptionKeys.logs: no alarm is delivered unless the key's policy lets cloudwatch.amazonaws.com and events.amazonaws.com use it (${GUIDE}); add both statements, or name a topic in observability.alarms.`,
        ]
      : []),
    ...(keys.data.kind === "existing" && capacity.sandbox.purchaseOption === "spot"
      ? [
          `encryptionKeys.data: no spot node starts unless the key's policy lets the role AWSServiceRoleForEC2Spot use it and make grants (${GUIDE}); add both statements, or set sandbox.purchaseOption to "on-demand".`,
        ]
      : []),
  ];
}
