// A page on its way: a thin line at the top, for whoever waits longer than a moment. Where the browser tells when it leaves a page.
const GIVEN_UP_MS = 8_000; // a file came instead of a page, or nothing at all

interface Leaving extends Event {
  hashChange: boolean;
  downloadRequest: string | null;
  destination: { sameDocument: boolean };
}

const root = document.documentElement;
const stay = (): void => root.removeAttribute("data-leaving");

if ("navigation" in window) {
  (window.navigation as EventTarget).addEventListener("navigate", (event) => {
    const { hashChange, downloadRequest, destination } = event as Leaving;
    if (hashChange || downloadRequest !== null || destination.sameDocument) return;
    root.setAttribute("data-leaving", "");
    window.setTimeout(stay, GIVEN_UP_MS);
  });
  window.addEventListener("pageshow", stay);
}
