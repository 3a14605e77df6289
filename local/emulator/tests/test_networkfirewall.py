"""Network Firewall: rule groups, policies, firewalls with their endpoints, logging and tags."""

from __future__ import annotations

import unittest
from typing import Any, Dict

from support import REGION, EmulatorTest, Network, client, unique

STRICT = {"RuleOrder": "STRICT_ORDER"}
RULE = (
    "pass tls $HOME_NET any -> $EXTERNAL_NET 443 "
    '(tls.sni; content:"a;b\\"c"; nocase; msg:"it\'s; ok"; sid:{sid}; rev:1;)'
)
STATELESS = {"StatelessDefaultActions": ["aws:forward_to_sfe"], "StatelessFragmentDefaultActions": ["aws:drop"]}


def rules(*lines: str, **more: Any) -> Dict[str, Any]:
    return {"RulesSource": {"RulesString": "\n".join(lines)}, "StatefulRuleOptions": STRICT, **more}


def domains(*targets: str, **more: Any) -> Dict[str, Any]:
    source = {"Targets": list(targets), "TargetTypes": ["TLS_SNI", "HTTP_HOST"], "GeneratedRulesType": "ALLOWLIST"}
    return {"RulesSource": {"RulesSourceList": source}, "StatefulRuleOptions": STRICT, **more}


class FirewallTest(EmulatorTest):
    def setUp(self) -> None:
        self.api = client("network-firewall")

    def group(self, body: Dict[str, Any], capacity: int = 10, name: str = "") -> str:
        made = self.api.create_rule_group(
            RuleGroupName=name or unique("group"), Type="STATEFUL", Capacity=capacity, RuleGroup=body
        )
        return str(made["RuleGroupResponse"]["RuleGroupArn"])

    def policy(self, **more: Any) -> str:
        made = self.api.create_firewall_policy(
            FirewallPolicyName=unique("policy"), FirewallPolicy={**STATELESS, **more}
        )
        return str(made["FirewallPolicyResponse"]["FirewallPolicyArn"])

    def strict_policy(self, *groups: str, **more: Any) -> str:
        references = [{"ResourceArn": arn, "Priority": number} for number, arn in enumerate(groups, start=1)]
        return self.policy(StatefulEngineOptions=STRICT, StatefulRuleGroupReferences=references, **more)


