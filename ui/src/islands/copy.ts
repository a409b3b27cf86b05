import { announce, make } from "../dom";
import { text } from "../messages";
import { island } from "../mount";

function offer(button: HTMLElement, label: HTMLElement, source: () => string): void {
  const usual = label.textContent;
  button.addEventListener("click", async () => {
    let result: string;
    try {
      await navigator.clipboard.writeText(source());
      result = text("copy.done");
    } catch {
      result = text("copy.failed");
    }
    label.textContent = result;
    announce(result);
    window.setTimeout(() => {
      label.textContent = usual;
    }, 2000);
  });
}

island("[data-copy]", (button) => {
  const code = button.closest(".code")?.querySelector("pre");
  const label = button.querySelector("span");
  if (code && label) offer(button, label, () => code.textContent ?? "");
});

// Blocks that came from Markdown have no button of their own.
island(".prose pre", (block) => {
  const label = make("span", {}, text("copy.label"));
  const button = make("button", { class: "button copy", type: "button", "data-kind": "secondary", "data-size": "small" }, label);
  const frame = make("div", { class: "copyable" });
  block.tabIndex = 0;
  block.replaceWith(frame);
  frame.append(block, button);
  offer(button, label, () => block.textContent ?? "");
});
