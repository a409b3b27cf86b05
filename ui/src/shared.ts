// What the page's script shares with what is loaded later. Modules that are loaded later take it from here, so that all of it is
// one file: a first visit waits for each file apart.
export * from "./dom";
export * from "./editor/requests";
export * from "./exchanges";
export * from "./messages";
export * from "./reaching";
export * from "./uploading";
export { default as htmx } from "htmx.org";
