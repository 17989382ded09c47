/**
 * What Stryker leaves alone, told in the report as ignored: sentences for people. The rule is that a string with a blank in it
 * is a sentence, since no code, key, id or unit of this program has one. What a sentence says is judged by its own tests.
 */
const isSentence = (path) =>
  (path.isStringLiteral() && path.node.value.includes(" ")) ||
  (path.isTemplateLiteral() && path.node.quasis.some(({ value }) => value.raw.includes(" ")));

export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "sentences",
    value: { shouldIgnore: (path) => (isSentence(path) ? "a sentence for people" : undefined) },
  },
];
