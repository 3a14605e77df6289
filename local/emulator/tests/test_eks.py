"""EKS: clusters, node groups, access, add-ons, pod identity, tags."""

from __future__ import annotations

import json
import unittest
from typing import Any, Dict

from support import (
    ACCOUNT,
    REGION,
    EmulatorTest,
    Network,
    client,
    pod_role,
    role,
    unique,
)

POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


class EksTest(EmulatorTest):
    network: Network
    role: str

    @classmethod
    def setUpClass(cls) -> None:
        cls.network = Network()
        cls.role = role("eks.amazonaws.com")

    def setUp(self) -> None:
        self.eks = client("eks")

    def arguments(self, **more: Any) -> Dict[str, Any]:
        return {
            "name": unique("cluster"),
            "version": "1.33",
            "roleArn": self.role,
            "resourcesVpcConfig": {"subnetIds": self.network.subnets},
            "accessConfig": {"authenticationMode": "API"},
            **more,
        }

    def cluster(self, **more: Any) -> str:
        return str(self.eks.create_cluster(**self.arguments(**more))["cluster"]["name"])


class ClusterTest(EksTest):
    def test_a_cluster_keeps_its_arguments_and_gains_the_defaults(self) -> None:
        made = self.eks.create_cluster(
            **self.arguments(
                upgradePolicy={"supportType": "STANDARD"},
                zonalShiftConfig={"enabled": True},
                logging={"clusterLogging": [{"types": ["audit", "api"], "enabled": True}]},
                tags={"a": "b"},
            )
        )["cluster"]
        found = self.eks.describe_cluster(name=made["name"])["cluster"]
        self.assertEqual(found, made)
        self.assertEqual(found["status"], "ACTIVE")
        self.assertEqual(found["accessConfig"]["authenticationMode"], "API")
        self.assertTrue(found["accessConfig"]["bootstrapClusterCreatorAdminPermissions"])
        self.assertEqual(found["upgradePolicy"], {"supportType": "STANDARD"})
        self.assertEqual(found["zonalShiftConfig"], {"enabled": True})
        self.assertEqual(found["kubernetesNetworkConfig"]["serviceIpv4Cidr"], "172.20.0.0/16")
        self.assertEqual(found["resourcesVpcConfig"]["publicAccessCidrs"], ["0.0.0.0/0"])
        logging = {setup["enabled"]: setup["types"] for setup in found["logging"]["clusterLogging"]}
        self.assertEqual(logging, {True: ["api", "audit"], False: ["authenticator", "controllerManager", "scheduler"]})

    def test_its_security_group_is_real_and_goes_with_it(self) -> None:
        name = self.cluster()
        config = self.eks.describe_cluster(name=name)["cluster"]["resourcesVpcConfig"]
        self.assertEqual(config["vpcId"], self.network.vpc)
        ec2 = client("ec2")
        group = ec2.describe_security_groups(GroupIds=[config["clusterSecurityGroupId"]])["SecurityGroups"][0]
        self.assertEqual(group["VpcId"], self.network.vpc)
        self.assertEqual(self.eks.delete_cluster(name=name)["cluster"]["status"], "DELETING")
        self.refused("ResourceNotFoundException", name, self.eks.describe_cluster, name=name)
        self.refused(
            "InvalidGroup.NotFound", group["GroupId"], ec2.describe_security_groups, GroupIds=[group["GroupId"]]
        )

    def test_what_eks_refuses(self) -> None:
        node_role, key = role("ec2.amazonaws.com"), f"arn:aws:kms:{REGION}:{ACCOUNT}:key/none"
        subnets = self.network.subnets
        cases = [
            ("unsupported Kubernetes version", {"version": "1.10"}),
            ("could not be assumed", {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/none"}),
            ("could not be assumed", {"roleArn": node_role}),
            ("two different AZs", {"resourcesVpcConfig": {"subnetIds": subnets[:1]}}),
            ("does not exist", {"resourcesVpcConfig": {"subnetIds": [*subnets, "subnet-0"]}}),
            ("does not exist", {"resourcesVpcConfig": {"subnetIds": subnets, "securityGroupIds": ["sg-0"]}}),
            (
                "cannot be false",
                {"resourcesVpcConfig": {"subnetIds": subnets, "endpointPublicAccess": False}},
            ),
            (
                "CIDR block 10.0.0.1/8 is not valid",
                {"resourcesVpcConfig": {"subnetIds": subnets, "publicAccessCidrs": ["10.0.0.1/8"]}},
            ),
            ("CIDR block 8.0.0.0/16", {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "8.0.0.0/16"}}),
            ("CIDR block 10.0.0.0/11", {"kubernetesNetworkConfig": {"serviceIpv4Cidr": "10.0.0.0/11"}}),
            ("does not exist", {"encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": key}}]}),
            ("Only 'secrets'", {"encryptionConfig": [{"resources": ["pods"], "provider": {"keyArn": key}}]}),
            ("enum value set", {"accessConfig": {"authenticationMode": "NONE"}}),
            ("pattern", {"name": "-x"}),
            ("enum value set", {"logging": {"clusterLogging": [{"types": ["dns"], "enabled": True}]}}),
        ]
        for text, arguments in cases:
            with self.subTest(text=text, arguments=arguments):
                error = self.refused(
                    "InvalidParameterException", text, self.eks.create_cluster, **self.arguments(**arguments)
                )
                self.assertEqual(error.response["ResponseMetadata"]["HTTPStatusCode"], 400)
        name = self.cluster()
        error = self.refused("ResourceInUseException", name, self.eks.create_cluster, **self.arguments(name=name))
        self.assertEqual(error.response["ResponseMetadata"]["HTTPStatusCode"], 409)

    def test_an_upgrade_goes_one_minor_version_at_a_time(self) -> None:
        name = self.cluster()
        update = self.eks.update_cluster_version(name=name, version="1.34")["update"]
        self.assertEqual(update["status"], "Successful")
        self.assertEqual(self.eks.describe_update(name=name, updateId=update["id"])["update"]["type"], "VersionUpdate")
        self.assertEqual(self.eks.list_updates(name=name)["updateIds"], [update["id"]])
        self.assertEqual(self.eks.describe_cluster(name=name)["cluster"]["version"], "1.34")
        for wanted in ("1.34", "1.33", "1.36"):
            with self.subTest(wanted=wanted):
                text = f"from 1.34 to {wanted}"
                self.refused(
                    "InvalidParameterException", text, self.eks.update_cluster_version, name=name, version=wanted
                )
        self.refused("ResourceNotFoundException", "x", self.eks.describe_update, name=name, updateId="x")

    def test_each_change_of_the_configuration_is_an_update_of_its_own(self) -> None:
        name = self.cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})
        changes: "list[tuple[str, Any, str]]" = [
            ("resourcesVpcConfig", {"endpointPrivateAccess": True}, "EndpointAccessUpdate"),
            ("resourcesVpcConfig", {"subnetIds": self.network.subnets[:2]}, "VpcConfigUpdate"),
            ("logging", {"clusterLogging": [{"types": ["api"], "enabled": True}]}, "LoggingUpdate"),
            ("accessConfig", {"authenticationMode": "API"}, "AccessConfigUpdate"),
            ("upgradePolicy", {"supportType": "STANDARD"}, "UpgradePolicyUpdate"),
            ("zonalShiftConfig", {"enabled": True}, "ZonalShiftConfigUpdate"),
            ("deletionProtection", True, "DeletionProtectionUpdate"),
        ]
        for key, value, kind in changes:
            with self.subTest(key=key):
                update = self.eks.update_cluster_config(name=name, **{key: value})["update"]
                self.assertEqual(update["type"], kind)
        found = self.eks.describe_cluster(name=name)["cluster"]
        self.assertEqual(found["resourcesVpcConfig"]["subnetIds"], self.network.subnets[:2])
        self.assertTrue(found["resourcesVpcConfig"]["endpointPrivateAccess"])
        self.assertEqual(found["accessConfig"]["authenticationMode"], "API")
        two = {"deletionProtection": False, "upgradePolicy": {"supportType": "EXTENDED"}}
        self.refused("InvalidParameterException", "Exactly one", self.eks.update_cluster_config, name=name, **two)
        mode = {"authenticationMode": "CONFIG_MAP"}
        self.refused(
            "InvalidParameterException", "from API", self.eks.update_cluster_config, name=name, accessConfig=mode
        )

    def test_a_protected_cluster_or_one_with_nodes_is_not_deleted(self) -> None:
        name = self.cluster(deletionProtection=True)
        self.refused("InvalidRequestException", "protection", self.eks.delete_cluster, name=name)
        self.eks.update_cluster_config(name=name, deletionProtection=False)
        self.eks.create_nodegroup(
            clusterName=name, nodegroupName="n", subnets=self.network.subnets, nodeRole=role("ec2.amazonaws.com")
        )
        self.refused("ResourceInUseException", "nodegroups attached", self.eks.delete_cluster, name=name)
        self.eks.delete_nodegroup(clusterName=name, nodegroupName="n")
        self.eks.delete_cluster(name=name)

    def test_encryption_is_associated_once(self) -> None:
        name = self.cluster()
        key = client("kms").create_key()["KeyMetadata"]["Arn"]
        config = [{"resources": ["secrets"], "provider": {"keyArn": key}}]
        self.eks.associate_encryption_config(clusterName=name, encryptionConfig=config)
        self.assertEqual(self.eks.describe_cluster(name=name)["cluster"]["encryptionConfig"], config)
        self.refused(
            "InvalidParameterException",
            "already",
            self.eks.associate_encryption_config,
            clusterName=name,
            encryptionConfig=config,
        )

    def test_versions(self) -> None:
        versions = self.eks.describe_cluster_versions()["clusterVersions"]
        self.assertIn("1.34", [item["clusterVersion"] for item in versions])
        self.assertEqual([item["defaultVersion"] for item in versions].count(True), 1)
        self.assertEqual(len(self.eks.describe_cluster_versions(defaultOnly=True)["clusterVersions"]), 1)


