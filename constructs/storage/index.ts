export { BlobAccess, type BlobAccessProps } from "./blob-access";
export { BlobStorage, type BlobStorageProps } from "./blob-storage";
