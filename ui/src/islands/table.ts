import { island } from "../mount";

// A table wider than the text scrolls by itself; then the keyboard must reach it, and only then is it a stop of its own.
island(".prose table", (table) => {
  new ResizeObserver(() => {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
    else table.removeAttribute("tabindex");
  }).observe(table);
});
