export type { BlobCredential, BlobEndpoint, ExistingBlobStoragePlan, ExistingBlobStorageSpec } from "./other-providers";
export type { BlobAccessPlan } from "./bucket-access";
export { type BlobStoragePlan, type BlobStorageSpec, planBlobStorage } from "./s3";
export type { EndpointStatement } from "./s3-endpoint";
export { type BlobPlan, type BlobSpec, planBlob } from "./storage";
