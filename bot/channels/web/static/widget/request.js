const PATIENCE = 20 * 1000;
const WAIT = 60;

// What went wrong: a text `chat.error.<kind>`, or the service's own words; `until`: when to try again.
class Failure extends Error {
  constructor(kind, more) {
    super(kind);
    Object.assign(this, {kind, ...more});
  }
}

// Why nothing came back: script is not told, so look whether the service can be reached at all.
const unreachable = async () => {
  if (navigator.onLine === false) return new Failure("offline");
  try {
    // The script itself: of all that the service has, other origins may only load this.
    const options = {method: "HEAD", mode: "no-cors", cache: "no-store", credentials: "omit"};
    await fetch(new URL("widget.js", BASE), options);
    return new Failure(BASE.origin === location.origin ? "network" : "blocked");
  } catch {
    return new Failure("network");
  }
};

const request = async (path, language, stop, body) => {
  const late = setTimeout(() => stop.abort("timeout"), PATIENCE);
  const options = {signal: stop.signal, credentials: "omit", cache: "no-store"};
  const headers = {"Accept-Language": language};
  if (body) {
    Object.assign(options, {method: "POST", body: JSON.stringify(body)});
    headers["Content-Type"] = "application/json";
  }
  try {
    const response = await fetch(new URL(path, BASE), {...options, headers});
    const answer = await response.json().catch(() => stop.signal.throwIfAborted());
    if (response.ok && answer) return answer;
    const seconds = Number(response.headers.get("Retry-After")) || WAIT;
    if ([429, 503].includes(response.status))
      throw new Failure("rate_limited", {until: Date.now() + seconds * 1000});
    if (response.status < 400 || response.status >= 500) throw new Failure("server");
    if (answer?.type?.endsWith("#unknown-municipality")) {
      // For whoever made the page; a resident can choose nothing here.
      console.error(`malvakt: data-municipality: ${answer.detail}`);
      throw new Failure("misnamed");
    }
    throw new Failure("refused", {detail: answer?.detail});
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (stop.signal.aborted) throw new Failure("timeout");
    throw await unreachable();
  } finally {
    clearTimeout(late);
  }
};
