const launch = () => {
  if (!document.querySelector("malvakt-chat")) document.body.append(document.createElement("malvakt-chat"));
};

// A page may include the script twice, and may place the element itself.
if (!customElements.get("malvakt-chat")) {
  customElements.define("malvakt-chat", MalvaktChat);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", launch);
  else launch();
  // Whatever on the host page carries a question asks it.
  document.addEventListener("click", event => {
    const asking = event.target.closest?.("[data-malvakt-question]");
    const chat = document.querySelector("malvakt-chat");
    if (!asking || !chat || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    asking.focus();
    chat.ask(asking.dataset.malvaktQuestion);
  });
}
