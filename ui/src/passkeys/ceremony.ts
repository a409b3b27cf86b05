// What navigator.credentials is asked, and what is sent back. The server makes the options and checks the answer.
import { announce, explain, text, toast } from "../shared";

type Json = Record<string, unknown>;

let offered: AbortController | null = null;

const bytes = (value: unknown): ArrayBuffer => {
  const plain = atob(String(value).replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0)).buffer;
};

const base64url = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const descriptors = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list as Json[] | undefined) ?? []).map((item) => ({ type: "public-key", id: bytes(item["id"]) }));

const forCreation = (options: Json): PublicKeyCredentialCreationOptions =>
  ({
    ...options,
    challenge: bytes(options["challenge"]),
    user: { ...(options["user"] as Json), id: bytes((options["user"] as Json)["id"]) },
    excludeCredentials: descriptors(options["excludeCredentials"]),
  }) as unknown as PublicKeyCredentialCreationOptions;

const forRequest = (options: Json): PublicKeyCredentialRequestOptions =>
  ({
    ...options,
    challenge: bytes(options["challenge"]),
    allowCredentials: descriptors(options["allowCredentials"]),
  }) as unknown as PublicKeyCredentialRequestOptions;

/** The credential as JSON; browsers have a method for it only since 2024. */
function asJson(credential: PublicKeyCredential): Json {
  const response = credential.response;
  const members: Json = { clientDataJSON: base64url(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    members["attestationObject"] = base64url(response.attestationObject);
    members["transports"] = response.getTransports();
  } else if (response instanceof AuthenticatorAssertionResponse) {
    members["authenticatorData"] = base64url(response.authenticatorData);
    members["signature"] = base64url(response.signature);
    if (response.userHandle) members["userHandle"] = base64url(response.userHandle);
  }
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    response: members,
    clientExtensionResults: {},
  };
}

/** The options of the server, or null after telling the reader why there are none. */
async function optionsFor(form: HTMLFormElement, quiet: boolean): Promise<Json | null> {
  const token = form.querySelector<HTMLInputElement>('[name="csrf_token"]')?.value ?? "";
  try {
    const response = await fetch(form.dataset["passkeyOptions"] ?? "", {
      method: "POST",
      headers: { "X-CSRF-Token": token, Accept: "application/json" },
    });
    if (response.redirected) {
      location.assign(response.url); // to log in, or to show once more who one is
      return null;
    }
    if (response.ok) return (await response.json()) as Json;
    if (!quiet) toast(await explain(response), "bad");
  } catch {
    if (!quiet) toast(text("net.offline"), "bad");
  }
  return null;
}

function send(form: HTMLFormElement, credential: Credential | null): void {
  const field = form.querySelector<HTMLInputElement>('[name="credential"]');
  if (!(credential instanceof PublicKeyCredential) || !field) return;
  field.value = JSON.stringify(asJson(credential));
  form.dataset["answered"] = "";
  form.requestSubmit();
}

/** Ask for the passkey that the form needs, then send the form. */
export async function answer(form: HTMLFormElement): Promise<void> {
  offered?.abort();
  offered = null;
  if (!("PublicKeyCredential" in window)) {
    toast(text("passkey.unsupported"), "bad");
    return;
  }
  const options = await optionsFor(form, false);
  if (!options) return;
  announce(text("passkey.asking"));
  try {
    const creating = form.dataset["passkey"] === "create";
    const credential = creating
      ? await navigator.credentials.create({ publicKey: forCreation(options) })
      : await navigator.credentials.get({ publicKey: forRequest(options) });
    send(form, credential);
  } catch (error) {
    const known = error instanceof DOMException && error.name === "InvalidStateError";
    toast(text(known ? "passkey.known" : "passkey.none"), "warn");
  }
}

/** Let the browser suggest passkeys while the reader has asked for nothing yet; silence is no failure. */
export async function offer(form: HTMLFormElement): Promise<void> {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const options = await optionsFor(form, true);
  if (!options) return;
  offered = new AbortController();
  try {
    const publicKey = forRequest(options);
    send(form, await navigator.credentials.get({ mediation: "conditional", signal: offered.signal, publicKey }));
  } catch {
    // Nobody chose one, or the button was faster.
  }
}
