from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFiles(ManifestStaticFilesStorage):
    """Hashed names that follow the imports of ES modules."""

    support_js_module_import_aggregation = True