class NodegroupTest(EksTest):
    def setUp(self) -> None:
        super().setUp()
        self.name = self.cluster()
        self.node_role = role("ec2.amazonaws.com")

    def create(self, **more: Any) -> Dict[str, Any]:
        arguments = {
            "clusterName": self.name,
            "nodegroupName": "n",
            "subnets": self.network.subnets,
            "nodeRole": self.node_role,
            "scalingConfig": {"minSize": 2, "maxSize": 4, "desiredSize": 2},
            **more,
        }
        made: Dict[str, Any] = self.eks.create_nodegroup(**arguments)["nodegroup"]
        return made

    def template(self, **data: Any) -> Dict[str, str]:
        made = client("ec2").create_launch_template(LaunchTemplateName=unique("lt"), LaunchTemplateData=data)
        return {"id": made["LaunchTemplate"]["LaunchTemplateId"], "version": "1"}

    def test_a_node_group_keeps_its_arguments_and_invents_nothing(self) -> None:
        made = self.create(
            launchTemplate=self.template(MetadataOptions={"HttpTokens": "required"}),
            instanceTypes=["m7g.large"],
            amiType="AL2023_ARM_64_STANDARD",
            updateConfig={"maxUnavailablePercentage": 33},
            nodeRepairConfig={"enabled": True},
            labels={"a": "b"},
            taints=[{"key": "k", "value": "v", "effect": "NO_SCHEDULE"}],
        )
        found = self.eks.describe_nodegroup(clusterName=self.name, nodegroupName="n")["nodegroup"]
        self.assertEqual(found, made)
        self.assertEqual(found["updateConfig"], {"maxUnavailablePercentage": 33})
        self.assertEqual(found["version"], "1.33")
        for absent in ("remoteAccess", "diskSize"):
            self.assertNotIn(absent, found)
        self.assertNotIn("remoteAccessSecurityGroup", found["resources"])
        self.assertEqual(self.create(nodegroupName="plain")["diskSize"], 20)

    def test_what_eks_refuses(self) -> None:
        image = self.template(ImageId="ami-0abcdef1234567890")
        typed = self.template(InstanceType="m7g.large")
        profile = self.template(IamInstanceProfile={"Name": "x"})
        cases: "list[tuple[str, Dict[str, Any]]]" = [
            ("desired size", {"scalingConfig": {"minSize": 2, "maxSize": 4, "desiredSize": 5}}),
            ("greater than or equal to 1", {"scalingConfig": {"minSize": 0, "maxSize": 0, "desiredSize": 0}}),
            ("Exactly one", {"updateConfig": {"maxUnavailable": 1, "maxUnavailablePercentage": 5}}),
            ("trust", {"nodeRole": self.role}),
            ("does not exist", {"subnets": ["subnet-0"]}),
            ("enum value set", {"amiType": "AL2022"}),
            ("enum value set", {"taints": [{"key": "k", "effect": "NoSchedule"}]}),
            ("only supported", {"amiType": "AL2_x86_64"}),
            ("above", {"version": "1.34"}),
            ("does not exist", {"launchTemplate": {"id": "lt-0", "version": "1"}}),
            ("other than CUSTOM", {"launchTemplate": image, "amiType": "AL2023_ARM_64_STANDARD"}),
            ("either in the launch template", {"launchTemplate": typed, "instanceTypes": ["m7g.large"]}),
            ("instance profile", {"launchTemplate": profile}),
            ("Disk size", {"launchTemplate": typed, "diskSize": 20}),
        ]
        for text, arguments in cases:
            with self.subTest(text=text, arguments=arguments):
                self.refused("InvalidParameterException", text, self.create, **arguments)
        self.create()
        self.refused("ResourceInUseException", "already exists", self.create)

    def test_changes_and_upgrades(self) -> None:
        template = self.template(EbsOptimized=True)
        self.create(launchTemplate=template)
        self.eks.update_nodegroup_config(
            clusterName=self.name,
            nodegroupName="n",
            scalingConfig={"maxSize": 6},
            labels={"addOrUpdateLabels": {"x": "y"}},
        )
        self.eks.update_cluster_version(name=self.name, version="1.34")
        client("ec2").create_launch_template_version(
            LaunchTemplateId=template["id"], LaunchTemplateData={"EbsOptimized": True}
        )
        self.eks.update_nodegroup_version(
            clusterName=self.name,
            nodegroupName="n",
            version="1.34",
            launchTemplate={"id": template["id"], "version": "2"},
        )
        found = self.eks.describe_nodegroup(clusterName=self.name, nodegroupName="n")["nodegroup"]
        self.assertEqual((found["version"], found["launchTemplate"]["version"]), ("1.34", "2"))
        self.assertEqual((found["scalingConfig"]["maxSize"], found["labels"]), (6, {"x": "y"}))
        self.refused(
            "InvalidParameterException",
            "above",
            self.eks.update_nodegroup_version,
            clusterName=self.name,
            nodegroupName="n",
            version="1.35",
        )
        self.refused(
            "InvalidParameterException",
            "desired size",
            self.eks.update_nodegroup_config,
            clusterName=self.name,
            nodegroupName="n",
            scalingConfig={"minSize": 7},
        )

    def test_those_of_a_cluster_are_listed_and_those_of_none_are_not_found(self) -> None:
        with self.assertRaises(self.eks.exceptions.ResourceNotFoundException):
            self.eks.list_nodegroups(clusterName=unique("cluster"))
        cluster = self.cluster()
        self.assertEqual(self.eks.list_nodegroups(clusterName=cluster)["nodegroups"], [])

    def test_its_role_gets_an_access_entry_that_goes_with_the_last_node_group(self) -> None:
        self.create()
        self.create(nodegroupName="m")
        found = self.eks.describe_access_entry(clusterName=self.name, principalArn=self.node_role)["accessEntry"]
        self.assertEqual(found["type"], "EC2_LINUX")
        self.refused(
            "ResourceInUseException",
            "already in use",
            self.eks.create_access_entry,
            clusterName=self.name,
            principalArn=self.node_role,
            type="EC2_LINUX",
        )
        for nodegroup, left in (("n", 1), ("m", 0)):
            self.eks.delete_nodegroup(clusterName=self.name, nodegroupName=nodegroup)
            self.assertEqual(len(self.eks.list_access_entries(clusterName=self.name)["accessEntries"]), left)


