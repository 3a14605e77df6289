"""Route 53 Resolver: DNS Firewall, and the deletes of query logging."""

from __future__ import annotations

import unittest
from typing import Any, Dict

from support import EmulatorTest, Network, client, unique


class DnsFirewallTest(EmulatorTest):
    def setUp(self) -> None:
        self.api = client("route53resolver")

    def domain_list(self, *domains: str) -> str:
        made = self.api.create_firewall_domain_list(Name=unique("list"))["FirewallDomainList"]
        if domains:
            self.update(made["Id"], "ADD", *domains)
        return str(made["Id"])

    def update(self, name: str, operation: str, *domains: str) -> None:
        self.api.update_firewall_domains(FirewallDomainListId=name, Operation=operation, Domains=list(domains))

    def domains(self, name: str) -> "list[str]":
        found: "list[str]" = self.api.list_firewall_domains(FirewallDomainListId=name)["Domains"]
        return found

    def group(self) -> str:
        return str(self.api.create_firewall_rule_group(Name=unique("group"))["FirewallRuleGroup"]["Id"])

    def rule(self, group: str, domains: str, **more: Any) -> Dict[str, Any]:
        arguments = {"Name": "rule", "Priority": 1, "Action": "ALLOW", **more}
        made: Dict[str, Any] = self.api.create_firewall_rule(
            FirewallRuleGroupId=group, FirewallDomainListId=domains, **arguments
        )["FirewallRule"]
        return made

    def test_domain_lists_store_names_with_their_final_dot(self) -> None:
        name = self.domain_list("a.example", "*.b.example.")
        self.assertEqual(self.domains(name), ["a.example.", "*.b.example."])
        self.update(name, "ADD", "a.example", "c.example")
        self.update(name, "REMOVE", "*.b.example")
        self.assertEqual(self.domains(name), ["a.example.", "c.example."])
        self.update(name, "REPLACE", "*")
        self.assertEqual(self.domains(name), ["*."])
        found = self.api.get_firewall_domain_list(FirewallDomainListId=name)["FirewallDomainList"]
        self.assertEqual((found["DomainCount"], found["Status"]), (1, "COMPLETE"))
        self.assertIn(name, [item["Id"] for item in self.api.list_firewall_domain_lists()["FirewallDomainLists"]])
        self.api.delete_firewall_domain_list(FirewallDomainListId=name)
        self.refused("ResourceNotFoundException", name, self.api.get_firewall_domain_list, FirewallDomainListId=name)

    def test_domains_that_are_refused(self) -> None:
        name = self.domain_list()
        for domain in ("a b", "a.*.example", "*a.example", "http://a", "a..b", "-a.example"):
            with self.subTest(domain=domain), self.assertRaisesRegex(Exception, "ValidationException.*not valid"):
                self.update(name, "ADD", domain)
        with self.assertRaisesRegex(Exception, "enum value set"):
            self.update(name, "SET", "a.example")
        with self.assertRaisesRegex(Exception, "At most 1000"):
            self.update(name, "ADD", *[f"a{number}.example" for number in range(1001)])

    def test_rules(self) -> None:
        group, allowed, every = self.group(), self.domain_list("a.example"), self.domain_list("*")
        made = self.rule(group, allowed, Priority=10, FirewallDomainRedirectionAction="TRUST_REDIRECTION_DOMAIN")
        self.assertEqual(made["FirewallDomainRedirectionAction"], "TRUST_REDIRECTION_DOMAIN")
        self.rule(group, every, Priority=20, Action="BLOCK", BlockResponse="NODATA")
        listed = self.api.list_firewall_rules(FirewallRuleGroupId=group)["FirewallRules"]
        self.assertEqual([rule["Priority"] for rule in listed], [10, 20])
        key = {"FirewallRuleGroupId": group, "FirewallDomainListId": every}
        self.api.update_firewall_rule(**key, Action="ALERT", Priority=30)
        changed = self.api.list_firewall_rules(FirewallRuleGroupId=group, Action="ALERT")["FirewallRules"]
        self.assertEqual([(rule["Priority"], rule.get("BlockResponse")) for rule in changed], [(30, None)])
        self.assertEqual(
            self.api.get_firewall_rule_group(FirewallRuleGroupId=group)["FirewallRuleGroup"]["RuleCount"], 2
        )
        self.refused(
            "ConflictException", "used by a rule", self.api.delete_firewall_domain_list, FirewallDomainListId=every
        )
        self.refused(
            "ConflictException", "still has rules", self.api.delete_firewall_rule_group, FirewallRuleGroupId=group
        )
        self.api.delete_firewall_rule(**key)
        self.api.delete_firewall_rule(FirewallRuleGroupId=group, FirewallDomainListId=allowed)
        self.api.delete_firewall_rule_group(FirewallRuleGroupId=group)

    def test_rules_that_are_refused(self) -> None:
        group, domains = self.group(), self.domain_list("a.example")
        cases: "list[tuple[str, str, Dict[str, Any]]]" = [
            ("ValidationException", "block response", {"Action": "BLOCK"}),
            ("ValidationException", "block response", {"BlockResponse": "NODATA"}),
            ("ValidationException", "OVERRIDE", {"Action": "BLOCK", "BlockResponse": "OVERRIDE"}),
            ("ValidationException", "enum value set", {"Action": "DENY"}),
            ("ValidationException", "pattern", {"Name": "123"}),
            ("ResourceNotFoundException", "none", {"domains": "none"}),
        ]
        for code, text, arguments in cases:
            with self.subTest(text=text):
                self.refused(code, text, self.rule, **{"group": group, "domains": domains, **arguments})
        self.rule(group, domains)
        other = self.domain_list("b.example")
        self.refused("ConflictException", "priority 1", self.rule, group=group, domains=other)
        self.refused("ConflictException", "already", self.rule, group=group, domains=domains, Priority=2)

    def test_associations(self) -> None:
        network, group = Network(), self.group()
        wanted = {"FirewallRuleGroupId": group, "VpcId": network.vpc, "Name": "a", "Priority": 101}
        associate = self.api.associate_firewall_rule_group
        self.refused("ValidationException", "between 101 and 9899", associate, **{**wanted, "Priority": 100})
        self.refused("ResourceNotFoundException", "vpc-0", associate, **{**wanted, "VpcId": "vpc-0"})
        made = associate(**wanted, MutationProtection="ENABLED")["FirewallRuleGroupAssociation"]
        self.refused("ConflictException", "priority 101", associate, **{**wanted, "FirewallRuleGroupId": self.group()})
        key = {"FirewallRuleGroupAssociationId": made["Id"]}
        self.assertEqual(
            self.api.get_firewall_rule_group_association(**key)["FirewallRuleGroupAssociation"]["VpcId"], network.vpc
        )
        self.refused("ConflictException", "associated", self.api.delete_firewall_rule_group, FirewallRuleGroupId=group)
        self.refused("ConflictException", "protected", self.api.disassociate_firewall_rule_group, **key)
        self.api.update_firewall_rule_group_association(**key, MutationProtection="DISABLED", Priority=200)
        listed = self.api.list_firewall_rule_group_associations(VpcId=network.vpc)["FirewallRuleGroupAssociations"]
        self.assertEqual([item["Priority"] for item in listed], [200])
        self.api.disassociate_firewall_rule_group(**key)
        self.api.delete_firewall_rule_group(FirewallRuleGroupId=group)

    def test_a_vpc_fails_closed_until_it_is_told_to_fail_open(self) -> None:
        vpc = Network().vpc
        found = self.api.get_firewall_config(ResourceId=vpc)["FirewallConfig"]
        self.assertEqual(found["FirewallFailOpen"], "DISABLED")
        changed = self.api.update_firewall_config(ResourceId=vpc, FirewallFailOpen="ENABLED")["FirewallConfig"]
        self.assertEqual((changed["Id"], changed["FirewallFailOpen"]), (found["Id"], "ENABLED"))
        self.assertIn(changed, self.api.list_firewall_configs()["FirewallConfigs"])
        self.refused("ResourceNotFoundException", "vpc-0", self.api.get_firewall_config, ResourceId="vpc-0")

    def test_tags(self) -> None:
        made = self.api.create_firewall_rule_group(Name="g", Tags=[{"Key": "a", "Value": "1"}])["FirewallRuleGroup"]
        arn = made["Arn"]
        self.api.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
        self.api.untag_resource(ResourceArn=arn, TagKeys=["a"])
        self.assertEqual(self.api.list_tags_for_resource(ResourceArn=arn)["Tags"], [{"Key": "b", "Value": "2"}])
        self.refused("ResourceNotFoundException", "x", self.api.list_tags_for_resource, ResourceArn=arn + "x")

    def test_query_logging_can_be_taken_away(self) -> None:
        network = Network()
        client("logs").create_log_group(logGroupName=unique("dns"))
        group = client("logs").describe_log_groups()["logGroups"][0]["arn"]
        made = self.api.create_resolver_query_log_config(Name="q", DestinationArn=group, CreatorRequestId=unique("q"))
        key = {"ResolverQueryLogConfigId": made["ResolverQueryLogConfig"]["Id"]}
        arn = made["ResolverQueryLogConfig"]["Arn"]
        self.assertEqual(self.api.list_tags_for_resource(ResourceArn=arn)["Tags"], [])
        self.api.associate_resolver_query_log_config(**key, ResourceId=network.vpc)
        self.refused("InvalidRequestException", "associated", self.api.delete_resolver_query_log_config, **key)
        self.api.disassociate_resolver_query_log_config(**key, ResourceId=network.vpc)
        gone = self.api.disassociate_resolver_query_log_config
        self.refused("ResourceNotFoundException", network.vpc, gone, **key, ResourceId=network.vpc)
        self.api.delete_resolver_query_log_config(**key)
        self.refused("ResourceNotFoundException", "", self.api.delete_resolver_query_log_config, **key)


if __name__ == "__main__":
    unittest.main()