class RuleGroupTest(FirewallTest):
    def test_a_group_from_creation_to_deletion(self) -> None:
        body = rules("# comment", "", RULE.format(sid=1), RULE.format(sid=2))
        arn = self.group(body)
        found = self.api.describe_rule_group(RuleGroupArn=arn)
        self.assertEqual(found["RuleGroup"], body)
        self.assertEqual(found["RuleGroupResponse"]["ConsumedCapacity"], 2)
        token, longer = found["UpdateToken"], rules(RULE.format(sid=1))
        changed = self.api.update_rule_group(RuleGroupArn=arn, UpdateToken=token, RuleGroup=longer, Description="d")
        self.assertNotEqual(changed["UpdateToken"], token)
        self.assertEqual(self.api.describe_rule_group(RuleGroupArn=arn)["RuleGroup"], longer)
        self.refused(
            "InvalidTokenException",
            "token",
            self.api.update_rule_group,
            RuleGroupArn=arn,
            UpdateToken=token,
            RuleGroup=longer,
        )
        self.assertEqual(
            self.api.delete_rule_group(RuleGroupArn=arn)["RuleGroupResponse"]["RuleGroupStatus"], "DELETING"
        )
        self.refused("ResourceNotFoundException", arn, self.api.describe_rule_group, RuleGroupArn=arn)

    def test_domain_lists(self) -> None:
        arn = self.group(domains(".example.com", "example.com"))
        response = self.api.describe_rule_group(RuleGroupArn=arn)["RuleGroupResponse"]
        self.assertEqual((response["Capacity"], response["ConsumedCapacity"]), (10, 4))
        for target in ("*.example.com", "https://example.com", "example..com", ""):
            with self.subTest(target=target):
                self.refused("InvalidRequestException", "not a valid domain", self.group, body=domains(target))
        self.refused("InvalidRequestException", "at least one target", self.group, body=domains())

    def test_rules_that_are_refused(self) -> None:
        cases = [
            ("sid", ['drop ip any any -> any any (msg:"x";)']),
            ("Duplicate sid", [RULE.format(sid=1), RULE.format(sid=1)]),
            ("Illegal rule syntax", ["block ip any any -> any any (sid:1;)"]),
            ("Illegal rule syntax", ["drop ip any any any any (sid:1;)"]),
            ("semicolon", ['drop ip any any -> any any (msg:"x"; sid:1)']),
            ("semicolon", ['drop ip any any -> any any (msg:"x; sid:1;)']),
            ("Undefined variable CODE", ["drop ip $CODE any -> any any (sid:1;)"]),
            ("Undefined variable PORTS", ["drop tcp any any -> any [80,$PORTS] (sid:1;)"]),
            ("priority", ["drop ip any any -> any any (priority:1; sid:1;)"]),
            ("needs capacity 2", [RULE.format(sid=1), RULE.format(sid=2)]),
        ]
        for text, lines in cases:
            with self.subTest(text=text):
                capacity = 1 if "capacity" in text else 10
                self.refused("InvalidRequestException", text, self.group, body=rules(*lines), capacity=capacity)

    def test_defined_variables_can_be_used(self) -> None:
        variables = {
            "IPSets": {"CODE": {"Definition": ["10.0.0.0/24"]}},
            "PortSets": {"PORTS": {"Definition": ["8080"]}},
        }
        self.group(
            rules("drop tcp $CODE any -> [10.1.0.0/16, 10.2.0.0/16] [80,$PORTS] (sid:1;)", RuleVariables=variables)
        )

    def test_what_is_refused_beyond_rules(self) -> None:
        name = unique("group")
        self.group(domains("a.example"), name=name)
        self.refused("InvalidRequestException", "already exists", self.group, body=domains("a.example"), name=name)
        self.refused("InvalidRequestException", "Capacity", self.group, body=domains("a.example"), capacity=0)
        self.refused("InvalidRequestException", "Capacity", self.group, body=domains("a.example"), capacity=30001)
        common = {"RuleGroupName": unique("group"), "Type": "STATEFUL", "Capacity": 5}
        text = "pass ip any any -> any any (sid:1;)"
        self.refused("InvalidRequestException", "Exactly one", self.api.create_rule_group, **common)
        self.refused(
            "InvalidRequestException",
            "Exactly one",
            self.api.create_rule_group,
            **common,
            Rules=text,
            RuleGroup=rules(text),
        )
        self.refused(
            "InvalidRequestException",
            "do not fit",
            self.api.create_rule_group,
            **{**common, "Type": "STATELESS"},
            RuleGroup=rules(text),
        )

    def test_a_group_in_use_stays(self) -> None:
        arn = self.group(domains("a.example"))
        policy = self.strict_policy(arn)
        self.assertEqual(self.api.describe_rule_group(RuleGroupArn=arn)["RuleGroupResponse"]["NumberOfAssociations"], 1)
        self.refused("InvalidOperationException", "in use", self.api.delete_rule_group, RuleGroupArn=arn)
        self.api.delete_firewall_policy(FirewallPolicyArn=policy)
        self.api.delete_rule_group(RuleGroupArn=arn)


