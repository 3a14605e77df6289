/** Who may reach Retool: only the VPC and what is connected to it, or the listed address ranges over the internet. */
export type Access = "internal" | readonly string[];
