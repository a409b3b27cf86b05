// A form that sends one file: how far it is, and a way to stop. Without scripts the browser sends it by itself.
import { announce, make, makeButton } from "../dom";
import { island } from "../mount";

const ANNOUNCED_STEP = 25;

interface Answer {
  location?: string;
  detail?: string;
  title?: string;
}

function answerOf(request: XMLHttpRequest): Answer {
  try {
    return JSON.parse(request.responseText) as Answer;
  } catch {
    return {};
  }
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
    const request = new XMLHttpRequest();
    const bar = make("progress", { max: "100", value: "0" });
    const line = make("span", { class: "small" });
    const stop = makeButton(said("Stop"), "quiet", () => request.abort());
    const state = make("div", { class: "upload-state" }, bar, line, stop);
    bar.setAttribute("aria-label", said("Sending").replace("{percent}", ""));
    submit!.disabled = true;
    form.append(state);
    stop.focus();

    const leave = (): void => {
      state.remove();
      submit!.disabled = false;
      submit!.focus();
    };
    let announced = 0;
    request.upload.addEventListener("progress", (progress) => {
      if (!progress.lengthComputable) return;
      const percent = Math.floor((100 * progress.loaded) / progress.total);
      bar.value = percent;
      line.textContent = said("Sending").replace("{percent}", String(percent));
      if (percent >= announced + ANNOUNCED_STEP && percent < 100) {
        announced = percent;
        announce(line.textContent);
      }
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      line.textContent = said("Reading");
      announce(said("Reading"));
    });
    request.addEventListener("load", () => {
      const answer = answerOf(request);
      if (request.status < 300 && answer.location) {
        location.assign(answer.location);
        return;
      }
      leave();
      refuse(answer.detail ?? answer.title ?? said("Failed"));
    });
    request.addEventListener("error", () => {
      leave();
      refuse(said("Failed"));
    });
    request.addEventListener("abort", () => {
      leave();
      announce(said("Stopped"));
    });
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(new FormData(form));
  }
});
