// A row that is added to a listing gets the same word pickers as the rows that came with the page.
document.addEventListener("formset:added", (event) => {
  const $ = window.django?.jQuery;
  if (!$) return;
  $(event.target).find("select.unfold-admin-autocomplete").not(".select2-hidden-accessible").select2();
});
