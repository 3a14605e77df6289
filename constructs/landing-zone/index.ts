export { OrganizationRules, type OrganizationRulesProps } from "./organization-rules";
export { TagsOfEks, type TagsOfEksProps } from "./tags-of-eks";
