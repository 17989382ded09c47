/** Making and writing over what a page consists of. Texts are set as texts, never as markup. */
export const at = (id) => document.getElementById(id);

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function write(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** One child an item, found again by its key; `fill` writes an item into its child. */
export function keep(parent, items, { keyOf, make, fill }) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, index) => {
    const key = String(keyOf(item));
    const child = old.get(key) ?? make(item);
    old.delete(key);
    child.dataset.key = key;
    fill(child, item);
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
  for (const gone of old.values()) gone.remove();
}

/** Short words in small frames: `[text, class]` each. */
export function writeSigns(list, signs) {
  const same = { keyOf: ([text]) => text, make: () => element("li") };
  keep(list, signs, {
    ...same,
    fill: (child, [text, className]) => {
      write(child, text);
      child.className = className;
    },
  });
}
