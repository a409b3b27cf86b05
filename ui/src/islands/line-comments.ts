// Grading by hand; what makes it quick is loaded only where somebody grades.
import { island } from "../mount";

const load = (): Promise<typeof import("./grading")> => import("./grading");

island("[data-remark-form]", (form) => void load().then(({ remarkForm }) => remarkForm(form)));
island("[data-rubric]", (box) => void load().then(({ rubric }) => rubric(box)));
island("form[data-grading]", (form) => void load().then(({ grading }) => grading(form)));

/** A file is added as soon as it is chosen. */
island("input[data-send-at-once]", (field) => {
  field.addEventListener("change", () => {
    const button = field.parentElement?.querySelector<HTMLButtonElement>('button[value="add"]');
    if ((field as HTMLInputElement).files?.length && button) button.form?.requestSubmit(button);
  });
});
