import { emacs } from "@replit/codemirror-emacs";

export const keys = () => emacs();
