/** What a request that changes something carries besides its body: the proof that it comes from this page. */
export function sendHeaders(): Record<string, string> {
  const inherited = document.body.getAttribute("hx-headers:inherited");
  const proof = inherited ? (JSON.parse(inherited) as Record<string, string>) : {};
  return { ...proof, "Content-Type": "application/json", Accept: "application/json" };
}
