"""The site as a server calls it."""

import atexit
import gc
import os

from django.core.wsgi import get_wsgi_application

from baophu.web.proxies import BehindProxies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baophu.web.settings")
application = BehindProxies(get_wsgi_application(), os.environ.get("BAOPHU_PROXIES", "127.0.0.1,::1"))

from baophu.web.warming import warm  # noqa: E402 (the models can be imported only now)

warm()
# What was read once stays as long as the process: Python need not go through it each time that it clears up, which held
# up one view in some thousands by a tenth of a second.
gc.collect()
gc.freeze()
atexit.register(gc.unfreeze)
