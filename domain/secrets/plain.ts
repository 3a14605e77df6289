import { z } from "zod";

import { checkedSpec } from "../common/checked-spec";
import { revision as revisionSetting } from "../common/setting";
import type { Violation } from "../common/violation";

const plainSchema = z.strictObject({ revision: revisionSetting().optional() });

/** Finds numbers that cannot count the values of a secret. */
export function revisionViolations(revision: number | undefined): readonly Violation[] {
  return checkedSpec(plainSchema, { revision }, {}, "").shape;
}
