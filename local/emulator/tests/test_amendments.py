"""The services that stock moto serves but for a gap: each gap that would show in Terraform."""

from __future__ import annotations

import json
import unittest
from typing import Any, Dict

from botocore.exceptions import ClientError
from support import ACCOUNT, REGION, EmulatorTest, Network, client, role, unique


class KmsTest(EmulatorTest):
    def setUp(self) -> None:
        self.kms = client("kms")

    def test_the_rotation_period_is_kept(self) -> None:
        key = self.kms.create_key()["KeyMetadata"]
        self.assertFalse(self.kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"])
        self.kms.enable_key_rotation(KeyId=key["Arn"], RotationPeriodInDays=180)
        status = self.kms.get_key_rotation_status(KeyId=key["KeyId"])
        self.assertEqual((status["KeyRotationEnabled"], status["RotationPeriodInDays"]), (True, 180))
        self.kms.disable_key_rotation(KeyId=key["KeyId"])
        self.assertNotIn("RotationPeriodInDays", self.kms.get_key_rotation_status(KeyId=key["KeyId"]))
        self.kms.enable_key_rotation(KeyId=key["KeyId"])
        self.assertEqual(self.kms.get_key_rotation_status(KeyId=key["KeyId"])["RotationPeriodInDays"], 365)

    def test_what_kms_refuses(self) -> None:
        enable = self.kms.enable_key_rotation
        key = self.kms.create_key()["KeyMetadata"]["KeyId"]
        self.refused("ValidationException", "greater than or equal to 90", enable, KeyId=key, RotationPeriodInDays=89)
        self.refused("ValidationException", "less than or equal to 2560", enable, KeyId=key, RotationPeriodInDays=2561)
        self.refused("NotFoundException", "x", enable, KeyId="x")
        signing = self.kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        self.refused("UnsupportedOperationException", "symmetric", enable, KeyId=signing)


class InstanceProfileTest(EmulatorTest):
    def test_a_role_leaves_a_profile_only_where_it_is_in_it(self) -> None:
        iam, profile = client("iam"), unique("profile")
        held = {"InstanceProfileName": profile, "RoleName": role("ec2.amazonaws.com").split("/")[-1]}
        iam.create_instance_profile(InstanceProfileName=profile)
        self.refused("NoSuchEntity", profile, iam.remove_role_from_instance_profile, **held)
        iam.add_role_to_instance_profile(**held)
        iam.remove_role_from_instance_profile(**held)
        self.assertEqual(iam.get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"], [])


class InstanceTest(EmulatorTest):
    def test_an_instance_without_a_public_address_has_no_association(self) -> None:
        ec2 = client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.11.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.11.0.0/24")["Subnet"]["SubnetId"]
        image = ec2.describe_images()["Images"][0]["ImageId"]

        def run(is_public: bool) -> Dict[str, Any]:
            interface = {"DeviceIndex": 0, "SubnetId": subnet, "AssociatePublicIpAddress": is_public}
            made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, NetworkInterfaces=[interface])
            found = ec2.describe_instances(InstanceIds=[made["Instances"][0]["InstanceId"]])
            answer: Dict[str, Any] = found["Reservations"][0]["Instances"][0]["NetworkInterfaces"][0]
            return answer

        self.assertNotIn("Association", run(False))
        self.assertIn("PublicIp", run(True)["Association"])

    def test_an_instance_has_the_groups_of_its_interface(self) -> None:
        ec2 = client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.12.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.12.0.0/24")["Subnet"]["SubnetId"]
        group = ec2.create_security_group(GroupName=unique("group"), Description="one", VpcId=vpc)["GroupId"]
        image = ec2.describe_images()["Images"][0]["ImageId"]
        interface = {"DeviceIndex": 0, "SubnetId": subnet, "Groups": [group]}
        made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, NetworkInterfaces=[interface])["Instances"][0]
        found = ec2.describe_instances(InstanceIds=[made["InstanceId"]])["Reservations"][0]["Instances"][0]
        self.assertEqual([one["GroupId"] for one in found["SecurityGroups"]], [group])


