"""Makes the modules that tests share (cases, companies, libreoffice) importable from every test folder."""
