import type { ICluster, IEncryptionKey, IManagedSecret, INetwork } from "../../constructs/common/contracts";
import type { EnvironmentContext } from "../../domain/common/context";
import type { ZoneAddresses } from "../../domain/capacity/pod-addresses";

/** The context that domain and construct tests share. */
export const context: EnvironmentContext = {
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  prefix: "retool-prod",
  secretPath: "retool/prod",
  namespace: "retool",
  dataProtection: "protected",
};

/** A network of three zones that exists already. */
export const network: INetwork = {
  vpcId: "vpc-1",
  vpcCidr: "10.0.0.0/16",
  publicSubnetIds: ["subnet-pub1", "subnet-pub2", "subnet-pub3"],
  privateSubnetIds: ["subnet-prv1", "subnet-prv2", "subnet-prv3"],
  databaseSubnetIds: ["subnet-db1", "subnet-db2", "subnet-db3"],
  natAddresses: ["198.51.100.1"],
  egressReady: [],
};

/** A cluster that exists already. */
export const cluster: ICluster = {
  clusterName: "retool-prod",
  endpoint: "https://example.eks.amazonaws.com",
  certificateAuthority: "Y2E=",
  oidcIssuer: "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF",
  clusterSecurityGroupId: "sg-cluster",
  apiReady: [],
  nodesReady: [],
};

/** A key that exists already. */
export const encryptionKey: IEncryptionKey = { keyArn: "arn:aws:kms:us-east-1:111122223333:key/k" };

/** A demand for so many addresses in a zone, however nodes take them; sandboxes ask for none. */
export function addressesInZone(count: number): ZoneAddresses {
  return { sandboxes: { interfaces: 0, prefixes: 0 }, others: { interfaces: count, prefixes: count } };
}

/** A secret that exists already. */
export const managedSecret: IManagedSecret = {
  secretArn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:it",
  secretName: "it",
  revision: 1,
  ephemeralValue: "${ephemeral.aws_secretsmanager_secret_version.it.secret_string}",
  ready: [],
};