class SecurityGroupRuleTest(EmulatorTest):
    def test_a_rule_between_groups_keeps_its_description(self) -> None:
        ec2 = client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        groups = [
            ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("from", "to")
        ]
        pair = {"GroupId": groups[0], "Description": "from there"}
        ec2.authorize_security_group_ingress(
            GroupId=groups[1],
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [pair]}],
        )
        filters = [{"Name": "group-id", "Values": [groups[1]]}]
        rules = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
        descriptions = [rule.get("Description") for rule in rules if not rule["IsEgress"]]
        self.assertEqual(descriptions, ["from there"])

    def test_the_tags_of_a_revoked_rule_go_with_it(self) -> None:
        ec2 = client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.10.0.0/16")["Vpc"]["VpcId"]
        group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
        permission = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "a", "Value": "b"}]}]
        made = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission], TagSpecifications=tags)
        rule = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        filters = [{"Name": "resource-id", "Values": [rule]}]
        self.assertEqual(len(ec2.describe_tags(Filters=filters)["Tags"]), 1)
        ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rule])
        self.assertEqual(ec2.describe_tags(Filters=filters)["Tags"], [])


class LaunchTemplateTest(EmulatorTest):
    def test_tags_of_the_template_stay_out_of_its_data(self) -> None:
        ec2 = client("ec2")
        tags = [{"Key": "a", "Value": "b"}]
        made = ec2.create_launch_template(
            LaunchTemplateName=unique("lt"),
            LaunchTemplateData={"EbsOptimized": True},
            TagSpecifications=[{"ResourceType": "launch-template", "Tags": tags}],
        )["LaunchTemplate"]
        self.assertEqual(made["Tags"], tags)
        found = ec2.describe_launch_template_versions(LaunchTemplateId=made["LaunchTemplateId"])
        self.assertNotIn("TagSpecifications", found["LaunchTemplateVersions"][0]["LaunchTemplateData"])

    def test_a_template_has_the_tags_of_today(self) -> None:
        ec2 = client("ec2")
        made = ec2.create_launch_template(
            LaunchTemplateName=unique("lt"),
            LaunchTemplateData={"EbsOptimized": True},
            TagSpecifications=[{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "b"}]}],
        )["LaunchTemplate"]["LaunchTemplateId"]
        ec2.create_tags(Resources=[made], Tags=[{"Key": "c", "Value": "d"}])
        ec2.delete_tags(Resources=[made], Tags=[{"Key": "a"}])
        [found] = ec2.describe_launch_templates(LaunchTemplateIds=[made])["LaunchTemplates"]
        self.assertEqual(found["Tags"], [{"Key": "c", "Value": "d"}])


