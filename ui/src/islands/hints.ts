// The button that asked for a hint is gone once the hint is there, so the focus goes on to the hint.
import { island } from "../mount";

island("[data-hints]", (list) => {
  list.querySelector<HTMLElement>("details[data-fresh] > summary")?.focus();
});
