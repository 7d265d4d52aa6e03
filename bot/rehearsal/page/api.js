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

// The bytes as they are: no form could send them so from another site.
export async function send(seat, kind, file, caption) {
  const wish = new URLSearchParams({ seat, as: kind, name: file.name, caption });
  return read(
    await fetch(`/rehearsal/attach?${wish}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream" },
      body: file,
    }),
  );
}

export async function stateAfter(revision) {
  return read(await fetch(`/rehearsal/events?after=${revision}`));
}