class LeftoverTest(EmulatorTest):
    def test_deleted_gateways_and_endpoints_leave_nothing(self) -> None:
        ec2, network = client("ec2"), Network()
        tags = [{"Key": "left", "Value": "over"}]
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        gateway = ec2.create_nat_gateway(
            SubnetId=network.subnets[0],
            AllocationId=address,
            TagSpecifications=[{"ResourceType": "natgateway", "Tags": tags}],
        )["NatGateway"]["NatGatewayId"]
        endpoint = ec2.create_vpc_endpoint(
            VpcId=network.vpc,
            ServiceName=f"com.amazonaws.{REGION}.sts",
            VpcEndpointType="Interface",
            SubnetIds=network.subnets,
            TagSpecifications=[{"ResourceType": "vpc-endpoint", "Tags": tags}],
        )["VpcEndpoint"]["VpcEndpointId"]
        ec2.delete_nat_gateway(NatGatewayId=gateway)
        ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
        vpc = [{"Name": "vpc-id", "Values": [network.vpc]}]
        self.assertEqual(ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"], [])
        self.assertEqual(ec2.describe_vpc_endpoints(Filters=vpc)["VpcEndpoints"], [])
        self.assertEqual(ec2.describe_network_interfaces(Filters=vpc)["NetworkInterfaces"], [])
        filters = [{"Key": "left", "Values": ["over"]}]
        found = client("resourcegroupstaggingapi").get_resources(TagFilters=filters)["ResourceTagMappingList"]
        self.assertEqual(found, [])
        # An address whose gateway is gone can be given to the next one.
        ec2.create_nat_gateway(SubnetId=network.subnets[0], AllocationId=address)
        ec2.release_address(AllocationId=address)


class RdsTest(EmulatorTest):
    def setUp(self) -> None:
        self.rds = client("rds")

    def instance(self, **more: Any) -> Dict[str, Any]:
        made: Dict[str, Any] = self.rds.create_db_instance(
            DBInstanceIdentifier=unique("db"),
            DBInstanceClass="db.m7g.large",
            Engine="postgres",
            EngineVersion="17",
            AllocatedStorage=100,
            MasterUsername="retool",
            MasterUserPassword="not-a-secret",
            **more,
        )["DBInstance"]
        return made

    def test_insights_and_monitoring_are_kept(self) -> None:
        key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/x"
        name = self.instance(
            EnablePerformanceInsights=True,
            PerformanceInsightsKMSKeyId=key,
            MonitoringInterval=60,
            MonitoringRoleArn=role("monitoring.rds.amazonaws.com"),
        )["DBInstanceIdentifier"]
        found = self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        self.assertTrue(found["PerformanceInsightsEnabled"])
        self.assertEqual(found["PerformanceInsightsRetentionPeriod"], 7)
        self.assertEqual((found["PerformanceInsightsKMSKeyId"], found["MonitoringInterval"]), (key, 60))
        self.rds.modify_db_instance(
            DBInstanceIdentifier=name, MonitoringInterval=30, PerformanceInsightsRetentionPeriod=31
        )
        found = self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]
        self.assertEqual((found["MonitoringInterval"], found["PerformanceInsightsRetentionPeriod"]), (30, 31))

    def test_a_protected_instance_stays(self) -> None:
        name = self.instance(DeletionProtection=True)["DBInstanceIdentifier"]
        delete = self.rds.delete_db_instance
        self.refused("InvalidParameterCombination", "rotect", delete, DBInstanceIdentifier=name, SkipFinalSnapshot=True)

    def test_parameters_are_the_users(self) -> None:
        name = unique("pg")
        self.rds.create_db_parameter_group(
            DBParameterGroupName=name, DBParameterGroupFamily="postgres17", Description="d"
        )
        parameter = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
        self.rds.modify_db_parameter_group(DBParameterGroupName=name, Parameters=[parameter])
        found = self.rds.describe_db_parameters(DBParameterGroupName=name, Source="user")["Parameters"]
        self.assertEqual([(item["ParameterName"], item["Source"]) for item in found], [("rds.force_ssl", "user")])

    def test_a_replica_is_an_instance_of_its_own(self) -> None:
        primary = self.instance()
        replica = self.rds.create_db_instance_read_replica(
            DBInstanceIdentifier=unique("replica"), SourceDBInstanceIdentifier=primary["DBInstanceIdentifier"]
        )["DBInstance"]
        found = self.rds.describe_db_instances(DBInstanceIdentifier=replica["DBInstanceIdentifier"])["DBInstances"][0]
        self.assertEqual(found["ReadReplicaSourceDBInstanceIdentifier"], primary["DBInstanceIdentifier"])
        ids = {instance["DbiResourceId"] for instance in (primary, found, self.instance())}
        self.assertEqual(len(ids), 3)


