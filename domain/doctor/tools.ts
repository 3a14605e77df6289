import { gtr, satisfies } from "semver";

import type { Fact } from "../common/fact";
import { type Finding, good, judged, problem } from "./finding";

/** Version of a program; undefined where it is not installed. */
type Version = Fact<string | undefined>;

/** Versions of the programs that a deployment runs. */
export interface Tools {
  /** Node.js. */
  readonly node: Version;
  /** Terraform. */
  readonly terraform: Version;
  /** The AWS CLI. */
  readonly aws: Version;
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
    why: "the commands here were written for and tested with version 2",
    remedy: "install the AWS CLI version 2",
    link: "https://aws.amazon.com/cli/",
  },
];

/** Judges the programs on this machine. */
export function toolFindings(tools: Tools): Finding[] {
  const faults = TOOLS.flatMap((tool) =>
    judged("tools", tools[tool.key], (version) => {
      const what = faultOf(tool, version);
      const { why, remedy, link } = tool;
      return what === undefined ? [] : problem("tools", { what, why, remedy, link });
    }),
  );
  if (faults.length > 0) return faults;
  const versions = TOOLS.map(({ key, name }) => {
    const version = tools[key];
    return `${name} ${"known" in version ? (version.known ?? "") : ""}`;
  });
  return [good("tools", versions.join(", "))];
}

function faultOf({ name, range }: Tool, version: string | undefined): string | undefined {
  if (version === undefined) return `${name} was not found in PATH`;
  return satisfies(version, range) ? undefined : `${name} ${version} is too ${gtr(version, range) ? "new" : "old"}`;
}
