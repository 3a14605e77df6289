/**
 * How every instance answers at its metadata service (IMDS), with the names of the EC2 API.
 *
 * Only with a token (IMDSv2), which a request that somebody makes a program send cannot fetch; and for one hop only, so that a
 * pod that is not on the host's network cannot reach the credentials of the instance's role.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export const METADATA_OPTIONS = {
  httpEndpoint: "enabled",
  httpPutResponseHopLimit: 1,
  httpTokens: "required",
} as const;
