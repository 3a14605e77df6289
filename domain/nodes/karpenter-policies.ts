import { awsPartition } from "../common/aws-partition";
import type { EnvironmentContext } from "../common/context";
import type { KarpenterPlan } from "./karpenter";

/** One statement that allows the controller something. */
export interface ControllerStatement {
  /** Name of the statement. */
  readonly Sid: string;
  /** What the controller may do. */
  readonly Action: string | readonly string[];
  /** With what. */
  readonly Resource: string | readonly string[];
  /** When. */
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What the controller's policies refer to. */
export interface ControllerPolicyProps {
  /** Names, and the tags that bound what the controller may touch. */
  readonly plan: KarpenterPlan;
  /** Account and region. */
  readonly context: EnvironmentContext;
  /** Roles that the controller gives to instances. */
  readonly nodeRoleArns: readonly string[];
  /** Queue of interruption notices. */
  readonly queueArn: string;
  /** Key that encrypts the disks of the nodes. */
  readonly encryptionKeyArn: string;
}

/**
 * Statements of the controller's policies, by the name of the policy.
 *
 * IAM refuses a policy of more than 6,144 characters, so they are several. What creates is bound to the tags of the request,
 * what changes or deletes to the tags of the resource: the controller cannot touch an instance that is not its own. Of
 * instance profiles it sees none, as Terraform made the nodes', and prices are those of its release.
 * Source of what Karpenter calls: https://karpenter.sh/docs/reference/cloudformation/
 */
export function controllerStatements(props: ControllerPolicyProps): Record<ControllerPolicy, ControllerStatement[]> {
  return {
    launch: [...launchStatements(props), ...tagStatements(props), terminateStatement(props)],
    discover: discoverStatements(props),
    use: [...useStatements(props), ...diskStatements(props)],
  };
}

/** Name of one of the controller's policies. */
export type ControllerPolicy = "launch" | "discover" | "use";

const NODE_POOL = "karpenter.sh/nodepool";
const TAGGED_KINDS = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"];

function launchStatements(props: ControllerPolicyProps): ControllerStatement[] {
  const run = ["ec2:RunInstances", "ec2:CreateFleet"];
  return [
    {
      Sid: "LaunchWithSharedObjects",
      Action: run,
      Resource: [
        ...["image", "snapshot"].map((kind) => ec2Arn(props, kind, "")),
        // A shared VPC's subnets and groups belong to another account.
        ...["security-group", "subnet", "capacity-reservation", "placement-group"].map((kind) =>
          ec2Arn(props, kind, "*"),
        ),
      ],
    },
    {
      Sid: "LaunchFromOwnTemplates",
      Action: run,
      Resource: ec2Arn(props, "launch-template"),
      Condition: ownedResource(props),
    },
    {
      Sid: "LaunchTaggedAsOwn",
      Action: [...run, "ec2:CreateLaunchTemplate"],
      Resource: TAGGED_KINDS.map((kind) => ec2Arn(props, kind)),
      Condition: ownedRequest(props),
    },
  ];
}

function tagStatements(props: ControllerPolicyProps): ControllerStatement[] {
  const request = ownedRequest(props);
  const resource = ownedResource(props);
  return [
    {
      Sid: "TagWhatIsCreated",
      Action: "ec2:CreateTags",
      Resource: TAGGED_KINDS.map((kind) => ec2Arn(props, kind)),
      Condition: {
        ...request,
        StringEquals: {
          ...request.StringEquals,
          "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
        },
      },
    },
    {
      Sid: "TagOwnInstances",
      Action: "ec2:CreateTags",
      Resource: ec2Arn(props, "instance"),
      Condition: {
        ...resource,
        StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": props.plan.clusterName },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"] },
      },
    },
  ];
}

function terminateStatement(props: ControllerPolicyProps): ControllerStatement {
  return {
    Sid: "DeleteOwn",
    Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
    Resource: [ec2Arn(props, "instance"), ec2Arn(props, "launch-template")],
    Condition: ownedResource(props),
  };
}

function discoverStatements({ context }: ControllerPolicyProps): ControllerStatement[] {
  const partition = awsPartition(context.region);
  return [
    {
      Sid: "ReadRegion",
      Action: [
        "CapacityReservations",
        "Images",
        "Instances",
        "InstanceStatus",
        "InstanceTypeOfferings",
        "InstanceTypes",
        "LaunchTemplates",
        "PlacementGroups",
        "SecurityGroups",
        "SpotPriceHistory",
        "Subnets",
      ].map((what) => `ec2:Describe${what}`),
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": context.region } },
    },
    {
      Sid: "ReadImageAliases",
      Action: "ssm:GetParameter",
      Resource: `arn:${partition}:ssm:${context.region}::parameter/aws/service/*`,
    },
  ];
}

function useStatements({ plan, nodeRoleArns, queueArn }: ControllerPolicyProps): ControllerStatement[] {
  return [
    { Sid: "ReadCluster", Action: "eks:DescribeCluster", Resource: plan.clusterArn },
    {
      Sid: "ReadInterruptions",
      Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      Resource: queueArn,
    },
    {
      Sid: "GiveNodesTheirRole",
      Action: "iam:PassRole",
      Resource: nodeRoleArns,
      Condition: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] } },
    },
  ];
}

/**
 * Lets EC2 use the key in the controller's name: an instance whose disk cannot be decrypted ends at once, without a message.
 *
 * Source: https://karpenter.sh/docs/troubleshooting/#node-terminates-before-ready-on-failed-encrypted-ebs-volume
 */
function diskStatements({ context, encryptionKeyArn }: ControllerPolicyProps): ControllerStatement[] {
  const throughEc2 = { "kms:ViaService": `ec2.${context.region}.amazonaws.com` };
  return [
    {
      Sid: "EncryptDisks",
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
      Resource: encryptionKeyArn,
      Condition: { StringEquals: throughEc2 },
    },
    {
      Sid: "LendKeyToDisks",
      Action: "kms:CreateGrant",
      Resource: encryptionKeyArn,
      Condition: { StringEquals: throughEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

function ec2Arn({ context }: ControllerPolicyProps, kind: string, account = context.account): string {
  return `arn:${awsPartition(context.region)}:ec2:${context.region}:${account}:${kind}/*`;
}

type TagCondition = Record<"StringEquals" | "StringLike", Record<string, string>>;

function ownedResource({ plan }: ControllerPolicyProps): TagCondition {
  return {
    StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${plan.clusterName}`]: "owned" },
    StringLike: { [`aws:ResourceTag/${NODE_POOL}`]: "*" },
  };
}

function ownedRequest({ plan }: ControllerPolicyProps): TagCondition {
  return {
    StringEquals: {
      [`aws:RequestTag/kubernetes.io/cluster/${plan.clusterName}`]: "owned",
      "aws:RequestTag/eks:eks-cluster-name": plan.clusterName,
    },
    StringLike: { [`aws:RequestTag/${NODE_POOL}`]: "*" },
  };
}
