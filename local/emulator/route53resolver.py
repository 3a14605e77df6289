"""Route 53 Resolver DNS Firewall: domain lists, rule groups and rules; stock moto has none.

As AWS does, beyond the model: names are stored with their final dot (Terraform drifts for ever on one given without, as
in AWS), a rule needs its action's companions, priorities are unique, and a list or group in use cannot be deleted.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List

from .operations import Answer, Call, new_id, operation
from .route53resolver_common import (
    ASSOCIATIONS,
    GROUPS,
    LISTS,
    RULES,
    Item,
    add,
    conflict,
    find,
    invalid,
    items,
    missing,
    remove,
    stamp,
)

DOMAIN = re.compile(
    r"(\*\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?|\*\.?"
)
LARGEST_LIST_UPDATE = 1000


@operation("route53resolver", "CreateFirewallDomainList")
def create_firewall_domain_list(call: Call) -> Answer:
    item = add(call, LISTS, "firewall-domain-list", "rslvr-fdl-", domains=[])
    return {"FirewallDomainList": shown_list(item)}


def shown_list(item: Item) -> Answer:
    answer = {key: value for key, value in item.items() if key != "domains"}
    return {**answer, "DomainCount": len(item["domains"])}


@operation("route53resolver", "GetFirewallDomainList")
def get_firewall_domain_list(call: Call) -> Answer:
    return {"FirewallDomainList": shown_list(find(call, LISTS, "FirewallDomainListId"))}


@operation("route53resolver", "ListFirewallDomainLists")
def list_firewall_domain_lists(call: Call) -> Answer:
    keys = ("Id", "Arn", "Name", "CreatorRequestId")
    return {"FirewallDomainLists": [{key: item[key] for key in keys} for item in items(call, LISTS).values()]}


@operation("route53resolver", "UpdateFirewallDomains")
def update_firewall_domains(call: Call) -> Answer:
    item, kind = find(call, LISTS, "FirewallDomainListId"), call.params["Operation"]
    given = [checked_domain(name) for name in call.params["Domains"]]
    if len(given) > LARGEST_LIST_UPDATE:
        raise invalid(f"[RSLVR-02011] At most {LARGEST_LIST_UPDATE} domains can be given in one call, got {len(given)}")
    kept = {"ADD": item["domains"], "REMOVE": [name for name in item["domains"] if name not in given], "REPLACE": []}[
        kind
    ]
    item["domains"] = kept if kind == "REMOVE" else kept + [name for name in dict.fromkeys(given) if name not in kept]
    item["ModificationTime"] = stamp()
    return {key: item[key] for key in ("Id", "Name", "Status", "StatusMessage")}


def checked_domain(name: str) -> str:
    """The domain with its final dot, as Resolver stores it."""
    if not DOMAIN.fullmatch(name):
        raise invalid(f"[RSLVR-02007] The domain name is not valid: {name}")
    return name.rstrip(".") + "."


@operation("route53resolver", "ListFirewallDomains")
def list_firewall_domains(call: Call) -> Answer:
    return {"Domains": find(call, LISTS, "FirewallDomainListId")["domains"]}


@operation("route53resolver", "DeleteFirewallDomainList")
def delete_firewall_domain_list(call: Call) -> Answer:
    item = find(call, LISTS, "FirewallDomainListId")
    if any(rule.get("FirewallDomainListId") == item["Id"] for rule in items(call, RULES).values()):
        raise conflict(f"[RSLVR-02006] The domain list {item['Id']} is used by a rule")
    return {"FirewallDomainList": shown_list(remove(call, LISTS, item))}


@operation("route53resolver", "CreateFirewallRuleGroup")
def create_firewall_rule_group(call: Call) -> Answer:
    facts = {"OwnerId": call.account, "ShareStatus": "NOT_SHARED"}
    item = add(call, GROUPS, "firewall-rule-group", "rslvr-frg-", **facts)
    return {"FirewallRuleGroup": shown_group(call, item)}


def rules_of(call: Call, group: str) -> List[Item]:
    return [rule for rule in items(call, RULES).values() if rule["FirewallRuleGroupId"] == group]


def shown_group(call: Call, item: Item) -> Answer:
    return {**item, "RuleCount": len(rules_of(call, item["Id"]))}


@operation("route53resolver", "GetFirewallRuleGroup")
def get_firewall_rule_group(call: Call) -> Answer:
    return {"FirewallRuleGroup": shown_group(call, find(call, GROUPS, "FirewallRuleGroupId"))}


@operation("route53resolver", "ListFirewallRuleGroups")
def list_firewall_rule_groups(call: Call) -> Answer:
    keys = ("Id", "Arn", "Name", "OwnerId", "CreatorRequestId", "ShareStatus")
    return {"FirewallRuleGroups": [{key: item[key] for key in keys} for item in items(call, GROUPS).values()]}


@operation("route53resolver", "DeleteFirewallRuleGroup")
def delete_firewall_rule_group(call: Call) -> Answer:
    item = find(call, GROUPS, "FirewallRuleGroupId")
    if any(link["FirewallRuleGroupId"] == item["Id"] for link in items(call, ASSOCIATIONS).values()):
        raise conflict(f"[RSLVR-02013] The rule group {item['Id']} is associated with a VPC")
    if rules_of(call, item["Id"]):
        raise conflict(f"[RSLVR-02012] The rule group {item['Id']} still has rules")
    return {"FirewallRuleGroup": shown_group(call, remove(call, GROUPS, item))}


@operation("route53resolver", "CreateFirewallRule")
def create_firewall_rule(call: Call) -> Answer:
    params, group = call.params, find(call, GROUPS, "FirewallRuleGroupId")
    find(call, LISTS, "FirewallDomainListId") if params.get("FirewallDomainListId") else require_threat(params)
    rule = {key: value for key, value in params.items() if value is not None}
    check_rule(rule, rules_of(call, group["Id"]))
    rule.update(CreationTime=stamp(), ModificationTime=stamp())
    if params.get("FirewallDomainListId"):
        rule.setdefault("FirewallDomainRedirectionAction", "INSPECT_REDIRECTION_DOMAIN")
    else:
        rule["FirewallThreatProtectionId"] = new_id("rslvr-ftp-")
    name = rule.get("FirewallDomainListId") or rule["FirewallThreatProtectionId"]
    key = f"{group['Id']}:{name}:{rule.get('Qtype', '')}"
    if key in items(call, RULES):
        raise conflict(f"[RSLVR-02009] The rule group {group['Id']} has a rule for {name} already")
    items(call, RULES)[key] = rule
    return {"FirewallRule": rule}


def require_threat(params: Dict[str, Any]) -> None:
    if not params.get("DnsThreatProtection") or not params.get("ConfidenceThreshold"):
        raise invalid("[RSLVR-02001] A rule needs a domain list, or a threat protection with its confidence threshold")


def check_rule(rule: Item, others: List[Item]) -> None:
    blocked = rule["Action"] == "BLOCK"
    if blocked != ("BlockResponse" in rule):
        raise invalid("[RSLVR-02002] A block response is given with the action BLOCK, and only then")
    override = ("BlockOverrideDomain", "BlockOverrideDnsType", "BlockOverrideTtl")
    given = [key for key in override if key in rule]
    if len(given) != (3 if rule.get("BlockResponse") == "OVERRIDE" else 0):
        raise invalid(
            f"[RSLVR-02003] With the response OVERRIDE, and only then, all of {', '.join(override)} are given"
        )
    if any(other["Priority"] == rule["Priority"] for other in others):
        raise conflict(f"[RSLVR-02023] The priority {rule['Priority']} is used by another rule of the group")


def rule_key(call: Call) -> str:
    params = call.params
    name = params.get("FirewallDomainListId") or params.get("FirewallThreatProtectionId")
    key = f"{params['FirewallRuleGroupId']}:{name}:{params.get('Qtype', '')}"
    if key not in items(call, RULES):
        raise missing(key)
    return key


@operation("route53resolver", "UpdateFirewallRule")
def update_firewall_rule(call: Call) -> Answer:
    key = rule_key(call)
    before = items(call, RULES)[key]
    rule = {**before, **{name: value for name, value in call.params.items() if value is not None}}
    if rule["Action"] != "BLOCK":
        rule = {name: value for name, value in rule.items() if not name.startswith("Block")}
    check_rule(rule, [other for other in rules_of(call, rule["FirewallRuleGroupId"]) if other is not before])
    items(call, RULES)[key] = {**rule, "ModificationTime": stamp()}
    return {"FirewallRule": items(call, RULES)[key]}


@operation("route53resolver", "DeleteFirewallRule")
def delete_firewall_rule(call: Call) -> Answer:
    return {"FirewallRule": items(call, RULES).pop(rule_key(call))}


@operation("route53resolver", "ListFirewallRules")
def list_firewall_rules(call: Call) -> Answer:
    group = find(call, GROUPS, "FirewallRuleGroupId")
    wanted = {key: call.params[key] for key in ("Priority", "Action") if key in call.params}
    found = [rule for rule in rules_of(call, group["Id"]) if all(rule[key] == value for key, value in wanted.items())]
    return {"FirewallRules": sorted(found, key=lambda rule: rule["Priority"])}
