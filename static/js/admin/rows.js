// A row that is added to a listing opens, and gets the same word pickers as the rows that came with the page.
document.addEventListener("formset:added", (event) => {
  const folded = event.target.closest("[x-data*='openRow']");
  // In the next task: Alpine takes note of new elements at the end of this one.
  if (folded) setTimeout(() => Object.assign(window.Alpine.$data(folded), { openRow: true }));
  const $ = window.django?.jQuery;
  if ($) $(event.target).find("select.unfold-admin-autocomplete").not(".select2-hidden-accessible").select2();
});