class AccessTest(EksTest):
    def setUp(self) -> None:
        super().setUp()
        self.name, self.principal = self.cluster(), role("ec2.amazonaws.com")
        self.entry = {"clusterName": self.name, "principalArn": self.principal}

    def test_an_entry_from_creation_to_deletion(self) -> None:
        made = self.eks.create_access_entry(**self.entry, kubernetesGroups=["operators"], tags={"a": "b"})[
            "accessEntry"
        ]
        self.assertEqual(made["type"], "STANDARD")
        self.assertIn("{{SessionName}}", made["username"])
        self.assertEqual(self.eks.describe_access_entry(**self.entry)["accessEntry"], made)
        changed = self.eks.update_access_entry(**self.entry, kubernetesGroups=["readers"], username="me")["accessEntry"]
        self.assertEqual((changed["kubernetesGroups"], changed["username"]), (["readers"], "me"))
        self.eks.delete_access_entry(**self.entry)
        self.refused("ResourceNotFoundException", "principalArn", self.eks.describe_access_entry, **self.entry)

    def test_a_node_entry(self) -> None:
        made = self.eks.create_access_entry(**self.entry, type="EC2_LINUX")["accessEntry"]
        self.assertEqual(made["kubernetesGroups"], ["system:nodes"])
        self.assertEqual(made["username"], "system:node:{{EC2PrivateDNSName}}")
        scope = {"type": "cluster"}
        self.refused(
            "InvalidRequestException",
            "EC2_LINUX",
            self.eks.associate_access_policy,
            **self.entry,
            policyArn=POLICY,
            accessScope=scope,
        )

    def test_what_eks_refuses(self) -> None:
        create = self.eks.create_access_entry
        invalid = "InvalidParameterException"
        self.refused(invalid, "EC2_LINUX", create, **self.entry, type="EC2_LINUX", kubernetesGroups=["x"])
        self.refused(invalid, "is invalid", create, **self.entry, type="NODE")
        self.refused(invalid, "system:masters", create, **self.entry, kubernetesGroups=["system:masters"])
        for principal in (f"arn:aws:iam::{ACCOUNT}:role/none", f"arn:aws:sts::{ACCOUNT}:assumed-role/a/b", "x"):
            with self.subTest(principal=principal):
                self.refused(invalid, "invalid principal", create, clusterName=self.name, principalArn=principal)
        create(**self.entry)
        error = self.refused("ResourceInUseException", "already in use", create, **self.entry)
        self.assertEqual(error.response["ResponseMetadata"]["HTTPStatusCode"], 409)
        old = self.cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})
        self.refused(
            "InvalidRequestException", "authentication mode", create, clusterName=old, principalArn=self.principal
        )

    def test_policies(self) -> None:
        self.eks.create_access_entry(**self.entry)
        scope = {"type": "namespace", "namespaces": ["retool"]}
        made = self.eks.associate_access_policy(**self.entry, policyArn=POLICY, accessScope=scope)
        listed = self.eks.list_associated_access_policies(**self.entry)["associatedAccessPolicies"]
        self.assertEqual(listed, [made["associatedAccessPolicy"]])
        self.assertEqual(listed[0]["accessScope"], scope)
        found = self.eks.list_access_entries(clusterName=self.name, associatedPolicyArn=POLICY)["accessEntries"]
        self.assertEqual(found, [self.principal])
        self.eks.disassociate_access_policy(**self.entry, policyArn=POLICY)
        self.refused(
            "ResourceNotFoundException",
            "not associated",
            self.eks.disassociate_access_policy,
            **self.entry,
            policyArn=POLICY,
        )

    def test_policies_that_eks_refuses(self) -> None:
        self.eks.create_access_entry(**self.entry)
        associate, invalid = self.eks.associate_access_policy, "InvalidParameterException"
        cluster = {"type": "cluster"}
        for arn in (POLICY + "s", "arn:aws:iam::aws:policy/AdministratorAccess"):
            with self.subTest(arn=arn):
                self.refused(invalid, "policyArn", associate, **self.entry, policyArn=arn, accessScope=cluster)
        for scope in ({"type": "namespace"}, {"type": "cluster", "namespaces": ["x"]}, {"namespaces": ["x"]}):
            with self.subTest(scope=scope):
                self.refused(invalid, "scope", associate, **self.entry, policyArn=POLICY, accessScope=scope)
        self.refused(invalid, "enum value set", associate, **self.entry, policyArn=POLICY, accessScope={"type": "all"})
        offered = [policy["arn"] for policy in self.eks.list_access_policies()["accessPolicies"]]
        self.assertIn(POLICY, offered)