class CloudWatchTest(EmulatorTest):
    def setUp(self) -> None:
        self.api = client("cloudwatch")

    def test_alarms_are_listed_by_prefix_and_state(self) -> None:
        cloudwatch = client("cloudwatch")
        for name in ("kept-a", "kept-b"):
            cloudwatch.put_metric_alarm(
                AlarmName=name,
                Namespace="N",
                MetricName="M",
                Statistic="Sum",
                Period=60,
                EvaluationPeriods=1,
                Threshold=1,
                ComparisonOperator="GreaterThanThreshold",
            )
        cloudwatch.set_alarm_state(AlarmName="kept-b", StateValue="ALARM", StateReason="test")
        found = cloudwatch.describe_alarms(AlarmNamePrefix="kept-", StateValue="ALARM")["MetricAlarms"]
        self.assertEqual([alarm["AlarmName"] for alarm in found], ["kept-b"])

    def test_composite_alarms(self) -> None:
        part, name = unique("alarm"), unique("composite")
        self.api.put_metric_alarm(
            AlarmName=part,
            Namespace="AWS/EC2",
            MetricName="CPUUtilization",
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
        )
        rule = f'ALARM("{part}") OR OK({part})'
        self.api.put_composite_alarm(AlarmName=name, AlarmRule=rule, AlarmActions=[f"arn:aws:sns:{REGION}:{ACCOUNT}:t"])
        found = self.api.describe_alarms(AlarmNames=[name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]
        self.assertEqual(found["AlarmRule"], rule)
        put = self.api.put_composite_alarm
        self.refused("ValidationError", "none", put, AlarmName=name, AlarmRule="ALARM(none)")
        self.refused("ValidationError", "refers to no alarm", put, AlarmName=name, AlarmRule="nonsense")
        self.refused("ValidationError", "'AlarmRule'", put, AlarmName=name)


class BackupTest(EmulatorTest):
    def setUp(self) -> None:
        self.api = client("backup")
        self.vault = unique("vault")
        self.api.create_backup_vault(BackupVaultName=self.vault)
        rule = {"RuleName": "daily", "TargetBackupVaultName": self.vault}
        made = self.api.create_backup_plan(
            BackupPlan={"BackupPlanName": unique("plan"), "Rules": [rule]}, BackupPlanTags={"a": "b"}
        )
        self.plan, self.arn = made["BackupPlanId"], made["BackupPlanArn"]

    def select(self, **more: Any) -> str:
        wanted = {
            "SelectionName": "s",
            "IamRoleArn": role("backup.amazonaws.com"),
            "Resources": ["arn:aws:rds:*:*:db:*"],
        }
        made = self.api.create_backup_selection(BackupPlanId=self.plan, BackupSelection={**wanted, **more})
        return str(made["SelectionId"])

    def test_selections(self) -> None:
        key = {"BackupPlanId": self.plan, "SelectionId": self.select()}
        found = self.api.get_backup_selection(**key)
        self.assertEqual(found["BackupSelection"]["SelectionName"], "s")
        listed = self.api.list_backup_selections(BackupPlanId=self.plan)["BackupSelectionsList"]
        self.assertEqual([item["SelectionId"] for item in listed], [key["SelectionId"]])
        self.refused("InvalidRequestException", "must be deleted", self.api.delete_backup_plan, BackupPlanId=self.plan)
        self.api.delete_backup_selection(**key)
        self.refused("InvalidParameterValueException", "Cannot find", self.api.get_backup_selection, **key)
        self.api.delete_backup_plan(BackupPlanId=self.plan)

    def test_a_plan_is_changed(self) -> None:
        before = self.api.get_backup_plan(BackupPlanId=self.plan)
        rule = {"RuleName": "daily", "TargetBackupVaultName": self.vault, "StartWindowMinutes": 60}
        changed = {"BackupPlanName": unique("plan"), "Rules": [rule]}
        made = self.api.update_backup_plan(BackupPlanId=self.plan, BackupPlan=changed)
        after = self.api.get_backup_plan(BackupPlanId=self.plan)
        self.assertEqual(after["BackupPlan"]["Rules"][0]["StartWindowMinutes"], 60)
        self.assertEqual(after["VersionId"], made["VersionId"])
        self.assertNotEqual(after["VersionId"], before["VersionId"])
        self.assertEqual(self.api.list_tags(ResourceArn=self.arn)["Tags"], {"a": "b"})

    def test_what_backup_refuses(self) -> None:
        invalid = "InvalidParameterValueException"
        self.refused(invalid, "not authorized", self.select, IamRoleArn=role("ec2.amazonaws.com"))
        self.refused(invalid, "pattern", self.select, SelectionName="a b")
        self.refused(invalid, "needs resources", self.select, Resources=[])
        self.select()
        self.refused("AlreadyExistsException", "same name", self.select)

    def test_the_name_of_a_deleted_plan_is_free(self) -> None:
        rules = [{"RuleName": "daily", "TargetBackupVaultName": self.vault}]
        document = {"BackupPlanName": unique("plan"), "Rules": rules}
        made = self.api.create_backup_plan(BackupPlan=document)["BackupPlanId"]
        self.api.delete_backup_plan(BackupPlanId=made)
        self.assertNotEqual(self.api.create_backup_plan(BackupPlan=document)["BackupPlanId"], made)
        self.refused("ResourceNotFoundException", "", self.api.get_backup_plan, BackupPlanId=made)

    def test_a_vault_holds_nothing(self) -> None:
        points = self.api.list_recovery_points_by_backup_vault
        self.assertEqual(points(BackupVaultName=self.vault)["RecoveryPoints"], [])
        self.refused("ResourceNotFoundException", "does not exist", points, BackupVaultName="another")

    def test_no_job_runs(self) -> None:
        self.assertEqual(self.api.list_backup_jobs()["BackupJobs"], [])

    def test_tags_of_a_plan(self) -> None:
        self.assertEqual(self.api.list_tags(ResourceArn=self.arn)["Tags"], {"a": "b"})


class SubnetTest(EmulatorTest):
    def test_a_subnet_is_found_by_its_ipv6_range(self) -> None:
        ec2 = client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.11.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]["VpcId"]
        whole = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
        ec2.create_subnet(VpcId=vpc, CidrBlock="10.11.1.0/24")
        range_of_subnet = whole.replace("/56", "/64")
        first = ec2.create_subnet(VpcId=vpc, CidrBlock="10.11.2.0/24", Ipv6CidrBlock=range_of_subnet)["Subnet"]
        association = first["Ipv6CidrBlockAssociationSet"][0]
        self.assertEqual(association["Ipv6CidrBlockState"], {"State": "associated"})
        filters = {
            "association-id": association["AssociationId"],
            "ipv6-cidr-block": association["Ipv6CidrBlock"],
        }
        for name, value in filters.items():
            with self.subTest(name=name):
                wanted = [{"Name": f"ipv6-cidr-block-association.{name}", "Values": [value]}]
                found = ec2.describe_subnets(Filters=wanted)["Subnets"]
                self.assertEqual([subnet["SubnetId"] for subnet in found], [first["SubnetId"]])
                none = ec2.describe_subnets(Filters=[{**wanted[0], "Values": ["other"]}])["Subnets"]
                self.assertEqual(none, [])


