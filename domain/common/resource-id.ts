import { z } from "zod";

import { quote } from "./quote";
import { checked } from "./setting";
import type { Problem } from "./violation";

/** What EC2 gives ids to, by the beginning of the id. */
const KINDS = {
  vpc: "a VPC",
  subnet: "a subnet",
  sg: "a security group",
  "ipam-pool": "an IPAM pool",
} as const;

/** The id that EC2 gave to something, such as `vpc-0a1b2c3d4e5f60711`. */
export function resourceId(kind: keyof typeof KINDS): z.ZodString {
  const problemOf = (id: string): Problem | undefined =>
    new RegExp(`^${kind}-[0-9a-f]{8,17}$`).test(id)
      ? undefined
      : {
          problem: `${quote(id)} is not the id of ${KINDS[kind]}`,
          remedy: `use an id such as "${kind}-0a1b2c3d4e5f60711"`,
        };
  return checked(z.string(), problemOf, { form: `the id of ${KINDS[kind]}` });
}