class AddonTest(EksTest):
    def setUp(self) -> None:
        super().setUp()
        self.name = self.cluster()

    def create(self, name: str, **more: Any) -> Dict[str, Any]:
        made: Dict[str, Any] = self.eks.create_addon(clusterName=self.name, addonName=name, **more)["addon"]
        return made

    def test_an_addon_from_creation_to_deletion(self) -> None:
        values = json.dumps({"enableNetworkPolicy": "true", "env": {"ENABLE_PREFIX_DELEGATION": "true"}})
        pods = [{"serviceAccount": "aws-node", "roleArn": pod_role()}]
        made = self.create("vpc-cni", configurationValues=values, podIdentityAssociations=pods, tags={"a": "b"})
        arguments = {"clusterName": self.name, "addonName": "vpc-cni"}
        self.assertEqual(self.eks.describe_addon(**arguments)["addon"], made)
        self.assertEqual((made["status"], made["configurationValues"]), ("ACTIVE", values))
        owned = self.eks.list_pod_identity_associations(clusterName=self.name)["associations"]
        self.assertEqual([item["ownerArn"] for item in owned], [made["addonArn"]])
        self.assertEqual(made["podIdentityAssociations"], [owned[0]["associationArn"]])
        update = self.eks.update_addon(**arguments, addonVersion="v1.21.0-eksbuild.1", podIdentityAssociations=[])[
            "update"
        ]
        self.assertEqual(update["type"], "AddonUpdate")
        changed = self.eks.describe_addon(**arguments)["addon"]
        self.assertEqual((changed["addonVersion"], changed["podIdentityAssociations"]), ("v1.21.0-eksbuild.1", []))
        self.eks.update_addon(**arguments, podIdentityAssociations=pods)
        self.assertEqual(self.eks.delete_addon(**arguments)["addon"]["status"], "DELETING")
        self.assertEqual(self.eks.list_pod_identity_associations(clusterName=self.name)["associations"], [])
        self.assertEqual(self.eks.list_addons(clusterName=self.name)["addons"], [])
        self.refused("ResourceNotFoundException", "vpc-cni", self.eks.describe_addon, **arguments)

    def test_what_eks_refuses(self) -> None:
        pods = [{"serviceAccount": "other", "roleArn": pod_role()}]
        cases: "list[tuple[str, str, Dict[str, Any]]]" = [
            ("not supported", "vpc-cnj", {}),
            ("version", "coredns", {"addonVersion": "1.12"}),
            ("JSON", "coredns", {"configurationValues": "{"}),
            ("an object", "coredns", {"configurationValues": "[]"}),
            ("enableNetworkPolicy", "vpc-cni", {"configurationValues": '{"enableNetworkPolicy": true}'}),
            ("$.env.A", "vpc-cni", {"configurationValues": '{"env": {"A": 1}}'}),
            ("Service account other", "vpc-cni", {"podIdentityAssociations": pods}),
            ("Service account other", "coredns", {"podIdentityAssociations": pods}),
            ("enum value set", "coredns", {"resolveConflicts": "MERGE"}),
        ]
        for text, name, arguments in cases:
            with self.subTest(text=text):
                self.refused("InvalidParameterException", text, self.create, name=name, **arguments)
        self.create("coredns")
        self.refused("ResourceInUseException", "already exists", self.create, name="coredns")

    def test_versions_on_offer(self) -> None:
        offered = self.eks.describe_addon_versions(addonName="coredns", kubernetesVersion="1.34")["addons"]
        self.assertEqual([item["addonName"] for item in offered], ["coredns"])
        compatible = offered[0]["addonVersions"][0]["compatibilities"][0]
        self.assertEqual((compatible["clusterVersion"], compatible["defaultVersion"]), ("1.34", True))
        every = self.eks.describe_addon_versions()["addons"]
        self.assertIn("metrics-server", [item["addonName"] for item in every])
        page = self.eks.describe_addon_versions(maxResults=2)
        rest = self.eks.describe_addon_versions(nextToken=page["nextToken"])["addons"]
        self.assertEqual(page["addons"] + rest, every)


