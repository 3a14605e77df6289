// The priority of pods: Retool's is Kubernetes' own (0) unless the configuration names a class; that of the pods that keep room
// free for sandboxes is -10 (priorityClass in domain/nodes/headroom-manifests.ts), so that any other pod takes their place.

import { z } from "zod";

import type { Violation } from "../common/violation";

/** Which pods Kubernetes keeps when there is too little room. */
export interface PrioritySpec {
  /**
   * Existing PriorityClass of all pods but the sandboxes'.
   *
   * @default - Kubernetes' own priority
   */
  readonly priorityClassName?: string;
}

/** Shape of the fields of a {@link PrioritySpec}. */
export const priorityShape = { priorityClassName: z.string().optional() };

/** Finds a name that no PriorityClass of Retool's pods can have. */
export function priorityViolations({ priorityClassName: name }: PrioritySpec, root: string): Violation[] {
  if (name === undefined) return [];
  if (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name) && !name.startsWith("system-")) return [];
  return [
    {
      path: `${root}.priorityClassName`,
      problem: `"${name}" is not a PriorityClass that Retool may use`,
      remedy: "use the name of one that exists, in lower case; system- belongs to Kubernetes",
    },
  ];
}