class Route53Test(EmulatorTest):
    def setUp(self) -> None:
        self.route53 = client("route53")
        made = self.route53.create_hosted_zone(Name="example.net", CallerReference=unique("z"))
        self.zone = made["HostedZone"]["Id"].split("/")[-1]

    def change(self, *changes: Any) -> None:
        batch = [
            {
                "Action": action,
                "ResourceRecordSet": {
                    "Name": f"{name}.example.net",
                    "Type": "A",
                    "TTL": 60,
                    "ResourceRecords": [{"Value": value}],
                },
            }
            for action, name, value in changes
        ]
        self.route53.change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch={"Changes": batch})

    def values(self) -> Dict[str, str]:
        records = self.route53.list_resource_record_sets(HostedZoneId=self.zone)["ResourceRecordSets"]
        return {r["Name"]: r["ResourceRecords"][0]["Value"] for r in records if r["Type"] == "A"}

    def test_a_deleted_record_can_be_made_again(self) -> None:
        self.change(("CREATE", "z", "192.0.2.9"))
        for action in ("CREATE", "DELETE", "CREATE"):
            self.change((action, "a", "192.0.2.1"))
        self.assertEqual(self.values(), {"a.example.net.": "192.0.2.1", "z.example.net.": "192.0.2.9"})

    def test_a_record_changes_its_value_in_one_batch(self) -> None:
        self.change(("CREATE", "a", "192.0.2.1"))
        self.change(("DELETE", "a", "192.0.2.1"), ("CREATE", "a", "192.0.2.2"))
        self.assertEqual(self.values(), {"a.example.net.": "192.0.2.2"})

    def test_a_record_that_exists_is_not_made_twice(self) -> None:
        self.change(("CREATE", "a", "192.0.2.1"))
        for value in ("192.0.2.1", "192.0.2.2"):
            with self.assertRaises(ClientError) as caught:
                self.change(("CREATE", "a", value))
            self.assertIn("already exists", str(caught.exception))
        self.assertEqual(self.values(), {"a.example.net.": "192.0.2.1"})

    def test_a_record_is_deleted_once_and_by_the_value_it_has(self) -> None:
        self.change(("CREATE", "a", "192.0.2.1"))
        self.change(("UPSERT", "a", "192.0.2.2"))
        with self.assertRaises(ClientError):
            self.change(("DELETE", "a", "192.0.2.1"))
        self.change(("DELETE", "a", "192.0.2.2"))
        with self.assertRaises(ClientError) as caught:
            self.change(("DELETE", "a", "192.0.2.2"))
        self.assertIn("but it was not found", str(caught.exception))
        self.assertEqual(self.values(), {})

    def test_ids_of_zones_begin_with_z(self) -> None:
        for _ in range(3):
            made = self.route53.create_hosted_zone(Name="ids.example.net", CallerReference=unique("z"))
            self.assertRegex(made["HostedZone"]["Id"], r"^/hostedzone/Z[A-Z0-9]{21}$")

    def test_a_zone_with_a_vpc_is_private(self) -> None:
        for more, private in (({}, False), ({"VPC": {"VPCRegion": REGION, "VPCId": "vpc-1"}}, True)):
            with self.subTest(private=private):
                made = self.route53.create_hosted_zone(
                    Name="split.example.net", CallerReference=unique("z"), HostedZoneConfig={"Comment": "c"}, **more
                )
                self.assertEqual(made["HostedZone"]["Config"]["PrivateZone"], private)
                self.assertEqual("VPC" in made, private)

    def test_query_logging_takes_either_form_of_the_log_group(self) -> None:
        route53, logs = client("route53"), client("logs")
        for suffix in ("", ":*"):
            with self.subTest(suffix=suffix):
                group = unique("/aws/route53/zone")
                logs.create_log_group(logGroupName=group)
                arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}{suffix}"
                zone = route53.create_hosted_zone(Name="example.org", CallerReference=unique("z"))["HostedZone"]["Id"]
                config = route53.create_query_logging_config(
                    HostedZoneId=zone.split("/")[-1], CloudWatchLogsLogGroupArn=arn
                )["QueryLoggingConfig"]
                self.assertEqual(config["CloudWatchLogsLogGroupArn"], arn)


