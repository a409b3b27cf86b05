import { dismiss, leaveLater } from "../dom";
import { island } from "../mount";

island(".toasts > .toast", leaveLater);

island("[data-dismiss]", (button) => {
  button.addEventListener("click", () => {
    const toast = button.closest<HTMLElement>(".toast");
    if (toast) dismiss(toast);
  });
});
