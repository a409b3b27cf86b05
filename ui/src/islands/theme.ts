import { island } from "../mount";

island("[data-theme-switch]", (element) => {
  const form = element as HTMLFormElement;
  form.addEventListener("submit", (event) => {
    const chosen = (event.submitter as HTMLButtonElement | null)?.value;
    if (!chosen) return;
    event.preventDefault();
    if (chosen === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = chosen;
    for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-switch] button")) {
      button.setAttribute("aria-pressed", String(button.value === chosen));
    }
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form, event.submitter)) body.append(name, String(value));
    // The page already shows the choice; a lost answer only means that it is not kept.
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => undefined);
  });
});
