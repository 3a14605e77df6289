/** What a service asks besides for a create request that comes with tags. */
interface Tagged {
  /** The action on tags. */
  readonly action: string;
  /** Type of the resource that is made. */
  readonly on: string;
}

const tagged = (action: string, on: string): Tagged => ({ action, on });
const ELB = "elasticloadbalancing:AddTags";
const FIREWALL = "network-firewall:TagResource";
const RESOLVER = "route53resolver:TagResource";

/**
 * Create requests that come with tags, which the provider sends with every one of them, and the action that AWS asks for the tags, on
 * what is made. EC2, KMS, RDS and WAF are not here, as the Service Authorization Reference lists it for them; a bucket and a zone are
 * tagged by a request that is recorded by itself.
 *
 * Sources, all below https://docs.aws.amazon.com: acm/latest/APIReference/API_RequestCertificate.html and API_AddTagsToCertificate.html;
 * aws-backup/latest/devguide/API_CreateBackupPlan.html, API_CreateBackupVault.html and API_TagResource.html;
 * AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html; eventbridge/latest/APIReference/API_PutRule.html;
 * AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html (logs:TagResource takes the place of logs:TagLogGroup);
 * eks/latest/APIReference/API_CreateCluster.html, API_CreateAddon.html, API_CreateAccessEntry.html, API_CreateNodegroup.html and
 * API_CreatePodIdentityAssociation.html, with eks/latest/userguide/eks-using-tags.html;
 * elasticloadbalancing/latest/userguide/tagging-resources-during-creation.html;
 * IAM/latest/APIReference/API_CreateRole.html, API_CreatePolicy.html, API_CreateInstanceProfile.html and
 * API_CreateOpenIDConnectProvider.html, with IAM/latest/UserGuide/id_tags.html;
 * network-firewall/latest/APIReference/API_CreateFirewall.html, API_CreateFirewallPolicy.html and API_CreateRuleGroup.html;
 * Route53/latest/APIReference/API_route53resolver_CreateFirewallDomainList.html and its neighbours;
 * secretsmanager/latest/apireference/API_CreateSecret.html; sns/latest/api/API_CreateTopic.html;
 * AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html.
 */
export const TAGGED_ON_CREATE: Readonly<Record<string, Tagged>> = {
  "acm:RequestCertificate": tagged("acm:AddTagsToCertificate", "acm:certificate"),
  "backup:CreateBackupPlan": tagged("backup:TagResource", "backup:backupPlan"),
  "backup:CreateBackupVault": tagged("backup:TagResource", "backup:backupVault"),
  "cloudwatch:PutMetricAlarm": tagged("cloudwatch:TagResource", "cloudwatch:alarm"),
  "eks:CreateAccessEntry": tagged("eks:TagResource", "eks:access-entry"),
  "eks:CreateAddon": tagged("eks:TagResource", "eks:addon"),
  "eks:CreateCluster": tagged("eks:TagResource", "eks:cluster"),
  "eks:CreateNodegroup": tagged("eks:TagResource", "eks:nodegroup"),
  "eks:CreatePodIdentityAssociation": tagged("eks:TagResource", "eks:podidentityassociation"),
  "elasticloadbalancing:CreateListener": tagged(ELB, "elasticloadbalancing:listener/app"),
  "elasticloadbalancing:CreateRule": tagged(ELB, "elasticloadbalancing:listener-rule/app"),
  "events:PutRule": tagged("events:TagResource", "events:rule-on-default-event-bus"),
  "iam:CreateInstanceProfile": tagged("iam:TagInstanceProfile", "iam:instance-profile"),
  "iam:CreateOpenIDConnectProvider": tagged("iam:TagOpenIDConnectProvider", "iam:oidc-provider"),
  "iam:CreatePolicy": tagged("iam:TagPolicy", "iam:policy"),
  "iam:CreateRole": tagged("iam:TagRole", "iam:role"),
  "logs:CreateLogGroup": tagged("logs:TagResource", "logs:log-group"),
  "network-firewall:CreateFirewall": tagged(FIREWALL, "network-firewall:Firewall"),
  "network-firewall:CreateFirewallPolicy": tagged(FIREWALL, "network-firewall:FirewallPolicy"),
  "network-firewall:CreateRuleGroup": tagged(FIREWALL, "network-firewall:StatefulRuleGroup"),
  "route53resolver:AssociateFirewallRuleGroup": tagged(RESOLVER, "route53resolver:firewall-rule-group-association"),
  "route53resolver:CreateFirewallDomainList": tagged(RESOLVER, "route53resolver:firewall-domain-list"),
  "route53resolver:CreateFirewallRuleGroup": tagged(RESOLVER, "route53resolver:firewall-rule-group"),
  "route53resolver:CreateResolverQueryLogConfig": tagged(RESOLVER, "route53resolver:resolver-query-log-config"),
  "secretsmanager:CreateSecret": tagged("secretsmanager:TagResource", "secretsmanager:Secret"),
  "sns:CreateTopic": tagged("sns:TagResource", "sns:topic"),
  "sqs:CreateQueue": tagged("sqs:TagQueue", "sqs:queue"),
};
