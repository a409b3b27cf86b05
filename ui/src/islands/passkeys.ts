// Forms that need an answer of a passkey before they can be sent. The ceremony itself is loaded when somebody asks for it.
import { island } from "../mount";

island("form[data-passkey]", (element) => {
  const form = element as HTMLFormElement;
  const load = (): Promise<typeof import("../passkeys/ceremony")> => import("../passkeys/ceremony");

  form.addEventListener("submit", (event) => {
    if (form.dataset["answered"] !== undefined) return;
    event.preventDefault();
    void load().then(({ answer }) => answer(form));
  });

  // The browser offers passkeys among the suggestions of the field for the address, where it can.
  if (form.dataset["passkeyAutofill"] !== undefined && "PublicKeyCredential" in window) {
    void load().then(({ offer }) => offer(form));
  }
});
