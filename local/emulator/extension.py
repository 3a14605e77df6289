"""Everything that the emulator adds to moto, installed at once."""

from __future__ import annotations

from importlib import import_module
from typing import Dict

from moto.backup import urls as backup_urls
from moto.backup.responses import BackupResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.eks import urls as eks_urls
from moto.eks.responses import EKSResponse
from moto.kms.responses import KmsResponse
from moto.networkfirewall.responses import NetworkFirewallResponse
from moto.route53resolver.responses import Route53ResolverResponse
from moto.servicequotas.responses import ServiceQuotasResponse

from .operations import install

#: Modules that register operations when they are imported.
OPERATIONS = (
    "backup",
    "cloudwatch",
    "eks",
    "eks_access",
    "eks_addons",
    "eks_nodegroups",
    "eks_pod_identity",
    "eks_tags",
    "eks_updates",
    "kms",
    "networkfirewall",
    "networkfirewall_firewalls",
    "route53resolver",
    "route53resolver_vpc",
    "servicequotas",
)
#: Modules that amend moto's models, each with a function ``amend``.
AMENDMENTS = (
    "cloudwatch",
    "ec2",
    "ec2_once",
    "ec2_routes",
    "elbv2",
    "iam",
    "rds",
    "route53",
    "s3",
    "secretsmanager",
    "wafv2",
)
CLASSES: Dict[str, type] = {
    "backup": BackupResponse,
    "cloudwatch": CloudWatchResponse,
    "eks": EKSResponse,
    "kms": KmsResponse,
    "network-firewall": NetworkFirewallResponse,
    "route53resolver": Route53ResolverResponse,
    "service-quotas": ServiceQuotasResponse,
}


def register() -> None:
    """Import every module that registers operations."""
    for name in OPERATIONS:
        import_module(f"{__package__}.{name}")


def install_all() -> None:
    register()
    for name in AMENDMENTS:
        import_module(f"{__package__}.{name}").amend()
    # One route for all of a service: which operation a path is comes from botocore's model, so moto's list is not needed.
    for urls in (backup_urls, eks_urls):
        urls.url_paths["{0}/.*"] = urls.response.dispatch
    install(CLASSES)
