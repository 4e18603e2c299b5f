"""What of the practice is still to be entered before a claim can be written. Pure."""

from billing.parties.practice import Profile


def missing_of(practice: Profile) -> list[str]:
    """As sentences."""
    lacking = [
        words
        for value, words in (
            (practice.npi, "NPI"),
            (practice.tax_id, "tax number"),
            (practice.taxonomy, "taxonomy code"),
            (practice.address, "address"),
            (practice.contact_name, "contact"),
            (practice.phone, "telephone"),
            (practice.submitter_id, "submitter id"),
            (practice.receiver_id, "receiver id"),
            (practice.receiver_name, "receiver"),
        )
        if not value
    ]
    if not lacking:
        return []
    return [f"Not entered of the practice: {', '.join(lacking)}."]
