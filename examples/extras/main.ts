import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { OpensearchDomain } from "@cdktf/provider-aws/lib/opensearch-domain";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { App } from "cdktf";
import { PostgresDatabase } from "cdktf-retool/constructs";
import { type EnvironmentSpec, RetoolStack } from "cdktf-retool";

// A whole environment with two things of a team next to it: a read replica and a search domain.
const spec = {
  name: "prod",
  account: "111122223333",
  region: "eu-central-1",
  domain: "retool.example.com",
  retoolVersion: "4.34.1-stable",
  access: ["203.0.113.0/24"],
  clusterAccess: ["203.0.113.10/32"],
  license: "retool/license-key",
  // Retool reaches the search domain by its name, at addresses inside the VPC.
  egress: { resources: [{ to: "*.eu-central-1.es.amazonaws.com", addresses: ["10.0.0.0/16"] }] },
} satisfies EnvironmentSpec;

const app = new App();
const stack = new RetoolStack(app, spec);
const { network, cluster, database, keys } = stack.platform;

// A replica for reports: it takes network, encryption and users from its source.
if (database instanceof PostgresDatabase) {
  new DbInstance(stack, "Reports", {
    identifier: "prod-reports",
    replicateSourceDb: database.instanceIdentifier,
    instanceClass: "db.m7g.large",
    skipFinalSnapshot: true,
    vpcSecurityGroupIds: [database.securityGroupId],
  });
}

// A search domain as a data source, open to pods only.
const search = new SecurityGroup(stack, "Search", {
  namePrefix: "prod-search-",
  vpcId: network.vpcId,
  ingress: [{ fromPort: 443, toPort: 443, protocol: "tcp", securityGroups: [cluster.clusterSecurityGroupId] }],
});
new OpensearchDomain(stack, "SearchDomain", {
  domainName: "prod-search",
  engineVersion: "OpenSearch_2.19",
  clusterConfig: { instanceType: "r7g.large.search", instanceCount: 2, zoneAwarenessEnabled: true },
  ebsOptions: { ebsEnabled: true, volumeSize: 50 },
  encryptAtRest: { enabled: true, kmsKeyId: keys.data.keyArn },
  nodeToNodeEncryption: { enabled: true },
  domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" },
  vpcOptions: { subnetIds: network.privateSubnetIds.slice(0, 2), securityGroupIds: [search.id] },
});

app.synth();
