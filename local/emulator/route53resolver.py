"""Route 53 Resolver: DNS Firewall, which stock moto lacks, and the deletes of query logging, which it forgot.

As AWS does, beyond the model: a rule needs its action's companions, priorities are unique, a domain list or rule group
in use cannot be deleted, and a protected association cannot be removed.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, List

from moto.ec2.models import ec2_backends
from moto.route53resolver.models import Route53ResolverBackend, route53resolver_backends

from .operations import Answer, Call, Refusal, new_id, now, operation, store

Item = Dict[str, Any]

DOMAIN = re.compile(
    r"(\*\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?|\*\.?"
)
LARGEST_LIST_UPDATE = 1000
LISTS, GROUPS, RULES, ASSOCIATIONS, CONFIGS = "lists", "groups", "rules", "associations", "configs"


def backend_of(call: Call) -> Route53ResolverBackend:
    return route53resolver_backends[call.account][call.region]


def items(call: Call, kind: str) -> Dict[str, Item]:
    return store(backend_of(call), kind)


def invalid(message: str) -> Refusal:
    return Refusal("ValidationException", message)


def conflict(message: str) -> Refusal:
    return Refusal("ConflictException", message)


def missing(what: str) -> Refusal:
    return Refusal("ResourceNotFoundException", f"[RSLVR-02025] Can't find the resource with ID '{what}'")


def find(call: Call, kind: str, key: str) -> Item:
    name = call.params[key]
    if name not in items(call, kind):
        raise missing(name)
    return items(call, kind)[name]


def stamp() -> str:
    return now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def add(call: Call, kind: str, arn_kind: str, prefix: str, **facts: Any) -> Item:
    """Store a new item with what all of them have; a repeated CreatorRequestId is refused."""
    token = call.params["CreatorRequestId"]
    if any(item["CreatorRequestId"] == token for item in items(call, kind).values()):
        raise conflict(f"[RSLVR-02061] The creator request id {token} was used before")
    name = new_id(prefix)
    item = {
        "Id": name,
        "Arn": f"arn:{call.partition}:route53resolver:{call.region}:{call.account}:{arn_kind}/{name}",
        "Name": call.params["Name"],
        "Status": "COMPLETE",
        "StatusMessage": "",
        "CreatorRequestId": token,
        "CreationTime": stamp(),
        "ModificationTime": stamp(),
        **facts,
    }
    items(call, kind)[name] = item
    if call.params.get("Tags"):
        backend_of(call).tagger.tag_resource(item["Arn"], call.params["Tags"])
    return item


def remove(call: Call, kind: str, item: Item) -> Item:
    items(call, kind).pop(item["Id"])
    backend_of(call).tagger.delete_all_tags_for_resource(item["Arn"])
    return {**item, "Status": "DELETING"}


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


@operation("route53resolver", "AssociateFirewallRuleGroup")
def associate_firewall_rule_group(call: Call) -> Answer:
    params, group = call.params, find(call, GROUPS, "FirewallRuleGroupId")
    require_vpc(call, params["VpcId"])
    check_priority(
        params["Priority"], [link for link in items(call, ASSOCIATIONS).values() if link["VpcId"] == params["VpcId"]]
    )
    link = add(
        call,
        ASSOCIATIONS,
        "firewall-rule-group-association",
        "rslvr-frgassoc-",
        FirewallRuleGroupId=group["Id"],
        VpcId=params["VpcId"],
        Priority=params["Priority"],
        MutationProtection=params.get("MutationProtection", "DISABLED"),
    )
    return {"FirewallRuleGroupAssociation": link}


def require_vpc(call: Call, vpc: str) -> None:
    if vpc not in ec2_backends[call.account][call.region].vpcs:
        raise missing(vpc)


def check_priority(priority: int, others: List[Item]) -> None:
    if not 100 < priority < 9900:
        raise invalid(f"[RSLVR-02021] The priority of an association must be between 101 and 9899, got {priority}")
    if any(other["Priority"] == priority for other in others):
        raise conflict(f"[RSLVR-02024] The priority {priority} is used by another association of the VPC")


@operation("route53resolver", "GetFirewallRuleGroupAssociation")
def get_firewall_rule_group_association(call: Call) -> Answer:
    return {"FirewallRuleGroupAssociation": find(call, ASSOCIATIONS, "FirewallRuleGroupAssociationId")}


@operation("route53resolver", "ListFirewallRuleGroupAssociations")
def list_firewall_rule_group_associations(call: Call) -> Answer:
    wanted = {
        key: call.params[key] for key in ("FirewallRuleGroupId", "VpcId", "Priority", "Status") if key in call.params
    }
    found = [
        link for link in items(call, ASSOCIATIONS).values() if all(link[key] == value for key, value in wanted.items())
    ]
    return {"FirewallRuleGroupAssociations": found}


@operation("route53resolver", "UpdateFirewallRuleGroupAssociation")
def update_firewall_rule_group_association(call: Call) -> Answer:
    link, params = find(call, ASSOCIATIONS, "FirewallRuleGroupAssociationId"), call.params
    others = [
        item for item in items(call, ASSOCIATIONS).values() if item["VpcId"] == link["VpcId"] and item is not link
    ]
    check_priority(params.get("Priority", link["Priority"]), others)
    changes = {key: params[key] for key in ("Name", "Priority", "MutationProtection") if params.get(key) is not None}
    link.update(changes, ModificationTime=stamp())
    return {"FirewallRuleGroupAssociation": link}


@operation("route53resolver", "DisassociateFirewallRuleGroup")
def disassociate_firewall_rule_group(call: Call) -> Answer:
    link = find(call, ASSOCIATIONS, "FirewallRuleGroupAssociationId")
    if link["MutationProtection"] == "ENABLED":
        raise conflict(f"[RSLVR-02022] The association {link['Id']} is protected against removal")
    return {"FirewallRuleGroupAssociation": remove(call, ASSOCIATIONS, link)}


def config_of(call: Call) -> Item:
    vpc = call.params["ResourceId"]
    require_vpc(call, vpc)
    fresh = {"Id": new_id("rslvr-fc-"), "ResourceId": vpc, "OwnerId": call.account, "FirewallFailOpen": "DISABLED"}
    return items(call, CONFIGS).setdefault(vpc, fresh)


@operation("route53resolver", "GetFirewallConfig")
def get_firewall_config(call: Call) -> Answer:
    return {"FirewallConfig": config_of(call)}


@operation("route53resolver", "UpdateFirewallConfig")
def update_firewall_config(call: Call) -> Answer:
    config_of(call)["FirewallFailOpen"] = call.params["FirewallFailOpen"]
    return {"FirewallConfig": config_of(call)}


@operation("route53resolver", "ListFirewallConfigs")
def list_firewall_configs(call: Call) -> Answer:
    return {"FirewallConfigs": list(items(call, CONFIGS).values())}


@operation("route53resolver", "DeleteResolverQueryLogConfig")
def delete_resolver_query_log_config(call: Call) -> Answer:
    configs, name = backend_of(call).resolver_query_log_configs, call.params["ResolverQueryLogConfigId"]
    if name not in configs:
        raise missing(name)
    if configs[name].association_count:
        raise Refusal("InvalidRequestException", f"[RSLVR-01403] {name} is still associated with a VPC")
    return {"ResolverQueryLogConfig": {**configs.pop(name).description(), "Status": "DELETING"}}


@operation("route53resolver", "DisassociateResolverQueryLogConfig")
def disassociate_resolver_query_log_config(call: Call) -> Answer:
    backend, params = backend_of(call), call.params
    for name, link in list(backend.resolver_query_log_config_associations.items()):
        wanted = (params["ResolverQueryLogConfigId"], params["ResourceId"])
        if (link.resolver_query_log_config_id, link.resource_id) == wanted:
            backend.resolver_query_log_config_associations.pop(name)
            backend.resolver_query_log_configs[wanted[0]].association_count -= 1
            return {"ResolverQueryLogConfigAssociation": {**link.description(), "Status": "DELETING"}}
    raise missing(f"{params['ResolverQueryLogConfigId']} on {params['ResourceId']}")


def known_arns(call: Call) -> Iterator[str]:
    backend = backend_of(call)
    for kind in (LISTS, GROUPS, ASSOCIATIONS):
        yield from (item["Arn"] for item in items(call, kind).values())
    for stock in (backend.resolver_query_log_configs, backend.resolver_endpoints, backend.resolver_rules):
        yield from (item.arn for item in stock.values())


def require_known(call: Call) -> str:
    arn = str(call.params["ResourceArn"])
    if arn not in set(known_arns(call)):
        raise missing(arn)
    return arn


@operation("route53resolver", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> Answer:
    return backend_of(call).tagger.list_tags_for_resource(require_known(call))


@operation("route53resolver", "TagResource")
def tag_resource(call: Call) -> Answer:
    backend_of(call).tagger.tag_resource(require_known(call), call.params["Tags"])
    return {}


@operation("route53resolver", "UntagResource")
def untag_resource(call: Call) -> Answer:
    backend_of(call).tagger.untag_resource_using_names(require_known(call), call.params["TagKeys"])
    return {}
