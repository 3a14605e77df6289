import type { Recorded } from "../../domain/permissions/recorded";

/** What EKS itself asks for another version of a template. */
const NEWER_NODES = "eks:UpdateNodegroupVersion eks:nodegroup name";
const GROUP = "autoscaling:autoScalingGroup name";

/**
 * What EC2 asks of the caller where EKS is given a launch template: whether he may launch what it describes.
 *
 * The template gives instances, disks and interfaces the environment's tags. EKS puts its own security group besides.
 */
const LAUNCHED = [
  "ec2:CreateTags ec2:instance made",
  "ec2:CreateTags ec2:network-interface made",
  "ec2:CreateTags ec2:volume made",
  "ec2:RunInstances ec2:image name",
  "ec2:RunInstances ec2:instance request",
  "ec2:RunInstances ec2:launch-template resource",
  "ec2:RunInstances ec2:network-interface any",
  "ec2:RunInstances ec2:security-group cluster",
  "ec2:RunInstances ec2:security-group resource",
  "ec2:RunInstances ec2:subnet resource",
  "ec2:RunInstances ec2:volume request",
];

/**
 * Requests of types that no recorded run has reached, written down from the source of provider 5.100 and from AWS's references; what a
 * run records takes their place.
 *
 * - Groups of nodes: EKS makes them, and the emulator makes none. Versions are listed only of a secret that was stored before.
 * - The bastion, roles by a token, access for roles, the lock of a vault, and what layers look up: a run of
 *   `RECORD_PERMISSIONS=further` reaches them.
 * - The launch of nodes: AWS refuses a group of nodes with "You are not authorized to launch instances with this launch template" to a
 *   caller without these rights.
 *
 * Sources: internal/service/ec2/ec2_instance.go and the files of the other types in https://github.com/hashicorp/terraform-provider-aws;
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html (what RunInstances asks for);
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html (the key of a disk);
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permissions-for-launch-templates.html and
 * https://github.com/aws-samples/terraform-eks-code/issues/13 (nodes).
 */
