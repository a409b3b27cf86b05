// The one script of every page. Everything here improves what already works without it.
import "./exchanges";
import "./editor/code-editor";
import "./islands/quiz-timer";

import { mountAll } from "./mount";
import "./islands/copy";
import "./islands/leaving";
import "./islands/line-comments";
import "./islands/menu";
import "./islands/offline";
import "./islands/palette";
import "./islands/passkeys";
import "./islands/program";
import "./islands/quiz";
import "./islands/saying";
import "./islands/reading";
import "./islands/studio";
import "./islands/table";
import "./islands/theme";
import "./islands/toasts";
import "./islands/upload";
import "./islands/verdict";
import "./islands/video";
import "./islands/zone";

mountAll();
