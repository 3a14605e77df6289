"""Users do what their policies allow, on the resources and with the tags that those name."""

from __future__ import annotations

import json
import unittest
from socket import create_connection
from typing import Any, Dict, List
from urllib.error import HTTPError
from urllib.parse import urlparse
from urllib.request import Request, urlopen

import boto3
from botocore.exceptions import ClientError

from support import ACCOUNT, LOCAL, REGION, Server, client

TAGS = [{"Key": "Environment", "Value": "test"}]
EC2 = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
STATEMENTS: List[Dict[str, Any]] = [
    {
        "Action": ["ec2:CreateVpc", "ec2:CreateTags"],
        "Resource": f"{EC2}:vpc/*",
        "Condition": {"StringEquals": {"aws:RequestTag/Environment": "test"}},
    },
    {
        "Action": ["ec2:DeleteVpc"],
        "Resource": f"{EC2}:vpc/*",
        "Condition": {"StringEquals": {"aws:ResourceTag/Environment": "test"}},
    },
    {"Action": ["ec2:AuthorizeSecurityGroupEgress"], "Resource": f"{EC2}:security-group/*"},
    {
        "Action": ["ec2:CreateTags"],
        "Resource": f"{EC2}:security-group-rule/*",
        "Condition": {"StringEquals": {"ec2:CreateAction": "AuthorizeSecurityGroupEgress"}},
    },
    {"Action": ["iam:CreateRole"], "Resource": f"arn:aws:iam::{ACCOUNT}:role/*"},
    {"Action": ["iam:TagRole"], "Resource": f"arn:aws:iam::{ACCOUNT}:role/tagged"},
    {"Action": ["secretsmanager:GetSecretValue"], "Resource": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:*"},
    {
        "Action": ["kms:Decrypt"],
        "Resource": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*",
        "Condition": {
            "StringEquals": {
                "aws:ResourceTag/Environment": "test",
                "kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com",
            }
        },
    },
    {
        "Action": ["kms:DescribeKey"],
        "Resource": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/*",
        "Condition": {"StringEquals": {"aws:ResourceTag/Environment": "test"}},
    },
    {
        "Action": ["iam:CreateOpenIDConnectProvider"],
        "Resource": f"arn:aws:iam::{ACCOUNT}:oidc-provider/*",
        "Condition": {"StringEquals": {"aws:ResourceTag/Environment": "test"}},
    },
    {
        "Action": ["ec2:RunInstances"],
        "Resource": [
            f"{EC2}:network-interface/*",
            f"{EC2}:security-group/*",
            f"{EC2}:subnet/*",
            f"arn:aws:ec2:{REGION}::image/*",
        ],
    },
    {
        "Action": ["ec2:RunInstances", "ec2:CreateTags"],
        "Resource": f"{EC2}:instance/*",
        "Condition": {"StringEquals": {"aws:RequestTag/Environment": "test"}},
    },
    {"Action": ["ssm:GetParameter"], "Resource": f"arn:aws:ssm:{REGION}::parameter/aws/service/*"},
    {"Action": ["s3:GetEncryptionConfiguration", "s3:CreateBucket"], "Resource": "arn:aws:s3:::test-*"},
]


class AuthorizationTest(unittest.TestCase):
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = Server({"EMULATOR_ACTIONS": str(LOCAL / "emulator" / "actions.json")})
        iam = client("iam", cls.server)
        iam.create_user(UserName="deployer")
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in STATEMENTS]}
        policy = iam.create_policy(PolicyName="deploy", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
        iam.attach_user_policy(UserName="deployer", PolicyArn=policy)
        cls.key = iam.create_access_key(UserName="deployer")["AccessKey"]

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.stop()

    def user(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.server.url,
            region_name=REGION,
            aws_access_key_id=self.key["AccessKeyId"],
            aws_secret_access_key=self.key["SecretAccessKey"],
        )

    def refuses(self, code: str, ask: Any, **parameters: Any) -> None:
        with self.assertRaises(ClientError) as raised:
            ask(**parameters)
        self.assertEqual(raised.exception.response["Error"]["Code"], code)

    def test_a_resource_is_made_with_its_tag_only(self) -> None:
        ec2 = self.user("ec2")
        tags = [{"ResourceType": "vpc", "Tags": TAGS}]
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]
        self.refuses("UnauthorizedOperation", ec2.create_vpc, CidrBlock="10.0.0.0/16")
        ec2.delete_vpc(VpcId=vpc)

    def test_a_resource_of_others_is_refused(self) -> None:
        vpc = client("ec2", self.server).create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.refuses("UnauthorizedOperation", self.user("ec2").delete_vpc, VpcId=vpc)

    def test_the_tags_of_a_rule_are_for_the_rule_not_for_its_group(self) -> None:
        group = client("ec2", self.server).create_security_group(GroupName="one", Description="one")["GroupId"]
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        tags = [{"ResourceType": "security-group-rule", "Tags": TAGS}]
        ec2 = self.user("ec2")
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[rule], TagSpecifications=tags)
        self.refuses("UnauthorizedOperation", ec2.create_tags, Resources=[group], Tags=TAGS)

    def test_an_instance_is_launched_with_tags_for_itself_only(self) -> None:
        ec2 = client("ec2", self.server)
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
        image = ec2.describe_images()["Images"][0]["ImageId"]
        of = {"ImageId": image, "MinCount": 1, "MaxCount": 1, "SubnetId": subnet}
        self.user("ec2").run_instances(TagSpecifications=[{"ResourceType": "instance", "Tags": TAGS}], **of)
        disk = {"ResourceType": "volume", "Tags": TAGS}
        self.refuses("UnauthorizedOperation", self.user("ec2").run_instances, TagSpecifications=[disk], **of)

    def test_tags_of_what_is_made_need_their_own_action(self) -> None:
        iam = self.user("iam")
        trust = {"AssumeRolePolicyDocument": "{}"}
        iam.create_role(RoleName="tagged", Tags=TAGS, **trust)
        iam.create_role(RoleName="plain", **trust)
        self.refuses("AccessDenied", iam.create_role, RoleName="other", Tags=TAGS, **trust)

    def test_a_secret_is_read_with_the_use_of_its_key(self) -> None:
        kms, secrets = client("kms", self.server), client("secretsmanager", self.server)
        tags = [{"TagKey": "Environment", "TagValue": "test"}]
        keys = {
            "ours": kms.create_key(Tags=tags)["KeyMetadata"]["Arn"],
            "others": kms.create_key()["KeyMetadata"]["Arn"],
        }
        for name, key in keys.items():
            secrets.create_secret(Name=name, SecretString="x", KmsKeyId=key)
        self.user("secretsmanager").get_secret_value(SecretId="ours")
        self.refuses("AccessDeniedException", self.user("secretsmanager").get_secret_value, SecretId="others")

    def test_the_alias_of_a_key_stands_for_the_key(self) -> None:
        kms = client("kms", self.server)
        tags = [{"TagKey": "Environment", "TagValue": "test"}]
        for name, given in (("alias/ours", {"Tags": tags}), ("alias/others", {})):
            kms.create_alias(AliasName=name, TargetKeyId=kms.create_key(**given)["KeyMetadata"]["KeyId"])
        self.user("kms").describe_key(KeyId="alias/ours")
        self.refuses("AccessDeniedException", self.user("kms").describe_key, KeyId="alias/others")

    def test_the_tags_of_a_cluster_are_not_those_of_its_issuer(self) -> None:
        eks, iam = client("eks", self.server), client("iam", self.server)
        trust = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName="cluster", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        ec2 = client("ec2", self.server)
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{place}.0/24", AvailabilityZone=f"{REGION}{zone}")
            for place, zone in enumerate("ab")
        ]
        ids = [one["Subnet"]["SubnetId"] for one in subnets]
        made = eks.create_cluster(
            name="one", roleArn=role, resourcesVpcConfig={"subnetIds": ids}, tags={"Environment": "test"}
        )
        url = made["cluster"]["identity"]["oidc"]["issuer"]
        ask = self.user("iam").create_open_id_connect_provider
        self.refuses("AccessDenied", ask, Url=url, ClientIDList=["sts.amazonaws.com"])

    def test_requests_are_known_by_the_names_of_their_actions(self) -> None:
        s3 = self.user("s3")
        s3.create_bucket(Bucket="test-one")
        # IAM allows it, and S3 answers that there is none.
        self.refuses("ServerSideEncryptionConfigurationNotFoundError", s3.get_bucket_encryption, Bucket="test-one")
        self.refuses("AccessDenied", s3.create_bucket, Bucket="other")
        self.refuses("AccessDenied", s3.get_bucket_policy, Bucket="test-one")

    def test_parameters_that_aws_publishes_are_of_no_account(self) -> None:
        ssm = self.user("ssm")
        for _ in range(2):
            ssm.get_parameter(Name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64")
        self.refuses("AccessDeniedException", ssm.get_parameter, Name="/retool/other")

    def test_operations_that_aws_has_replaced_are_not_taken_for_newer_ones(self) -> None:
        from emulator.authorization_requests import _routes

        names = [name for _, name, *_ in _routes("s3")]
        self.assertIn("PutBucketLifecycleConfiguration", names)
        self.assertNotIn("PutBucketLifecycle", names)

    def test_what_is_not_known_is_refused(self) -> None:
        self.refuses("AccessDeniedException", self.user("secretsmanager").list_secrets)
        self.refuses("AccessDenied", self.user("sts").get_session_token)
        self.user("sts").get_caller_identity()

    def test_a_client_is_refused_in_the_protocol_that_it_speaks(self) -> None:
        key = self.key["AccessKeyId"]
        headers = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260101/{REGION}/network-firewall/aws4_request",
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "NetworkFirewall_20201112.ListFirewalls",
        }
        with self.assertRaises(HTTPError) as raised:
            urlopen(Request(self.server.url, b"{}", headers))
        self.assertIn("network-firewall:ListFirewalls", json.loads(raised.exception.read())["message"])

    def test_a_refused_request_for_headers_gets_headers_only(self) -> None:
        key = self.key["AccessKeyId"]
        signature = f"AWS4-HMAC-SHA256 Credential={key}/20260101/{REGION}/s3/aws4_request"
        host = urlparse(self.server.url)
        with create_connection((host.hostname or "", host.port or 0)) as connection:
            connection.sendall(
                f"HEAD /other/key HTTP/1.1\r\nHost: {host.netloc}\r\nConnection: close\r\n"
                f"Authorization: {signature}\r\n\r\n".encode()
            )
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        self.assertIn(b" 403 ", answer)
        self.assertTrue(answer.endswith(b"\r\n\r\n"))


if __name__ == "__main__":
    unittest.main()