class WafTest(EmulatorTest):
    def test_the_lock_token_of_an_ip_set_can_be_sent_back(self) -> None:
        waf = client("wafv2")
        made = waf.create_ip_set(Name=unique("set"), Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=[])["Summary"]
        key = {"Name": made["Name"], "Scope": "REGIONAL", "Id": made["Id"]}
        updated = waf.update_ip_set(**key, Addresses=["203.0.113.0/24"], LockToken=made["LockToken"])
        waf.delete_ip_set(**key, LockToken=updated["NextLockToken"])


class S3Test(EmulatorTest):
    def setUp(self) -> None:
        self.s3 = client("s3")
        self.bucket = unique("bucket")
        self.s3.create_bucket(Bucket=self.bucket)

    def deny_plain_http(self, bucket: str, *more: Dict[str, Any]) -> None:
        arn = f"arn:aws:s3:::{bucket}"
        deny = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [arn, f"{arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        policy = {"Version": "2012-10-17", "Statement": [deny, *more]}
        self.s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))

    def test_a_tls_only_policy_does_not_lock_everybody_out(self) -> None:
        self.deny_plain_http(self.bucket)
        self.s3.put_object(Bucket=self.bucket, Key="k", Body=b"x")
        self.assertEqual(self.s3.get_object(Bucket=self.bucket, Key="k")["Body"].read(), b"x")
        self.assertIn("SecureTransport", self.s3.get_bucket_policy(Bucket=self.bucket)["Policy"])

    def test_logs_are_let_in_by_the_policy_of_their_bucket(self) -> None:
        logging = {"LoggingEnabled": {"TargetBucket": self.bucket, "TargetPrefix": "logs/"}}
        source = unique("source")
        self.s3.create_bucket(Bucket=source)
        self.deny_plain_http(self.bucket)
        put = self.s3.put_bucket_logging
        self.refused("InvalidTargetBucketForLogging", "", put, Bucket=source, BucketLoggingStatus=logging)
        grant = {
            "Effect": "Allow",
            "Principal": {"Service": ["logging.s3.amazonaws.com"]},
            "Action": ["s3:PutObject"],
            "Resource": [f"arn:aws:s3:::{self.bucket}/logs/*"],
        }
        self.deny_plain_http(self.bucket, grant)
        put(Bucket=source, BucketLoggingStatus=logging)

    def test_a_versioned_bucket_can_be_emptied(self) -> None:
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        for key in ("a", "a", "b"):
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=b"x")
        self.s3.delete_object(Bucket=self.bucket, Key="b")
        found = self.s3.list_object_versions(Bucket=self.bucket)
        everything = [
            {"Key": item["Key"], "VersionId": item["VersionId"]} for item in found["Versions"] + found["DeleteMarkers"]
        ]
        # Terraform suspends versioning before it empties the bucket.
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Suspended"})
        first = everything[0]
        self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": [first]})
        left = self.s3.list_object_versions(Bucket=self.bucket)
        kept = [(item["Key"], item["VersionId"]) for item in left["Versions"] + left["DeleteMarkers"]]
        self.assertCountEqual(kept, [(item["Key"], item["VersionId"]) for item in everything[1:]])
        # Clients repeat a request whose answer was lost: what is gone is deleted again.
        for _ in range(2):
            answer = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": everything})
            self.assertNotIn("Errors", answer)
        self.s3.delete_bucket(Bucket=self.bucket)


class SecretTest(EmulatorTest):
    def test_a_deleted_secret_keeps_its_name_for_the_recovery_window(self) -> None:
        api, name = client("secretsmanager"), unique("secret")
        api.create_secret(Name=name, SecretString="x")
        self.refused("InvalidParameterException", "", api.delete_secret, SecretId=name, RecoveryWindowInDays=6)
        api.delete_secret(SecretId=name, RecoveryWindowInDays=7)
        self.refused("InvalidRequestException", "", api.create_secret, Name=name, SecretString="y")
        api.restore_secret(SecretId=name)
        api.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        api.create_secret(Name=name, SecretString="z")


class ServerTest(EmulatorTest):
    def test_managed_policies_exist(self) -> None:
        arn = role("eks.amazonaws.com")
        policy = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
        client("iam").attach_role_policy(RoleName=arn.split("/")[-1], PolicyArn=policy)


if __name__ == "__main__":
    unittest.main()
