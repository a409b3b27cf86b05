// Parts of a page that are fetched later, and may be missed while there is no connection.

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

/** What `load` fetches, as soon as it can be had: now, or once the connection is back. Throws when it cannot be had with one. */
export async function whenReachable<T>(load: () => Promise<T>): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    try {
      return await load();
    } catch (error) {
      if (navigator.onLine && wait > LONGEST_WAIT_MS) throw error;
      await aBetterMoment(wait);
    }
  }
}

/** Until the connection is back where the browser knows that there is none, or else for a while. */
function aBetterMoment(wait: number): Promise<void> {
  return new Promise((resolve) => {
    if (navigator.onLine) setTimeout(resolve, wait);
    else window.addEventListener("online", () => resolve(), { once: true });
  });
}
