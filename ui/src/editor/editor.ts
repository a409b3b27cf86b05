// The only module that knows CodeMirror. Imported when an editor comes near the screen.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { whenReachable } from "../shared";
import { languageSupport } from "./languages";
import type { EditorSettings } from "./settings";
import { typingOver } from "./typing-over";

/** Where the caret is and where the selection began, in characters. */
export interface Selection {
  anchor: number;
  head: number;
}

export interface Editor {
  readonly selection: Selection;
  setValue(code: string): void;
  apply(settings: EditorSettings): void;
  focus(): void;
  destroy(): void;
}

export interface EditorOptions {
  root: ShadowRoot;
  code: string;
  selection: Selection;
  language: string;
  label: string;
  hint: string;
  /** Fill the pane instead of growing with the program. */
  fill: boolean;
  settings: EditorSettings;
  onChange(code: string): void;
}

const colours = HighlightStyle.define([
  { tag: [tags.comment, tags.docComment], color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null, tags.self], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.character], color: "var(--code-string)" },
  { tag: [tags.number, tags.escape], color: "var(--code-number)" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.meta], color: "var(--code-function)" },
  { tag: [tags.className, tags.definition(tags.className), tags.standard(tags.variableName)], color: "var(--code-name)" },
  { tag: tags.invalid, color: "var(--code-error)" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--code-ink)", backgroundColor: "var(--code-bg)", fontSize: "var(--editor-size, var(--text-1))" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "1.6" },
  ".cm-content": { padding: "var(--s3) 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 var(--s4) 0 var(--s2)" },
  ".cm-gutters": { color: "var(--code-comment)", backgroundColor: "var(--code-bg)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 var(--s2) 0 var(--s3)", minWidth: "2.5rem" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  ".cm-cursor, .cm-dropCursor": { borderInlineStart: "2px solid var(--accent)" },
  "& > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground":
    { backgroundColor: "var(--code-select)" },
  "& .cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--accent)",
    borderRadius: "2px",
  },
  "& .cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": { color: "var(--code-error)" },
  ".cm-tooltip": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "var(--hairline)",
    borderRadius: "var(--radius)",
    boxShadow: "var(--shadow)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-code)", fontSize: "var(--text-1)", maxHeight: "14rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "var(--s1) var(--s3)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--ink)", backgroundColor: "var(--code-select)" },
  ".cm-completionMatchedText": { color: "var(--accent)", textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": { color: "var(--ink-muted)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--surface)", borderTop: "var(--hairline)" },
  ".cm-panel": { padding: "var(--s1) var(--s3)", fontFamily: "var(--font-code)", fontSize: "var(--text-1)" },
  ".cm-panel input": { color: "inherit", backgroundColor: "transparent", font: "inherit" },
  "& .cm-fat-cursor": { backgroundColor: "var(--accent-fill)", color: "var(--on-accent)" },
  "&:not(.cm-focused) .cm-fat-cursor": { backgroundColor: "transparent", outline: "1px solid var(--accent)", color: "inherit" },
});

const filling = EditorView.theme({ "&": { height: "100%" }, ".cm-scroller": { overflow: "auto" } });
const growing = EditorView.theme({ ".cm-scroller": { overflow: "auto", minHeight: "8rem", maxHeight: "32rem" } });

/** Keys of another editor, in a bundle that only those load who chose it. */
async function keysOf(settings: EditorSettings): Promise<Extension> {
  if (settings.keys === "vim") return (await import("./keys-vim")).keys();
  if (settings.keys === "emacs") return (await import("./keys-emacs")).keys();
  return [];
}

function manners(settings: EditorSettings): Extension {
  return [
    indentUnit.of(" ".repeat(settings.tab_width)),
    EditorState.tabSize.of(settings.tab_width),
    settings.wrap ? EditorView.lineWrapping : [],
  ];
}

/** Build an editor inside a shadow root, so that its style sheet is a constructed one. */
export function createEditor(options: EditorOptions): Editor {
  const language = new Compartment();
  const keys = new Compartment();
  const chosen = new Compartment();
  let wanted: EditorSettings["keys"] = "default";
  const extensions: Extension[] = [
    // Before every other keymap, or theirs would be asked first.
    keys.of([]),
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    typingOver,
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false }),
    chosen.of(manners(options.settings)),
    syntaxHighlighting(colours),
    theme,
    options.fill ? filling : growing,
    language.of([]),
    // Ctrl-Enter belongs to the form; Escape, then Tab, leaves the editor: CodeMirror lets the next Tab pass.
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"),
      ...historyKeymap,
      ...completionKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({
      "aria-label": options.label,
      "aria-description": options.hint,
      autocapitalize: "off",
      autocorrect: "off",
      spellcheck: "false",
      tabindex: "0",
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.onChange(update.state.doc.toString());
    }),
  ];
  const view = new EditorView({ doc: options.code, selection: options.selection, extensions, parent: options.root, root: options.root });
  void whenReachable(() => languageSupport(options.language)).then((support) => view.dispatch({ effects: language.reconfigure(support) }));

  const takeKeys = async (settings: EditorSettings): Promise<void> => {
    if (settings.keys === wanted) return;
    wanted = settings.keys;
    const extension = await whenReachable(() => keysOf(settings));
    if (wanted === settings.keys) view.dispatch({ effects: keys.reconfigure(extension) });
  };
  void takeKeys(options.settings);
  return {
    get selection() {
      const { anchor, head } = view.state.selection.main;
      return { anchor, head };
    },
    setValue(code) {
      if (code === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: code } });
    },
    apply(settings) {
      view.dispatch({ effects: chosen.reconfigure(manners(settings)) });
      void takeKeys(settings);
    },
    focus() {
      view.focus();
      view.dispatch({ scrollIntoView: true });
    },
    destroy: () => view.destroy(),
  };
}
