/**
 * What Stryker leaves alone, told in the report as ignored: text for people, by two rules that need no judgement. A string with
 * a blank or a Chinese character in it is a sentence, since no code, key, id or unit of this program has one. And what a
 * setting's `.meta({…})` says is its row on the configuration page, which has a snapshot of its own. What the texts say is
 * judged by their own tests.
 */
const text = /\S | \S|\p{Script=Han}/u;

const isSentence = (path) =>
  (path.isStringLiteral() && text.test(path.node.value)) ||
  (path.isTemplateLiteral() && path.node.quasis.some(({ value }) => text.test(value.raw)));

const isDescription = (path) =>
  path.isObjectExpression() &&
  path.parentPath?.isCallExpression() === true &&
  path.parent.callee.type === "MemberExpression" &&
  path.parent.callee.property.name === "meta";

export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "sentences",
    value: {
      shouldIgnore(path) {
        if (isSentence(path)) return "a sentence for people";
        return isDescription(path) ? "a description for people" : undefined;
      },
    },
  },
];
