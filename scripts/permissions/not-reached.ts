import type { Recorded } from "../../domain/permissions/recorded";

/** What EKS itself asks for another version of a template. */
const NEWER_NODES = "eks:UpdateNodegroupVersion eks:nodegroup name";
/** A zone within a VPC has its name servers in a record. */
const NAME_SERVERS = {
  "route53:ListResourceRecordSets": ["route53:ListResourceRecordSets route53:hostedzone name"],
};
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
 * Requests that no recorded run has reached, written down from the source of provider 5.100 and from AWS's references; they are
 * added to what is recorded.
 *
 * - The zones of Temporal Cloud's service, which the emulator does not know.
 * - Groups of nodes: EKS makes them, and the emulator makes none. Versions are listed only of a secret that was stored before.
 * - A private zone, and the roles of add-ons, which EKS answers with and the emulator does not.
 * - The launch of nodes: AWS refuses a group of nodes with "You are not authorized to launch instances with this launch template" to a
 *   caller without these rights.
 * - The bastion is changed in place, and not replaced; AWS asks for its disk as well, which gets its tags at the launch.
 * - The address of a gateway that is removed is freed first where an earlier run saw it in use.
 * - A tag is taken from the issuer of tokens; the lock of a vault is changed.
 *
 * Sources: internal/service/ec2/ec2_instance.go and the files of the other types in https://github.com/hashicorp/terraform-provider-aws and
 * its issue 41653 (the disk is launched with `volume_tags` only); https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html (what
 * RunInstances asks for); https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/permissions-for-launch-templates.html and
 * https://github.com/aws-samples/terraform-eks-code/issues/13 (nodes).
 */
export const NOT_REACHED: Recorded = {
  "data.aws_secretsmanager_secret_versions": {
    read: { "secretsmanager:ListSecretVersionIds": ["secretsmanager:ListSecretVersionIds secretsmanager:Secret name"] },
  },
  "data.aws_vpc_endpoint_service": {
    read: { "ec2:DescribeVpcEndpointServices": ["ec2:DescribeVpcEndpointServices"] },
  },
  "data.aws_route53_zone": { read: NAME_SERVERS },
  aws_route53_zone: { read: NAME_SERVERS },
  aws_eks_addon: {
    read: {
      "eks:DescribePodIdentityAssociation": ["eks:DescribePodIdentityAssociation eks:podidentityassociation name"],
    },
  },
  aws_autoscaling_group_tag: {
    read: { "autoscaling:DescribeTags": ["autoscaling:DescribeTags"] },
    create: { "autoscaling:CreateOrUpdateTags": [`autoscaling:CreateOrUpdateTags ${GROUP}`] },
    change: { "autoscaling:CreateOrUpdateTags": [`autoscaling:CreateOrUpdateTags ${GROUP}`] },
    destroy: { "autoscaling:DeleteTags": [`autoscaling:DeleteTags ${GROUP}`] },
  },
  aws_backup_vault_lock_configuration: {
    change: {
      "backup:PutBackupVaultLockConfiguration": ["backup:PutBackupVaultLockConfiguration backup:backupVault name"],
    },
  },
  aws_eip: { change: { "ec2:DisassociateAddress": ["ec2:DisassociateAddress"] } },
  aws_eks_node_group: {
    create: { "eks:CreateNodegroup": LAUNCHED },
    change: { "eks:CreateNodegroup": LAUNCHED, "eks:UpdateNodegroupVersion": [...LAUNCHED, NEWER_NODES] },
    upgrade: { "eks:UpdateNodegroupVersion": LAUNCHED },
  },
  aws_iam_openid_connect_provider: {
    change: {
      "iam:TagOpenIDConnectProvider": ["iam:TagOpenIDConnectProvider iam:oidc-provider resource"],
      "iam:UntagOpenIDConnectProvider": ["iam:UntagOpenIDConnectProvider iam:oidc-provider resource"],
    },
  },
  aws_instance: {
    create: { "ec2:RunInstances": ["ec2:RunInstances ec2:volume request"] },
    change: {
      "ec2:CreateTags": ["ec2:CreateTags ec2:instance resource", "ec2:CreateTags ec2:volume resource"],
      "ec2:DeleteTags": ["ec2:DeleteTags ec2:instance resource", "ec2:DeleteTags ec2:volume resource"],
      "ec2:ModifyInstanceAttribute": ["ec2:ModifyInstanceAttribute ec2:instance resource"],
      "ec2:ModifyInstanceMetadataOptions": ["ec2:ModifyInstanceMetadataOptions ec2:instance resource"],
      "ec2:StartInstances": ["ec2:StartInstances ec2:instance resource"],
      "ec2:StopInstances": ["ec2:StopInstances ec2:instance resource"],
      "ec2:ModifyVolume": ["ec2:ModifyVolume ec2:volume resource"],
    },
  },
};