class PodIdentityTest(EksTest):
    def setUp(self) -> None:
        super().setUp()
        self.name = self.cluster()
        self.wanted = {"clusterName": self.name, "namespace": "retool", "serviceAccount": "api", "roleArn": pod_role()}

    def test_an_association_from_creation_to_deletion(self) -> None:
        made = self.eks.create_pod_identity_association(**self.wanted, tags={"a": "b"})["association"]
        arguments = {"clusterName": self.name, "associationId": made["associationId"]}
        self.assertEqual(self.eks.describe_pod_identity_association(**arguments)["association"], made)
        other = pod_role()
        self.eks.update_pod_identity_association(**arguments, roleArn=other, disableSessionTags=True)
        changed = self.eks.describe_pod_identity_association(**arguments)["association"]
        self.assertEqual((changed["roleArn"], changed["disableSessionTags"]), (other, True))
        listed = self.eks.list_pod_identity_associations(clusterName=self.name, namespace="retool")["associations"]
        self.assertEqual([item["associationId"] for item in listed], [made["associationId"]])
        self.assertEqual(
            self.eks.list_pod_identity_associations(clusterName=self.name, namespace="x")["associations"], []
        )
        self.eks.delete_pod_identity_association(**arguments)
        self.refused(
            "ResourceNotFoundException", "association", self.eks.describe_pod_identity_association, **arguments
        )

    def test_what_eks_refuses(self) -> None:
        create = self.eks.create_pod_identity_association
        missing, untrusting = f"arn:aws:iam::{ACCOUNT}:role/none", role("pods.eks.amazonaws.com", "sts:AssumeRole")
        self.refused("InvalidParameterException", "does not exist", create, **{**self.wanted, "roleArn": missing})
        self.refused("InvalidParameterException", "Trust policy", create, **{**self.wanted, "roleArn": untrusting})
        made = create(**self.wanted)["association"]
        error = self.refused("ResourceInUseException", made["associationId"], create, **self.wanted)
        self.assertEqual(error.response["ResponseMetadata"]["HTTPStatusCode"], 409)
        create(**{**self.wanted, "namespace": "other"})


