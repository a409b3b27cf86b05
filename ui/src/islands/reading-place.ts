/** Tell the server where the reader is. It outlives the page; nothing is lost when it fails, since the next one says it again. */
export function sendPlace(inside: Element, place: { reading_position?: number; video_seconds?: number }): void {
  const lesson = inside.closest<HTMLElement>("[data-reading]");
  if (!lesson || !navigator.onLine) return;
  void fetch(lesson.dataset["reading"] ?? "", {
    method: "PUT",
    keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRF-Token": lesson.dataset["token"] ?? "" },
    body: JSON.stringify(place),
  }).catch(() => undefined);
}
