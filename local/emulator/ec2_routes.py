"""EC2 routes: a route that exists can be led to an endpoint of a firewall, and away from it.

Stock moto makes such a route but drops the endpoint when it replaces one, and keeps the old endpoint next to a new target.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import RouteNotSupportedError
from moto.ec2.responses.route_tables import RouteTables
from moto.ec2.utils import generate_route_id

#: moto's class, typed loosely because its method is replaced.
RESPONSES: Any = RouteTables


def amend() -> None:
    stock = RESPONSES.replace_route

    def replace_route(self: Any) -> Any:
        endpoint = self._get_param("VpcEndpointId")
        if endpoint is not None:
            require_endpoint_of_routes(self.ec2_backend, endpoint)
        answer = stock(self)
        replaced_route(self).vpc_endpoint_id = endpoint
        return answer

    RESPONSES.replace_route = replace_route


def require_endpoint_of_routes(backend: Any, endpoint: str) -> None:
    """Routes lead only to the endpoints of Gateway Load Balancers, as those of a network firewall are."""
    found = backend.describe_vpc_endpoints(vpc_end_point_ids=[endpoint])
    if found[0].vpc_endpoint_type != "GatewayLoadBalancer":
        raise RouteNotSupportedError(endpoint)


def replaced_route(response: Any) -> Any:
    names = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
    plain, ipv6, prefix_list = (response._get_param(name) for name in names)
    table = response.ec2_backend.get_route_table(response._get_param("RouteTableId"))
    return table._routes[generate_route_id(table.id, prefix_list or ipv6 or plain, ipv6)]
