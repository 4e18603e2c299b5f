A patient is invited themself: an invitation whose relation is `self`.

-- invitations --
ALTER TABLE invitations
    DROP CONSTRAINT invitations_relation,
    ADD CONSTRAINT invitations_relation CHECK (relation IN ('daughter', 'son', 'partner', 'parent',
        'sibling', 'relative', 'friend', 'neighbour', 'helper', 'self'))
