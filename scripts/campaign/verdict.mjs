// What a campaign says last: that everything held, or what did not.
export const verdict = (broken) =>
  broken.length === 0
    ? "everything that must hold held"
    : ["did not hold:", ...broken.map((what) => `  ! ${what}`)].join("\n");
