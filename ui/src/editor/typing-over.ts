// What is typed in place of a selection.
import { EditorView } from "@codemirror/view";

/**
 * It goes into the program at once. Chromium would put it into the page first, as an element with a style attribute that repeats the
 * colours of what was selected, and the page's policy refuses such attributes.
 */
export const typingOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection;
    const text = event.data;
    if (event.inputType !== "insertText" || !event.cancelable || event.isComposing || !text || main.empty || view.state.readOnly) return false;
    event.preventDefault();
    const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, main.from, main.to, text, insert))) view.dispatch(insert());
    return true;
  },
  // An accent or a word that is being composed cannot be held back: what it replaces goes first.
  compositionstart(_event, view) {
    if (!view.state.selection.main.empty && !view.state.readOnly) view.dispatch(view.state.replaceSelection(""), { userEvent: "delete.selection" });
    return false;
  },
});
