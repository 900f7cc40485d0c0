/** Sends a contact form: `{lead}` when the agency has it, otherwise `{message, param}`; `unsent` is said without a network. */
export async function sendContact(address, body, unsent) {
  try {
    const response = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const answer = await response.json();
    return response.ok ? { lead: answer.lead } : answer.error;
  } catch {
    return { message: unsent, param: null };
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
