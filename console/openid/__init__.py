"""Coming in through one's own organisation, by OpenID Connect, where the desk is told of one."""
