// Messages of a script appear in the task pane. The dialog that stands here by default would put the text, and the names
// and amounts in it, in the address of a page.
export async function xlAlert(prompt, title, buttons, mode, callback) {
  const reply = document.getElementById("reply");
  reply.textContent = globalThis.klantwaarde.plainly(`${prompt}`);
  reply.className = mode === "critical" ? "problem" : "";
  reply.setAttribute("role", mode === "critical" ? "alert" : "status");
  reply.hidden = false;
  reply.scrollIntoView({ block: "nearest" });
}
