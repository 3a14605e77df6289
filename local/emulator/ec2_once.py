"""EC2: what a VPC, a subnet or a route table can have once.

Stock moto attaches a second internet gateway to a VPC, keeps quiet when a subnet is given to another route table, and makes a
second endpoint whose private name or whose route is taken. AWS refuses all of it, which an interrupted deployment meets when it
makes again what it had made.
"""

from __future__ import annotations

from typing import Any, List, Optional

from moto.ec2.exceptions import EC2ClientError, ResourceAlreadyAssociatedError
from moto.ec2.models import EC2Backend

#: moto's class, typed loosely because its methods are replaced.
BACKEND: Any = EC2Backend


def amend() -> None:
    _attach_one_internet_gateway()
    _associate_a_subnet_once()
    _make_an_endpoint_once()


def _attach_one_internet_gateway() -> None:
    stock = BACKEND.attach_internet_gateway

    def attach_internet_gateway(self: Any, internet_gateway_id: str, vpc_id: str) -> Any:
        if any(gateway.vpc is not None and gateway.vpc.id == vpc_id for gateway in self.internet_gateways.values()):
            if self.get_internet_gateway(internet_gateway_id).vpc is None:
                message = f"Network {vpc_id} already has an internet gateway attached"
                raise EC2ClientError("InvalidParameterValue", message)
        return stock(self, internet_gateway_id, vpc_id)

    BACKEND.attach_internet_gateway = attach_internet_gateway


def _associate_a_subnet_once() -> None:
    stock = BACKEND.associate_route_table

    def associate_route_table(
        self: Any, route_table_id: str, gateway_id: Optional[str] = None, subnet_id: Optional[str] = None
    ) -> Any:
        if gateway_id is None and subnet_id is not None:
            for table in self.route_tables.values():
                if table.id != route_table_id and subnet_id in table._associations.values():
                    raise ResourceAlreadyAssociatedError(subnet_id)
        return stock(self, route_table_id, gateway_id, subnet_id)

    BACKEND.associate_route_table = associate_route_table


def _make_an_endpoint_once() -> None:
    stock = BACKEND.create_vpc_endpoint

    def create_vpc_endpoint(self: Any, **given: Any) -> Any:
        others = [
            endpoint
            for endpoint in self.vpc_end_points.values()
            if (endpoint.vpc_id, endpoint.service_name) == (given["vpc_id"], given["service_name"])
        ]
        if (given.get("endpoint_type") or "").lower() == "interface":
            if given.get("private_dns_enabled"):
                require_free_name(others, given["vpc_id"], given["service_name"])
        else:
            require_free_tables(others, given.get("route_table_ids") or [])
        return stock(self, **given)

    BACKEND.create_vpc_endpoint = create_vpc_endpoint


def require_free_name(others: List[Any], vpc_id: str, service_name: str) -> None:
    if any(endpoint.private_dns_enabled for endpoint in others if kind_of(endpoint) == "interface"):
        raise EC2ClientError(
            "InvalidParameter",
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
            f"{service_name} in the VPC {vpc_id}",
        )


def require_free_tables(others: List[Any], route_table_ids: List[str]) -> None:
    for endpoint in others:
        for table in set(route_table_ids).intersection(endpoint.route_table_ids or []):
            message = f"route table {table} already has a route to the prefix list of {endpoint.service_name}"
            raise EC2ClientError("RouteAlreadyExists", message)


def kind_of(endpoint: Any) -> str:
    return str(endpoint.vpc_endpoint_type or "").lower()
