Row level security per organisation, and the roles that processes use.
