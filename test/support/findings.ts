import type { Finding } from "../../domain/doctor/finding";

/** What findings say, each on one line: `grade what; why; remedy`. */
export function texts(findings: readonly Finding[]): string[] {
  return findings.map(({ grade, what, why, remedy }) =>
    [`${grade} ${what}`, why, remedy].filter((part) => part !== undefined).join("; "),
  );
}

/** Why something that could not be asked matters. */
export const WAITING = "not checked, so it may still stop the deployment halfway";

/** What AWS answers to somebody without the right. */
export const DENIED = "An error occurred (AccessDenied) when calling the operation: not authorized";
