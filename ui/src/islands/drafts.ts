// The desk's program is kept while it is typed; what keeps it is loaded only where there is a desk.
import { sendHeaders } from "../editor/requests";
import { island } from "../mount";

interface Sent {
  code: string | null;
  files: Record<string, string>;
}

island("form[data-draft-url]", (element) => {
  const form = element as HTMLFormElement;
  const key = form.dataset["draft"] ?? "";
  const place = { url: form.dataset["draftUrl"] ?? "", headers: sendHeaders };
  const keeper = import("../editor/draft-keeper").then(({ DraftKeeper }) => new DraftKeeper(form, key, place));
  keeper.catch(() => undefined);

  // An earlier attempt goes into the editor of this page; what stood there is one Undo away.
  form.closest<HTMLElement>("[data-desk]")?.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("[data-restore]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void (async () => {
      const response = await fetch(`/api/v1/submissions/${link.dataset["restore"]}`, { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      const sent = (await response.json()) as Sent;
      (await keeper).replace({ code: sent.code ?? "", files: sent.files }, link.dataset["said"] ?? "");
      const code = document.querySelector<HTMLInputElement>('[name="desk-view"][value="code"]');
      if (code) code.checked = true;
    })().catch(() => location.assign(link.href));
  });

  // A page that compares the draft shows what was typed last.
  form.closest<HTMLElement>("[data-desk]")?.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-needs-draft]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void keeper.then((kept) => kept.flush()).finally(() => location.assign(link.href));
  });

  // A file that is taken away comes back with Undo.
  form.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("[data-remove-file]");
    const file = button?.closest("details");
    if (!file) return;
    event.preventDefault();
    const after = file.nextSibling;
    const list = file.parentElement;
    file.remove();
    const changed = (): boolean => form.dispatchEvent(new CustomEvent("program-changed"));
    changed();
    void keeper.then(({ say }) => {
      say(form, form.dataset["saidRemoved"] ?? "", [
        form.dataset["undo"] ?? "",
        () => {
          list?.insertBefore(file, after);
          changed();
        },
      ]);
    });
  });

  // Enter in the name of a file does what the button beside it says.
  form.addEventListener("keydown", (event) => {
    const field = event.target as HTMLElement;
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !field.matches(".file-tools input")) return;
    event.preventDefault();
    field.parentElement?.querySelector<HTMLButtonElement>("button")?.click();
  });
});
