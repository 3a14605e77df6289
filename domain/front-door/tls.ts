/**
 * Policy of the HTTPS listener: TLS 1.2 and 1.3 with forward secrecy and authenticated ciphers only, and post-quantum key
 * exchange where the browser has it.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
export const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";