class PolicyTest(FirewallTest):
    def test_a_policy_from_creation_to_deletion(self) -> None:
        group = self.group(domains("a.example"))
        arn = self.strict_policy(group, StatefulDefaultActions=["aws:drop_established", "aws:alert_established"])
        found = self.api.describe_firewall_policy(FirewallPolicyArn=arn)
        self.assertEqual(found["FirewallPolicyResponse"]["ConsumedStatefulRuleCapacity"], 10)
        body = {**found["FirewallPolicy"], "StatefulDefaultActions": ["aws:drop_strict"]}
        token = found["UpdateToken"]
        self.api.update_firewall_policy(FirewallPolicyArn=arn, UpdateToken=token, FirewallPolicy=body)
        self.assertEqual(self.api.describe_firewall_policy(FirewallPolicyArn=arn)["FirewallPolicy"], body)
        self.assertIn(arn, [item["Arn"] for item in self.api.list_firewall_policies()["FirewallPolicies"]])
        self.api.delete_firewall_policy(FirewallPolicyArn=arn)
        self.refused("ResourceNotFoundException", arn, self.api.describe_firewall_policy, FirewallPolicyArn=arn)

    def test_what_is_refused(self) -> None:
        strict = self.group(domains("a.example"))
        loose = self.group({**domains("a.example"), "StatefulRuleOptions": {"RuleOrder": "DEFAULT_ACTION_ORDER"}})
        missing = strict + "x"
        cases: "list[tuple[str, Dict[str, Any]]]" = [
            ("does not exist", {"StatefulRuleGroupReferences": [{"ResourceArn": missing}]}),
            ("rule order", {"StatefulRuleGroupReferences": [{"ResourceArn": strict}]}),
            ("priority only", {"StatefulRuleGroupReferences": [{"ResourceArn": loose, "Priority": 1}]}),
            ("need the rule order", {"StatefulDefaultActions": ["aws:drop_strict"]}),
            ("Unknown stateful", {"StatefulEngineOptions": STRICT, "StatefulDefaultActions": ["aws:drop"]}),
            ("exactly one", {"StatelessDefaultActions": ["aws:drop", "aws:pass"]}),
            ("exactly one", {"StatelessDefaultActions": ["aws:drop", "mine"]}),
            ("between 60 and 6000", {"StatefulEngineOptions": {"FlowTimeouts": {"TcpIdleTimeoutSeconds": 59}}}),
            ("enum value set", {"StatefulEngineOptions": {"StreamExceptionPolicy": "KEEP"}}),
        ]
        for text, arguments in cases:
            with self.subTest(text=text):
                self.refused("InvalidRequestException", text, self.policy, **arguments)
        same = [
            {"ResourceArn": strict, "Priority": 1},
            {"ResourceArn": self.group(domains("b.example")), "Priority": 1},
        ]
        self.refused(
            "InvalidRequestException",
            "its own priority",
            self.policy,
            StatefulEngineOptions=STRICT,
            StatefulRuleGroupReferences=same,
        )
        self.strict_policy(
            f"arn:aws:network-firewall:{REGION}:aws-managed:stateful-rulegroup/ThreatSignaturesDoSStrictOrder"
        )


