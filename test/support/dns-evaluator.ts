/**
 * Answers whether a list of a DNS firewall has a name on it.
 *
 * An asterisk stands for one or more leading labels. Source:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-domain-lists.html
 */
export function isListed(list: readonly string[], name: string): boolean {
  const labels = name.toLowerCase().replace(/\.$/, "").split(".");
  return list.some((entry) => {
    const wanted = entry.toLowerCase().split(".");
    if (wanted[0] !== "*") return wanted.join(".") === labels.join(".");
    const rest = wanted.slice(1);
    return labels.length > rest.length && rest.join(".") === labels.slice(-rest.length).join(".");
  });
}
