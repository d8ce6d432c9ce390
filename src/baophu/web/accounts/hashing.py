"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, 2 passes, 1 lane: the least that OWASP's password storage sheet asks for.

    Django's own 100 MiB a try, in as many threads as sign in at once, would be most of the server's memory, and a
    morning's crowd would wait for it. Whoever's password was kept otherwise gets it kept so at his next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
