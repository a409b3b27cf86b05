// What is said and kept while there is no connection.
import { make, toast } from "../dom";
import { text } from "../messages";
import { island } from "../mount";

island("[data-offline] > p", (note) => {
  const show = (): void => {
    note.hidden = navigator.onLine;
  };
  window.addEventListener("offline", show);
  window.addEventListener("online", () => {
    if (!note.hidden) toast(text("net.back"), "good");
    show();
  });
  show();
});

/** The pages that the service worker has copies of, by their titles. */
island("[data-kept-pages]", (section) => {
  void (async () => {
    const cache = await caches.open("pages");
    const list = section.querySelector("ul");
    for (const request of [...(await cache.keys())].reverse()) {
      const html = await (await cache.match(request))?.text();
      const title = new DOMParser().parseFromString(html ?? "", "text/html").title.replace(/ · CodeZest$/, "");
      if (title) list?.append(make("li", {}, make("a", { href: new URL(request.url).pathname }, title)));
    }
    section.hidden = !list?.childElementCount;
  })().catch(() => undefined);
});

if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => {
    // Without one everything works, but for reading offline.
    navigator.serviceWorker.register("/service-worker.js").catch(() => undefined);
  });
}
