"""The learner's file is loaded as a module, to which one line is added that hands the function over: no export is needed."""

from collections.abc import Mapping

_DRIVER = """\
"use strict";
const fs = require("node:fs");
const call = JSON.parse(fs.readFileSync("codezest_call.json", "utf8"));

function json(value) {
    if (value === undefined || value === null || typeof value === "function" || typeof value === "symbol") return "null";
    if (typeof value === "bigint" || typeof value === "number" || typeof value === "boolean") return String(value);
    if (typeof value === "string") return JSON.stringify(value);
    if (value instanceof Set || ArrayBuffer.isView(value)) value = Array.from(value);
    if (value instanceof Map) value = Object.fromEntries(value);
    if (typeof value.toJSON === "function") return json(value.toJSON());
    if (Array.isArray(value)) return "[" + Array.from(value, json).join(",") + "]";
    return "{" + Object.keys(value).map((key) => JSON.stringify(key) + ":" + json(value[key])).join(",") + "}";
}

function hand_over(returned) {
    const text = Buffer.from(json(returned));
    for (let at = 0; at < text.length; ) at += fs.writeSync(3, text, at);
}

const loaded = require("./%(module)s");
const found = globalThis[Symbol.for("codezest.function")] ?? loaded?.[call.function];
if (typeof found !== "function") {
    console.error(`Your program defines no function named ${call.function}.`);
    process.exit(1);
}
const returned = found(...call.arguments);
if (typeof returned?.then === "function") returned.then(hand_over);
else hand_over(returned);
"""
_HANDED_OVER = '\n;globalThis[Symbol.for("codezest.function")] = typeof {0} === "undefined" ? undefined : {0};\n'
_HANDED_OVER_TYPED = '\n;(globalThis as any)[Symbol.for("codezest.function")] = {0};\n'


def drive_javascript(sources: Mapping[str, str], entry: str, function: str, /) -> tuple[Mapping[str, str], str]:
    name = "codezest_call.js"
    learners = sources[entry] + _HANDED_OVER.format(function)
    return {**sources, entry: learners, name: _DRIVER % {"module": entry}}, name


def drive_typescript(sources: Mapping[str, str], entry: str, function: str, /) -> tuple[Mapping[str, str], str]:
    """As JavaScript, except that a missing function is the compiler's to find."""
    name = "codezest_call.ts"
    learners = sources[entry] + _HANDED_OVER_TYPED.format(function)
    driver = "// @ts-nocheck\n" + _DRIVER % {"module": entry.removesuffix(".ts") + ".js"}
    return {**sources, entry: learners, name: driver}, name
