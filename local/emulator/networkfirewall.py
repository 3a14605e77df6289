"""Network Firewall rule groups and policies; stock moto has neither.

As AWS does, beyond the model: names are unique, references must exist and agree with the policy's rule order, what is
referenced cannot be deleted, and a change needs the current update token.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List

from .networkfirewall_common import Item, add, find, forbidden, invalid, items, metadata, present, touch
from .networkfirewall_rules import consumed_capacity
from .operations import Answer, Call, operation

STATEFUL_DEFAULT_ACTIONS = {
    "aws:drop_strict",
    "aws:drop_established",
    "aws:drop_established_app_layer",
    "aws:drop_established_app_layer_to_server",
    "aws:alert_strict",
    "aws:alert_established",
    "aws:alert_established_app_layer",
    "aws:alert_established_app_layer_to_server",
}
STATELESS_ACTIONS = {"aws:pass", "aws:drop", "aws:forward_to_sfe"}
LARGEST_CAPACITY = 30000
TCP_IDLE_SECONDS = range(60, 6001)
GROUPS, POLICIES, FIREWALLS = "rule_groups", "policies", "firewalls"


@operation("network-firewall", "CreateRuleGroup")
def create_rule_group(call: Call) -> Answer:
    params = call.params
    body = checked_rules(params, params["Type"], params["Capacity"])
    kind = f"{params['Type'].lower()}-rulegroup"
    group = add(
        call, GROUPS, kind, params["RuleGroupName"], type=params["Type"], capacity=params["Capacity"], body=body
    )
    return described_group(call, group)


def checked_rules(params: Dict[str, Any], kind: str, capacity: int) -> Dict[str, Any]:
    """The rules of the request as a RuleGroup, whichever of the two ways they were given."""
    if ("RuleGroup" in params) == ("Rules" in params):
        raise invalid("Exactly one of RuleGroup and Rules must be given")
    body: Dict[str, Any] = params.get("RuleGroup") or {"RulesSource": {"RulesString": params["Rules"]}}
    if not 1 <= capacity <= LARGEST_CAPACITY:
        raise invalid(f"Capacity must be between 1 and {LARGEST_CAPACITY}, got {capacity}")
    stateless = body["RulesSource"].get("StatelessRulesAndCustomActions") is not None
    if stateless != (kind == "STATELESS"):
        raise invalid(f"The rules do not fit a rule group of type {kind}")
    if not stateless and consumed_capacity(body) > capacity:
        raise invalid(f"The rule group needs capacity {consumed_capacity(body)}, more than its {capacity}")
    return body


def rule_order(body: Dict[str, Any]) -> str:
    return str((body.get("StatefulRuleOptions") or {}).get("RuleOrder", "DEFAULT_ACTION_ORDER"))


def references(policy: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
    for key in ("StatefulRuleGroupReferences", "StatelessRuleGroupReferences"):
        yield from policy.get(key) or []


def uses_of_group(call: Call, group: Item) -> int:
    return sum(
        1
        for policy in items(call, POLICIES).values()
        for ref in references(policy["body"])
        if ref["ResourceArn"] == group["arn"]
    )


def group_response(call: Call, group: Item) -> Answer:
    stateful = group["type"] == "STATEFUL"
    return present(
        {
            "RuleGroupArn": group["arn"],
            "RuleGroupName": group["name"],
            "RuleGroupId": group["id"],
            "Description": group["description"],
            "Type": group["type"],
            "Capacity": group["capacity"],
            "RuleGroupStatus": "ACTIVE",
            "Tags": group["tags"],
            "ConsumedCapacity": consumed_capacity(group["body"]) if stateful else group["capacity"],
            "NumberOfAssociations": uses_of_group(call, group),
            "EncryptionConfiguration": group["encryption"],
            "LastModifiedTime": group["modified"],
        }
    )


def described_group(call: Call, group: Item) -> Answer:
    return {"UpdateToken": group["token"], "RuleGroupResponse": group_response(call, group)}


@operation("network-firewall", "DescribeRuleGroup")
def describe_rule_group(call: Call) -> Answer:
    group = find(call, GROUPS, "RuleGroup")
    return {**described_group(call, group), "RuleGroup": group["body"]}


@operation("network-firewall", "UpdateRuleGroup")
def update_rule_group(call: Call) -> Answer:
    group, params = find(call, GROUPS, "RuleGroup"), call.params
    body = checked_rules(params, group["type"], group["capacity"])
    if rule_order(body) != rule_order(group["body"]):
        raise invalid("The rule order of a rule group cannot be changed")
    encryption = params.get("EncryptionConfiguration") or group["encryption"]
    touch(call, group, body=body, description=params.get("Description"), encryption=encryption)
    return described_group(call, group)


@operation("network-firewall", "DeleteRuleGroup")
def delete_rule_group(call: Call) -> Answer:
    group = find(call, GROUPS, "RuleGroup")
    if uses_of_group(call, group):
        raise forbidden("Unable to delete the object because it is still in use")
    answer = {**group_response(call, group), "RuleGroupStatus": "DELETING"}
    items(call, GROUPS).pop(group["arn"])
    return {"RuleGroupResponse": answer}


@operation("network-firewall", "ListRuleGroups")
def list_rule_groups(call: Call) -> Answer:
    return {"RuleGroups": metadata(call, GROUPS, "Arn", "Name")}


@operation("network-firewall", "CreateFirewallPolicy")
def create_firewall_policy(call: Call) -> Answer:
    body = call.params["FirewallPolicy"]
    check_policy(call, body)
    policy = add(call, POLICIES, "firewall-policy", call.params["FirewallPolicyName"], body=body)
    return described_policy(call, policy)


def check_policy(call: Call, body: Dict[str, Any]) -> None:
    options = body.get("StatefulEngineOptions") or {}
    strict = options.get("RuleOrder") == "STRICT_ORDER"
    check_default_actions(body, strict)
    check_references(call, body.get("StatefulRuleGroupReferences") or [], strict)
    for reference in body.get("StatelessRuleGroupReferences") or []:
        require_group(call, reference["ResourceArn"])
    seconds = (options.get("FlowTimeouts") or {}).get("TcpIdleTimeoutSeconds", 350)
    if seconds not in TCP_IDLE_SECONDS:
        raise invalid(f"TcpIdleTimeoutSeconds must be between 60 and 6000, got {seconds}")


def check_default_actions(body: Dict[str, Any], strict: bool) -> None:
    custom = {action["ActionName"] for action in body.get("StatelessCustomActions") or []}
    for key in ("StatelessDefaultActions", "StatelessFragmentDefaultActions"):
        actions = set(body[key])
        if len(actions & STATELESS_ACTIONS) != 1 or actions - STATELESS_ACTIONS - custom:
            raise invalid(f"{key} must hold exactly one of {sorted(STATELESS_ACTIONS)} and defined custom actions only")
    stateful = set(body.get("StatefulDefaultActions") or [])
    if stateful - STATEFUL_DEFAULT_ACTIONS:
        raise invalid(f"Unknown stateful default action: {sorted(stateful - STATEFUL_DEFAULT_ACTIONS)[0]}")
    if stateful and not strict:
        raise invalid("Stateful default actions need the rule order STRICT_ORDER")


def check_references(call: Call, found: List[Dict[str, Any]], strict: bool) -> None:
    priorities = [reference.get("Priority") for reference in found]
    if strict and (None in priorities or len(set(priorities)) < len(priorities)):
        raise invalid("With STRICT_ORDER every stateful rule group reference needs its own priority")
    if not strict and any(priority is not None for priority in priorities):
        raise invalid("A stateful rule group reference has a priority only with STRICT_ORDER")
    for reference in found:
        group = require_group(call, reference["ResourceArn"])
        wanted = "STRICT_ORDER" if strict else "DEFAULT_ACTION_ORDER"
        if group and rule_order(group["body"]) != wanted:
            raise invalid(f"The rule order of {reference['ResourceArn']} is not the policy's {wanted}")


def require_group(call: Call, arn: str) -> Item:
    """The referenced group; empty for one that AWS manages."""
    if ":aws-managed:" in arn:
        return {}
    if arn not in items(call, GROUPS):
        raise invalid(f"Rule group {arn} does not exist")
    return items(call, GROUPS)[arn]


def described_policy(call: Call, policy: Item) -> Answer:
    stateful = [ref["ResourceArn"] for ref in policy["body"].get("StatefulRuleGroupReferences") or []]
    groups = [items(call, GROUPS)[arn] for arn in stateful if arn in items(call, GROUPS)]
    response = {
        "FirewallPolicyName": policy["name"],
        "FirewallPolicyArn": policy["arn"],
        "FirewallPolicyId": policy["id"],
        "Description": policy["description"],
        "FirewallPolicyStatus": "ACTIVE",
        "Tags": policy["tags"],
        "ConsumedStatelessRuleCapacity": 0,
        "ConsumedStatefulRuleCapacity": sum(group["capacity"] for group in groups),
        "NumberOfAssociations": uses_of_policy(call, policy),
        "EncryptionConfiguration": policy["encryption"],
        "LastModifiedTime": policy["modified"],
    }
    return {"UpdateToken": policy["token"], "FirewallPolicyResponse": present(response)}


def uses_of_policy(call: Call, policy: Item) -> int:
    return sum(1 for firewall in items(call, FIREWALLS).values() if firewall["policy"] == policy["arn"])


@operation("network-firewall", "DescribeFirewallPolicy")
def describe_firewall_policy(call: Call) -> Answer:
    policy = find(call, POLICIES, "FirewallPolicy")
    return {**described_policy(call, policy), "FirewallPolicy": policy["body"]}


@operation("network-firewall", "UpdateFirewallPolicy")
def update_firewall_policy(call: Call) -> Answer:
    policy, body = find(call, POLICIES, "FirewallPolicy"), call.params["FirewallPolicy"]
    check_policy(call, body)
    before, after = (b.get("StatefulEngineOptions") or {} for b in (policy["body"], body))
    if before.get("RuleOrder") != after.get("RuleOrder"):
        raise invalid("The rule order of a firewall policy cannot be changed")
    encryption = call.params.get("EncryptionConfiguration") or policy["encryption"]
    touch(call, policy, body=body, description=call.params.get("Description"), encryption=encryption)
    return described_policy(call, policy)


@operation("network-firewall", "DeleteFirewallPolicy")
def delete_firewall_policy(call: Call) -> Answer:
    policy = find(call, POLICIES, "FirewallPolicy")
    if uses_of_policy(call, policy):
        raise forbidden("Unable to delete the object because it is still in use")
    answer = described_policy(call, policy)["FirewallPolicyResponse"]
    items(call, POLICIES).pop(policy["arn"])
    return {"FirewallPolicyResponse": {**answer, "FirewallPolicyStatus": "DELETING"}}


@operation("network-firewall", "ListFirewallPolicies")
def list_firewall_policies(call: Call) -> Answer:
    return {"FirewallPolicies": metadata(call, POLICIES, "Arn", "Name")}
