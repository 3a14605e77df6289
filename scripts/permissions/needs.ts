/**
 * Actions that the Service Authorization Reference lists as needed and that no request of ours needs, each with the reason:
 * `parent > needed`, where `*` stands for every parent.
 */
export const NOT_NEEDED: Readonly<Record<string, string>> = {
  "rds:* > rds:CreateTenantDatabase": "Oracle only",
  "rds:* > rds:DeleteTenantDatabase": "Oracle only",
  "rds:* > secretsmanager:CreateSecret": "only where RDS keeps the password",
  "rds:* > secretsmanager:RotateSecret": "only where RDS keeps the password",
  "rds:* > secretsmanager:TagResource": "only where RDS keeps the password",
  "rds:CopyDBSnapshot > rds:CopyCustomDBEngineVersion": "RDS Custom only",
  "kms:CreateKey > iam:CreateServiceLinkedRole": "keys of several regions only",
  "kms:CreateKey > kms:PutKeyPolicy": "AWS's API reference asks for kms:CreateKey and kms:TagResource only",
  "wafv2:* > ec2:AssociateVerifiedAccessInstanceWebAcl": "no instance of Verified Access",
  "wafv2:* > ec2:DisassociateVerifiedAccessInstanceWebAcl": "no instance of Verified Access",
  "wafv2:* > ec2:GetVerifiedAccessInstanceWebAcl": "no instance of Verified Access",
  "wafv2:* > wafv2:GetPermissionPolicy": "rule groups that accounts share only",
  "wafv2:* > wafv2:PutPermissionPolicy": "rule groups that accounts share only",
  "ec2:RunInstances > ssm:GetParameters": "the image is named by its id",
  "ec2:CreateLaunchTemplate > ssm:GetParameters": "no template names an image by a parameter",
  "ec2:CreateLaunchTemplateVersion > ssm:GetParameters": "no template names an image by a parameter",
  "ec2:DescribeLaunchTemplateVersions > ssm:GetParameters": "no template names an image by a parameter",
};

/** Services of which no action is needed although the reference lists one. */
export const OTHER_SERVICES = [
  "amplify",
  "apigateway",
  "apprunner",
  "appsync",
  "cloudformation",
  "cognito-idp",
  "dynamodb",
  "ecs",
  "kinesis",
  "organizations",
];

const LOG_DELIVERY = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

const KEY_OF_VAULT = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:RetireGrant"];

const KEY_OF_SECRET = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];

const KEY_OF_DISK = [
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/**
 * Actions that a service does in the name of the caller and that the reference does not list.
 *
 * Sources, all below https://docs.aws.amazon.com: secretsmanager/latest/userguide/security-encryption.html and
 * secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html and API_UpdateSecret.html;
 * aws-backup/latest/devguide/access-control.html and using-service-linked-roles-AWSServiceRoleForBackup.html;
 * ebs/latest/userguide/ebs-encryption-requirements.html; eks/latest/userguide/security-iam-id-based-policy-examples.html and
 * using-service-linked-roles.html; AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html;
 * elasticloadbalancing/latest/userguide/elb-service-linked-roles.html;
 * AmazonCloudWatch/latest/logs/AWS-vended-logs-permissions.html (WAF, Network Firewall and query logs of the resolver).
 */
export const ALSO_NEEDED: Readonly<Record<string, readonly string[]>> = {
  "backup:CreateBackupSelection": ["iam:CreateServiceLinkedRole"],
  "backup:CreateBackupVault": ["backup-storage:MountCapsule", ...KEY_OF_VAULT],
  "ec2:RunInstances": KEY_OF_DISK,
  "eks:CreateAddon": ["iam:PassRole"],
  "eks:CreateCluster": ["iam:CreateServiceLinkedRole", "iam:PassRole", "kms:CreateGrant", "kms:DescribeKey"],
  "eks:CreateNodegroup": ["iam:CreateServiceLinkedRole", "iam:PassRole"],
  "eks:CreatePodIdentityAssociation": ["iam:PassRole"],
  "eks:UpdateAddon": ["iam:PassRole"],
  "elasticloadbalancing:CreateLoadBalancer": ["iam:CreateServiceLinkedRole"],
  "network-firewall:UpdateLoggingConfiguration": LOG_DELIVERY,
  "rds:CreateDBInstance": ["iam:CreateServiceLinkedRole"],
  "route53resolver:AssociateResolverQueryLogConfig": LOG_DELIVERY,
  "secretsmanager:CreateSecret": [...KEY_OF_SECRET, "secretsmanager:ReplicateSecretToRegions"],
  "secretsmanager:GetSecretValue": ["kms:Decrypt"],
  "secretsmanager:PutSecretValue": ["kms:Decrypt", "kms:GenerateDataKey"],
  "secretsmanager:ReplicateSecretToRegions": KEY_OF_SECRET,
  "secretsmanager:UpdateSecret": KEY_OF_SECRET,
  "wafv2:PutLoggingConfiguration": LOG_DELIVERY,
};

/**
 * Actions that IAM asks for where they have another name than the request.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API, "Permissions" of each operation.
 */
export const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  "s3:DeleteBucketEncryption": ["s3:PutEncryptionConfiguration"],
  "s3:DeleteBucketLifecycle": ["s3:PutLifecycleConfiguration"],
  "s3:DeleteBucketOwnershipControls": ["s3:PutBucketOwnershipControls"],
  "s3:DeleteBucketTagging": ["s3:PutBucketTagging"],
  "s3:DeleteObjects": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
  "s3:DeletePublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
  "s3:GetBucketAccelerateConfiguration": ["s3:GetAccelerateConfiguration"],
  "s3:GetBucketCors": ["s3:GetBucketCORS"],
  "s3:GetBucketEncryption": ["s3:GetEncryptionConfiguration"],
  "s3:GetBucketLifecycle": ["s3:GetLifecycleConfiguration"],
  "s3:GetBucketLifecycleConfiguration": ["s3:GetLifecycleConfiguration"],
  "s3:GetBucketNotificationConfiguration": ["s3:GetBucketNotification"],
  "s3:GetBucketReplication": ["s3:GetReplicationConfiguration"],
  "s3:GetObjectLockConfiguration": ["s3:GetBucketObjectLockConfiguration"],
  "s3:GetPublicAccessBlock": ["s3:GetBucketPublicAccessBlock"],
  "s3:HeadBucket": ["s3:ListBucket"],
  "s3:HeadObject": ["s3:GetObject"],
  "s3:ListBuckets": ["s3:ListAllMyBuckets"],
  "s3:ListObjectVersions": ["s3:ListBucketVersions"],
  "s3:ListObjects": ["s3:ListBucket"],
  "s3:ListObjectsV2": ["s3:ListBucket"],
  "s3:PutBucketEncryption": ["s3:PutEncryptionConfiguration"],
  "s3:PutBucketLifecycle": ["s3:PutLifecycleConfiguration"],
  "s3:PutBucketLifecycleConfiguration": ["s3:PutLifecycleConfiguration"],
  "s3:PutPublicAccessBlock": ["s3:PutBucketPublicAccessBlock"],
};

/** Requests that IAM allows to everybody. */
export const FREE_REQUESTS = ["sts:GetCallerIdentity"];
