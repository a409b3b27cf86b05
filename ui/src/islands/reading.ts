// A lesson: the section that is being read is marked in its contents, and the place is kept for the next visit.
import { island } from "../mount";
import { sendPlace } from "./reading-place";

const BAR_PX = 90;
/** A heading this far down the window is the one whose section is read. */
const READ_BELOW = 0.25;
/** Less is not worth a request. */
const STEP = 0.02;

island("[data-reading]", (lesson) => {
  const body = lesson.querySelector<HTMLElement>(".lesson-body");
  const prose = body?.querySelector<HTMLElement>(".prose");
  if (!body || !prose) return;
  const links = [...lesson.querySelectorAll<HTMLAnchorElement>("[data-sections] a")];
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  const back = lesson.querySelector<HTMLAnchorElement>("[data-left]");
  let sent = Number(back?.dataset["left"] ?? 0);
  let scrolled = false;

  const position = (): number => {
    const box = prose.getBoundingClientRect();
    if (box.bottom <= window.innerHeight) return 1;
    return Math.min(1, Math.max(0, (BAR_PX - box.top) / Math.max(1, box.height)));
  };

  const mark = (): void => {
    const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    const passed = headings.filter((heading) => heading && heading.getBoundingClientRect().top <= Math.max(BAR_PX, READ_BELOW * window.innerHeight));
    const index = atEnd && scrolled ? links.length - 1 : passed.length - 1;
    for (const [place, link] of links.entries()) {
      if (place === index) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };

  const send = (): void => {
    if (!scrolled) return;
    const now = position();
    if (Math.abs(now - sent) < STEP) return;
    sent = now;
    sendPlace(lesson, { reading_position: Number(now.toFixed(4)) });
  };

  let waiting = false;
  window.addEventListener(
    "scroll",
    () => {
      scrolled = true;
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    },
    { passive: true },
  );
  window.addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send();
  });

  back?.addEventListener("click", (event) => {
    event.preventDefault();
    const box = prose.getBoundingClientRect();
    window.scrollTo({ top: window.scrollY + box.top + Number(back.dataset["left"]) * box.height - BAR_PX });
    // The focus goes along, so that Tab goes on from there.
    body.tabIndex = -1;
    body.focus({ preventScroll: true });
    back.closest("p")?.remove();
  });
  const toc = lesson.querySelector<HTMLDetailsElement>(".lesson-toc");
  toc?.addEventListener("click", (event) => {
    if ((event.target as Element).closest("a")) toc.open = false;
  });
  mark();
});
