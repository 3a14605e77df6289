"""What AWS makes once, and stock moto any number of times."""

from __future__ import annotations

import unittest
from typing import Any, Dict

from support import EmulatorTest, Network, client, unique


class ListenerTest(EmulatorTest):
    def setUp(self) -> None:
        self.elb = client("elbv2")
        network = Network()
        made = self.elb.create_load_balancer(Name=unique("lb"), Subnets=network.subnets[:2])["LoadBalancers"][0]
        self.balancer = made["LoadBalancerArn"]
        groups = [
            self.elb.create_target_group(Name=unique("tg"), Protocol="HTTP", Port=80, VpcId=network.vpc) for _ in "ab"
        ]
        self.first, self.other = (group["TargetGroups"][0]["TargetGroupArn"] for group in groups)

    def create(self, **changes: Any) -> str:
        action = {"Type": "forward", "TargetGroupArn": self.first}
        given: Dict[str, Any] = {"Protocol": "HTTP", "Port": 80, "DefaultActions": [action], **changes}
        return str(self.elb.create_listener(LoadBalancerArn=self.balancer, **given)["Listeners"][0]["ListenerArn"])

    def test_the_same_listener_is_made_once(self) -> None:
        redirect = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}
        weights = {"TargetGroups": [{"TargetGroupArn": self.first, "Weight": 1}]}
        forward = {"Type": "forward", "Order": 1, "ForwardConfig": weights}
        for port, actions in enumerate(([redirect], [forward]), 8080):
            arns = {self.create(Port=port, DefaultActions=actions) for _ in range(2)}
            self.assertEqual(len(arns), 1)
        self.assertEqual(self.create(), self.create())
        self.assertEqual(len(self.elb.describe_listeners(LoadBalancerArn=self.balancer)["Listeners"]), 3)

    def test_another_listener_on_its_port_is_refused(self) -> None:
        self.create()
        other = [{"Type": "forward", "TargetGroupArn": self.other}]
        self.refused("DuplicateListener", "port", self.create, DefaultActions=other)
        self.refused("DuplicateListener", "port", self.create, Protocol="HTTPS")
        self.create(Port=81, DefaultActions=other)


class NetworkTest(EmulatorTest):
    def setUp(self) -> None:
        self.ec2 = client("ec2")
        self.network = Network()

    def gateway(self) -> str:
        return str(self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"])

    def table(self) -> str:
        return str(self.ec2.create_route_table(VpcId=self.network.vpc)["RouteTable"]["RouteTableId"])

    def test_a_network_has_one_internet_gateway(self) -> None:
        first, second = self.gateway(), self.gateway()
        attach = self.ec2.attach_internet_gateway
        attach(InternetGatewayId=first, VpcId=self.network.vpc)
        code, text = "InvalidParameterValue", "already has an internet gateway attached"
        self.refused(code, text, attach, InternetGatewayId=second, VpcId=self.network.vpc)
        self.refused("Resource.AlreadyAssociated", first, attach, InternetGatewayId=first, VpcId=self.network.vpc)
        attach(InternetGatewayId=second, VpcId=Network().vpc)

    def test_a_subnet_has_one_route_table(self) -> None:
        first, second = self.table(), self.table()
        subnet = self.network.subnets[0]
        associate = self.ec2.associate_route_table
        made = associate(RouteTableId=first, SubnetId=subnet)["AssociationId"]
        self.assertEqual(associate(RouteTableId=first, SubnetId=subnet)["AssociationId"], made)
        self.refused("Resource.AlreadyAssociated", subnet, associate, RouteTableId=second, SubnetId=subnet)
        self.ec2.disassociate_route_table(AssociationId=made)
        associate(RouteTableId=second, SubnetId=subnet)

    def test_a_service_has_one_endpoint_with_its_private_name(self) -> None:
        def create(dns: bool, vpc: str = self.network.vpc, subnet: str = self.network.subnets[0]) -> None:
            self.ec2.create_vpc_endpoint(
                VpcId=vpc,
                ServiceName="com.amazonaws.us-east-1.sts",
                VpcEndpointType="Interface",
                SubnetIds=[subnet],
                PrivateDnsEnabled=dns,
            )

        create(True)
        self.refused("InvalidParameter", "conflicting DNS domain", create, dns=True)
        create(False)
        other = Network()
        create(True, other.vpc, other.subnets[0])

    def test_a_route_table_has_one_gateway_endpoint_of_a_service(self) -> None:
        tables = [self.table(), self.table()]

        def create(service: str, *route_tables: str) -> None:
            name = f"com.amazonaws.us-east-1.{service}"
            self.ec2.create_vpc_endpoint(
                VpcId=self.network.vpc, ServiceName=name, VpcEndpointType="Gateway", RouteTableIds=list(route_tables)
            )

        create("s3", tables[0])
        with self.assertRaisesRegex(Exception, "RouteAlreadyExists.*" + tables[0]):
            create("s3", *tables)
        create("s3", tables[1])
        create("dynamodb", *tables)


if __name__ == "__main__":
    unittest.main()
