"""Network Firewall firewalls, their endpoints, logging and tags.

Stock moto can make a firewall but neither delete nor change it, gives it no endpoints (routes need their ids, one a
zone), and switches every protection on. Here each subnet mapping gets a real endpoint in the emulated EC2.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from moto.ec2.models import ec2_backends
from moto.logs.models import logs_backends

from .networkfirewall import FIREWALLS, GROUPS, POLICIES
from .networkfirewall_common import Item, add, find, forbidden, invalid, items, metadata, present, touch
from .operations import Answer, Call, Refusal, operation

PROTECTIONS = ("DeleteProtection", "SubnetChangeProtection", "FirewallPolicyChangeProtection")
DESTINATION_KEYS = {"S3": "bucketName", "CloudWatchLogs": "logGroup", "KinesisDataFirehose": "deliveryStream"}


@operation("network-firewall", "CreateFirewall")
def create_firewall(call: Call) -> Answer:
    params = call.params
    require_policy(call, params["FirewallPolicyArn"])
    mappings = params.get("SubnetMappings") or []
    if not params.get("VpcId") or not mappings:
        raise invalid("A firewall needs a VPC and at least one subnet mapping")
    check_subnets(call, params["VpcId"], mappings)
    firewall = add(
        call,
        FIREWALLS,
        "firewall",
        params["FirewallName"],
        policy=params["FirewallPolicyArn"],
        vpc=params["VpcId"],
        protections={name: params.get(name, False) for name in PROTECTIONS},
        analysis=params.get("EnabledAnalysisTypes") or [],
        mappings=[],
        endpoints={},
        logging=None,
    )
    attach(call, firewall, mappings)
    return described(firewall)


def require_policy(call: Call, arn: str) -> None:
    if arn not in items(call, POLICIES):
        raise invalid(f"Firewall policy {arn} does not exist")


def subnet_of(call: Call, subnet_id: str) -> Any:
    for by_zone in ec2_backends[call.account][call.region].subnets.values():
        if subnet_id in by_zone:
            return by_zone[subnet_id]
    raise invalid(f"Subnet {subnet_id} does not exist")


def check_subnets(call: Call, vpc: str, mappings: List[Dict[str, Any]]) -> None:
    subnets = [subnet_of(call, mapping["SubnetId"]) for mapping in mappings]
    if any(subnet.vpc_id != vpc for subnet in subnets):
        raise invalid(f"Every subnet of a firewall must be in its VPC {vpc}")
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) < len(zones):
        raise invalid("A firewall takes one subnet in each Availability Zone")


def attach(call: Call, firewall: Item, mappings: List[Dict[str, Any]]) -> None:
    """Make the endpoint of each subnet; routes point to it."""
    ec2 = ec2_backends[call.account][call.region]
    for mapping in mappings:
        subnet = subnet_of(call, mapping["SubnetId"])
        endpoint = ec2.create_vpc_endpoint(
            vpc_id=firewall["vpc"],
            service_name=f"com.amazonaws.vpce.{call.region}.vpce-svc-network-firewall",
            endpoint_type="GatewayLoadBalancer",
            policy_document=None,
            route_table_ids=[],
            subnet_ids=[subnet.id],
            tags={"AWSNetworkFirewallManaged": "true", "Firewall": firewall["arn"]},
        )
        firewall["mappings"].append({"IPAddressType": "IPV4", **mapping})
        firewall["endpoints"][subnet.availability_zone] = {
            "SubnetId": subnet.id,
            "EndpointId": endpoint.id,
            "Status": "READY",
        }


def detach(call: Call, firewall: Item, subnet_ids: List[str]) -> None:
    ec2 = ec2_backends[call.account][call.region]
    for zone, endpoint in list(firewall["endpoints"].items()):
        if endpoint["SubnetId"] in subnet_ids:
            ec2.delete_vpc_endpoints([endpoint["EndpointId"]])
            firewall["endpoints"].pop(zone)
    firewall["mappings"] = [mapping for mapping in firewall["mappings"] if mapping["SubnetId"] not in subnet_ids]


def described(firewall: Item) -> Answer:
    body = present(
        {
            "FirewallName": firewall["name"],
            "FirewallArn": firewall["arn"],
            "FirewallPolicyArn": firewall["policy"],
            "VpcId": firewall["vpc"],
            "Description": firewall["description"],
            "FirewallId": firewall["id"],
            "Tags": firewall["tags"],
            "EncryptionConfiguration": firewall["encryption"],
            "EnabledAnalysisTypes": firewall["analysis"],
            **firewall["protections"],
        }
    )
    return {"Firewall": {**body, "SubnetMappings": firewall["mappings"]}, "FirewallStatus": status(firewall)}


def status(firewall: Item) -> Answer:
    states = {
        zone: {"Attachment": endpoint, "Config": {firewall["policy"]: {"SyncStatus": "IN_SYNC"}}}
        for zone, endpoint in firewall["endpoints"].items()
    }
    return {"Status": "READY", "ConfigurationSyncStateSummary": "IN_SYNC", "SyncStates": states}


@operation("network-firewall", "DescribeFirewall")
def describe_firewall(call: Call) -> Answer:
    firewall = find(call, FIREWALLS, "Firewall")
    return {**described(firewall), "UpdateToken": firewall["token"]}


@operation("network-firewall", "ListFirewalls")
def list_firewalls(call: Call) -> Answer:
    wanted = call.params.get("VpcIds")
    names = {item["arn"] for item in items(call, FIREWALLS).values() if not wanted or item["vpc"] in wanted}
    found = metadata(call, FIREWALLS, "FirewallArn", "FirewallName")
    return {"Firewalls": [item for item in found if item["FirewallArn"] in names]}


@operation("network-firewall", "DeleteFirewall")
def delete_firewall(call: Call) -> Answer:
    firewall = find(call, FIREWALLS, "Firewall")
    if firewall["protections"]["DeleteProtection"]:
        raise forbidden("Unable to delete the firewall because delete protection is enabled")
    answer = described(firewall)
    detach(call, firewall, [mapping["SubnetId"] for mapping in firewall["mappings"]])
    items(call, FIREWALLS).pop(firewall["arn"])
    return {"Firewall": answer["Firewall"], "FirewallStatus": {**answer["FirewallStatus"], "Status": "DELETING"}}


def changed(call: Call, firewall: Item, key: str, value: Any) -> Answer:
    """The answer to a change of one member of a firewall."""
    names = {"FirewallArn": firewall["arn"], "FirewallName": firewall["name"], "UpdateToken": firewall["token"]}
    return {**names, key: value}


def change_protection(call: Call, name: str) -> Answer:
    firewall = find(call, FIREWALLS, "Firewall")
    touch(call, firewall, protections={**firewall["protections"], name: call.params[name]})
    return changed(call, firewall, name, call.params[name])


@operation("network-firewall", "UpdateFirewallDeleteProtection")
def update_firewall_delete_protection(call: Call) -> Answer:
    return change_protection(call, "DeleteProtection")


@operation("network-firewall", "UpdateSubnetChangeProtection")
def update_subnet_change_protection(call: Call) -> Answer:
    return change_protection(call, "SubnetChangeProtection")


@operation("network-firewall", "UpdateFirewallPolicyChangeProtection")
def update_firewall_policy_change_protection(call: Call) -> Answer:
    return change_protection(call, "FirewallPolicyChangeProtection")


@operation("network-firewall", "AssociateFirewallPolicy")
def associate_firewall_policy(call: Call) -> Answer:
    firewall, arn = find(call, FIREWALLS, "Firewall"), call.params["FirewallPolicyArn"]
    if firewall["protections"]["FirewallPolicyChangeProtection"]:
        raise forbidden("The firewall is protected against a change of its policy")
    require_policy(call, arn)
    touch(call, firewall, policy=arn)
    return changed(call, firewall, "FirewallPolicyArn", arn)


@operation("network-firewall", "AssociateSubnets")
def associate_subnets(call: Call) -> Answer:
    firewall = find(call, FIREWALLS, "Firewall")
    require_subnet_changes(firewall)
    check_subnets(call, firewall["vpc"], firewall["mappings"] + call.params["SubnetMappings"])
    touch(call, firewall)
    attach(call, firewall, call.params["SubnetMappings"])
    return changed(call, firewall, "SubnetMappings", firewall["mappings"])


@operation("network-firewall", "DisassociateSubnets")
def disassociate_subnets(call: Call) -> Answer:
    firewall = find(call, FIREWALLS, "Firewall")
    require_subnet_changes(firewall)
    touch(call, firewall)
    detach(call, firewall, call.params["SubnetIds"])
    return changed(call, firewall, "SubnetMappings", firewall["mappings"])


def require_subnet_changes(firewall: Item) -> None:
    if firewall["protections"]["SubnetChangeProtection"]:
        raise forbidden("The firewall is protected against a change of its subnets")


@operation("network-firewall", "UpdateFirewallDescription")
def update_firewall_description(call: Call) -> Answer:
    firewall = find(call, FIREWALLS, "Firewall")
    touch(call, firewall, description=call.params.get("Description"))
    return changed(call, firewall, "Description", call.params.get("Description") or "")


@operation("network-firewall", "UpdateFirewallEncryptionConfiguration")
def update_firewall_encryption_configuration(call: Call) -> Answer:
    firewall = find(call, FIREWALLS, "Firewall")
    touch(call, firewall, encryption=call.params.get("EncryptionConfiguration") or firewall["encryption"])
    return changed(call, firewall, "EncryptionConfiguration", firewall["encryption"])


@operation("network-firewall", "UpdateLoggingConfiguration")
def update_logging_configuration(call: Call) -> Answer:
    firewall, wanted = find(call, FIREWALLS, "Firewall"), call.params.get("LoggingConfiguration")
    before, after = destinations(firewall["logging"]), destinations(wanted)
    gone, new = [item for item in before if item not in after], [item for item in after if item not in before]
    if len(gone) > 1 or len(new) > 1:
        raise invalid("A call can add, change or remove a single log destination configuration only")
    if len({item["LogType"] for item in after}) < len(after):
        raise invalid("A log type can have one destination only")
    for item in new:
        check_destination(call, item)
    firewall["logging"] = wanted
    answer = {"FirewallArn": firewall["arn"], "FirewallName": firewall["name"], "LoggingConfiguration": wanted}
    return present(answer)


def destinations(logging: Optional[Dict[str, Any]]) -> List[Dict[str, Any]]:
    return list((logging or {}).get("LogDestinationConfigs") or [])


def check_destination(call: Call, item: Dict[str, Any]) -> None:
    key = DESTINATION_KEYS[item["LogDestinationType"]]
    name = item["LogDestination"].get(key)
    if not name:
        raise invalid(f"A log destination of type {item['LogDestinationType']} needs {key}")
    if key == "logGroup" and name not in logs_backends[call.account][call.region].groups:
        raise Refusal("LogDestinationPermissionException", f"Log group {name} does not exist")


@operation("network-firewall", "DescribeLoggingConfiguration")
def describe_logging_configuration(call: Call) -> Answer:
    firewall = find(call, FIREWALLS, "Firewall")
    return present({"FirewallArn": firewall["arn"], "LoggingConfiguration": firewall["logging"]})


def tagged(call: Call) -> Item:
    for kind in (GROUPS, POLICIES, FIREWALLS):
        if call.params["ResourceArn"] in items(call, kind):
            return items(call, kind)[call.params["ResourceArn"]]
    raise Refusal("ResourceNotFoundException", f"{call.params['ResourceArn']} does not exist")


@operation("network-firewall", "TagResource")
def tag_resource(call: Call) -> Answer:
    item, new = tagged(call), call.params["Tags"]
    keys = {tag["Key"] for tag in new}
    item["tags"] = [tag for tag in item["tags"] if tag["Key"] not in keys] + new
    return {}


@operation("network-firewall", "UntagResource")
def untag_resource(call: Call) -> Answer:
    item = tagged(call)
    item["tags"] = [tag for tag in item["tags"] if tag["Key"] not in call.params["TagKeys"]]
    return {}


@operation("network-firewall", "ListTagsForResource")
def list_tags_for_resource(call: Call) -> Answer:
    return {"Tags": tagged(call)["tags"]}
