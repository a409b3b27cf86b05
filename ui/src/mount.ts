import htmx from "htmx.org";

type Connect = (element: HTMLElement) => void;

const islands: { selector: string; connect: Connect; seen: WeakSet<Element> }[] = [];

/** Run `connect` once for every element that matches, now and whenever an exchange brings one in. */
export function island(selector: string, connect: Connect): void {
  islands.push({ selector, connect, seen: new WeakSet() });
}

function mount(root: Element): void {
  for (const { selector, connect, seen } of islands) {
    const found = [...root.querySelectorAll<HTMLElement>(selector)];
    if (root instanceof HTMLElement && root.matches(selector)) found.unshift(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      connect(element);
    }
  }
}

export function mountAll(): void {
  mount(document.body);
  htmx.onLoad(mount);
}
