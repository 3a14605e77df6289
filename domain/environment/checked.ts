import type { z } from "zod";

import { type CheckedSpec, checkedSpec } from "../common/checked-spec";
import { type EnvironmentSpec, environmentSchema } from "./spec";

/** Stands in for required settings that are missing or of the wrong type, so that all others are still checked. */
const STAND_INS: EnvironmentSpec = {
  name: "unnamed",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.0.0-stable",
  access: "internal",
  clusterAccess: "private",
  license: "none",
};

/** An environment with its top-level defaults filled in; its parts are as they were written. */
export type Settings = EnvironmentSpec &
  Pick<
    z.output<typeof environmentSchema>,
    | "bastion"
    | "builders"
    | "dataProtection"
    | "state"
    | "layers"
    | "workloads"
    | "namePrefix"
    | "iam"
    | "logBucket"
    | "tags"
  >;

/** The settings that are usable; the parts of a configuration are checked by the rooms that plan them. */
export function checkedEnvironment(input: EnvironmentSpec): CheckedSpec<Settings> {
  const { spec, shape } = checkedSpec(environmentSchema, input, STAND_INS, "");
  return { spec: spec as Settings, shape };
}
