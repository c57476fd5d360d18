"""Makes the modules that tests share (cases, companies, libreoffice) importable from every test folder."""

from hypothesis import settings

settings.register_profile("untimed")  # no test may fail because the machine is busy
settings.load_profile("untimed")
