import { z } from "zod";

import { backupSchema } from "../backup/backup";
import { blobSchema } from "../storage/storage";
import { clusterSchema } from "../cluster/cluster";
import { existingClusterSchema } from "../cluster/existing";
import { dnsSchema } from "../front-door/dns";
import { egressSchema } from "../egress/egress";
import { environmentSchema } from "./spec";
import { frontDoorSchema } from "../front-door/front-door";
import { networkSchema } from "../network/network";
import { existingNetworkSchema } from "../network/existing";
import { poolsSchema } from "../capacity/pools-spec";
import { databaseSchema } from "../database/platform";
import { retoolSchema } from "../retool/retool";
import { retoolDatabaseSchema } from "../database/retool-database";
import { sandboxSchema } from "../capacity/sandbox";
import { secretDeliverySchema } from "../secrets/delivery";
import { secretsSchema } from "../secrets/secrets";
import { temporalSchema } from "../temporal/temporal";

/** Shapes of the parts of a configuration, by the key they stand under. */
const PARTS: Readonly<Record<string, z.ZodType>> = {
  network: z.union([networkSchema, existingNetworkSchema]),
  cluster: z.union([clusterSchema, existingClusterSchema]),
  sandbox: sandboxSchema,
  nodePools: poolsSchema,
  database: databaseSchema,
  retoolDatabase: retoolDatabaseSchema,
  blobStorage: blobSchema,
  dns: dnsSchema,
  frontDoor: frontDoorSchema,
  secrets: secretsSchema,
  secretDelivery: secretDeliverySchema,
  temporal: temporalSchema,
  egress: egressSchema,
  retool: retoolSchema,
  backup: backupSchema,
};

/** Whether a configuration may give the setting at a path. */
export function isSettable(path: string): boolean {
  const [first = "", ...rest] = path.split(".");
  const part = PARTS[first];
  return part === undefined ? accepts(environmentSchema, [first, ...rest]) : accepts(part, rest);
}

function accepts(schema: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodReadonly) return accepts(schema.def.innerType, path);
  if (schema instanceof z.ZodUnion) return schema.options.some((option: unknown) => accepts(option, path));
  if (schema instanceof z.ZodRecord) return accepts(schema.valueType, rest);
  return schema instanceof z.ZodObject && key in schema.shape && accepts(schema.shape[key], rest);
}
