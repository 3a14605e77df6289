import rows from "./recorded.json";

/**
 * What IAM asks for each request that the AWS provider sends, by type of resources, by what Terraform does, and by request.
 *
 * A permission is an action, the type of resources that it is asked for, and how those are told from others.
 */
export type Recorded = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>>;

/** What was recorded with the AWS provider 5.100 on the emulator; docs/guides/permissions.md says how to record it again. */
export const recorded: Recorded = rows;
