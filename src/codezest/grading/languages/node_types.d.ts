// What programs here use of Node: the same on every machine, whatever is installed beside the compiler.

interface NodeStream {
    setEncoding(encoding: string): this;
    resume(): this;
    pause(): this;
    on(event: "data", listener: (chunk: string) => void): this;
    on(event: string, listener: (...values: any[]) => void): this;
    once(event: string, listener: (...values: any[]) => void): this;
    [Symbol.asyncIterator](): AsyncIterableIterator<string>;
    readonly isTTY?: boolean;
    readonly fd: number;
}

interface NodeWriter {
    write(text: string | Uint8Array, done?: () => void): boolean;
    end(text?: string): void;
    on(event: string, listener: (...values: any[]) => void): this;
    once(event: string, listener: (...values: any[]) => void): this;
    readonly columns?: number;
    readonly isTTY?: boolean;
    readonly fd: number;
}

interface NodeMemoryUsage {
    rss: number;
    heapTotal: number;
    heapUsed: number;
    external: number;
}

interface NodeProcess {
    readonly argv: string[];
    readonly env: Record<string, string | undefined>;
    readonly pid: number;
    readonly platform: string;
    readonly version: string;
    readonly versions: Record<string, string>;
    exitCode: number | undefined;
    readonly stdin: NodeStream;
    readonly stdout: NodeWriter;
    readonly stderr: NodeWriter;
    cwd(): string;
    exit(code?: number): never;
    uptime(): number;
    memoryUsage(): NodeMemoryUsage;
    nextTick(callback: (...values: any[]) => void, ...values: any[]): void;
    on(event: string, listener: (...values: any[]) => void): this;
    hrtime: { (previous?: [number, number]): [number, number]; bigint(): bigint };
}

declare const process: NodeProcess;
declare const __dirname: string;
declare const __filename: string;
declare const exports: any;
declare const module: { exports: any };
declare function require(name: "fs" | "node:fs"): typeof import("fs");
declare function require(name: "readline" | "node:readline"): typeof import("readline");
declare function require(name: "path" | "node:path"): typeof import("path");
declare function require(name: "util" | "node:util"): typeof import("util");
declare function require(name: "assert" | "node:assert"): typeof import("assert");
declare function require(name: "events" | "node:events"): typeof import("events");
declare function require(name: string): any;

interface Console {
    log(...values: unknown[]): void;
    info(...values: unknown[]): void;
    debug(...values: unknown[]): void;
    warn(...values: unknown[]): void;
    error(...values: unknown[]): void;
    trace(...values: unknown[]): void;
    dir(value: unknown, options?: object): void;
    table(value: unknown, columns?: string[]): void;
    assert(condition?: boolean, ...values: unknown[]): void;
    count(label?: string): void;
    group(...values: unknown[]): void;
    groupEnd(): void;
    time(label?: string): void;
    timeEnd(label?: string): void;
}
declare const console: Console;

interface NodeTimer {
    ref(): this;
    unref(): this;
    hasRef(): boolean;
    [Symbol.toPrimitive](): number;
}
declare function setTimeout<T extends any[]>(callback: (...values: T) => void, milliseconds?: number, ...values: T): NodeTimer;
declare function setInterval<T extends any[]>(callback: (...values: T) => void, milliseconds?: number, ...values: T): NodeTimer;
declare function setImmediate<T extends any[]>(callback: (...values: T) => void, ...values: T): NodeTimer;
declare function clearTimeout(timer: NodeTimer | number | undefined): void;
declare function clearInterval(timer: NodeTimer | number | undefined): void;
declare function clearImmediate(timer: NodeTimer | undefined): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare const performance: { now(): number; readonly timeOrigin: number };

