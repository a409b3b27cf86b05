"use strict";
// The wire between tests and the learner's code: frames of JSON on descriptor 3, and how values are spelled in them.
//
// A frame is four bytes of length, big-endian, and that many bytes of JSON. Requests and answers nest strictly: whoever
// waits for an answer serves the requests that come before it. Null, booleans, text and finite numbers are themselves;
// everything else is an array that begins with a tag:
//
//     v undefined · f NAME (not a finite number) · i DIGITS (bigint) · y BASE64 · D MILLISECONDS · x SOURCE FLAGS
//     l [items] · d [[key, value]] · M [[key, value]] · s [items] · g NAME (a builtin constructor)
//     m ABOUT (an object of the sender) · u NUMBER (an object of the receiver)

const fs = require("node:fs");

const LINK = 3;
const LONGEST_FRAME = 4 << 20;
const DEEPEST_VALUE = 60;
const GLOBALS = [
  "Array", "BigInt", "Boolean", "Date", "Error", "EvalError", "Map", "Number", "Object", "Promise", "RangeError",
  "ReferenceError", "RegExp", "Set", "String", "SyntaxError", "TypeError", "URIError",
];
const ERRORS = GLOBALS.filter((name) => name.endsWith("Error"));
const builtins = new Map(GLOBALS.map((name) => [globalThis[name], name]));
const byName = new Map(GLOBALS.map((name) => [name, globalThis[name]]));

class LinkBroken extends Error {}
class TooLarge extends Error {}

class Codec {
  encode(value, depth = 0) {
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (value === undefined) return ["v"];
    if (typeof value === "number") {
      return Number.isFinite(value) && !Object.is(value, -0) ? value : ["f", Object.is(value, -0) ? "-0" : String(value)];
    }
    if (typeof value === "bigint") return ["i", String(value)];
    if (typeof value === "symbol") return this.encodeObject(value);
    if (builtins.has(value)) return ["g", builtins.get(value)];
    if (depth > DEEPEST_VALUE) throw new TooLarge("a value is nested too deeply to be handed over");
    if (typeof value === "function" || this.isForeign(value)) return this.encodeObject(value);
    const next = (item) => this.encode(item, depth + 1);
    switch (Object.getPrototypeOf(value)) {
      case Array.prototype:
        return ["l", Array.from(value, next)];
      case Object.prototype:
      case null:
        return ["d", Object.entries(value).map(([key, item]) => [key, next(item)])];
      case Map.prototype:
        return ["M", Array.from(value, ([key, item]) => [next(key), next(item)])];
      case Set.prototype:
        return ["s", Array.from(value, next)];
      case Date.prototype:
        return ["D", value.getTime()];
      case RegExp.prototype:
        return ["x", value.source, value.flags];
      case Uint8Array.prototype:
      case Buffer.prototype:
        return ["y", Buffer.from(value).toString("base64"), Buffer.isBuffer(value)];
      default:
        return this.encodeObject(value);
    }
  }

  decode(message, depth = 0) {
    if (!Array.isArray(message)) {
      if (message !== null && typeof message === "object") throw new TypeError("this is no value");
      return message;
    }
    if (depth > DEEPEST_VALUE + 2) throw new TypeError("this is no value");
    const [tag, body, more] = message;
    const next = (item) => this.decode(item, depth + 1);
    switch (tag) {
      case "v":
        return undefined;
      case "f":
        return Number(body);
      case "i":
        return BigInt(body);
      case "l":
        return body.map(next);
      case "d": {
        const made = {};
        for (const [key, item] of body) {
          Object.defineProperty(made, String(key), { value: next(item), writable: true, enumerable: true, configurable: true });
        }
        return made;
      }
      case "M":
        return new Map(body.map(([key, item]) => [next(key), next(item)]));
      case "s":
        return new Set(body.map(next));
      case "D":
        return new Date(Number(body));
      case "x":
        return new RegExp(String(body), String(more));
      case "y": {
        const bytes = Buffer.from(String(body), "base64");
        return more ? bytes : new Uint8Array(bytes);
      }
      case "g":
        if (!byName.has(body)) throw new TypeError("this is no value");
        return byName.get(body);
      case "m":
      case "u":
        return this.decodeObject(tag, body);
      default:
        throw new TypeError("this is no value");
    }
  }
}

function send(frame) {
  const body = Buffer.from(JSON.stringify(frame));
  if (body.length > LONGEST_FRAME) throw new TooLarge(`a value is too large to be handed over: ${body.length} bytes`);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  const whole = Buffer.concat([head, body]);
  try {
    for (let done = 0; done < whole.length; ) done += fs.writeSync(LINK, whole, done);
  } catch (error) {
    throw new LinkBroken(error.code === "EAGAIN" ? "late" : "ended");
  }
}

function read(length) {
  const whole = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    let count;
    try {
      count = fs.readSync(LINK, whole, done, length - done, null);
    } catch (error) {
      if (error.code === "EINTR") continue;
      throw new LinkBroken(error.code === "EAGAIN" ? "late" : "ended"); // the socket has a time limit
    }
    if (count === 0) throw new LinkBroken("ended");
    done += count;
  }
  return whole;
}

function receive() {
  const length = read(4).readUInt32BE();
  if (length > LONGEST_FRAME) throw new LinkBroken("nonsense");
  let frame;
  try {
    frame = JSON.parse(read(length).toString());
  } catch (error) {
    if (error instanceof LinkBroken) throw error;
    throw new LinkBroken("nonsense");
  }
  if (!Array.isArray(frame)) throw new LinkBroken("nonsense");
  return frame;
}

function replace(target, now) {
  // An argument that a call has changed, changed on the other side as well.
  if (Array.isArray(target) && Array.isArray(now)) target.splice(0, target.length, ...now);
  else if (target instanceof Map && now instanceof Map) {
    target.clear();
    for (const [key, item] of now) target.set(key, item);
  } else if (target instanceof Set && now instanceof Set) {
    target.clear();
    for (const item of now) target.add(item);
  } else if (Object.getPrototypeOf(target) === Object.prototype && Object.getPrototypeOf(now) === Object.prototype) {
    for (const key of Object.keys(target)) delete target[key];
    for (const [key, value] of Object.entries(now)) {
      Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
    }
  } else throw new TypeError("an argument cannot change its type");
}

module.exports = { Codec, ERRORS, LinkBroken, TooLarge, receive, replace, send };
