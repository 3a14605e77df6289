"""Route 53 Resolver in a VPC: DNS Firewall associations, its fail-open setting, query logging, tags.

Stock moto lacks all of DNS Firewall, the deletes of query logging, and tags of anything but endpoints and rules.
"""

from __future__ import annotations

from typing import Iterator, List

from moto.ec2.models import ec2_backends

from .operations import Answer, Call, Refusal, new_id, operation
from .route53resolver_common import (
    ASSOCIATIONS,
    CONFIGS,
    GROUPS,
    LISTS,
    Item,
    add,
    backend_of,
    conflict,
    find,
    invalid,
    items,
    missing,
    remove,
    stamp,
)


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
    check_priority(params["Priority"] if "Priority" in params else link["Priority"], others)
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
    return {"Tags": backend_of(call).tagger.list_tags_for_resource(require_known(call))["Tags"]}


@operation("route53resolver", "TagResource")
def tag_resource(call: Call) -> Answer:
    backend_of(call).tagger.tag_resource(require_known(call), call.params["Tags"])
    return {}


@operation("route53resolver", "UntagResource")
def untag_resource(call: Call) -> Answer:
    backend_of(call).tagger.untag_resource_using_names(require_known(call), call.params["TagKeys"])
    return {}
