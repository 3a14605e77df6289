import type { z } from "zod";

import { isSettable, type settingsSchema } from "../../../domain/environment/settable";
import type { EnvironmentSpec } from "../../../domain/environment/spec";

type Scalar = string | number | boolean | null | undefined;

/** A type without `readonly`, in which each property is there and says whether it may be left out. */
type Plain<Type> = Type extends Scalar
  ? Type
  : Type extends readonly (infer Entry)[]
    ? Plain<Entry>[]
    : { -readonly [Key in keyof Type]-?: [undefined extends Type[Key] ? "optional" : "required", Plain<Type[Key]>] };

type Same<Left, Right> = [Left, Right] extends [Right, Left] ? true : false;

/** Keys of both types whose values are not of the same type, and keys that only one of them has. */
type Drifted<Left, Right> = {
  [Key in keyof Left | keyof Right]-?: Key extends keyof Left & keyof Right
    ? Same<Plain<Left[Key]>, Plain<Right[Key]>> extends true
      ? never
      : Key
    : Key;
}[keyof Left | keyof Right];

type Given = z.input<typeof settingsSchema>;
type Retool<Spec extends { retool?: unknown }> = NonNullable<Spec["retool"]>;

/** What only the schema has: `replicas` of the jobs-runner, which it takes in order to say why there is exactly one. */
type Refused = "jobsRunner" | "extraValues";
type JobsRunner = NonNullable<Retool<Given>["jobsRunner"]>;

describe("the documented interfaces", () => {
  test("are what the schemas take: the compiler refuses a difference", () => {
    const drifted: Drifted<Omit<EnvironmentSpec, "retool">, Omit<Given, "retool">>[] = [];
    const inRetool: Drifted<Omit<Retool<EnvironmentSpec>, Refused>, Omit<Retool<Given>, Refused>>[] = [];
    const inJobsRunner: Drifted<NonNullable<Retool<EnvironmentSpec>["jobsRunner"]>, Omit<JobsRunner, "replicas">>[] =
      [];
    // An array of `never` takes nothing; one of names would.
    const none: readonly (readonly never[])[] = [drifted, inRetool, inJobsRunner];

    expect(none.flat()).toEqual([]);
  });
});

describe("isSettable", () => {
  test.each([
    "name",
    "sandbox.diskGiB",
    "network.zones",
    "network.vpcId",
    "tags.Team",
    "retool.api.resources.memoryMiB",
  ])("knows %s", (path) => {
    expect(isSettable(path)).toBe(true);
  });

  test.each(["zones", "sandbox.disk", "baseLoad.api", "network.zones.a", "sandbox.diskGiB.x"])(
    "does not know %s",
    (path) => {
      expect(isSettable(path)).toBe(false);
    },
  );
});
