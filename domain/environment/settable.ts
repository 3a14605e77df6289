import { z } from "zod";

import { backupSchema } from "../backup/backup";
import { blobSchema } from "../storage/storage";
import { clusterSchema } from "../cluster/cluster";
import { existingClusterSchema } from "../cluster/existing";
import { dnsSchema } from "../front-door/dns";
import { egressSchema } from "../egress/egress";
import { environmentSchema } from "./spec";
import { frontDoorSchema } from "../front-door/front-door";
import { observabilitySchema } from "../observability/spec";
import { networkSchema } from "../network/network";
import { existingNetworkSchema } from "../network/existing";
import { poolsSchema } from "../capacity/pools-spec";
import { databaseSchema } from "../database/platform";
import { retoolSchema } from "../retool/retool";
import { retoolDatabaseSchema } from "../database/retool-database";
import { sandboxSchema } from "../capacity/sandbox";
import { secretDeliverySchema } from "../secrets/delivery";
import { secretsSchema } from "../secrets/secrets";
import { schemasAt } from "../common/schema-walk";
import { temporalSchema } from "../temporal/temporal";

/** Schema of a whole configuration: of the environment itself, and of each part as the room that plans it has it. */
export const settingsSchema = environmentSchema.extend({
  network: z.union([networkSchema, existingNetworkSchema]).optional(),
  cluster: z.union([clusterSchema, existingClusterSchema]).optional(),
  sandbox: sandboxSchema.optional(),
  nodePools: poolsSchema.optional(),
  database: databaseSchema.optional(),
  retoolDatabase: retoolDatabaseSchema.optional(),
  blobStorage: blobSchema.optional(),
  dns: dnsSchema.optional(),
  frontDoor: frontDoorSchema.optional(),
  secrets: secretsSchema.optional(),
  secretDelivery: secretDeliverySchema.optional(),
  temporal: temporalSchema.optional(),
  egress: egressSchema.optional(),
  retool: retoolSchema.optional(),
  backup: backupSchema.optional(),
  observability: observabilitySchema.optional(),
});

/** Whether a configuration may give the setting at a path. */
export function isSettable(path: string): boolean {
  return schemasAt(settingsSchema, path.split(".")).length > 0;
}
