"""What is added here is what moto lacks: an operation that a newer moto serves by itself shows up here."""

from __future__ import annotations

import pathlib
import re
import unittest

from botocore import xform_name
from support import LOCAL

from emulator import extension
from emulator.operations import REGISTRY

#: Operations that moto serves, too; the docstring of the module that replaces one says what moto's own answer lacks.
REPLACED = {
    ("backup", "DeleteBackupPlan"),
    ("backup", "ListTags"),
    ("eks", "CreateCluster"),
    ("eks", "CreateNodegroup"),
    ("eks", "DeleteCluster"),
    ("eks", "DeleteNodegroup"),
    ("eks", "DescribeCluster"),
    ("eks", "DescribeNodegroup"),
    ("eks", "ListNodegroups"),
    ("eks", "ListTagsForResource"),
    ("eks", "TagResource"),
    ("eks", "UntagResource"),
    ("eks", "UpdateClusterConfig"),
    ("eks", "UpdateNodegroupConfig"),
    ("kms", "EnableKeyRotation"),
    ("kms", "GetKeyRotationStatus"),
    ("network-firewall", "CreateFirewall"),
    ("network-firewall", "DescribeFirewall"),
    ("network-firewall", "DescribeLoggingConfiguration"),
    ("network-firewall", "ListFirewalls"),
    ("network-firewall", "UpdateLoggingConfiguration"),
    ("route53resolver", "ListTagsForResource"),
    ("route53resolver", "TagResource"),
    ("route53resolver", "UntagResource"),
    ("service-quotas", "GetServiceQuota"),
}


class NativeTest(unittest.TestCase):
    def test_nothing_is_added_that_moto_serves_by_itself(self) -> None:
        extension.register()
        native = {
            (service, name)
            for service, name in REGISTRY
            if any(xform_name(name) in vars(parent) for parent in extension.CLASSES[service].__mro__)
        }
        self.assertEqual(native, REPLACED)

    def test_one_version_of_moto_is_named(self) -> None:
        folder = pathlib.Path(LOCAL) / "emulator"
        files = [(folder / name).read_text() for name in ("requirements.txt", "pyproject.toml")]
        versions = {re.search(r"moto(?:\[server\])?==([\d.]+)", text).group(1) for text in files}  # type: ignore[union-attr]
        self.assertEqual(len(versions), 1)


if __name__ == "__main__":
    unittest.main()
