// The HTTP API, as far as the page uses it. Addresses are relative, so that the service may be mounted below a path.

const TIMEOUT = 20_000; // milliseconds; an answer takes some thousandths of that

/** Why a call gave nothing: the HTTP status (0: no response), "detail" of the service, seconds to wait before another try. */
export class Problem extends Error {
  constructor(status, detail = "", wait = 0) {
    super(detail || `status ${status}`);
    Object.assign(this, { status, detail, wait });
  }
}

/** The JSON of a response, or null where it has none; throws a Problem for anything else. */
async function call(method, path, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const response = await fetch(path, {
      method,
      signal: stop.signal,
      credentials: "same-origin",
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Problem(response.status, detail(text), Number(response.headers.get("Retry-After")) || 0);
    return text ? JSON.parse(text) : null;
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (error instanceof SyntaxError) throw new Problem(502); // a proxy's own page, say
    throw new Problem(stop.signal.aborted ? 504 : 0);
  } finally {
    clearTimeout(timer);
  }
}

function detail(text) {
  try {
    return String(JSON.parse(text).detail ?? "");
  } catch {
    return "";
  }
}

const conversation = (id) => `v1/conversations/${encodeURIComponent(id)}`;

export const topics = () => call("GET", "v1/topics");
export const sources = () => call("GET", "v1/sources");
export const begin = () => call("POST", "v1/conversations", { bound: true });
export const recall = (id) => call("GET", conversation(id));
export const remove = (id) => call("DELETE", conversation(id));
export const ask = (question) => call("POST", "v1/ask", { question });
export const choose = (id, career) => call("PUT", `${conversation(id)}/career`, { career });
export const say = (id, question) => call("POST", `${conversation(id)}/messages`, { question });

/** One line for whoever asked: what went wrong, and what can be done. */
export function explain(problem) {
  const { status, detail } = problem;
  if (status === 0) {
    return navigator.onLine ? "The service can't be reached just now." : "You seem to be offline.";
  }
  if (status === 404) return "The conversation could not be kept. Please allow this site's cookie, then try again.";
  if (status === 429) return "Too many questions at once.";
  if (status === 504) return "The service takes too long to answer.";
  if (status >= 500) return "The service can't answer just now.";
  return detail ? `The service did not accept this: ${detail}` : "The service did not accept this.";
}
