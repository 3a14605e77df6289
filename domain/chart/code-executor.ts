import type { HelmValues } from "./chart-values";
import type { CodeExecution } from "../retool/spec";

/** What gives code-executor the privileges that its sandbox needs. */
interface CodeExecutorPrivileges {
  /** Values below `codeExecutor`. */
  readonly values: Pick<HelmValues["codeExecutor"], "useSeccompProfile" | "securityContext">;
  /** Variables of all pods. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The privileges of code-executor. Without a seccomp profile and without its own security context the chart makes it
 * privileged; the variable tells it to run users' code without nsjail, which needs privileges.
 */
export function codeExecutorPrivileges(sandboxing: CodeExecution): CodeExecutorPrivileges {
  switch (sandboxing) {
    case "seccomp":
      return { values: { useSeccompProfile: true }, variables: {} };
    case "privileged":
      return { values: { useSeccompProfile: false }, variables: {} };
    case "unsandboxed":
      return {
        values: { useSeccompProfile: false, securityContext: { privileged: false, allowPrivilegeEscalation: false } },
        variables: { CONTAINER_UNPRIVILEGED_MODE: "true" },
      };
  }
}
