Second factors, codes that were used, sign-ins by OIDC.
