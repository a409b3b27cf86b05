// A film goes on where it was left, here or on another device, at the speed and with the captions that the reader likes.
import { store } from "../dom";
import { island } from "../mount";
import { sendPlace } from "./reading-place";

const MARGIN_SECONDS = 5;
const SEND_EVERY_MS = 20_000;
const SPEED_KEY = "codezest:video-speed";
const CAPTIONS_KEY = "codezest:captions";

island("video[data-resume]", (element) => {
  const video = element as HTMLVideoElement;
  const frame = video.closest(".video");
  const key = `codezest:video:${video.dataset["resume"]}`;

  const resume = (): void => {
    const seconds = Number(store.get(key) ?? video.dataset["left"] ?? 0);
    if (seconds > MARGIN_SECONDS && seconds < video.duration - MARGIN_SECONDS) video.currentTime = seconds;
  };
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) resume();
  else video.addEventListener("loadedmetadata", resume, { once: true });

  let kept = 0;
  let sentAt = Date.now();
  let sent = Number(video.dataset["left"] ?? 0);
  const send = (): void => {
    if (Math.abs(video.currentTime - sent) < 1) return;
    sent = video.currentTime;
    sentAt = Date.now();
    sendPlace(video, { video_seconds: video.ended ? 0 : Number(sent.toFixed(1)) });
  };
  video.addEventListener("timeupdate", () => {
    mark();
    if (Math.abs(video.currentTime - kept) < MARGIN_SECONDS) return;
    kept = video.currentTime;
    store.set(key, kept.toFixed(1));
    if (Date.now() - sentAt >= SEND_EVERY_MS) send();
  });
  video.addEventListener("pause", send);
  video.addEventListener("ended", () => store.remove(key));
  window.addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") send();
  });

  const speed = frame?.querySelector<HTMLSelectElement>("[data-speed]");
  if (speed) {
    const usual = store.get(SPEED_KEY);
    if (usual && [...speed.options].some((option) => option.value === usual)) speed.value = usual;
    const use = (): void => {
      video.playbackRate = video.defaultPlaybackRate = Number(speed.value);
    };
    speed.addEventListener("change", () => {
      use();
      store.set(SPEED_KEY, speed.value);
    });
    use();
  }

  const captions = video.textTracks[0];
  if (captions && store.get(CAPTIONS_KEY) === "off") captions.mode = "hidden";
  video.textTracks.addEventListener("change", () => {
    if (captions) store.set(CAPTIONS_KEY, captions.mode === "showing" ? "on" : "off");
  });

  const cues = [...(frame?.querySelectorAll<HTMLAnchorElement>("[data-seek]") ?? [])];
  const start = (cue: HTMLElement): number => Number(cue.dataset["seek"]);
  const mark = (): void => {
    const now = cues.filter((cue) => start(cue) <= video.currentTime + 0.1).at(-1);
    for (const cue of cues) cue.closest("li")?.toggleAttribute("data-now", cue === now && !video.paused);
  };
  for (const cue of cues) {
    cue.addEventListener("click", (event) => {
      event.preventDefault();
      video.currentTime = start(cue);
      void video.play().catch(() => undefined); // a browser may refuse to play by itself
    });
  }
});
