// Lets pages that were opened before be read without a connection. The server puts `self.assets`, the addresses of this build's
// files, before it.
//
// Kept: files of a build, whose addresses change with their content; and pages that are for reading, each as it last came. Never
// kept: what is sent, what the API answers, work that was handed in, accounts. Pages are one account's: they are thrown away
// when it logs out, and when a page comes that is another's.

interface Work extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Work {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

interface WorkerScope {
  readonly assets: string[];
  readonly clients: { claim(): Promise<void>; matchAll(): Promise<readonly { readonly url: string }[]> };
  readonly registration: ServiceWorkerRegistration;
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", listener: (event: Work) => void): void;
  addEventListener(name: "fetch", listener: (event: Asked) => void): void;
}

const worker = self as unknown as WorkerScope;

const ASSETS = "assets";
const PAGES = "pages";
const BASICS = "basics";
const OFFLINE = "/offline";
const OWNER = "/account-key";
const READABLE = /^\/(?:languages(?:\/[\w-]+)?|courses(?:\/[\w-]+)?|(?:modules|materials)\/[\w-]+)$/;
const MOST_PAGES = 60;
const MOST_ASSETS = 100;
const LARGEST_PAGE = 512 * 1024;

/** The oldest entries go. */
async function trim(cache: Cache, most: number): Promise<void> {
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - most)).map((request) => cache.delete(request)));
}

async function prepare(): Promise<void> {
  const assets = await caches.open(ASSETS);
  const missing: string[] = [];
  for (const address of worker.assets) if (!(await assets.match(address))) missing.push(address);
  await assets.addAll(missing);
  const basics = await caches.open(BASICS);
  // Without cookies, so that it holds nothing of anybody.
  const page = await fetch(OFFLINE, { credentials: "omit", cache: "no-store" });
  if (page.ok) await basics.put(OFFLINE, page);
  await worker.skipWaiting();
}

async function takeOver(): Promise<void> {
  await trim(await caches.open(ASSETS), MOST_ASSETS);
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
  // Pages that were open before there was a worker came past it.
  for (const client of await worker.clients.matchAll()) {
    const request = new Request(client.url);
    if (READABLE.test(new URL(request.url).pathname)) await keep(request, await fetch(request));
  }
}

async function fromAssets(request: Request): Promise<Response> {
  const cache = await caches.open(ASSETS);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) await cache.put(request, answer.clone());
  return answer;
}

async function page(event: Asked): Promise<Response> {
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch {
    const kept = await (await caches.open(PAGES)).match(event.request);
    return kept ?? (await (await caches.open(BASICS)).match(OFFLINE)) ?? Response.error();
  }
}

async function keep(request: Request, answer: Response): Promise<void> {
  const owner = answer.headers.get("codezest-account");
  if (owner === null) return; // no page of ours
  const basics = await caches.open(BASICS);
  if ((await (await basics.match(OWNER))?.text()) !== owner) {
    await caches.delete(PAGES);
    await basics.put(OWNER, new Response(owner));
  }
  const { pathname, search } = new URL(request.url);
  if (!READABLE.test(pathname) || search || answer.status !== 200 || answer.redirected) return;
  if (Number(answer.headers.get("content-length") ?? 0) > LARGEST_PAGE) return;
  const cache = await caches.open(PAGES);
  await cache.delete(request); // what is opened again is the newest again
  await cache.put(request, answer);
  await trim(cache, MOST_PAGES);
}

worker.addEventListener("install", (event) => event.waitUntil(prepare()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname === "/logout") event.waitUntil(caches.delete(PAGES));
  if (request.method !== "GET") return;
  if (pathname.startsWith("/static/build/")) event.respondWith(fromAssets(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});
