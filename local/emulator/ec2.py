"""EC2: tags of launch templates, and leftovers of what was deleted.

Stock moto keeps the launch template's own tags in its data, so that Terraform reads back a tag specification that
nobody wrote. It also keeps deleted VPC endpoints and NAT gateways, their tags and the gateway's interface for ever, and the
tags of deleted flow logs and security group rules; AWS forgets them within the hour, and here an inventory after a destroy must be empty. And it loses the description of a
security group rule whose peer is another group, which Terraform then writes again and again. It does not find subnets by
their IPv6 ranges, as Terraform does to see whether a subnet has one yet, and wraps the state of such a range twice. An
instance without a public address has an empty one, so that Terraform replaces it with every apply; one whose security groups
are named with its interface has none, so that Terraform gives them to it with every apply.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from moto.ec2.models import EC2Backend, elastic_network_interfaces, launch_templates, security_groups, subnets

#: moto's classes, typed loosely because their methods are replaced.
TEMPLATE: Any = launch_templates.LaunchTemplate
BACKEND: Any = EC2Backend
RULE: Any = security_groups.SecurityGroupRule
SUBNET: Any = subnets.Subnet
INTERFACE: Any = elastic_network_interfaces.NetworkInterface


def amend() -> None:
    _keep_own_tags_out_of_templates()
    _forget_endpoints()
    _forget_nat_gateways()
    _forget_tags_of_rules_and_flow_logs()
    _find_subnets_by_ipv6_range()
    SUBNET.ipv6_cidr_block_association_set = property(ipv6_ranges_of)
    RULE.description = property(description_of)
    _leave_out_empty_associations()
    _give_instances_the_groups_of_their_interface()


def description_of(rule: Any) -> Optional[str]:
    """The description of a rule, whichever kind of peer it has."""
    return rule.ip_range.get("Description") or (rule.source_group or {}).get("Description")


def _leave_out_empty_associations() -> None:
    """Of an interface without a public address: Terraform takes even an empty one for an address."""
    stock = INTERFACE.association.fget

    def association(self: Any) -> Optional[Dict[str, Any]]:
        return stock(self) or None

    INTERFACE.association = property(association)


def _give_instances_the_groups_of_their_interface() -> None:
    stock = BACKEND.run_instances

    def run_instances(self: Any, *arguments: Any, **named: Any) -> Any:
        reservation = stock(self, *arguments, **named)
        for instance in reservation.instances:
            if not instance.security_groups and 0 in instance.nics:
                instance.security_groups = list(instance.nics[0].group_set)
        return reservation

    BACKEND.run_instances = run_instances


def _keep_own_tags_out_of_templates() -> None:
    stock = TEMPLATE.__init__

    def init(
        self: Any, backend: Any, name: str, template_data: Dict[str, Any], description: str, tag_spec: Any
    ) -> None:
        stock(self, backend, name, without_own_tags(template_data), description, tag_spec)

    TEMPLATE.__init__ = init
    # moto keeps those of its creation there.
    TEMPLATE.tags = property(lambda self: self.get_tags(), lambda self, at_creation: None)


def without_own_tags(data: Dict[str, Any]) -> Dict[str, Any]:
    specifications = [tag for tag in data.get("TagSpecifications") or [] if tag["ResourceType"] != "launch-template"]
    rest = {key: value for key, value in data.items() if key != "TagSpecifications"}
    return {**rest, "TagSpecifications": specifications} if specifications else rest


def _forget_endpoints() -> None:
    stock = BACKEND.delete_vpc_endpoints

    def delete_vpc_endpoints(self: Any, vpce_ids: Optional[List[str]] = None) -> None:
        stock(self, vpce_ids)
        for name in vpce_ids or []:
            self.vpc_end_points.pop(name, None)
            self.tags.pop(name, None)

    BACKEND.delete_vpc_endpoints = delete_vpc_endpoints


def _forget_nat_gateways() -> None:
    stock = BACKEND.delete_nat_gateway

    def delete_nat_gateway(self: Any, nat_gateway_id: str) -> Any:
        gateway = stock(self, nat_gateway_id)
        self.nat_gateways.pop(nat_gateway_id)
        self.tags.pop(nat_gateway_id, None)
        for address in self.addresses:
            if address.eni is gateway._eni:
                self.disassociate_address(association_id=address.association_id)
        self.enis.pop(gateway._eni.id, None)
        return gateway

    BACKEND.delete_nat_gateway = delete_nat_gateway


def _forget_tags_of_rules_and_flow_logs() -> None:
    revokes = ("revoke_security_group_ingress", "revoke_security_group_egress")
    for name in (*revokes, "delete_security_group", "delete_flow_logs"):
        setattr(BACKEND, name, _followed_by_forgetting(getattr(BACKEND, name)))


def _followed_by_forgetting(stock: Any) -> Any:
    def call(self: Any, *arguments: Any, **named: Any) -> Any:
        answer = stock(self, *arguments, **named)
        groups = [group for by_id in self.groups.values() for group in by_id.values()]
        rules = {rule.id for group in groups for rule in [*group.ingress_rules, *group.egress_rules]}
        kept = rules | set(self.flow_logs)
        for name in [name for name in self.tags if name.startswith(("sgr-", "fl-")) and name not in kept]:
            self.tags.pop(name)
        return answer

    return call


def ipv6_ranges_of(subnet: Any) -> List[Dict[str, Any]]:
    """The IPv6 ranges that a subnet has, under the names of the API."""
    associations = subnet.ipv6_cidr_block_associations.values()
    return [item for item in associations if item["ipv6CidrBlockState"]["State"] == "associated"]


def _find_subnets_by_ipv6_range() -> None:
    stock = SUBNET.get_filter_value

    def get_filter_value(self: Any, filter_name: str, method_name: Optional[str] = None) -> Any:
        prefix = "ipv6-cidr-block-association."
        member = IPV6_FILTERS.get(filter_name[len(prefix) :]) if filter_name.startswith(prefix) else None
        if member is None:
            return stock(self, filter_name, method_name)
        associations = list(self.ipv6_cidr_block_associations.values())
        return [item["ipv6CidrBlockState"]["State"] if member == "state" else item[member] for item in associations]

    SUBNET.get_filter_value = get_filter_value


#: What follows ``ipv6-cidr-block-association.`` in a filter, and where moto keeps it.
IPV6_FILTERS = {"association-id": "associationId", "ipv6-cidr-block": "ipv6CidrBlock", "state": "state"}
