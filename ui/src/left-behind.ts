// What the fields of a page held when it was left.

interface Left<T> {
  revision: string;
  state: T;
}

/**
 * A browser that comes back to a page fills its fields as they were, over what the server has sent since, and says nothing of it.
 * Where the server has something newer by then, that is no news, and must not be saved in its place. Kept for this tab alone.
 */
export class LeftBehind<T> {
  /** As it stood when this tab left the page last; null where it has not, or where the server has nothing newer. */
  readonly outdated: T | null;

  constructor(name: string, revision: () => string, read: () => T) {
    const key = `codezest:left:${name}`;
    const left = take<T>(key);
    this.outdated = left && left.revision !== revision() ? left.state : null;
    window.addEventListener("pagehide", () => {
      try {
        sessionStorage.setItem(key, JSON.stringify({ revision: revision(), state: read() } satisfies Left<T>));
      } catch {
        // Then what the browser fills in counts as typed, which is the safer mistake.
      }
    });
  }
}

function take<T>(key: string): Left<T> | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") as Left<T> | null;
  } catch {
    return null;
  }
}
