import { store } from "../dom";
import { island } from "../mount";

const MARGIN_SECONDS = 5;

island("video[data-resume]", (element) => {
  const video = element as HTMLVideoElement;
  const key = `codezest:video:${video.dataset["resume"]}`;
  const resume = (): void => {
    const seconds = Number(store.get(key));
    if (seconds > MARGIN_SECONDS && seconds < video.duration - MARGIN_SECONDS) video.currentTime = seconds;
  };
  if (video.readyState >= HTMLMediaElement.HAVE_METADATA) resume();
  else video.addEventListener("loadedmetadata", resume, { once: true });
  let kept = 0;
  video.addEventListener("timeupdate", () => {
    if (Math.abs(video.currentTime - kept) < MARGIN_SECONDS) return;
    kept = video.currentTime;
    store.set(key, kept.toFixed(1));
  });
  video.addEventListener("ended", () => store.remove(key));
});
