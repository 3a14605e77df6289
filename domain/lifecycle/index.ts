export {
  retainData,
  retainedAddresses,
  type TerraformBlock,
  type TerraformBlocks,
  type TerraformJson,
} from "./retained-data";
