// Calls to the rehearsal's server, which is on this machine only.

async function read(response) {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

export async function ask(action, wish = {}) {
  return read(
    await fetch(`/rehearsal/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wish),
    }),
  );
}

export async function stateAfter(revision) {
  return read(await fetch(`/rehearsal/events?after=${revision}`));
}
