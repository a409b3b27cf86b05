// What only those who teach load.
import { island } from "../mount";

island("#outline", (outline) => void import("./ordering").then(({ order }) => order(outline)));
island("[data-preview]", (box) => void import("./preview").then(({ preview }) => preview(box)));
island("form[data-autosave]", (form) => void import("./autosave-form").then(({ autosave }) => autosave(form)));
