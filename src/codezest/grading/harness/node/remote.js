"use strict";
// In the tests' sandbox: stand-ins for the learner's modules and everything that is got from them. Values arrive as such,
// instances of the learner's classes as proxies.

const util = require("node:util");
const { Codec, LinkBroken, receive, replace, send } = require("./wire.js");

class Remote extends Codec {
  exported = new Map();
  numbers = new WeakMap();
  known = new Map();
  printed = [];
  deadline = Infinity;
  onBroken = () => {};

  isForeign(value) {
    return this.numbers.has(value);
  }

  break(how) {
    this.onBroken(how); // does not return: no test may take this for something the learner's code did
    throw new LinkBroken(how);
  }

  ask(action, ...given) {
    try {
      send(["?", action, ...given]);
      for (;;) {
        const [kind, body, ...rest] = receive();
        if (performance.now() > this.deadline) this.break("late");
        for (const text of rest.slice(0, 2)) if (text) this.printed.push(String(text));
        if (kind === "=") return body;
        if (kind === "!") throw this.error(body);
        if (kind !== "?") this.break("nonsense");
        this.serve(body, rest.slice(2));
      }
    } catch (error) {
      if (error instanceof LinkBroken) this.break(error.message);
      throw error;
    }
  }

  serve(action, [number, spelled]) {
    let answer;
    try {
      const target = this.exported.get(number);
      if (action !== "call" || typeof target !== "function") throw new TypeError("the tests do not offer this");
      const result = target(...spelled.map((item) => this.decode(item)));
      if (util.types.isPromise(result)) throw new TypeError("a call back into the tests cannot wait for a promise");
      answer = ["=", this.encode(result)];
    } catch (error) {
      if (error instanceof LinkBroken) throw error;
      answer = ["!", [String(error?.name), String(error?.message ?? error)]];
    }
    send(answer);
  }

  value(...request) {
    const answer = this.ask(...request);
    try {
      return this.decode(answer);
    } catch (error) {
      if (error instanceof LinkBroken) throw error;
      return this.break("nonsense");
    }
  }

  call(action, number, self, given) {
    const answer = this.ask(action, number, this.encode(self), given.map((item) => this.encode(item)));
    try {
      const [result, changed] = answer;
      for (const [place, now] of Object.entries(changed)) {
        if (!/^\d+$/.test(place) || !Object.hasOwn(given, place)) this.break("nonsense"); // nor is `__proto__` a place
        replace(given[place], this.decode(now));
      }
      return this.decode(result);
    } catch (error) {
      if (error instanceof LinkBroken) throw error;
      return this.break("nonsense");
    }
  }

  encodeObject(value) {
    if (this.numbers.has(value)) return ["u", this.numbers.get(value)];
    if (typeof value !== "function") throw new TypeError("the tests can hand over plain values and functions only");
    const number = this.exported.size + 1;
    this.exported.set(number, value);
    return ["m", { number }];
  }

  decodeObject(tag, body) {
    if (tag === "u") return this.exported.get(body);
    const number = Number(body.number);
    if (body.error) return this.error(body.error);
    if (!this.known.has(number)) this.known.set(number, body.kind === "promise" ? this.promise(number) : this.standIn(number, body));
    return this.known.get(number);
  }

  promise(number) {
    const made = new Promise((resolve, reject) => {
      setImmediate(() => {
        try {
          resolve(this.value("await", number));
        } catch (error) {
          reject(error);
        }
      });
    });
    made.catch(() => {}); // the test that waits for it still sees it
    return made;
  }

  error(about) {
    if ("thrown" in about) return this.decode(about.thrown);
    const made = new globalThis[/^\w*Error$/.test(about.base) ? about.base : "Error"](String(about.text));
    if (String(about.name) !== made.name) made.name = String(about.name);
    for (const [key, value] of about.own) {
      Object.defineProperty(made, String(key), { value: this.decode(value), writable: true, enumerable: true, configurable: true });
    }
    if (about.number !== null) this.numbers.set(made, Number(about.number));
    made.stack = `${made.name}: ${made.message}`;
    places.set(made, about.place);
    return made;
  }

  standIn(number, about) {
    const callable = about.kind === "function";
    const target = callable ? function () {} : {};
    const made = new Proxy(target, this.traps(number, String(about.name), callable));
    this.numbers.set(made, number);
    return made;
  }

  traps(number, name, callable) {
    const symbols = {
      [Symbol.toPrimitive]: (hint) => this.value("primitive", number, hint),
      [Symbol.iterator]: () => this.value("iterator", number),
      [Symbol.hasInstance]: (value) => this.isForeign(value) && this.ask("instance", number, this.encode(value)) === true,
      [util.inspect.custom]: () => (callable ? `[${name}]` : String(this.ask("text", number))),
    };
    const fixed = (key) => callable && ["prototype", "arguments", "caller"].includes(key);
    return {
      get: (target, key) => {
        if (typeof key === "symbol") return symbols[key];
        if (key === "prototype" && callable) return target.prototype;
        return this.value("get", number, key);
      },
      set: (_, key, value) => typeof key === "string" && (this.ask("set", number, key, this.encode(value)), true),
      deleteProperty: (_, key) => typeof key === "string" && this.ask("delete", number, key) === true,
      has: (target, key) => (typeof key === "symbol" ? key in target : this.ask("has", number, key) === true),
      ownKeys: (target) => [
        ...new Set([...Reflect.ownKeys(target).filter(fixed), ...this.ask("keys", number).map(String)]),
      ],
      getOwnPropertyDescriptor: (target, key) => {
        if (typeof key === "symbol" || fixed(key)) return Reflect.getOwnPropertyDescriptor(target, key);
        if (!this.ask("keys", number).includes(key)) return undefined;
        return { value: this.value("get", number, key), writable: true, enumerable: true, configurable: true };
      },
      apply: (_, self, given) => this.call("call", number, this.isForeign(self) ? self : undefined, given),
      construct: (_, given) => this.call("new", number, undefined, given),
    };
  }
}

const places = new WeakMap(); // of errors that the learner's code threw: file and line, or null

module.exports = { Remote, places };
