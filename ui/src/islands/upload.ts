// A form that sends one file: how far it is, and a way to stop. Without scripts the browser sends it by itself.
import { announce, make } from "../dom";
import { island } from "../mount";
import { sendFile } from "../uploading";

interface Answer {
  location?: string;
}

island("form[data-upload]", (element) => {
  const form = element as HTMLFormElement;
  const field = form.querySelector<HTMLInputElement>('input[type="file"]');
  const submit = form.querySelector<HTMLButtonElement>('button[type="submit"], button:not([type])');
  if (!field || !submit) return;
  const said = (name: string): string => form.dataset[`said${name}`] ?? "";

  const error = make("p", { class: "error", id: `${field.id}-refused`, tabindex: "-1" });
  const refuse = (message: string): void => {
    error.textContent = message;
    field.after(error);
    field.setAttribute("aria-invalid", "true");
    const described = new Set((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean)).add(error.id);
    field.setAttribute("aria-describedby", [...described].join(" "));
    field.focus();
    announce(message);
  };
  const isTooLarge = (): boolean => (field.files?.[0]?.size ?? 0) > Number(form.dataset["most"] ?? Infinity);

  field.addEventListener("change", () => {
    error.remove();
    field.removeAttribute("aria-invalid");
    if (isTooLarge()) refuse(said("Large"));
  });

  form.addEventListener("submit", (event) => {
    if (!field.files?.length) return;
    event.preventDefault();
    error.remove();
    if (isTooLarge()) {
      refuse(said("Large"));
      return;
    }
    send();
  });

  function send(): void {
    submit!.disabled = true;
    const leave = (): void => {
      submit!.disabled = false;
      submit!.focus();
    };
    const words = { sending: said("Sending"), reading: said("Reading"), stop: said("Stop") };
    sendFile<Answer>(form.action, new FormData(form), { Accept: "application/json" }, form, words, {
      kept: (answer) => location.assign(answer.location ?? location.href),
      refused: (reason) => {
        leave();
        refuse(reason ?? said("Failed"));
      },
      stopped: () => {
        leave();
        announce(said("Stopped"));
      },
    });
  }
});
