import { gtr, satisfies } from "semver";

import { type Finding, good } from "./finding";

/** Versions of the programs that a deployment runs; undefined where one is not installed. */
export interface Tools {
  /** Node.js. */
  readonly node: string;
  /** Terraform. */
  readonly terraform: string | undefined;
  /** The AWS CLI. */
  readonly aws: string | undefined;
}

interface Tool {
  readonly key: keyof Tools;
  readonly name: string;
  readonly range: string;
  readonly why: string;
  readonly remedy: string;
  readonly link: string;
}

const TOOLS: readonly Tool[] = [
  {
    key: "node",
    name: "Node.js",
    range: ">=20.9.0 <23.0.0",
    why: "versions 20.9 to 22 are tested; cdktf's command line crashes on Node.js 24",
    remedy: "use Node.js 22",
    link: "https://nodejs.org/",
  },
  {
    key: "terraform",
    name: "Terraform",
    range: ">=1.11.0",
    why: "secrets stay out of the state by write-only arguments, which it has since 1.11",
    remedy: "install Terraform 1.11 or later",
    link: "https://developer.hashicorp.com/terraform/install",
  },
  {
    key: "aws",
    name: "AWS CLI",
    range: ">=2.0.0",
    why: "Terraform logs in to the cluster by aws eks get-token",
    remedy: "install the AWS CLI version 2",
    link: "https://aws.amazon.com/cli/",
  },
];

/** Judges the programs on this machine. */
export function toolFindings(tools: Tools): Finding[] {
  const problems = TOOLS.flatMap(({ key, name, range, ...advice }): Finding[] => {
    const version = tools[key];
    if (version !== undefined && satisfies(version, range)) return [];
    const what =
      version === undefined
        ? `${name} was not found in PATH`
        : `${name} ${version} is too ${gtr(version, range) ? "new" : "old"}`;
    return [{ check: "tools", grade: "problem", what, ...advice }];
  });
  const all = TOOLS.map(({ key, name }) => `${name} ${tools[key] ?? ""}`).join(", ");
  return problems.length > 0 ? problems : [good("tools", all)];
}
