export { TemporalPrivateLink, type TemporalPrivateLinkProps } from "./temporal-private-link";
