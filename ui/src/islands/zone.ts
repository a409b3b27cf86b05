// Tells the server the clock's time zone, so that it writes times as the reader's day has them.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone && !document.cookie.split("; ").includes(`codezest_timezone=${zone}`)) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `codezest_timezone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}
