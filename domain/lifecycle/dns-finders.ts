import { byList, byNames, type Finder, joined, text, WRITTEN_OVER } from "./finders";
import type { Attributes } from "./state-file";

/** By the name in a list of Route 53 Resolver, which allows several of one name. */
const byResolverName = (operation: string, key: string): Finder =>
  byList({
    listing: ["route53resolver", operation],
    key,
    where: { Name: "name" },
    id: ({ Id }) => Id,
    isUnique: false,
  });

/** How each type of resource of Route 53 and its Resolver is found. */
export const DNS_FINDERS: Readonly<Record<string, Finder>> = {
  aws_route53_query_log: byList({
    listing: ["route53", "list-query-logging-configs"],
    options: { "--hosted-zone-id": "zone_id" },
    key: "QueryLoggingConfigs",
    where: {},
    id: ({ Id }) => Id,
    isUnique: true,
  }),
  aws_route53_record: {
    by: "id",
    // A record with allow_overwrite is written over.
    id: (values) => (values["allow_overwrite"] === true ? undefined : joined(values, "_", "zone_id", "name", "type")),
    inState: (id, { zone_id, name, type }) => ({ id, zone_id, name, type }),
    same: ["alias", "records"],
  },
  aws_route53_resolver_firewall_config: WRITTEN_OVER,
  aws_route53_resolver_firewall_domain_list: byResolverName("list-firewall-domain-lists", "FirewallDomainLists"),
  aws_route53_resolver_firewall_rule: byNames(":", "firewall_rule_group_id", "firewall_domain_list_id"),
  aws_route53_resolver_firewall_rule_group: byResolverName("list-firewall-rule-groups", "FirewallRuleGroups"),
  aws_route53_resolver_firewall_rule_group_association: byList({
    listing: ["route53resolver", "list-firewall-rule-group-associations"],
    options: { "--vpc-id": "vpc_id" },
    key: "FirewallRuleGroupAssociations",
    where: { FirewallRuleGroupId: "firewall_rule_group_id" },
    id: ({ Id }) => Id,
    isUnique: true,
  }),
  aws_route53_resolver_query_log_config: byResolverName("list-resolver-query-log-configs", "ResolverQueryLogConfigs"),
  aws_route53_resolver_query_log_config_association: byList({
    listing: ["route53resolver", "list-resolver-query-log-config-associations"],
    key: "ResolverQueryLogConfigAssociations",
    where: { ResolverQueryLogConfigId: "resolver_query_log_config_id", ResourceId: "resource_id" },
    id: ({ Id }) => Id,
    isUnique: true,
  }),
  // Another zone of the name would have other name servers, and nobody would ask it.
  aws_route53_zone: {
    by: "list",
    listing: ({ name }) =>
      text(name) === undefined ? undefined : ["route53", "list-hosted-zones-by-name", "--dns-name", String(name)],
    ids: ({ HostedZones: found }, { name, vpc }) =>
      (found as readonly { Id: string; Name: string; Config?: { PrivateZone?: boolean } }[])
        .filter(
          (zone) =>
            zone.Name === `${String(name)}.` && (zone.Config?.PrivateZone === true) === networks(vpc).length > 0,
        )
        .map(({ Id }) => Id.replace("/hostedzone/", "")),
    isUnique: false,
    // Its tags come up to a minute after it, when all its name servers know it. A zone that a person made has another comment.
    contents: (id, found, { comment, vpc }) =>
      found["comment"] === comment && String(networks(found["vpc"])) === String(networks(vpc))
        ? ["route53", "list-resource-record-sets", "--hosted-zone-id", id, "--query", OWN_RECORDS]
        : undefined,
  },
};

/** Records of a hosted zone without those that Route 53 makes with it. */
const OWN_RECORDS = "{ResourceRecordSets: ResourceRecordSets[?Type!='NS' && Type!='SOA']}";

/** Ids of the networks in which a zone is private. */
function networks(vpc: unknown): unknown[] {
  return Array.isArray(vpc) ? vpc.map((one: Attributes) => one["vpc_id"]) : [];
}
