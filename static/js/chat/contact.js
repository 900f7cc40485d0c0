const NETWORK = "It was not sent: check your connection and send it again.";

/** Sends a contact form in place: `{lead}` when the agency has it, `{message, param}` when something is to be corrected. */
export async function sendContact(address, body) {
  try {
    const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    return response.ok ? { lead: answer.lead } : answer.error;
  } catch {
    return { message: NETWORK, param: null };
  }
}

/** Put what the agent understood into the form, over nothing that the visitor has written. */
export function prefill(form, { kind, date, time, note }) {
  const choice = [...form.querySelectorAll("[name=kind]")].find((field) => field.value === kind);
  if (choice?.type === "radio") choice.checked = true;
  for (const [name, value] of Object.entries({ date, time, note })) {
    const field = form.elements[name];
    if (value && field && (name !== "note" || !field.value)) field.value = value;
  }
}
