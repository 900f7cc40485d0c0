// What every page needs. Pages add their own modules in {% block scripts %}.
import "./elements/photo-viewer.js";
import "./elements/share-link.js";
