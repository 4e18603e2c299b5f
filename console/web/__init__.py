"""What every page stands on: templates, assets, cookies, forms, formats. No page lives here."""