class FirewallsTest(FirewallTest):
    def setUp(self) -> None:
        super().setUp()
        self.network, self.arn = Network(), self.strict_policy()

    def firewall(self, **more: Any) -> Dict[str, Any]:
        arguments = {
            "FirewallName": unique("firewall"),
            "FirewallPolicyArn": self.arn,
            "VpcId": self.network.vpc,
            "SubnetMappings": [{"SubnetId": subnet} for subnet in self.network.subnets],
            **more,
        }
        made: Dict[str, Any] = self.api.create_firewall(**arguments)
        return made

    def test_a_firewall_has_a_routable_endpoint_in_each_zone(self) -> None:
        made = self.firewall()
        states = made["FirewallStatus"]["SyncStates"]
        self.assertEqual(sorted(states), [REGION + zone for zone in "abc"])
        endpoints = [state["Attachment"]["EndpointId"] for state in states.values()]
        ec2 = client("ec2")
        self.assertEqual(len(ec2.describe_vpc_endpoints(VpcEndpointIds=endpoints)["VpcEndpoints"]), 3)
        table = ec2.create_route_table(VpcId=self.network.vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", VpcEndpointId=endpoints[0])
        arn = made["Firewall"]["FirewallArn"]
        self.assertEqual(self.api.describe_firewall(FirewallArn=arn)["Firewall"], made["Firewall"])
        self.assertIn(
            arn, [item["FirewallArn"] for item in self.api.list_firewalls(VpcIds=[self.network.vpc])["Firewalls"]]
        )
        self.api.delete_firewall(FirewallArn=arn)
        left = ec2.describe_vpc_endpoints(Filters=[{"Name": "vpc-id", "Values": [self.network.vpc]}])["VpcEndpoints"]
        self.assertEqual(left, [])
        self.refused("ResourceNotFoundException", arn, self.api.describe_firewall, FirewallArn=arn)
        self.api.delete_firewall_policy(FirewallPolicyArn=self.arn)

    def test_what_is_refused(self) -> None:
        other = Network()
        zone = client("ec2").create_subnet(
            VpcId=self.network.vpc, CidrBlock="10.0.9.0/24", AvailabilityZone=REGION + "a"
        )["Subnet"]["SubnetId"]
        cases: "list[tuple[str, Dict[str, Any]]]" = [
            ("does not exist", {"FirewallPolicyArn": self.arn + "x"}),
            ("does not exist", {"SubnetMappings": [{"SubnetId": "subnet-0"}]}),
            ("in its VPC", {"SubnetMappings": [{"SubnetId": other.subnets[0]}]}),
            ("one subnet in each", {"SubnetMappings": [{"SubnetId": self.network.subnets[0]}, {"SubnetId": zone}]}),
            ("at least one subnet", {"SubnetMappings": []}),
            ("pattern", {"FirewallName": "a b"}),
            ("enum value set", {"EncryptionConfiguration": {"Type": "KMS"}}),
        ]
        for text, arguments in cases:
            with self.subTest(text=text):
                self.refused("InvalidRequestException", text, self.firewall, **arguments)
        self.firewall()
        self.refused("InvalidOperationException", "in use", self.api.delete_firewall_policy, FirewallPolicyArn=self.arn)

    def test_protections_hold_until_they_are_lifted(self) -> None:
        protections = ("DeleteProtection", "SubnetChangeProtection", "FirewallPolicyChangeProtection")
        arn = self.firewall(**{name: True for name in protections})["Firewall"]["FirewallArn"]
        subnets, another = self.network.subnets[:1], self.strict_policy()
        forbidden = "InvalidOperationException"
        self.refused(forbidden, "delete protection", self.api.delete_firewall, FirewallArn=arn)
        self.refused(forbidden, "subnets", self.api.disassociate_subnets, FirewallArn=arn, SubnetIds=subnets)
        self.refused(
            forbidden, "policy", self.api.associate_firewall_policy, FirewallArn=arn, FirewallPolicyArn=another
        )
        self.api.update_firewall_delete_protection(FirewallArn=arn, DeleteProtection=False)
        self.api.update_subnet_change_protection(FirewallArn=arn, SubnetChangeProtection=False)
        self.api.update_firewall_policy_change_protection(FirewallArn=arn, FirewallPolicyChangeProtection=False)
        self.api.associate_firewall_policy(FirewallArn=arn, FirewallPolicyArn=another)
        self.api.disassociate_subnets(FirewallArn=arn, SubnetIds=subnets)
        found = self.api.describe_firewall(FirewallArn=arn)
        self.assertEqual(len(found["FirewallStatus"]["SyncStates"]), 2)
        self.assertEqual(found["Firewall"]["FirewallPolicyArn"], another)
        self.api.associate_subnets(FirewallArn=arn, SubnetMappings=[{"SubnetId": subnets[0]}])
        self.api.update_firewall_description(FirewallArn=arn, Description="d")
        self.api.update_firewall_encryption_configuration(
            FirewallArn=arn, EncryptionConfiguration={"Type": "CUSTOMER_KMS", "KeyId": "k"}
        )
        found = self.api.describe_firewall(FirewallArn=arn)["Firewall"]
        self.assertEqual((len(found["SubnetMappings"]), found["Description"]), (3, "d"))
        self.assertEqual(found["EncryptionConfiguration"]["KeyId"], "k")
        self.api.delete_firewall(FirewallArn=arn)

    def test_logging_changes_one_destination_at_a_time(self) -> None:
        arn, group = self.firewall()["Firewall"]["FirewallArn"], unique("/fw")
        client("logs").create_log_group(logGroupName=group)

        def destination(kind: str, name: str = group) -> Dict[str, Any]:
            return {"LogType": kind, "LogDestinationType": "CloudWatchLogs", "LogDestination": {"logGroup": name}}

        def update(*found: Dict[str, Any]) -> Any:
            return self.api.update_logging_configuration(
                FirewallArn=arn, LoggingConfiguration={"LogDestinationConfigs": list(found)}
            )

        alert, flow = destination("ALERT"), destination("FLOW")
        with self.assertRaisesRegex(Exception, "InvalidRequestException.*single"):
            update(alert, flow)
        with self.assertRaisesRegex(Exception, "LogDestinationPermissionException"):
            update(destination("ALERT", "none"))
        with self.assertRaisesRegex(Exception, "enum value set"):
            update(destination("DEBUG"))
        with self.assertRaisesRegex(Exception, "needs logGroup"):
            update({**alert, "LogDestination": {"bucketName": "x"}})
        update(alert)
        update(alert, flow)
        found = self.api.describe_logging_configuration(FirewallArn=arn)["LoggingConfiguration"]
        self.assertEqual(found["LogDestinationConfigs"], [alert, flow])

    def test_tags(self) -> None:
        arns = [self.arn, self.group(domains("a.example")), self.firewall()["Firewall"]["FirewallArn"]]
        for arn in arns:
            with self.subTest(arn=arn):
                self.api.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}])
                self.api.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
                self.api.untag_resource(ResourceArn=arn, TagKeys=["a"])
                self.assertEqual(self.api.list_tags_for_resource(ResourceArn=arn)["Tags"], [{"Key": "b", "Value": "2"}])
        gone = self.arn + "x"
        self.refused("ResourceNotFoundException", gone, self.api.list_tags_for_resource, ResourceArn=gone)


