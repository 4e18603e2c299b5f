Invitations of caregivers, messages to patients.
