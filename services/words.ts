/** What is said to a person, in the two languages that everybody here gets. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}
