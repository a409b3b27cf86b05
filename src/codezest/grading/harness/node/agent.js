"use strict";
// In the learner's sandbox: does with the learner's code what the tests ask over the link. The learner's code shares this
// process and may break it; then the tests fail. It can claim nothing but values.

const path = require("node:path");
const util = require("node:util");
const { Codec, ERRORS, LinkBroken, receive, send } = require("./wire.js");

const LONGEST_TEXT = 4000;
const LONGEST_OUTPUT = 1 << 20;
const printed = { out: [], err: [], size: 0 };

function keep(where) {
  return (chunk, encoding, done) => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    printed.size += text.length;
    if (printed.size > LONGEST_OUTPUT) throw new RangeError("the program prints too much");
    printed[where].push(text);
    const after = typeof encoding === "function" ? encoding : done;
    if (typeof after === "function") process.nextTick(after);
    return true;
  };
}

function takePrinted() {
  const taken = [printed.out.join(""), printed.err.join("")];
  printed.out = [];
  printed.err = [];
  printed.size = 0;
  return taken;
}

class Agent extends Codec {
  objects = new Map();
  numbers = new Map();
  far = new WeakMap();

  isForeign(value) {
    return this.far.has(value);
  }

  ask(action, ...given) {
    send(["?", action, ...takePrinted(), ...given]);
    for (;;) {
      const frame = receive();
      if (frame[0] === "=") return this.decode(frame[1]);
      if (frame[0] === "!") throw Object.assign(new Error(String(frame[1][1])), { name: String(frame[1][0]) });
      this.answerAtOnce(frame);
    }
  }

  answerAtOnce(frame) {
    let answer;
    try {
      answer = ["=", this.act(frame[1], frame.slice(2))];
    } catch (error) {
      if (error instanceof LinkBroken) throw error;
      answer = ["!", this.describe(error)];
    }
    this.reply(answer);
  }

  reply(answer) {
    try {
      send([...answer, ...takePrinted()]);
    } catch (error) {
      if (error instanceof LinkBroken) throw error;
      send(["!", this.describe(error), "", ""]);
    }
  }

  async serve() {
    for (;;) {
      const frame = receive();
      if (frame[1] === "await" || frame[1] === "import") {
        let answer;
        try {
          answer = ["=", frame[1] === "await" ? this.encode(await this.objects.get(frame[2])) : await this.load(frame[2])];
        } catch (error) {
          answer = ["!", this.describe(error)];
        }
        this.reply(answer);
      } else this.answerAtOnce(frame);
      await new Promise(setImmediate); // lets the learner's timers and promises have their turn
    }
  }

  async load(name) {
    const file = path.resolve(name);
    let loaded;
    try {
      loaded = require(file);
    } catch (error) {
      if (error.code !== "ERR_REQUIRE_ESM" && error.code !== "ERR_REQUIRE_ASYNC_MODULE") throw error;
      loaded = await import(file);
    }
    const names = loaded !== null && ["object", "function"].includes(typeof loaded) ? Object.keys(loaded) : [];
    return [this.reference(loaded), names, util.types.isModuleNamespaceObject(loaded)];
  }

  reference(value) {
    return value !== null && ["object", "function"].includes(typeof value) ? this.encodeObject(value) : this.encode(value);
  }

  act(action, [number, ...given]) {
    const target = this.objects.get(number);
    switch (action) {
      case "get":
        return this.encode(Reflect.get(target, given[0]));
      case "set":
        Reflect.set(target, given[0], this.decode(given[1]));
        return null;
      case "delete":
        return Reflect.deleteProperty(target, given[0]);
      case "has":
        return Reflect.has(target, given[0]);
      case "keys":
        return Reflect.ownKeys(target).filter((key) => typeof key === "string");
      case "call":
      case "new":
        return this.call(action, target, given[0], given[1]);
      case "instance": {
        const value = this.decode(given[0]);
        return typeof target === "function" && value instanceof target;
      }
      case "primitive":
        return this.encode(given[0] === "string" ? String(target) : given[0] === "number" ? Number(target) : target.valueOf());
      case "iterator":
        return this.encode(target[Symbol.iterator]());
      case "text":
        return util.inspect(target, { depth: 2, breakLength: Infinity }).slice(0, LONGEST_TEXT);
      default:
        throw new TypeError("there is no such action");
    }
  }

  call(action, target, self, spelled) {
    const given = spelled.map((item) => this.decode(item));
    const result = action === "new" ? Reflect.construct(target, given) : Reflect.apply(target, this.decode(self), given);
    const changed = {};
    given.forEach((value, place) => {
      if (value !== null && typeof value === "object" && !this.isForeign(value) && "ldMs".includes(spelled[place][0])) {
        const now = this.encode(value);
        if (JSON.stringify(now) !== JSON.stringify(spelled[place])) changed[place] = now;
      }
    });
    return [this.encode(result), changed];
  }

  encodeObject(value) {
    if (this.far.has(value)) return ["u", this.far.get(value)];
    let number = this.numbers.get(value);
    if (number === undefined) {
      number = this.objects.size + 1;
      this.objects.set(number, value);
      this.numbers.set(value, number);
    }
    const about = { number, kind: typeof value, name: "" };
    if (typeof value === "function") about.name = String(value.name).slice(0, LONGEST_TEXT);
    if (util.types.isPromise(value)) {
      about.kind = "promise";
      Promise.prototype.then.call(value, undefined, () => {}); // whether its failure is looked at is up to the tests
    }
    if (util.types.isNativeError(value)) about.error = this.describe(value);
    return ["m", about];
  }

  decodeObject(tag, body) {
    if (tag === "u") return this.objects.get(body);
    const number = body.number;
    const made = (...given) => this.ask("call", number, given.map((item) => this.encode(item)));
    this.far.set(made, number);
    return made;
  }

  describe(error) {
    const about = { number: null, name: "Error", base: "Error", text: "", place: null, own: [] };
    try {
      if (error === null || !["object", "function"].includes(typeof error)) {
        return { ...about, thrown: this.encode(error), text: String(error).slice(0, LONGEST_TEXT) };
      }
      if (!this.numbers.has(error)) {
        this.objects.set(this.objects.size + 1, error);
        this.numbers.set(error, this.objects.size);
      }
      about.number = this.numbers.get(error);
      about.name = String(error.name ?? "").slice(0, LONGEST_TEXT);
      about.text = String(error.message ?? error).slice(0, LONGEST_TEXT);
      about.base = ERRORS.find((name) => name !== "Error" && error instanceof globalThis[name]) ?? "Error";
      const place = /\/tmp\/([^:()\s]+):(\d+)/.exec(String(error.stack).replaceAll(/\/tmp\/codezest_[^\n]*/g, ""));
      about.place = place === null ? null : [place[1], Number(place[2])];
      about.own = Object.entries(error)
        .filter(([key, value]) => key !== "name" && (value === null || !["object", "function"].includes(typeof value)))
        .map(([key, value]) => [key, this.encode(value)]);
    } catch {
      // the error's own getters may do anything
    }
    return about;
  }
}

process.stdout.write = keep("out");
process.stderr.write = keep("err");
new Agent().serve().catch(() => process.exit(0));