class TagTest(EksTest):
    def test_everything_can_be_tagged(self) -> None:
        name = self.cluster()
        principal = role("ec2.amazonaws.com")
        association = {"clusterName": name, "namespace": "n", "serviceAccount": "s", "roleArn": pod_role()}
        arns = [
            self.eks.describe_cluster(name=name)["cluster"]["arn"],
            self.eks.create_access_entry(clusterName=name, principalArn=principal)["accessEntry"]["accessEntryArn"],
            self.eks.create_addon(clusterName=name, addonName="coredns")["addon"]["addonArn"],
            self.eks.create_pod_identity_association(**association)["association"]["associationArn"],
            self.eks.create_nodegroup(
                clusterName=name, nodegroupName="n", subnets=self.network.subnets, nodeRole=principal
            )["nodegroup"]["nodegroupArn"],
        ]
        for arn in arns:
            with self.subTest(arn=arn):
                self.eks.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
                self.eks.untag_resource(resourceArn=arn, tagKeys=["a"])
                self.assertEqual(self.eks.list_tags_for_resource(resourceArn=arn)["tags"], {"b": "2"})
        gone = arns[0] + "x"
        self.refused("ResourceNotFoundException", gone, self.eks.tag_resource, resourceArn=gone, tags={"a": "b"})


if __name__ == "__main__":
    unittest.main()