export const NOT_REACHED: Recorded = {
  "data.aws_secretsmanager_secret_versions": {
    read: { "secretsmanager:ListSecretVersionIds": ["secretsmanager:ListSecretVersionIds secretsmanager:Secret name"] },
  },
  aws_autoscaling_group_tag: {
    read: { "autoscaling:DescribeTags": ["autoscaling:DescribeTags"] },
    create: { "autoscaling:CreateOrUpdateTags": [`autoscaling:CreateOrUpdateTags ${GROUP}`] },
    change: { "autoscaling:CreateOrUpdateTags": [`autoscaling:CreateOrUpdateTags ${GROUP}`] },
    destroy: { "autoscaling:DeleteTags": [`autoscaling:DeleteTags ${GROUP}`] },
  },
  "data.aws_eip": {
    read: {
      "ec2:DescribeAddresses": ["ec2:DescribeAddresses"],
      "ec2:DescribeAddressesAttribute": ["ec2:DescribeAddressesAttribute"],
    },
  },
  "data.aws_kms_alias": {
    read: {
      "kms:ListAliases": ["kms:ListAliases"],
      "kms:DescribeKey": ["kms:DescribeKey kms:key resource"],
    },
  },
  "data.aws_ssm_parameter": {
    read: {
      "ssm:GetParameter": ["ssm:GetParameter ssm:parameter name"],
    },
  },
  "data.aws_vpc": {
    read: {
      "ec2:DescribeVpcs": ["ec2:DescribeVpcs"],
      "ec2:DescribeRouteTables": ["ec2:DescribeRouteTables"],
      "ec2:DescribeVpcAttribute": ["ec2:DescribeVpcAttribute ec2:vpc resource"],
    },
  },
  aws_backup_vault_lock_configuration: {
    create: {
      "backup:PutBackupVaultLockConfiguration": ["backup:PutBackupVaultLockConfiguration backup:backupVault name"],
    },
    change: {
      "backup:PutBackupVaultLockConfiguration": ["backup:PutBackupVaultLockConfiguration backup:backupVault name"],
    },
    destroy: {
      "backup:DeleteBackupVaultLockConfiguration": [
        "backup:DeleteBackupVaultLockConfiguration backup:backupVault name",
      ],
    },
    read: {
      "backup:DescribeBackupVault": ["backup:DescribeBackupVault backup:backupVault name"],
    },
  },
  aws_eks_access_policy_association: {
    create: {
      "eks:AssociateAccessPolicy": ["eks:AssociateAccessPolicy eks:access-entry name"],
    },
    destroy: {
      "eks:DisassociateAccessPolicy": ["eks:DisassociateAccessPolicy eks:access-entry name"],
    },
    read: {
      "eks:ListAssociatedAccessPolicies": ["eks:ListAssociatedAccessPolicies eks:access-entry name"],
    },
  },
  aws_eks_node_group: {
    create: { "eks:CreateNodegroup": LAUNCHED },
    change: { "eks:CreateNodegroup": LAUNCHED, "eks:UpdateNodegroupVersion": [...LAUNCHED, NEWER_NODES] },
    upgrade: { "eks:UpdateNodegroupVersion": LAUNCHED },
  },
  aws_iam_openid_connect_provider: {
    create: {
      "iam:CreateOpenIDConnectProvider": [
        "iam:CreateOpenIDConnectProvider iam:oidc-provider request",
        "iam:TagOpenIDConnectProvider iam:oidc-provider request",
      ],
    },
    change: {
      "iam:TagOpenIDConnectProvider": ["iam:TagOpenIDConnectProvider iam:oidc-provider resource"],
      "iam:UntagOpenIDConnectProvider": ["iam:UntagOpenIDConnectProvider iam:oidc-provider resource"],
    },
    destroy: {
      "iam:DeleteOpenIDConnectProvider": ["iam:DeleteOpenIDConnectProvider iam:oidc-provider resource"],
    },
    read: {
      "iam:GetOpenIDConnectProvider": ["iam:GetOpenIDConnectProvider iam:oidc-provider resource"],
    },
  },
  aws_instance: {
    create: {
      "ec2:RunInstances": [
        "ec2:CreateTags ec2:instance made",
        "ec2:CreateTags ec2:volume made",
        "ec2:RunInstances ec2:image name",
        "ec2:RunInstances ec2:instance request",
        "ec2:RunInstances ec2:network-interface any",
        "ec2:RunInstances ec2:security-group resource",
        "ec2:RunInstances ec2:subnet resource",
        "ec2:RunInstances ec2:volume request",
        "iam:PassRole iam:role name",
        "kms:CreateGrant kms:key via",
        "kms:Decrypt kms:key via",
        "kms:DescribeKey kms:key via",
        "kms:GenerateDataKeyWithoutPlaintext kms:key via",
        "kms:ReEncryptFrom kms:key via",
        "kms:ReEncryptTo kms:key via",
      ],
    },
    change: {
      "ec2:CreateTags": ["ec2:CreateTags ec2:instance resource", "ec2:CreateTags ec2:volume resource"],
      "ec2:DeleteTags": ["ec2:DeleteTags ec2:instance resource", "ec2:DeleteTags ec2:volume resource"],
      "ec2:ModifyInstanceAttribute": ["ec2:ModifyInstanceAttribute ec2:instance resource"],
      "ec2:ModifyInstanceMetadataOptions": ["ec2:ModifyInstanceMetadataOptions ec2:instance resource"],
      "ec2:StartInstances": ["ec2:StartInstances ec2:instance resource"],
      "ec2:StopInstances": ["ec2:StopInstances ec2:instance resource"],
      "ec2:ModifyVolume": ["ec2:ModifyVolume ec2:volume resource"],
    },
    destroy: {
      "ec2:TerminateInstances": ["ec2:TerminateInstances ec2:instance resource"],
      "ec2:ModifyInstanceAttribute": ["ec2:ModifyInstanceAttribute ec2:instance resource"],
    },
    read: {
      "ec2:DescribeInstances": ["ec2:DescribeInstances"],
      "ec2:DescribeInstanceTypes": ["ec2:DescribeInstanceTypes"],
      "ec2:DescribeTags": ["ec2:DescribeTags"],
      "ec2:DescribeVolumes": ["ec2:DescribeVolumes"],
      "ec2:DescribeInstanceCreditSpecifications": ["ec2:DescribeInstanceCreditSpecifications"],
      "ec2:DescribeInstanceAttribute": ["ec2:DescribeInstanceAttribute ec2:instance resource"],
    },
  },
};