class RouteTest(FirewallTest):
    """Routes that exist are led to a firewall and away from it."""

    def setUp(self) -> None:
        super().setUp()
        self.ec2, network = client("ec2"), Network()
        made = self.api.create_firewall(
            FirewallName=unique("firewall"),
            FirewallPolicyArn=self.policy(),
            VpcId=network.vpc,
            SubnetMappings=[{"SubnetId": network.subnets[0]}],
        )
        states = made["FirewallStatus"]["SyncStates"].values()
        self.endpoint = next(iter(states))["Attachment"]["EndpointId"]
        self.vpc = network.vpc
        self.gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=self.gateway, VpcId=network.vpc)
        self.table = self.ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
        self.route = {"RouteTableId": self.table, "DestinationCidrBlock": "0.0.0.0/0"}

    def target(self) -> str:
        tables = self.ec2.describe_route_tables(RouteTableIds=[self.table])["RouteTables"]
        routes = [route for table in tables for route in table["Routes"]]
        return next(r["GatewayId"] for r in routes if r["DestinationCidrBlock"] == "0.0.0.0/0")

    def test_a_route_is_led_to_an_endpoint_and_away_from_it(self) -> None:
        self.ec2.create_route(**self.route, GatewayId=self.gateway)
        self.ec2.replace_route(**self.route, VpcEndpointId=self.endpoint)
        self.assertEqual(self.target(), self.endpoint)
        self.ec2.replace_route(**self.route, GatewayId=self.gateway)
        self.assertEqual(self.target(), self.gateway)

    def test_a_route_leads_to_no_other_kind_of_endpoint(self) -> None:
        self.ec2.create_route(**self.route, GatewayId=self.gateway)
        other = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc, ServiceName=f"com.amazonaws.{REGION}.sts", VpcEndpointType="Interface"
        )["VpcEndpoint"]["VpcEndpointId"]
        self.refused("RouteNotSupported", other, self.ec2.replace_route, **self.route, VpcEndpointId=other)
        self.assertEqual(self.target(), self.gateway)


if __name__ == "__main__":
    unittest.main()
