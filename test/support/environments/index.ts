import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { local } from "./local";
import { prod } from "./prod";
import { staging } from "./staging";

/** Every environment by its name, which is also the name of its stack: `cdktf deploy prod`. */
export const environments: Readonly<Record<string, EnvironmentSpec>> = { prod, staging, local };
