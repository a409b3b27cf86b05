// What has come into the page and matters to who does not look at it: told aloud once.
import { announce } from "../dom";
import { island } from "../mount";

island("[data-say]", (element) => announce(element.dataset["say"] ?? ""));