declare class TextEncoder {
    encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
    constructor(encoding?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
    decode(bytes?: ArrayBufferView | ArrayBufferLike): string;
}
declare class URL {
    constructor(url: string, base?: string);
    hash: string;
    host: string;
    hostname: string;
    href: string;
    readonly origin: string;
    pathname: string;
    port: string;
    protocol: string;
    search: string;
    readonly searchParams: URLSearchParams;
}
declare class URLSearchParams {
    constructor(parts?: string | Record<string, string> | Iterable<[string, string]>);
    append(name: string, value: string): void;
    delete(name: string): void;
    get(name: string): string | null;
    getAll(name: string): string[];
    has(name: string): boolean;
    set(name: string, value: string): void;
    toString(): string;
    [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare class AbortSignal {
    readonly aborted: boolean;
    addEventListener(event: "abort", listener: () => void): void;
}
declare class AbortController {
    readonly signal: AbortSignal;
    abort(reason?: unknown): void;
}

type NodeEncoding = "utf8" | "utf-8" | "ascii" | "latin1" | "binary" | "base64" | "base64url" | "hex" | "utf16le" | "ucs2";

declare class Buffer extends Uint8Array<ArrayBuffer> {
    static from(text: string, encoding?: NodeEncoding): Buffer;
    static from(bytes: ArrayLike<number> | Iterable<number> | ArrayBufferLike): Buffer;
    static alloc(size: number, fill?: number | string): Buffer;
    static concat(parts: readonly Uint8Array[], length?: number): Buffer;
    static byteLength(text: string, encoding?: NodeEncoding): number;
    static isBuffer(value: unknown): value is Buffer;
    toString(encoding?: NodeEncoding, start?: number, end?: number): string;
    write(text: string, offset?: number, length?: number, encoding?: NodeEncoding): number;
    equals(other: Uint8Array): boolean;
    readInt32LE(offset?: number): number;
    readUInt32LE(offset?: number): number;
    readUInt8(offset?: number): number;
    writeInt32LE(value: number, offset?: number): number;
    writeUInt32LE(value: number, offset?: number): number;
    writeUInt8(value: number, offset?: number): number;
}

declare module "fs" {
    interface Stats {
        size: number;
        isFile(): boolean;
        isDirectory(): boolean;
    }
    type Place = string | number;
    function readFileSync(path: Place, options: NodeEncoding | { encoding: NodeEncoding; flag?: string }): string;
    function readFileSync(path: Place, options?: { flag?: string } | null): Buffer;
    function writeFileSync(path: Place, data: string | Uint8Array, options?: NodeEncoding | object): void;
    function appendFileSync(path: Place, data: string | Uint8Array, options?: NodeEncoding | object): void;
    function existsSync(path: string): boolean;
    function mkdirSync(path: string, options?: { recursive?: boolean }): string | undefined;
    function readdirSync(path: string): string[];
    function rmSync(path: string, options?: { recursive?: boolean; force?: boolean }): void;
    function unlinkSync(path: string): void;
    function renameSync(from: string, to: string): void;
    function copyFileSync(from: string, to: string): void;
    function statSync(path: string): Stats;
    function openSync(path: string, flags: string, mode?: number): number;
    function closeSync(descriptor: number): void;
    function readSync(descriptor: number, into: Uint8Array, offset?: number, length?: number, position?: number | null): number;
    function writeSync(descriptor: number, data: string | Uint8Array): number;
    const promises: {
        readFile(path: Place, options: NodeEncoding | { encoding: NodeEncoding }): Promise<string>;
        readFile(path: Place): Promise<Buffer>;
        writeFile(path: Place, data: string | Uint8Array, options?: NodeEncoding | object): Promise<void>;
        appendFile(path: Place, data: string | Uint8Array): Promise<void>;
        mkdir(path: string, options?: { recursive?: boolean }): Promise<string | undefined>;
        readdir(path: string): Promise<string[]>;
        rm(path: string, options?: { recursive?: boolean; force?: boolean }): Promise<void>;
        stat(path: string): Promise<Stats>;
    };
}
declare module "fs/promises" {
    import { promises } from "fs";
    export = promises;
}
declare module "readline" {
    interface Interface extends AsyncIterable<string> {
        on(event: "line", listener: (line: string) => void): this;
        on(event: "close", listener: () => void): this;
        once(event: "line", listener: (line: string) => void): this;
        once(event: "close", listener: () => void): this;
        question(query: string, callback: (answer: string) => void): void;
        setPrompt(prompt: string): void;
        prompt(): void;
        close(): void;
    }
    interface Options {
        input: NodeStream;
        output?: NodeWriter;
        terminal?: boolean;
        crlfDelay?: number;
        prompt?: string;
    }
    function createInterface(options: Options): Interface;
    function createInterface(input: NodeStream, output?: NodeWriter): Interface;
}
declare module "readline/promises" {
    import { Interface as Plain, Options } from "readline";
    interface Interface extends Omit<Plain, "question"> {
        question(query: string): Promise<string>;
    }
    function createInterface(options: Options): Interface;
}
declare module "path" {
    function join(...parts: string[]): string;
    function resolve(...parts: string[]): string;
    function basename(path: string, suffix?: string): string;
    function dirname(path: string): string;
    function extname(path: string): string;
    function relative(from: string, to: string): string;
    function normalize(path: string): string;
    function isAbsolute(path: string): boolean;
    const sep: string;
}
declare module "util" {
    function format(pattern?: unknown, ...values: unknown[]): string;
    function inspect(value: unknown, options?: object): string;
    function promisify(callback: (...values: any[]) => void): (...values: any[]) => Promise<any>;
    function isDeepStrictEqual(one: unknown, other: unknown): boolean;
}
declare module "assert" {
    function assert(value: unknown, message?: string | Error): asserts value;
    namespace assert {
        class AssertionError extends Error {}
        function ok(value: unknown, message?: string | Error): asserts value;
        function equal(actual: unknown, expected: unknown, message?: string | Error): void;
        function strictEqual<T>(actual: unknown, expected: T, message?: string | Error): asserts actual is T;
        function notStrictEqual(actual: unknown, expected: unknown, message?: string | Error): void;
        function deepEqual(actual: unknown, expected: unknown, message?: string | Error): void;
        function deepStrictEqual<T>(actual: unknown, expected: T, message?: string | Error): asserts actual is T;
        function throws(action: () => unknown, expected?: unknown, message?: string | Error): void;
        function fail(message?: string | Error): never;
    }
    export = assert;
}
declare module "events" {
    class EventEmitter {
        static EventEmitter: typeof EventEmitter;
        on(event: string | symbol, listener: (...values: any[]) => void): this;
        once(event: string | symbol, listener: (...values: any[]) => void): this;
        off(event: string | symbol, listener: (...values: any[]) => void): this;
        emit(event: string | symbol, ...values: any[]): boolean;
        removeAllListeners(event?: string | symbol): this;
        listenerCount(event: string | symbol): number;
    }
    export = EventEmitter;
}
declare module "os" {
    const EOL: string;
}
declare module "perf_hooks" {
    const performance: { now(): number; readonly timeOrigin: number };
}
declare module "timers/promises" {
    function setTimeout<T = void>(milliseconds?: number, value?: T): Promise<T>;
    function setImmediate<T = void>(value?: T): Promise<T>;
}
declare module "node:fs" { export * from "fs"; }
declare module "node:fs/promises" { import promises = require("fs/promises"); export = promises; }
declare module "node:readline" { export * from "readline"; }
declare module "node:readline/promises" { export * from "readline/promises"; }
declare module "node:path" { export * from "path"; }
declare module "node:util" { export * from "util"; }
declare module "node:assert" { import assert = require("assert"); export = assert; }
declare module "node:events" { import EventEmitter = require("events"); export = EventEmitter; }
declare module "node:os" { export * from "os"; }
declare module "node:perf_hooks" { export * from "perf_hooks"; }
declare module "node:timers/promises" { export * from "timers/promises"; }
