/** MQTT topic filters (MQTT 3.1.1, section 4.7): `+` is one level, `#` at the end is all that follow, `$…` only matches itself. */
export function topicMatches(filter: string, topic: string): boolean {
  if (filter === topic) return true;
  const wanted = filter.split("/");
  const given = topic.split("/");
  if (given[0]?.startsWith("$") && wanted[0] !== given[0]) return false;
  for (let at = 0; at < wanted.length; at++) {
    if (wanted[at] === "#") return true;
    if (at >= given.length || (wanted[at] !== "+" && wanted[at] !== given[at])) return false;
  }
  return wanted.length === given.length;
}
