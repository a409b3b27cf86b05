// One question at a time, number keys, a rail that knows what is answered, and answers that survive a reload.
import { makeButton, store, toast } from "../dom";
import { text } from "../messages";
import { island } from "../mount";

island("form[data-quiz]", (element) => {
  const form = element as HTMLFormElement;
  const cards = [...form.querySelectorAll<HTMLElement>(".question")];
  const links = [...form.querySelectorAll<HTMLAnchorElement>(".rail a")];
  const foot = form.querySelector<HTMLElement>(".quiz-foot");
  if (cards.length === 0 || !foot) return;

  const key = form.dataset["quiz"] ? `codezest:quiz:${form.dataset["quiz"]}` : null;
  const controls = (card: HTMLElement): HTMLInputElement[] => [
    ...card.querySelectorAll<HTMLInputElement>('input[name^="answer-"]'),
  ];
  const isChoice = (input: HTMLInputElement): boolean => input.type === "radio" || input.type === "checkbox";

  const handIn = foot.querySelector<HTMLButtonElement>('[type="submit"]');
  let current = 0;
  const show = (index: number, focus: boolean): void => {
    current = Math.max(0, Math.min(cards.length - 1, index));
    for (const [position, card] of cards.entries()) card.hidden = position !== current;
    const address = links[current]?.hash;
    if (address) history.replaceState(history.state, "", address); // a reload comes back to this question
    for (const [position, link] of links.entries()) {
      if (position === current) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    previous.disabled = current === 0;
    next.hidden = current === cards.length - 1;
    // One button stands out: the next question, and handing in once there is none.
    if (handIn) handIn.dataset["kind"] = next.hidden ? "primary" : "secondary";
    if (focus) cards[current]?.focus();
  };
  const previous = makeButton(text("quiz.previous"), "secondary", () => show(current - 1, true));
  const next = makeButton(text("quiz.next"), "primary", () => show(current + 1, true));
  for (const button of [previous, next]) delete button.dataset["size"];
  foot.prepend(previous, next);

  const isAnswered = (card: HTMLElement): boolean =>
    controls(card).some((input) => (isChoice(input) ? input.checked : input.value.trim() !== ""));

  const refresh = (): void => {
    for (const [position, card] of cards.entries()) {
      const link = links[position];
      if (!link) continue;
      const answered = isAnswered(card);
      const flagged = card.querySelector<HTMLInputElement>("[data-flag]")?.checked ?? false;
      link.toggleAttribute("data-answered", answered);
      link.toggleAttribute("data-flagged", flagged);
      const states = [text(answered ? "quiz.answered" : "quiz.open"), ...(flagged ? [text("quiz.flagged")] : [])];
      link.setAttribute("aria-label", `${text("quiz.question", { number: position + 1 })}, ${states.join(", ")}`);
    }
  };

  const keep = (): void => {
    if (!key) return;
    const answers = cards.flatMap(controls).flatMap((input) => {
      const given = isChoice(input) ? input.checked : input.value !== "";
      return given ? [[input.name, input.value]] : [];
    });
    store.set(key, JSON.stringify(answers));
  };

  const restore = (): void => {
    const kept = key ? store.get(key) : null;
    if (!kept) return;
    const answers = JSON.parse(kept) as [string, string][];
    for (const input of cards.flatMap(controls)) {
      const given = answers.filter(([name]) => name === input.name);
      if (isChoice(input)) input.checked = given.some(([, value]) => value === input.value);
      else input.value = given[0]?.[1] ?? "";
    }
  };

  form.addEventListener("change", () => {
    refresh();
    keep();
  });
  // Handing in with open questions is asked once more; when the time is up, nothing is asked.
  let asked = false;
  form.addEventListener("submit", (event) => {
    const open = cards.filter((card) => !isAnswered(card));
    const first = open[0];
    if (!first || asked || form.dataset["over"] !== undefined) return;
    event.preventDefault();
    asked = true;
    show(cards.indexOf(first), true);
    toast(text(open.length === 1 ? "quiz.oneUnanswered" : "quiz.unanswered", { number: open.length }), "warn");
  });
  for (const [position, link] of links.entries()) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(position, true);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target !== document.body && !form.contains(target)) return;
    const isAnswer = target instanceof HTMLInputElement && target.name.startsWith("answer-");
    // Enter in a field would hand the whole quiz in; here it goes on to the next question.
    if (event.key === "Enter" && (isAnswer || target.matches(".question, [data-flag]"))) {
      event.preventDefault();
      if (current < cards.length - 1) show(current + 1, true);
      else handIn?.focus();
      return;
    }
    const typing = target instanceof HTMLInputElement && !isChoice(target);
    const card = cards[current];
    if (typing || !card || !/^[1-9]$/.test(event.key)) return;
    const choice = controls(card).filter(isChoice)[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    choice.focus();
    choice.click();
  });

  // Answers kept for other attempts have served their purpose.
  if (key) store.removeOthers("codezest:quiz:", key);
  restore();
  refresh();
  const wanted = links.findIndex((link) => link.hash === location.hash);
  show(Math.max(0, wanted), false);
});
